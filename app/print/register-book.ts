import { PassThrough, type Readable } from 'node:stream'
import type { Content, CustomTableLayout, TableCell } from 'pdfmake/interfaces'
import type { Book, BookLine } from '#db/registers.ts'
import { formatsOf } from '../format.ts'
import { pdfmake, PRINT_FONT } from './fonts.ts'

/** A book of a year, or one volume of it. */
export interface PrintedBook {
  book: Book
  year: number
  agency: string
  /** In the order of their numbers. */
  lines: readonly BookLine[]
  /** From 1, of how many. */
  volume: number
  volumes: number
}

const { date } = formatsOf('vi')
const MM = 72 / 25.4

interface BookColumn {
  heading: string
  /** Millimetres; the columns of a book fill 267 mm of a landscape A4. */
  width: number
  cell: (line: BookLine) => string
  centred?: boolean
}

const day = (value: Date | string | null) => (value === null ? '' : date(value))
const kindAndSubject = ({ kindName, subject }: BookLine) => (kindName ? `${kindName}: ${subject}` : subject)

/** The columns of NĐ 30/2020, Phụ lục IV, in their order. The place of the signature stays empty for the hand. */
export const bookColumns: Record<Book, readonly BookColumn[]> = {
  incoming: [
    { heading: 'Ngày đến', width: 20, cell: (line) => day(line.takenAt), centred: true },
    { heading: 'Số đến', width: 13, cell: (line) => String(line.number), centred: true },
    { heading: 'Tác giả', width: 33, cell: (line) => line.agencyName },
    { heading: 'Số, ký hiệu văn bản', width: 30, cell: (line) => line.code ?? '' },
    { heading: 'Ngày, tháng văn bản', width: 20, cell: (line) => day(line.issuedOn), centred: true },
    { heading: 'Tên loại và trích yếu nội dung văn bản', width: 60, cell: kindAndSubject },
    { heading: 'Đơn vị hoặc người nhận', width: 36, cell: (line) => line.receivers ?? '' },
    { heading: 'Ngày chuyển', width: 20, cell: (line) => day(line.passedAt), centred: true },
    { heading: 'Ký nhận', width: 15, cell: () => '' },
    { heading: 'Ghi chú', width: 20, cell: (line) => line.note ?? '' },
  ],
  outgoing: [
    { heading: 'Số, ký hiệu văn bản', width: 30, cell: (line) => line.code ?? String(line.number) },
    { heading: 'Ngày, tháng văn bản', width: 20, cell: (line) => day(line.issuedOn ?? line.takenAt), centred: true },
    { heading: 'Tên loại và trích yếu nội dung văn bản', width: 62, cell: kindAndSubject },
    { heading: 'Người ký', width: 28, cell: (line) => line.signerName ?? '' },
    { heading: 'Nơi nhận văn bản', width: 44, cell: (line) => line.recipients ?? '' },
    { heading: 'Đơn vị, người nhận bản lưu', width: 28, cell: (line) => line.keeper ?? '' },
    {
      heading: 'Số lượng bản',
      width: 13,
      cell: (line) => (line.copies === null ? '' : String(line.copies)),
      centred: true,
    },
    { heading: 'Ngày chuyển', width: 20, cell: (line) => day(line.passedAt), centred: true },
    { heading: 'Ký nhận', width: 13, cell: () => '' },
    { heading: 'Ghi chú', width: 19, cell: (line) => line.note ?? '' },
  ],
}

const titles: Record<Book, string> = {
  incoming: 'SỔ ĐĂNG KÝ VĂN BẢN ĐẾN',
  outgoing: 'SỔ ĐĂNG KÝ VĂN BẢN ĐI',
}

const grid: CustomTableLayout = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  paddingLeft: () => 3,
  paddingRight: () => 3,
  paddingTop: () => 2,
  paddingBottom: () => 2,
}

/** The title page as the form has it: agency, name of the book, year, from–to in days and numbers, volume. */
function titlePage({ book, year, agency, lines, volume, volumes }: PrintedBook): Content {
  const [first, last] = [lines[0], lines.at(-1)]
  const times = lines.map((line) => line.takenAt.getTime())
  const range = (from: string, to: string) => ({
    text: `Từ ${from} đến ${to}`,
    fontSize: 14,
    margin: [0, 6, 0, 0] as [number, number, number, number],
  })
  return {
    stack: [
      { text: agency.toUpperCase(), bold: true, fontSize: 15 },
      { canvas: [{ type: 'line', x1: 0, y1: 3, x2: 90, y2: 3, lineWidth: 0.7 }], alignment: 'center' },
      { text: titles[book], bold: true, fontSize: 26, margin: [0, 130, 0, 0] },
      { text: `Năm: ${year}`, bold: true, fontSize: 16, margin: [0, 12, 0, 30] },
      ...(first && last
        ? [
            range(`ngày ${date(new Date(Math.min(...times)))}`, `ngày ${date(new Date(Math.max(...times)))}`),
            book === 'incoming'
              ? range(`số ${first.number}`, `số ${last.number}`)
              : {
                  text: `Gồm ${lines.length} văn bản`,
                  fontSize: 14,
                  margin: [0, 6, 0, 0] as [number, number, number, number],
                },
          ]
        : [{ text: 'Chưa có văn bản nào vào sổ', italics: true, fontSize: 14 }]),
      { text: volumes > 1 ? `Quyển số: ${volume}/${volumes}` : 'Quyển số: 01', fontSize: 14, margin: [0, 24, 0, 0] },
    ],
    alignment: 'center',
    margin: [0, 30, 0, 0],
    pageBreak: 'after',
  }
}

/** A line naming the kind, where a book has a sequence of numbers for each kind (NĐ 30/2020 Điều 15). */
const seriesRow = (line: BookLine, columns: number): TableCell[] => [
  { text: line.kindName ?? line.series, bold: true, colSpan: columns, fillColor: '#f0f0f0' },
  ...Array.from({ length: columns - 1 }, () => ({})),
]

function table({ book, lines }: PrintedBook): Content {
  const columns = bookColumns[book]
  const body: TableCell[][] = [
    columns.map(({ heading }): TableCell => ({ text: heading, bold: true, alignment: 'center' })),
    columns.map((_column, index): TableCell => ({
      text: `(${index + 1})`,
      italics: true,
      alignment: 'center',
      fontSize: 9,
    })),
  ]
  let series: string | null = null
  for (const line of lines) {
    if (book === 'outgoing' && line.series !== series) body.push(seriesRow(line, columns.length))
    series = line.series
    body.push(
      columns.map(({ cell, centred }): TableCell => (centred ? { text: cell(line), alignment: 'center' } : cell(line))),
    )
  }
  // Each column's width is that of its text; the grid's padding and lines come on top.
  const widths = columns.map(({ width }) => width * MM - 6.5)
  return { table: { headerRows: 2, dontBreakRows: true, widths, body }, layout: grid }
}

/**
 * The book as PDF, landscape A4, its heading on each page, pages counted "Trang x/y". Laid out as a whole, then streamed: a
 * caller gives volumes, not a year of thousands of lines.
 */
export async function registerBookPdf(printed: PrintedBook): Promise<Readable> {
  const pdf = await pdfmake
    .createPdf({
      pageSize: 'A4',
      pageOrientation: 'landscape',
      pageMargins: [15 * MM, 14 * MM, 15 * MM, 14 * MM],
      language: 'vi',
      info: { title: `${titles[printed.book]} ${printed.year}`, author: printed.agency },
      defaultStyle: { font: PRINT_FONT, fontSize: 10.5 },
      footer: (page, pages) =>
        page > 1
          ? {
              columns: [
                { text: `${titles[printed.book]} — năm ${printed.year}`, alignment: 'left' },
                { text: `Trang ${page - 1}/${pages - 1}`, alignment: 'right' },
              ],
              fontSize: 9,
              margin: [15 * MM, 4 * MM, 15 * MM, 0],
            }
          : '',
      content: [titlePage(printed), table(printed)],
    })
    .getStream()
  const stream = new PassThrough()
  pdf.on('error', (error: Error) => stream.destroy(error))
  pdf.pipe(stream)
  pdf.end()
  return stream
}
