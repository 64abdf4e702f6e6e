import type { Letter } from '../print/letter-paper.ts'
import { DEMONSTRATION_FOOTER } from './letters.ts'
import { officeDay } from './public-services.ts'

const DAY_MS = 86_400_000

const NOTICE_55_SUBJECT =
  'Kết luận của Thứ trưởng Khương Bảo Thạch tại Hội nghị đẩy mạnh triển khai dịch vụ công trực tuyến'

/** "ngày 31 tháng 3 năm 2017" */
function inWords(instant: number): string {
  const [year = '', month = '', day = ''] = officeDay(instant).split('-')
  return `ngày ${day} tháng ${Number(month) < 3 ? month : Number(month)} năm ${year}`
}

/**
 * Notice 55/TB-BCT in the words it was issued with in 2017; the people are invented, and its days lie as far from the day it is
 * issued as they did then.
 * @param now epoch ms: the day it is prepared
 */
export function notice55(now: number): Letter {
  const year = officeDay(now).slice(0, 4)
  const meeting = inWords(now - 13 * DAY_MS)
  const before = (days: number) => `trước ${inWords(now + days * DAY_MS)}`
  const tmdt = 'Cục Thương mại điện tử và Kinh tế số'
  return {
    agency: 'Bộ Công Thương',
    number: null,
    notation: 'TB-BCT',
    place: 'Hà Nội',
    date: null,
    kindName: 'Thông báo',
    subject: `${NOTICE_55_SUBJECT} ${meeting}`,
    urgency: 0,
    addressees: [],
    body: [
      `${meeting.charAt(0).toUpperCase()}${meeting.slice(1)}, Thứ trưởng Khương Bảo Thạch đã chủ trì Hội nghị đẩy mạnh triển khai dịch vụ công trực tuyến tại Bộ Công Thương. Tham dự Hội nghị có Lãnh đạo Văn phòng Bộ, Vụ Pháp chế, Vụ Tổ chức cán bộ và các Tổng cục, Cục, Vụ có áp dụng dịch vụ công trực tuyến.`,
      'Sau khi nghe báo cáo của các đơn vị, Thứ trưởng kết luận như sau:',
      { heading: 'I. Nhiệm vụ chung' },
      {
        item: 'Các đơn vị cần đẩy mạnh cải cách thủ tục hành chính thông qua việc tăng cường ứng dụng dịch vụ công trực tuyến (DVCTT) mức độ 3 và mức độ 4, nhất là mức độ 4.',
      },
      {
        item: 'Để tránh tình trạng chạy theo số lượng, áp dụng cho có, khi đã ứng dụng dịch vụ công trực tuyến, cần có các hình thức thông báo, tuyên truyền, tập huấn phù hợp để khuyến khích người dân và cộng đồng doanh nghiệp sử dụng và sử dụng hiệu quả dịch vụ công trực tuyến.',
      },
      {
        item: `Với các dịch vụ công đã được cung cấp trực tuyến nhưng pháp luật quy định phải cung cấp cả dưới hình thức không trực tuyến, cần chủ động có biện pháp nâng dần tỷ lệ hồ sơ được xử lý trực tuyến trên tổng số hồ sơ nhận được. Bắt đầu từ năm ${year}, thông qua ${tmdt}, các đơn vị cần đăng ký tỷ lệ này với Ban Chỉ đạo cải cách hành chính của Bộ. Khi đã được Ban Chỉ đạo cải cách hành chính (CCHC) của Bộ phê duyệt, tỷ lệ này sẽ trở thành 1 trong các tiêu chí đánh giá mức độ hoàn thành nhiệm vụ của đơn vị trong năm.`,
      },
      {
        item: 'Với các dịch vụ công đã được cung cấp trực tuyến, pháp luật lại không yêu cầu phải cung cấp dưới hình thức không trực tuyến, các đơn vị cần đặt ra thời hạn để chấm dứt hoàn toàn việc cung cấp dịch vụ dưới hình thức không trực tuyến (chỉ nhận hồ sơ theo hình thức trực tuyến).',
      },
      { heading: 'II. Nhiệm vụ cụ thể' },
      { heading: `1. ${tmdt}` },
      {
        item: `Có hướng dẫn bằng văn bản tới các đơn vị có thủ tục hành chính thuộc Bộ về nội hàm của DVCTT mức độ 3, mức độ 4 để các đơn vị nắm vững và đẩy mạnh việc triển khai, khắc phục tình trạng hiểu không đúng (hoặc cố tình hiểu không đúng) về DVCTT mức độ 3 và 4, từ đó biện giải không chính xác về nguyên nhân chậm triển khai hoặc triển khai không hiệu quả DVCTT. Thời hạn hoàn thành: ${before(24)}.`,
      },
      {
        item: `Căn cứ danh mục DVCTT hiện nay của Bộ, chủ trì, phối hợp với các đơn vị rà soát lại và báo cáo Ban Chỉ đạo CCHC của Bộ đưa ra khỏi danh mục các thủ tục hành chính mà việc cung cấp theo hình thức trực tuyến là không khả thi. Thời hạn hoàn thành: ${before(39)}.`,
      },
      {
        item: `Chủ trì, phối hợp với Vụ Pháp chế và các đơn vị có thủ tục hành chính xây dựng và trình Ban Chỉ đạo CCHC của Bộ ban hành Kế hoạch bổ sung các thủ tục hành chính được cung cấp theo hình thức DVCTT mức độ 3 và mức độ 4 năm ${year} của Bộ Công Thương, trong đó ưu tiên triển khai DVCTT đối với các thủ tục hành chính có số lượng hồ sơ nhiều. Thời hạn hoàn thành: ${before(39)}.`,
      },
      {
        item: `Với các dịch vụ công thuộc danh mục DVCTT nhưng pháp luật quy định phải cung cấp cả dưới hình thức không trực tuyến: chủ trì đôn đốc các đơn vị liên quan xác định và đăng ký với Ban Chỉ đạo CCHC của Bộ tỷ lệ hồ sơ được xử lý trực tuyến trên tổng số hồ sơ nhận được năm ${year}. Thời hạn hoàn thành: ${before(39)}.`,
      },
      {
        item: `Xây dựng Đề án, trong đó đề xuất giải pháp kỹ thuật và nguồn lực thực thi, để dần dần kết nối toàn bộ các DVCTT với Cổng DVCTT của Bộ, trong đó ưu tiên kết nối sớm các DVCTT có số lượng hồ sơ lớn, số lượng doanh nghiệp tham gia nhiều. Thời hạn hoàn thành: ${before(207)}.`,
      },
      { heading: '2. Văn phòng Bộ' },
      { item: 'Có hình thức phù hợp để đưa tin về Thông báo này trên website của Bộ và trên Báo Công Thương.' },
      {
        item: `Chủ trì, phối hợp với Vụ Pháp chế, ${tmdt} và các đơn vị có DVCTT thuộc Bộ đẩy mạnh tuyên truyền, phổ biến các DVCTT và Cổng DVCTT của Bộ tới cộng đồng doanh nghiệp và người dân.`,
      },
      { heading: '3. Vụ Pháp chế' },
      {
        item: `Với các dịch vụ công đã được cung cấp trực tuyến, pháp luật lại không yêu cầu phải cung cấp dưới hình thức không trực tuyến: chủ trì, phối hợp với các đơn vị liên quan (i) đặt ra thời hạn hợp lý để chấm dứt hoàn toàn việc cung cấp dịch vụ dưới hình thức không trực tuyến (chỉ nhận hồ sơ theo hình thức trực tuyến); và (ii) xây dựng văn bản pháp lý phù hợp để trình Bộ ban hành thời hạn này, bảo đảm không trái các quy định của pháp luật. Thời hạn hoàn thành đối với phần việc (i): ${before(54)}. Thời hạn hoàn thành đối với phần việc (ii): ${before(115)}.`,
      },
      {
        item: `Chủ trì, phối hợp với ${tmdt} nghiên cứu, xây dựng văn bản quy phạm pháp luật thể chế hóa mô hình đại lý thực hiện DVCTT để vừa tạo thuận lợi cho người dân, doanh nghiệp, vừa khắc phục được rủi ro của việc đại lý có quyền sử dụng chữ ký số của doanh nghiệp như hiện nay. Thời hạn báo cáo (về tính khả thi và về hình thức văn bản): ${before(54)}.`,
      },
      'Văn phòng Bộ thông báo đến các đơn vị để triển khai thực hiện./.',
    ],
    signer: { position: ['TL. BỘ TRƯỞNG', 'CHÁNH VĂN PHÒNG'], fullName: 'Doãn Quang Lẫm' },
    recipients: ['Lãnh đạo Bộ', 'Các đơn vị trong Bộ (iMOIT)', 'Lưu: VT, VP'],
    footer: DEMONSTRATION_FOOTER,
  }
}
