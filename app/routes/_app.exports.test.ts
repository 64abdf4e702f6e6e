import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import exceljs from 'exceljs'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { documentSpreadsheet } from '../documents/spreadsheet.server.ts'
import { loader } from './_app.exports.$file.ts'

let office: OfficeAtWork
beforeAll(async () => {
  office = await officeAtWork()
})
afterAll(() => office.close())

const sheetFor = async (name: string, address: string) => {
  const response = await loader(office.asking(name, address, { file: 'incoming.xlsx' }))
  const book = new exceljs.Workbook()
  await book.xlsx.load(await response.arrayBuffer())
  const sheet = book.worksheets[0]!
  // The cells are counted from 1.
  const headings = (sheet.getRow(1).values as string[]).slice(1)
  const lines: Record<string, unknown>[] = []
  sheet.eachRow((row, at) => {
    if (at > 1)
      lines.push(Object.fromEntries(headings.map((heading, index) => [heading, row.getCell(index + 1).value])))
  })
  return { response, lines }
}

describe('a list as a spreadsheet', () => {
  it('has the lines that the person may see, and no others', async () => {
    const directed = await office.directed('V/v xuất bảng tính')
    await office.arrive('Văn bản chưa giao ai')

    const clerk = await sheetFor('clerk', '/exports/incoming.xlsx')
    const head = await sheetFor('tmdtHead', '/exports/incoming.xlsx')
    const stranger = await sheetFor('xnkSpecialist', `/exports/incoming.xlsx?of=ticked&id=${directed}`)

    expect(clerk.lines).toHaveLength(2)
    expect(head.lines).toHaveLength(1)
    expect(head.lines[0]).toMatchObject({ 'Tên loại': 'Công văn', 'Độ khẩn': 'Thường' })
    expect(stranger.lines).toEqual([])
    expect(clerk.response.headers.get('content-disposition')).toContain('.xlsx')
  })

  it('has only the lines that were ticked', async () => {
    const one = await office.arrive('Văn bản được chọn')
    await office.arrive('Văn bản không được chọn')

    const { lines } = await sheetFor('clerk', `/exports/incoming.xlsx?of=ticked&id=${one}&id=khong-phai-ma`)

    expect(lines.map((line) => line['Trích yếu'])).toEqual(['Văn bản được chọn'])
  })

  it('is not found under another name', async () => {
    const answer = await answerOf(loader(office.asking('clerk', '/exports/secret.xlsx', { file: 'secret.xlsx' })))

    expect(answer.status).toBe(404)
  })

  it('says it when the list cannot be read to its end, instead of passing for whole', async () => {
    const sheet = documentSpreadsheet({
      direction: 'incoming',
      language: 'vi',
      t: (key) => key,
      title: 'Văn bản đến',
      read: () => Promise.reject(new Error('the database went away')),
      signal: new AbortController().signal,
    })

    await expect(sheet.toArray()).rejects.toThrow('the database went away')
  })
})
