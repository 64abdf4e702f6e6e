import type { Content } from 'pdfmake/interfaces'
import type { SlipOpinion, SubmissionSlip } from '#db/submission-slip.ts'
import { formatsOf } from '../format.ts'
import { pdfmake, PRINT_FONT } from './fonts.ts'
import { formGrid, formHeading, MM } from './office-form.ts'

const { date, dateTime } = formatsOf('vi')

/** What was decided, in the words of the form. */
const decided: Record<string, string> = {
  approved: 'Đồng ý trình.',
  forwarded: 'Kính trình lãnh đạo Bộ.',
  agreed: 'Đồng ý.',
  disagreed: 'Không đồng ý.',
  directed: 'Ý kiến chỉ đạo khác:',
  returned: 'Trả lại:',
}

/** A part of the slip: what somebody said, with name and moment; empty lines for the hand until then. */
function part(title: string, said: SlipOpinion | null): Content[] {
  const words: Content[] = said
    ? [
        ...[decided[said.outcome], said.opinion].flatMap((line) => (line ? [{ text: line }] : [])),
        {
          text: `${said.title} ${said.fullName}, ${dateTime(said.at)}`,
          italics: true,
          alignment: 'right',
          margin: [0, 4, 0, 0],
        },
      ]
    : [{ text: '\n\n' }]
  return [{ text: title, bold: true, margin: [0, 0, 0, 3] }, ...words]
}

/** The ministry's submission slip as PDF, A4: what is proposed, and what everybody on its way said. */
export async function slipPaper(slip: SubmissionSlip, agency: string): Promise<Buffer> {
  const day = new Date(slip.submittedAt + 7 * 3_600_000).toISOString().slice(0, 10)
  const cell = (stack: Content[]) => [{ stack }]
  return pdfmake
    .createPdf({
      pageSize: 'A4',
      pageMargins: [30 * MM, 20 * MM, 17 * MM, 20 * MM],
      language: 'vi',
      info: { title: `Phiếu trình ${slip.subject}`, author: agency, creationDate: new Date(slip.submittedAt) },
      defaultStyle: { font: PRINT_FONT, fontSize: 13, lineHeight: 1.1 },
      header: (page) =>
        page > 1 ? { text: String(page), alignment: 'center', fontSize: 12, margin: [0, 10 * MM, 0, 0] } : '',
      content: [
        ...formHeading({ agency, unit: slip.unitName, day, title: 'PHIẾU TRÌNH GIẢI QUYẾT CÔNG VIỆC' }),
        {
          text: `Kính trình: ${slip.leader ? `${slip.leader.title} ${slip.leader.fullName}` : 'Lãnh đạo Bộ'}`,
          alignment: 'center',
          fontSize: 14,
          margin: [0, 0, 0, 10],
        },
        {
          layout: formGrid,
          table: {
            widths: ['*'],
            dontBreakRows: false,
            body: [
              cell([{ text: [{ text: 'Vấn đề trình: ', bold: true }, slip.subject] }]),
              cell([
                { text: 'Nội dung, đề xuất của đơn vị trình', bold: true, margin: [0, 0, 0, 3] },
                { text: slip.proposal, alignment: 'justify' },
                {
                  text: `Người trình: ${slip.author}, ${date(day)}`,
                  italics: true,
                  alignment: 'right',
                  margin: [0, 4, 0, 0],
                },
              ]),
              cell([
                { text: 'Tài liệu kèm theo', bold: true, margin: [0, 0, 0, 3] },
                slip.files.length > 0 ? { ul: slip.files } : { text: 'Không có', italics: true },
              ]),
              cell(part('Ý kiến của lãnh đạo đơn vị', slip.head)),
              cell(part('Ý kiến của Văn phòng Bộ', slip.office)),
              cell(part('Ý kiến của lãnh đạo Bộ', slip.decision)),
            ],
          },
        },
      ],
    })
    .getBuffer()
}
