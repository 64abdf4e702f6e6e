import { readCsv } from '#db/reference/csv.ts'
import type { Letter, LetterBlock } from '../print/letter-paper.ts'

/** At the foot of every page that is made for the demonstration. */
export const DEMONSTRATION_FOOTER = 'BẢN TRÌNH DIỄN – văn bản và người ký đều là giả định'

export type Fate =
  | 'waiting'
  | 'refused'
  | 'registered'
  | 'directing'
  | 'assigned'
  | 'handling'
  | 'approving'
  | 'revising'
  | 'signing'
  | 'dispatching'
  | 'closed'
  | 'settled'
  | 'filed'
  | 'returned'

/** An invented letter to the ministry, and how far it has come. */
export interface IncomingLetter {
  key: string
  agencyCode: string | null
  agencyName: string
  number: string
  notation: string
  kindCode: string
  urgency: 0 | 1 | 2 | 3
  subject: string
  /** What the sender asks for. */
  ask: string
  lead: string
  coordinating: string[]
  informed: string[]
  fate: Fate
  signerName: string
  signerPosition: string
  signerCompetence: string
}

export interface OutgoingLetter {
  key: string
  kindCode: string
  unit: string
  agencies: string[]
  urgency: 0 | 1 | 2 | 3
  subject: string
  ask: string
}

export interface InternalNotice {
  key: string
  author: string
  signer: string
  /** Unit codes; empty for all of them. */
  units: string[]
  subject: string
  ask: string
  fate: 'closed' | 'running' | 'wide' | 'returned'
}

const rowsOf = (name: string) => readCsv(new URL(`./${name}.csv`, import.meta.url))
const codes = (cell = '') => cell.split(';').filter((code) => code !== '')
/** "Tháng {year}" of the year that the demonstration runs in. */
const dated = (text = '', year: number) =>
  text.replaceAll('{year}', String(year)).replaceAll('{nextYear}', String(year + 1))

/** Who signs for an agency, by its kind (NĐ 30/2020 Điều 13). */
function signatureOf(agencyCode: string | null): { position: string; competence: string } {
  if (agencyCode === null) return { position: 'Giám đốc', competence: '' }
  if (agencyCode.includes('.H')) return { position: 'Phó Chủ tịch', competence: 'KT. CHỦ TỊCH' }
  if (agencyCode.endsWith('G22')) return { position: 'Phó Chủ nhiệm', competence: 'KT. BỘ TRƯỞNG, CHỦ NHIỆM' }
  if (agencyCode.endsWith('G19')) return { position: 'Phó Thống đốc', competence: 'KT. THỐNG ĐỐC' }
  if (agencyCode.endsWith('G20')) return { position: 'Phó Tổng Thanh tra', competence: 'KT. TỔNG THANH TRA' }
  if (agencyCode.endsWith('G21')) return { position: 'Phó Chủ nhiệm', competence: 'KT. BỘ TRƯỞNG, CHỦ NHIỆM' }
  return { position: 'Thứ trưởng', competence: 'KT. BỘ TRƯỞNG' }
}

/** The incoming letters; `agencyNames` by agency code, `year` is the one that runs. */
export function incomingLetters(agencyNames: ReadonlyMap<string, string>, year: number): IncomingLetter[] {
  const signers = rowsOf('signers').map((row) => row.full_name ?? '')
  return rowsOf('incoming-letters').map((row, index) => {
    const agencyCode = row.agency ? `000.00.00.${row.agency}` : null
    const { position, competence } = signatureOf(agencyCode)
    return {
      key: row.key ?? '',
      agencyCode,
      agencyName: agencyCode === null ? (row.sender ?? '') : (agencyNames.get(agencyCode) ?? agencyCode),
      number: String(agencyCode === null ? 12 + index : 1100 + index * 83),
      notation: row.notation ?? '',
      kindCode: row.kind ?? '',
      urgency: Number(row.urgency) as 0 | 1 | 2 | 3,
      subject: dated(row.subject, year),
      ask: dated(row.ask, year),
      lead: row.lead ?? '',
      coordinating: codes(row.coordinate),
      informed: codes(row.information),
      fate: row.fate as Fate,
      signerName: signers[index % signers.length] ?? '',
      signerPosition: position,
      signerCompetence: competence,
    }
  })
}

export const outgoingLetters = (): OutgoingLetter[] =>
  rowsOf('outgoing-letters').map((row) => ({
    key: row.key ?? '',
    kindCode: row.kind ?? '',
    unit: row.unit ?? '',
    agencies: codes(row.agencies).map((code) => `000.00.00.${code}`),
    urgency: Number(row.urgency) as 0 | 1 | 2 | 3,
    subject: row.subject ?? '',
    ask: row.ask ?? '',
  }))

export const internalNotices = (year: number): InternalNotice[] =>
  rowsOf('internal-notices').map((row) => ({
    key: row.key ?? '',
    author: row.author ?? '',
    signer: row.signer ?? '',
    units: row.units === '*' ? [] : codes(row.units),
    subject: dated(row.subject, year),
    ask: row.ask ?? '',
    fate: row.fate as InternalNotice['fate'],
  }))

/** "Công ty cổ phần …", "Bộ Tài chính": the place that a letter is written from. */
function placeOf(agencyName: string): string {
  return agencyName.startsWith('UBND tỉnh ') ? agencyName.slice('UBND tỉnh '.length) : 'Hà Nội'
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1)

const HEADLINES: Record<string, string> = {
  TB: 'Thông báo',
  BC: 'Báo cáo',
  GM: 'Giấy mời',
  TTr: 'Tờ trình',
  QĐ: 'Quyết định',
  KH: 'Kế hoạch',
}

/** The paper of an incoming letter. */
export function incomingPaper(letter: IncomingLetter, issuedOn: string): Letter {
  const company = letter.agencyCode === null
  const informs = letter.kindCode === 'TB' || letter.kindCode === 'BC'
  const opening: LetterBlock = company
    ? `${letter.agencyName} xin gửi tới Quý Bộ lời chào trân trọng. Trong quá trình hoạt động sản xuất, kinh doanh, Công ty có một số nội dung cần được cơ quan quản lý nhà nước xem xét, hướng dẫn.`
    : `Thực hiện chức năng, nhiệm vụ được giao và chương trình công tác năm, ${letter.agencyName} trao đổi với Bộ Công Thương về việc ${letter.subject} như sau:`
  return {
    agency: letter.agencyName,
    number: letter.number,
    notation: letter.notation,
    place: placeOf(letter.agencyName),
    date: issuedOn,
    kindName: HEADLINES[letter.kindCode] ?? null,
    subject: HEADLINES[letter.kindCode] ? capital(letter.subject) : letter.subject,
    urgency: letter.urgency,
    addressees: ['Bộ Công Thương'],
    body: [
      opening,
      informs
        ? `Nội dung chi tiết được gửi kèm theo. ${letter.agencyName} trân trọng đề nghị Bộ Công Thương ${letter.ask}.`
        : `${company ? 'Công ty' : letter.agencyName} đề nghị Bộ Công Thương ${letter.ask}.`,
      company
        ? 'Công ty cam kết cung cấp đầy đủ hồ sơ, tài liệu khi có yêu cầu và rất mong nhận được ý kiến trả lời của Quý Bộ. Trân trọng cảm ơn./.'
        : `Ý kiến của Bộ Công Thương xin gửi về ${letter.agencyName} theo thời hạn quy định, đồng thời gửi bản điện tử qua Trục liên thông văn bản quốc gia. Trân trọng cảm ơn sự phối hợp của Quý Bộ./.`,
    ],
    signer: {
      position: [letter.signerCompetence, letter.signerPosition.toLocaleUpperCase('vi')].filter((line) => line !== ''),
      fullName: letter.signerName,
    },
    recipients: ['Như trên', ...(company ? [] : ['Lãnh đạo cơ quan (để báo cáo)']), 'Lưu: VT'],
    footer: DEMONSTRATION_FOOTER,
  }
}

/** What a reply says in the demonstration: the unit's answer to what was asked. */
export function replyPaper(
  letter: IncomingLetter,
  reply: {
    unitName: string
    unitNotation: string
    code: string
    version: number
    leader: { name: string; deputy: boolean }
  },
): Letter {
  return {
    agency: 'Bộ Công Thương',
    number: null,
    notation: reply.unitNotation,
    place: 'Hà Nội',
    date: null,
    kindName: null,
    subject: `trả lời về việc ${letter.subject}`,
    urgency: letter.urgency,
    addressees: [letter.agencyName],
    body: [
      `Bộ Công Thương nhận được văn bản số ${reply.code} của ${letter.agencyName} về việc ${letter.subject}. Về vấn đề này, Bộ Công Thương có ý kiến như sau:`,
      `1. Bộ Công Thương thống nhất với nội dung đề nghị ${letter.ask}. ${reply.unitName} là đơn vị đầu mối của Bộ thực hiện nhiệm vụ này.`,
      '2. Các đơn vị liên quan thuộc Bộ đã rà soát, cho ý kiến; số liệu và tài liệu chi tiết được gửi kèm theo văn bản này.',
      ...(reply.version > 1
        ? ['3. Nội dung đã được bổ sung số liệu theo ý kiến của lãnh đạo đơn vị và các đơn vị phối hợp.']
        : []),
      `Đề nghị ${letter.agencyName} xem xét, tổng hợp./.`,
    ],
    signer: {
      position: reply.leader.deputy ? ['KT. BỘ TRƯỞNG', 'THỨ TRƯỞNG'] : ['BỘ TRƯỞNG'],
      fullName: reply.leader.name,
    },
    recipients: [
      'Như trên',
      ...(reply.leader.deputy ? ['Bộ trưởng (để báo cáo)'] : []),
      `Lưu: VT, ${reply.unitNotation.split('-').at(-1) ?? ''}`,
    ],
    footer: DEMONSTRATION_FOOTER,
  }
}

/** The paper of a document that the ministry issues to others, or is about to. */
export function outgoingPaper(
  letter: OutgoingLetter,
  issued: {
    /** Null before it has one, and so with the day. */
    number: string | null
    notation: string
    date: string | null
    agencyNames: string[]
    unitName: string
    leaderName: string
  },
): Letter {
  const headline = HEADLINES[letter.kindCode] ?? null
  return {
    agency: 'Bộ Công Thương',
    number: issued.number,
    notation: issued.notation,
    place: 'Hà Nội',
    date: issued.date,
    kindName: headline,
    subject: headline ? capital(letter.subject) : letter.subject,
    urgency: letter.urgency,
    addressees: issued.agencyNames,
    body: [
      `Căn cứ chức năng, nhiệm vụ được giao, trên cơ sở đề nghị của ${issued.unitName}, Bộ Công Thương ${headline ? 'ban hành văn bản' : 'trao đổi'} về việc ${letter.subject}.`,
      `Bộ Công Thương đề nghị các cơ quan, đơn vị ${letter.ask}.`,
      `Trong quá trình thực hiện, nếu có vướng mắc, đề nghị phản ánh về Bộ Công Thương (qua ${issued.unitName}) để được hướng dẫn./.`,
    ],
    signer: { position: ['KT. BỘ TRƯỞNG', 'THỨ TRƯỞNG'], fullName: issued.leaderName },
    recipients: [
      issued.agencyNames.length > 0 ? 'Như trên' : 'Các đơn vị thuộc Bộ',
      'Bộ trưởng (để báo cáo)',
      'Lưu: VT',
    ],
    footer: DEMONSTRATION_FOOTER,
  }
}

/** The paper of an internal notice before it has a number. */
export function noticePaper(
  notice: InternalNotice,
  made: { unitName: string; unitCode: string; signerName: string; signerTitle: string },
): Letter {
  return {
    agency: 'Bộ Công Thương',
    number: null,
    notation: 'TB-BCT',
    place: 'Hà Nội',
    date: null,
    kindName: 'Thông báo',
    subject: notice.subject,
    urgency: 0,
    addressees: [],
    body: [
      `Thực hiện chương trình công tác và ý kiến chỉ đạo của Lãnh đạo Bộ, ${made.unitName} thông báo đến các đơn vị nội dung sau:`,
      `1. Yêu cầu ${notice.ask}.`,
      '2. Thủ trưởng các đơn vị phân công người thực hiện, theo dõi tiến độ trên hệ thống iMOIT và chịu trách nhiệm về kết quả.',
      `${made.unitName} thông báo để các đơn vị biết, thực hiện./.`,
    ],
    signer: { position: ['TL. BỘ TRƯỞNG', made.signerTitle.toLocaleUpperCase('vi')], fullName: made.signerName },
    recipients: ['Lãnh đạo Bộ (để báo cáo)', 'Các đơn vị trong Bộ (iMOIT)', `Lưu: VT, ${made.unitCode}`],
    footer: DEMONSTRATION_FOOTER,
  }
}
