import type { TableCell } from 'pdfmake/interfaces'
import type { OpinionLine } from '#db/opinions.ts'
import { formatsOf } from '../format.ts'
import { pdfmake, PRINT_FONT } from './fonts.ts'
import { formGrid, formHeading, MM } from './office-form.ts'

const { dateTime } = formatsOf('vi')

/** What a unit said, in the words of the table. */
const stances: Record<string, string> = {
  agreed: 'Đồng ý',
  commented: 'Đồng ý, có ý kiến',
  disagreed: 'Không đồng ý',
  notConcerned: 'Không liên quan',
}
const stanceOf = ({ outcome, state }: OpinionLine) =>
  (outcome && stances[outcome]) ?? (state === 'cancelled' ? 'Không trả lời' : 'Chưa trả lời')

export interface PrintedOpinions {
  agency: string
  unit: string
  subject: string
  /** `yyyy-MM-dd` */
  day: string
  lines: readonly OpinionLine[]
  synthesis: string | null
}

/** The table of the units' opinions and what was made of them, as PDF, landscape A4. */
export async function opinionPaper(printed: PrintedOpinions): Promise<Buffer> {
  const heads = ['TT', 'Đơn vị', 'Ý kiến', 'Nội dung', 'Người cho ý kiến']
  const body: TableCell[][] = [
    heads.map((text): TableCell => ({ text, bold: true, alignment: 'center' })),
    ...printed.lines.map((line, index): TableCell[] => [
      { text: String(index + 1), alignment: 'center' },
      line.unitName,
      stanceOf(line),
      line.opinion ?? '',
      line.fullName ? `${line.fullName}${line.answeredAt === null ? '' : `, ${dateTime(line.answeredAt)}`}` : '',
    ]),
  ]
  return pdfmake
    .createPdf({
      pageSize: 'A4',
      pageOrientation: 'landscape',
      pageMargins: [20 * MM, 15 * MM, 15 * MM, 15 * MM],
      language: 'vi',
      info: {
        title: `Tổng hợp ý kiến ${printed.subject}`,
        author: printed.agency,
        creationDate: new Date(printed.day),
      },
      defaultStyle: { font: PRINT_FONT, fontSize: 12 },
      footer: (page, pages) => ({
        text: `Trang ${page}/${pages}`,
        alignment: 'right',
        fontSize: 9,
        margin: [0, 4 * MM, 15 * MM, 0],
      }),
      content: [
        ...formHeading({ ...printed, title: 'BẢNG TỔNG HỢP Ý KIẾN', subject: printed.subject }),
        { layout: formGrid, table: { headerRows: 1, dontBreakRows: true, widths: [24, 150, 90, '*', 130], body } },
        ...(printed.synthesis
          ? [
              {
                text: 'Tổng hợp, tiếp thu, giải trình',
                bold: true,
                margin: [0, 12, 0, 4] as [number, number, number, number],
              },
              { text: printed.synthesis, alignment: 'justify' as const },
            ]
          : []),
      ],
    })
    .getBuffer()
}
