import { compose, writeInstant, type Language, type Wording } from './wording.ts'

/** A document, as far as a letter tells of it. */
export interface DocumentNews {
  language: Language
  /** The name of the person written to. */
  to: string
  /** Trích yếu. */
  subject: string
  /** Number and notation, where it has them already. */
  code: string | null
  /** Of the document's page. */
  url: string
}

const LABELS = {
  vi: {
    subject: 'Trích yếu',
    code: 'Số, ký hiệu',
    due: 'Hạn xử lý',
    by: 'Người gửi',
    unit: 'Đơn vị',
    units: 'Đơn vị chưa cho ý kiến',
    reason: 'Lý do',
    opinion: 'Ý kiến chỉ đạo',
    answers: 'Trả lời văn bản',
    synthesis: 'Tổng hợp, tiếp thu',
    recipients: 'Nơi nhận',
    open: 'Mở văn bản',
  },
  en: {
    subject: 'Subject',
    code: 'Number and notation',
    due: 'Due',
    by: 'From',
    unit: 'Unit',
    units: 'Units still to answer',
    reason: 'Reason',
    opinion: 'Direction',
    answers: 'In answer to',
    synthesis: 'Synthesis',
    recipients: 'Recipients',
    open: 'Open the document',
  },
}

type Fact = [label: keyof (typeof LABELS)['vi'], value: string | null]

/** What was submitted comes back, with a reason. */
export function documentReturned(news: DocumentNews & { by: string; reason: string }): Wording {
  return documentLetter(news, {
    vi: ['Văn bản được trả lại', `${news.by} đã trả lại văn bản này. Đề nghị đồng chí xem lý do và xử lý tiếp.`],
    en: ['Returned', `${news.by} has returned this document. Please see the reason and go on from there.`],
    facts: [['reason', news.reason]],
  })
}

/** For information. */
export function documentInformed(news: DocumentNews & { by: string | null; opinion?: string | null }): Wording {
  return documentLetter(news, {
    vi: ['Văn bản để biết', 'Văn bản này được gửi tới đồng chí để biết.'],
    en: ['For your information', 'This document is sent to you for information.'],
    facts: [
      ['by', news.by],
      ['opinion', news.opinion ?? null],
    ],
  })
}

/** A notice of the ministry is issued to the unit; its head directs or notes it. `due` in epoch ms. */
export function noticeIssued(news: DocumentNews & { unit: string; due: number | null }): Wording {
  return documentLetter(news, {
    vi: [
      'Thông báo mới',
      'Bộ vừa ban hành thông báo tới đơn vị. Đề nghị đồng chí xem và chỉ đạo thực hiện hoặc ghi nhận.',
    ],
    en: ['New notice', 'The ministry has issued a notice to your unit. Please read it, and direct or note it.'],
    facts: [
      ['unit', news.unit],
      ['due', writeInstant(news.due)],
    ],
  })
}

/** The reply has gone out: to the units and people who had part in it. */
export function replyDispatched(news: DocumentNews & { answers: string | null; recipients: string[] }): Wording {
  return documentLetter(news, {
    vi: ['Văn bản đã phát hành', 'Văn bản sau đã được ký, cấp số và phát hành.'],
    en: ['Dispatched', 'The following document has been signed, numbered and dispatched.'],
    facts: [
      ['answers', news.answers],
      ['recipients', news.recipients.join('; ')],
    ],
  })
}

/** What a leader decided on a slip: to whoever submitted it. */
export function slipDecided(
  news: DocumentNews & { by: string; outcome: 'agreed' | 'disagreed' | 'directed'; opinion: string | null },
): Wording {
  const vi = { agreed: 'Đồng ý', disagreed: 'Không đồng ý', directed: 'Có ý kiến chỉ đạo khác' }[news.outcome]
  const en = { agreed: 'Agreed', disagreed: 'Not agreed', directed: 'Directed otherwise' }[news.outcome]
  return documentLetter(news, {
    vi: [`Kết quả phiếu trình (${vi})`, `${news.by} đã quyết định phiếu trình này: ${vi}.`],
    en: [`Decision on your slip (${en})`, `${news.by} has decided on this slip: ${en}.`],
    facts: [['opinion', news.opinion]],
  })
}

/** The opinions on a document have been put together: to the units that were asked. */
export function opinionsConcluded(news: DocumentNews & { synthesis: string | null }): Wording {
  return documentLetter(news, {
    vi: ['Kết quả xin ý kiến', 'Ý kiến của các đơn vị về văn bản này đã được tổng hợp.'],
    en: ['Opinions put together', 'The opinions of the units on this document have been put together.'],
    facts: [['synthesis', news.synthesis]],
  })
}

/** Units were asked for their opinion and the deadline is over: to them, and to whoever asked. */
export function opinionsOwed(news: DocumentNews & { units: string[] }): Wording {
  return documentLetter(news, {
    vi: [
      'Quá hạn cho ý kiến',
      'Đã đến hạn cho ý kiến đối với văn bản này. Đề nghị các đơn vị sau cho ý kiến ngay; sau một ngày làm việc nữa mà chưa có ý kiến thì coi như đồng ý.',
    ],
    en: [
      'Opinion overdue',
      'Opinions on this document are due now. The following units are asked to give theirs at once; silence for another working day counts as agreement.',
    ],
    facts: [['units', news.units.join('; ')]],
  })
}

function documentLetter(
  news: DocumentNews,
  letter: { vi: [title: string, paragraph: string]; en: [title: string, paragraph: string]; facts: Fact[] },
): Wording {
  const label = LABELS[news.language]
  const [title, paragraph] = letter[news.language]
  const facts: Fact[] = [['subject', news.subject], ['code', news.code], ...letter.facts]
  return compose({
    language: news.language,
    to: news.to,
    subject: `[iMOIT] ${title}: ${news.code === null ? '' : `${news.code}, `}${news.subject}`,
    paragraphs: [paragraph],
    facts: facts.map(([key, value]) => ({ label: label[key], value })),
    action: { label: label.open, url: news.url },
  })
}
