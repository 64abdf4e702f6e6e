import { compose, writeInstant, type Wording } from './wording.ts'
import type { DocumentNews } from './document.ts'

const LABELS = {
  vi: {
    subject: 'Trích yếu',
    code: 'Số, ký hiệu',
    issued: 'Thời điểm phát hành',
    partner: 'Nơi nhận',
    reason: 'Lý do',
    at: 'Thời điểm',
    open: 'Mở văn bản',
  },
  en: {
    subject: 'Subject',
    code: 'Number and notation',
    issued: 'Issued',
    partner: 'Recipient',
    reason: 'Reason',
    at: 'When',
    open: 'Open the document',
  },
}

/** To the Office: which units have not opened a document yet. `issued` in epoch ms. */
export function unopenedChase(news: DocumentNews & { units: string[]; issued: number | null }): Wording {
  const label = LABELS[news.language]
  const count = news.units.length
  const vi = `Còn ${count} đơn vị chưa mở văn bản này. Đề nghị đồng chí đôn đốc các đơn vị sau:`
  const en = `${count === 1 ? 'One unit has' : `${count} units have`} not opened this document yet. Please chase:`
  return compose({
    language: news.language,
    to: news.to,
    subject:
      news.language === 'vi'
        ? `[iMOIT] ${count} đơn vị chưa mở: ${news.subject}`
        : `[iMOIT] Not opened by ${count}: ${news.subject}`,
    paragraphs: [news.language === 'vi' ? vi : en],
    facts: [
      { label: label.subject, value: news.subject },
      { label: label.code, value: news.code },
      { label: label.issued, value: writeInstant(news.issued) },
    ],
    list: news.units,
    action: { label: label.open, url: news.url },
  })
}

/** To the clerks: a document did not get through to its recipient. `reason` in the letter's language, `at` in epoch ms. */
export function exchangeFailed(news: DocumentNews & { partner: string; reason: string; at: number }): Wording {
  const label = LABELS[news.language]
  return compose({
    language: news.language,
    to: news.to,
    subject:
      news.language === 'vi'
        ? `[iMOIT] Gửi liên thông không thành công: ${news.subject}`
        : `[iMOIT] Not delivered: ${news.subject}`,
    paragraphs: [
      news.language === 'vi'
        ? 'Văn bản chưa đến nơi nhận qua trục liên thông và vẫn được giữ nguyên. Đề nghị đồng chí xem lý do, xử lý rồi gửi lại.'
        : 'The document has not reached its recipient through the exchange and is kept as it is. Please see the reason, mend it and send again.',
    ],
    facts: [
      { label: label.subject, value: news.subject },
      { label: label.code, value: news.code },
      { label: label.partner, value: news.partner },
      { label: label.reason, value: news.reason },
      { label: label.at, value: writeInstant(news.at) },
    ],
    action: { label: label.open, url: news.url },
  })
}
