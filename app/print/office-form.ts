import type { Content, CustomTableLayout, Style } from 'pdfmake/interfaces'
import { placeAndDate } from './letter-paper.ts'

export const MM = 72 / 25.4

export const formGrid: CustomTableLayout = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  paddingLeft: () => 5,
  paddingRight: () => 5,
  paddingTop: () => 4,
  paddingBottom: () => 4,
}

const rule = (length: number): Content => ({
  canvas: [{ type: 'line', x1: 0, y1: 2, x2: length, y2: 2, lineWidth: 0.7 }],
  alignment: 'center',
})

/** The head of a form that a unit of the ministry fills in: agency and unit, the national title, place and day, the form's name. */
export function formHeading(form: {
  agency: string
  unit: string
  /** `yyyy-MM-dd` */
  day: string
  title: string
  subject?: string
}): Content[] {
  const centred: Style = { alignment: 'center' }
  return [
    {
      columns: [
        {
          width: '*',
          stack: [
            { text: form.agency.toUpperCase(), fontSize: 12, ...centred },
            { text: form.unit.toUpperCase(), bold: true, fontSize: 12, ...centred },
            rule(62),
          ],
        },
        {
          width: 272,
          stack: [
            { text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', bold: true, fontSize: 12, noWrap: true, ...centred },
            { text: 'Độc lập - Tự do - Hạnh phúc', bold: true, fontSize: 13, ...centred },
            rule(160),
            { text: placeAndDate('Hà Nội', form.day), italics: true, margin: [0, 6, 0, 0], ...centred },
          ],
        },
      ],
    },
    { text: form.title, bold: true, fontSize: 16, margin: [0, 18, 0, 2], ...centred },
    ...(form.subject
      ? [{ text: form.subject, bold: true, fontSize: 13, margin: [30, 0, 30, 0], ...centred } as Content]
      : []),
    rule(100),
    { text: '', margin: [0, 0, 0, 10] },
  ]
}
