import type { Content, CustomTableLayout, Style } from 'pdfmake/interfaces'
import { pdfmake, PRINT_FONT } from './fonts.ts'

/** A paragraph; a heading stands in bold; an item hangs on a dash. */
export type LetterBlock = string | { heading: string } | { item: string }

/** What stands on the paper of an official document (NĐ 30/2020, Phụ lục I; the numbers are those of its boxes). */
export interface Letter {
  /** 2: the agency above, for a unit's own documents. */
  superior?: string
  /** 2 */
  agency: string
  /** 3: null leaves the place of the number empty, as on a draft. */
  number: string | null
  /** 3: "TB-BCT" */
  notation: string
  /** 4 */
  place: string
  /** 4: `yyyy-MM-dd`; null leaves day and month empty. */
  date: string | null
  /** 5a: name of the kind, "Thông báo"; null for an official letter, whose subject stands under its number (5b). */
  kindName: string | null
  /** 5a, 5b: without "V/v". */
  subject: string
  /** 10b: 0 normal, 1 urgent, 2 very urgent, 3 express. */
  urgency: 0 | 1 | 2 | 3
  /** 9a: "Kính gửi", empty where nobody is addressed. */
  addressees: string[]
  /** 6 */
  body: LetterBlock[]
  signer: {
    /** 7a: lines in capitals, "KT. BỘ TRƯỞNG", "THỨ TRƯỞNG" */
    position: string[]
    /** 7b: null before it is signed. */
    fullName: string | null
  }
  /** 9b: without dash and punctuation, the last one is the file copy ("Lưu: VT, VP"). */
  recipients: string[]
  /** A line at the foot of each page. */
  footer?: string
}

const MM = 72 / 25.4
const URGENCY_STAMPS = ['', 'KHẨN', 'THƯỢNG KHẨN', 'HỎA TỐC'] as const
const STAMP_RED = '#d3121b'

/** "Hà Nội, ngày 05 tháng 3 năm 2020": a zero before days under 10 and the months 1 and 2. */
export function placeAndDate(place: string, date: string | null, year = new Date().getFullYear()): string {
  if (date === null) return `${place}, ngày      tháng      năm ${year}`
  const [y = '', month = '', day = ''] = date.split('-')
  return `${place}, ngày ${day} tháng ${Number(month) < 3 ? month : Number(month)} năm ${y}`
}

/** A rule of a given length under a centred line. */
const rule = (length: number): Content => ({
  canvas: [{ type: 'line', x1: 0, y1: 2, x2: length, y2: 2, lineWidth: 0.7 }],
  alignment: 'center',
})

const stampFrame: CustomTableLayout = {
  hLineColor: () => STAMP_RED,
  vLineColor: () => STAMP_RED,
  hLineWidth: () => 1.2,
  vLineWidth: () => 1.2,
  paddingLeft: () => 6,
  paddingRight: () => 6,
  paddingTop: () => 2,
  paddingBottom: () => 2,
}

function heading(letter: Letter): Content {
  const centered: Style = { alignment: 'center' }
  const code = letter.number === null ? `Số:          /${letter.notation}` : `Số: ${letter.number}/${letter.notation}`
  const left: Content[] = [
    ...(letter.superior ? [{ text: letter.superior.toUpperCase(), fontSize: 12.5, ...centered }] : []),
    { text: letter.agency.toUpperCase(), bold: true, fontSize: 12.5, ...centered },
    rule(62),
    { text: code, fontSize: 13, margin: [0, 7, 0, 0], ...centered },
    ...(letter.kindName === null
      ? [
          {
            text: `V/v ${letter.subject}`,
            fontSize: 12.5,
            margin: [6, 3, 6, 0] as [number, number, number, number],
            ...centered,
          },
        ]
      : []),
  ]
  const right: Content[] = [
    { text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', bold: true, fontSize: 12.5, noWrap: true, ...centered },
    { text: 'Độc lập - Tự do - Hạnh phúc', bold: true, fontSize: 13.5, ...centered },
    rule(166),
    { text: placeAndDate(letter.place, letter.date), italics: true, fontSize: 13.5, margin: [0, 7, 0, 0], ...centered },
  ]
  return {
    columns: [
      { width: '*', stack: left },
      { width: 272, stack: right },
    ],
    columnGap: 6,
  }
}

/** Paper as NĐ 30/2020 lays it out: A4, Times, page numbers from the second page on. Returns the PDF. */
export async function letterPaper(letter: Letter): Promise<Buffer> {
  const stamp = URGENCY_STAMPS[letter.urgency]
  const paragraph: Style = { alignment: 'justify', lineHeight: 1.12, marginBottom: 6 }
  const body = letter.body.map((block): Content => {
    if (typeof block === 'string') return { text: block, leadingIndent: 10 * MM, ...paragraph }
    if ('item' in block) return { text: `- ${block.item}`, leadingIndent: 10 * MM, ...paragraph }
    return { text: block.heading, bold: true, leadingIndent: 10 * MM, ...paragraph }
  })
  const [onlyAddressee] = letter.addressees
  const addressed: Content[] =
    letter.addressees.length === 1
      ? [{ text: `Kính gửi: ${onlyAddressee}`, alignment: 'center', fontSize: 14, margin: [0, 14, 0, 12] }]
      : letter.addressees.length > 1
        ? [
            {
              margin: [90, 14, 0, 12],
              fontSize: 14,
              columns: [
                { width: 'auto', text: 'Kính gửi:' },
                { width: '*', stack: letter.addressees.map((name) => `- ${name};`) },
              ],
              columnGap: 8,
            },
          ]
        : []
  const titled: Content[] =
    letter.kindName === null
      ? []
      : [
          { text: letter.kindName.toUpperCase(), bold: true, fontSize: 14, alignment: 'center', margin: [0, 16, 0, 0] },
          { text: letter.subject, bold: true, fontSize: 14, alignment: 'center', margin: [36, 0, 36, 0] },
          rule(120),
          { text: '', margin: [0, 0, 0, letter.addressees.length > 0 ? 0 : 10] },
        ]
  const last = letter.recipients.length - 1
  const signature: Content = {
    unbreakable: true,
    margin: [0, 10, 0, 0],
    columns: [
      {
        width: '*',
        stack: [
          { text: 'Nơi nhận:', bold: true, italics: true, fontSize: 12 },
          ...letter.recipients.map((name, index): Content => ({
            text: `- ${name}${index === last ? '.' : ';'}`,
            fontSize: 11,
          })),
        ],
      },
      {
        width: 220,
        alignment: 'center',
        bold: true,
        fontSize: 13.5,
        stack: [
          ...letter.signer.position,
          { text: letter.signer.fullName ?? ' ', margin: [0, 62, 0, 0], fontSize: 14 },
        ],
      },
    ],
  }
  return pdfmake
    .createPdf({
      pageSize: 'A4',
      pageMargins: [30 * MM, 20 * MM, 17 * MM, 20 * MM],
      info: {
        title: `${letter.number ?? ''}/${letter.notation} ${letter.subject}`.trim(),
        author: letter.agency,
        // Not the moment of printing: the same letter gives the same bytes.
        creationDate: new Date(letter.date ?? 0),
      },
      language: 'vi',
      defaultStyle: { font: PRINT_FONT, fontSize: 14 },
      header: (page) =>
        page > 1 ? { text: String(page), alignment: 'center', fontSize: 13, margin: [0, 10 * MM, 0, 0] } : '',
      footer: () =>
        letter.footer
          ? { text: letter.footer, alignment: 'center', fontSize: 8, color: '#8a8a8a', margin: [0, 11 * MM, 0, 0] }
          : '',
      content: [
        heading(letter),
        ...(stamp
          ? [
              {
                margin: [24, 8, 0, 0] as [number, number, number, number],
                layout: stampFrame,
                table: { body: [[{ text: stamp, color: STAMP_RED, bold: true, fontSize: 13 }]] },
              },
            ]
          : []),
        ...titled,
        ...addressed,
        ...body,
        signature,
      ],
    })
    .getBuffer()
}
