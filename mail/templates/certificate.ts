import { compose, writeInstant, type Language, type Wording } from './wording.ts'

/** To whoever signs with it: a certificate ends within 60 days. `notAfter` in epoch ms. */
export function certificateEnds(news: {
  language: Language
  to: string
  holder: string
  serial: string
  notAfter: number
  url: string
}): Wording {
  const isVietnamese = news.language === 'vi'
  const day = writeInstant(news.notAfter)?.slice(0, 10) ?? ''
  return compose({
    language: news.language,
    to: news.to,
    subject: isVietnamese
      ? `[iMOIT] Chứng thư số hết hạn ngày ${day}: ${news.holder}`
      : `[iMOIT] Certificate ends on ${day}: ${news.holder}`,
    paragraphs: [
      isVietnamese
        ? 'Chứng thư số dưới đây sắp hết hạn. Văn bản đã ký vẫn có giá trị; sau ngày này không ký được nữa. Đề nghị đồng chí làm thủ tục gia hạn và báo quản trị đăng ký chứng thư mới.'
        : 'The certificate below ends soon. What was signed stands; after that day nothing more can be signed with it. Please have it renewed, and tell an administrator to register the new one.',
    ],
    facts: [
      { label: isVietnamese ? 'Của' : 'Of', value: news.holder },
      { label: isVietnamese ? 'Số hiệu' : 'Serial number', value: news.serial },
      { label: isVietnamese ? 'Hết hạn' : 'Ends', value: writeInstant(news.notAfter) },
    ],
    action: { label: isVietnamese ? 'Mở iMOIT' : 'Open iMOIT', url: news.url },
  })
}
