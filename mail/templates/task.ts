import { compose, writeInstant, type Language, type Wording } from './wording.ts'

/** A task of a case, as far as a letter tells of it. */
export interface TaskNews {
  language: Language
  /** The name of the person written to. */
  to: string
  /** What is asked, in the letter's language: "Bút phê", "Direct". */
  ask: string
  /** Of the document: subject (trích yếu), and number and notation where it has them. */
  subject: string
  code: string | null
  agency?: string | null
  /** Epoch ms. */
  due: number | null
  /** Of the task's page. */
  url: string
}

/** Who is told of what is overdue beside those who have it. */
export type Escalation = 'heads' | 'office' | 'nobody'

const TOLD: Record<Language, Record<Escalation, string>> = {
  vi: {
    heads: ' và được báo tới lãnh đạo đơn vị',
    office: ' và được báo tới lãnh đạo đơn vị, Văn phòng Bộ',
    nobody: '',
  },
  en: {
    heads: ', and the head of your unit has been told',
    office: ', and the head of your unit and the Ministry Office have been told',
    nobody: '',
  },
}

const LABELS = {
  vi: {
    ask: 'Việc cần làm',
    subject: 'Trích yếu',
    code: 'Số, ký hiệu',
    agency: 'Cơ quan gửi',
    due: 'Hạn xử lý',
    by: 'Người chuyển',
    person: 'Người xử lý',
    opinion: 'Ý kiến',
    open: 'Mở việc cần xử lý',
  },
  en: {
    ask: 'What to do',
    subject: 'Subject',
    code: 'Number and notation',
    agency: 'From',
    due: 'Due',
    by: 'Passed on by',
    person: 'In the hands of',
    opinion: 'Opinion',
    open: 'Open the task',
  },
}

/** Something waits for the person. */
export function taskAssigned(news: TaskNews & { by: string | null; opinion?: string | null }): Wording {
  const { language, ask, subject } = news
  return taskLetter(news, {
    subject: `[iMOIT] ${ask}: ${subject}`,
    paragraph: language === 'vi' ? 'Đồng chí có việc mới cần xử lý.' : 'A new task waits for you.',
    by: news.by,
    opinion: news.opinion,
  })
}

/** The due time comes near. */
export function taskReminder(news: TaskNews): Wording {
  const due = writeInstant(news.due)
  return taskLetter(news, {
    subject: news.language === 'vi' ? `[iMOIT] Sắp đến hạn: ${news.subject}` : `[iMOIT] Due soon: ${news.subject}`,
    paragraph:
      news.language === 'vi'
        ? `Việc này đến hạn lúc ${due ?? '(chưa đặt)'}. Đề nghị đồng chí xử lý trước thời hạn.`
        : `This task is due at ${due ?? '(not set)'}. Please complete it before then.`,
  })
}

/** The due time has passed: to the person. */
export function taskOverdue(news: TaskNews & { toldAbove: Escalation }): Wording {
  const due = writeInstant(news.due)
  const above = TOLD[news.language][news.toldAbove]
  return taskLetter(news, {
    subject: news.language === 'vi' ? `[iMOIT] Quá hạn: ${news.subject}` : `[iMOIT] Overdue: ${news.subject}`,
    paragraph:
      news.language === 'vi'
        ? `Việc này đã quá hạn từ ${due ?? '(chưa đặt)'}${above}. Đề nghị đồng chí xử lý ngay.`
        : `This task has been overdue since ${due ?? '(not set)'}${above}. Please complete it now.`,
  })
}

/** The due time has passed: to the head of the person who has the task (`person`; null when nobody has taken it). */
export function taskOverdueForHead(news: TaskNews & { person: string | null; unit: string }): Wording {
  const { language, person, unit } = news
  const due = writeInstant(news.due)
  const who =
    person === null
      ? language === 'vi'
        ? `chưa có người nhận (${unit})`
        : `nobody yet (${unit})`
      : `${person} (${unit})`
  return taskLetter(news, {
    subject:
      language === 'vi'
        ? `[iMOIT] Đơn vị có việc quá hạn: ${news.subject}`
        : `[iMOIT] Overdue in your unit: ${news.subject}`,
    paragraph:
      language === 'vi'
        ? `Một việc của đơn vị đã quá hạn từ ${due ?? '(chưa đặt)'}. Đề nghị đồng chí đôn đốc hoặc giao lại.`
        : `A task of your unit has been overdue since ${due ?? '(not set)'}. Please see to it or reassign it.`,
    person: who,
  })
}

interface Particulars {
  subject: string
  paragraph: string
  by?: string | null
  person?: string | null
  opinion?: string | null
}

function taskLetter(news: TaskNews, letter: Particulars): Wording {
  const label = LABELS[news.language]
  return compose({
    language: news.language,
    to: news.to,
    subject: letter.subject,
    paragraphs: [letter.paragraph],
    facts: [
      { label: label.ask, value: news.ask },
      { label: label.subject, value: news.subject },
      { label: label.code, value: news.code },
      { label: label.agency, value: news.agency ?? null },
      { label: label.due, value: writeInstant(news.due) },
      { label: label.by, value: letter.by ?? null },
      { label: label.person, value: letter.person ?? null },
      { label: label.opinion, value: letter.opinion ?? null },
    ],
    action: { label: label.open, url: news.url },
  })
}
