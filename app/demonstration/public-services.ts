import type { Letter } from '../print/letter-paper.ts'
import { DEMONSTRATION_FOOTER } from './letters.ts'

const DAY_MS = 86_400_000
const OFFICE_OFFSET_MS = 7 * 3_600_000
/** `yyyy-MM-dd` in Viet Nam. */
export const officeDay = (instant: number) => new Date(instant + OFFICE_OFFSET_MS).toISOString().slice(0, 10)

/** "ngày 05 tháng 3 năm 2020" */
function inWords(instant: number): string {
  const [year = '', month = '', day = ''] = officeDay(instant).split('-')
  return `ngày ${day} tháng ${Number(month) < 3 ? month : Number(month)} năm ${year}`
}

/** The subject that the Government Office's letter carries. */
export const PUBLIC_SERVICES_SUBJECT = 'báo cáo tình hình cung cấp dịch vụ công trực tuyến của Bộ Công Thương'

/**
 * The Government Office asks the ministry to report on its online public services. Written for the demonstration.
 * @param now epoch ms: the day it is dated
 */
export function governmentOfficeLetter(now: number, number = '1234'): Letter {
  const year = officeDay(now).slice(0, 4)
  return {
    agency: 'Văn phòng Chính phủ',
    number,
    notation: 'VPCP-KSTT',
    place: 'Hà Nội',
    date: officeDay(now),
    kindName: null,
    subject: PUBLIC_SERVICES_SUBJECT,
    urgency: 1,
    addressees: ['Bộ Công Thương'],
    body: [
      'Thực hiện chỉ đạo của Thủ tướng Chính phủ về đẩy mạnh cải cách thủ tục hành chính và cung cấp dịch vụ công trực tuyến, để có cơ sở tổng hợp, báo cáo tại phiên họp thường kỳ, Văn phòng Chính phủ đề nghị Bộ Công Thương báo cáo các nội dung sau:',
      '1. Số lượng dịch vụ công trực tuyến mức độ 3, mức độ 4 đang cung cấp; số dịch vụ đã tích hợp với Cổng dịch vụ công trực tuyến của Bộ và nguyên nhân các dịch vụ chưa tích hợp.',
      '2. Số lượng hồ sơ được xử lý trên môi trường mạng, trong đó nêu rõ các dịch vụ có số lượng hồ sơ lớn; tỷ lệ hồ sơ trực tuyến trên tổng số hồ sơ tiếp nhận.',
      '3. Những khó khăn, vướng mắc; giải pháp và lộ trình nâng tỷ lệ hồ sơ nộp trực tuyến; đề xuất, kiến nghị (nếu có).',
      `Báo cáo của Bộ Công Thương xin gửi về Văn phòng Chính phủ trước ${inWords(now + 14 * DAY_MS)}, đồng thời gửi bản điện tử qua Trục liên thông văn bản quốc gia để tổng hợp, trình Thủ tướng Chính phủ trong năm ${year}.`,
      'Văn phòng Chính phủ trân trọng cảm ơn sự phối hợp của Quý Bộ./.',
    ],
    signer: { position: ['KT. BỘ TRƯỞNG, CHỦ NHIỆM', 'PHÓ CHỦ NHIỆM'], fullName: 'Vũ Thành Kha' },
    recipients: ['Như trên', 'Bộ trưởng, Chủ nhiệm (để báo cáo)', 'Lưu: VT, KSTT'],
    footer: DEMONSTRATION_FOOTER,
  }
}

/** What the ministry has to say to it: a draft that the specialist may submit. */
export function publicServicesReply(answered: { code: string; date: string }): Letter {
  const [year = '', month = '', day = ''] = answered.date.split('-')
  return {
    agency: 'Bộ Công Thương',
    number: null,
    notation: 'BCT-TMĐT',
    place: 'Hà Nội',
    date: null,
    kindName: null,
    subject: PUBLIC_SERVICES_SUBJECT,
    urgency: 0,
    addressees: ['Văn phòng Chính phủ'],
    body: [
      `Trả lời văn bản số ${answered.code} ngày ${day} tháng ${Number(month) < 3 ? month : Number(month)} năm ${year} của Văn phòng Chính phủ về việc ${PUBLIC_SERVICES_SUBJECT}, Bộ Công Thương báo cáo như sau:`,
      { heading: '1. Tình hình cung cấp dịch vụ công trực tuyến' },
      'Toàn bộ 67 dịch vụ công trực tuyến mức độ 3, 4 của Bộ đã được tập hợp trên Cổng dịch vụ công trực tuyến; người dân, doanh nghiệp thực hiện các dịch vụ thông qua một tài khoản duy nhất. Đến nay, 43 dịch vụ xây dựng mới đã tích hợp với Cổng; 24 dịch vụ còn lại được triển khai từ các giai đoạn trước trên nền tảng công nghệ cũ, cần có thời gian để có phương án kỹ thuật phù hợp, tránh ảnh hưởng đến doanh nghiệp.',
      'Các dịch vụ đã ứng dụng chữ ký số, bảo đảm tính bảo mật, tính toàn vẹn và tính chống chối bỏ của việc gửi hồ sơ trực tuyến.',
      { heading: '2. Kết quả xử lý hồ sơ' },
      'Số lượng hồ sơ được xử lý trên môi trường mạng đạt hơn 700.000 hồ sơ/năm, trong đó:',
      {
        item: 'Cấp giấy chứng nhận xuất xứ hàng hóa: khoảng 600.000 bộ hồ sơ điện tử/năm, gửi hơn 90.000 bộ hồ sơ tới Cơ chế một cửa quốc gia;',
      },
      { item: 'Cấp xác nhận khai báo hóa chất: 26.000 bộ hồ sơ điện tử/năm;' },
      { item: 'Cấp Giấy phép nhập khẩu tự động đối với một số sản phẩm thép: 9.000 bộ hồ sơ/năm;' },
      { item: 'Đăng ký, thông báo website thương mại điện tử: 4.000 hồ sơ/năm.' },
      'Có 13 dịch vụ phát sinh hồ sơ trực tuyến, 54 dịch vụ chưa phát sinh hồ sơ. Số hồ sơ được tiếp nhận và giải quyết theo hình thức trực tuyến mức độ 3 chiếm 94%, mức độ 4 chiếm 6%. 100% đơn vị thuộc Bộ đã quản lý, xử lý văn bản đi và đến trên hệ thống iMOIT.',
      { heading: '3. Khó khăn, vướng mắc' },
      'Quy định pháp lý về dịch vụ công trực tuyến còn hạn chế; doanh nghiệp vẫn quen dùng văn bản giấy; trình độ công nghệ thông tin và hạ tầng của doanh nghiệp chưa đáp ứng được; nhiều thành phần hồ sơ có khổ lớn hoặc phải nộp kèm bản giấy.',
      { heading: '4. Giải pháp và kiến nghị' },
      'Bộ Công Thương tiếp tục tuyên truyền, tập huấn cho doanh nghiệp; rút ngắn thời gian xử lý hồ sơ trực tuyến so với hình thức truyền thống; không yêu cầu nộp bản giấy đối với thành phần hồ sơ đã được xác thực bằng chữ ký số; ưu tiên xây dựng dịch vụ cho các thủ tục có số lượng hồ sơ lớn.',
      'Kính đề nghị Văn phòng Chính phủ tổng hợp, báo cáo Thủ tướng Chính phủ./.',
    ],
    signer: { position: ['KT. BỘ TRƯỞNG', 'THỨ TRƯỞNG'], fullName: 'Khương Bảo Thạch' },
    recipients: ['Như trên', 'Bộ trưởng (để báo cáo)', 'Các đơn vị: VP, PC, XNK, HC', 'Lưu: VT, TMĐT'],
    footer: DEMONSTRATION_FOOTER,
  }
}
