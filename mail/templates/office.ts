import { compose, writeInstant, type Wording } from './wording.ts'
import type { DocumentNews } from './document.ts'

const LABELS = {
  vi: {
    subject: 'Trích yếu',
    code: 'Số, ký hiệu',
    issued: 'Thời điểm phát hành',
    open: 'Mở văn bản',
  },
  en: {
    subject: 'Subject',
    code: 'Number and notation',
    issued: 'Issued',
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
