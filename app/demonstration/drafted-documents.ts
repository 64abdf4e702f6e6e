import { readCsv } from '#db/reference/csv.ts'
import type { Letter } from '../print/letter-paper.ts'
import { DEMONSTRATION_FOOTER, type OutgoingLetter } from './letters.ts'

/** How far an outgoing document has come. */
export const draftFates = [
  'asking',
  'late',
  'approving',
  'revising',
  'withdrawn',
  'checkingFormat',
  'checkingLaw',
  'signing',
  'dispatching',
  'issued',
] as const
export type DraftFate = (typeof draftFates)[number]

export interface DraftedLetter extends OutgoingLetter {
  /** Units asked for their opinion. */
  opinions: string[]
  legal: boolean
  fate: DraftFate
}

export interface DraftedSlip {
  key: string
  unit: string
  subject: string
  proposal: string
  office: boolean
  fate: 'reviewing' | 'atOffice' | 'deciding' | 'revising' | 'agreed' | 'disagreed' | 'directed'
}

export interface DraftedRequest {
  key: string
  unit: string
  units: string[]
  subject: string
  question: string
  fate: 'asking' | 'late' | 'synthesising' | 'concluded'
}

const list = (text = '') => text.split(';').filter((one) => one !== '')
const rowsOf = (file: string) => readCsv(new URL(file, import.meta.url))

export const draftedLetters = (): DraftedLetter[] =>
  rowsOf('./drafted-letters.csv').map((row) => ({
    key: row.key ?? '',
    kindCode: row.kind ?? 'CV',
    unit: row.unit ?? '',
    agencies: list(row.agencies).map((code) => `000.00.00.${code}`),
    urgency: Number(row.urgency) as DraftedLetter['urgency'],
    subject: row.subject ?? '',
    ask: row.ask ?? '',
    opinions: list(row.opinions),
    legal: row.legal === 'yes',
    fate: row.fate as DraftFate,
  }))

export const draftedSlips = (): DraftedSlip[] =>
  rowsOf('./slips.csv').map((row) => ({
    key: row.key ?? '',
    unit: row.unit ?? '',
    subject: row.subject ?? '',
    proposal: row.proposal ?? '',
    office: row.office === 'yes',
    fate: row.fate as DraftedSlip['fate'],
  }))

export const draftedRequests = (year: number): DraftedRequest[] =>
  rowsOf('./opinion-requests.csv').map((row) => ({
    key: row.key ?? '',
    unit: row.unit ?? '',
    units: list(row.units),
    subject: row.subject ?? '',
    question: (row.question ?? '').replace('{nextYear}', String(year + 1)),
    fate: row.fate as DraftedRequest['fate'],
  }))

/** The paper that units are asked about. */
export const requestPaper = (request: DraftedRequest, unitName: string): Letter => ({
  superior: 'Bộ Công Thương',
  agency: unitName,
  number: null,
  notation: request.unit,
  place: 'Hà Nội',
  date: null,
  kindName: 'Dự thảo',
  subject: request.subject,
  urgency: 0,
  addressees: [],
  body: [
    'Điều 1. Phạm vi điều chỉnh và đối tượng áp dụng',
    `${unitName} xây dựng dự thảo này theo chương trình công tác năm của Bộ.`,
    'Điều 2. Nội dung xin ý kiến',
    request.question,
  ],
  signer: { position: ['ĐƠN VỊ SOẠN THẢO'], fullName: null },
  recipients: ['Các đơn vị được xin ý kiến', 'Lưu: VT'],
  footer: DEMONSTRATION_FOOTER,
})
