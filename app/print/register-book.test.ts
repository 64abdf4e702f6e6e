import { buffer } from 'node:stream/consumers'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, it } from 'vitest'
import type { BookLine } from '#db/registers.ts'
import { bookColumns, registerBookPdf, type PrintedBook } from './register-book.ts'

const line = (number: number, more: Partial<BookLine> = {}): BookLine => ({
  documentId: `document-${number}`,
  number,
  series: '*',
  takenAt: new Date('2026-03-05T02:00:00Z'),
  code: `${7800 + number}/VPCP-TTĐT`,
  issuedOn: '2026-03-04',
  kindName: 'Công văn',
  kindNameEn: 'Official letter',
  subject: 'Về việc đẩy mạnh cung cấp dịch vụ công trực tuyến mức độ cao của các bộ, ngành',
  agencyName: 'Văn phòng Chính phủ',
  signerName: 'Nguyễn Văn Ẩn',
  recipients: 'Như trên; Lưu: VT.',
  receivers: 'Cục Thương mại điện tử và Kinh tế số; Vụ Pháp chế',
  receiversEn: null,
  passedAt: new Date('2026-03-06T02:00:00Z'),
  keeper: 'Văn phòng Bộ',
  keeperEn: null,
  copies: 3,
  note: null,
  ...more,
})

async function printed(book: Partial<PrintedBook>): Promise<{ pages: string[]; landscape: boolean }> {
  const pdf = await buffer(
    await registerBookPdf({
      book: 'incoming',
      year: 2026,
      agency: 'Bộ Công Thương',
      lines: [],
      volume: 1,
      volumes: 1,
      ...book,
    }),
  )
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise
  const pages: string[] = []
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent()
    pages.push(
      items
        .map((item) => ('str' in item ? item.str : ''))
        .join(' ')
        .replace(/\s+/g, ' '),
    )
  }
  const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 })
  await document.destroy()
  return { pages, landscape: width > height }
}

describe('a printed book', () => {
  it('has ten columns on a landscape A4, and they fill it', () => {
    for (const columns of Object.values(bookColumns)) {
      expect(columns).toHaveLength(10)
      expect(columns.reduce((sum, column) => sum + column.width, 0)).toBeLessThanOrEqual(277)
    }
  })

  it('begins with the title page of the form, and repeats its heading on each counted page', async () => {
    const lines = Array.from({ length: 80 }, (_, index) => line(index + 1))
    const { pages, landscape } = await printed({ lines })
    expect(landscape).toBe(true)
    expect(pages[0]).toContain('SỔ ĐĂNG KÝ VĂN BẢN ĐẾN Năm: 2026')
    expect(pages[0]).toContain('Từ số 1 đến số 80')
    const rest = pages.slice(1)
    expect(rest.length).toBeGreaterThan(2)
    rest.forEach((text, index) => {
      expect(text).toContain('Tên loại và trích yếu')
      expect(text).toContain(`Trang ${index + 1}/${rest.length}`)
    })
    const all = rest.join(' ')
    for (const { code } of lines) expect(all.replaceAll(' ', '')).toContain(code)
    expect(all).toContain('05/03/2026')
    expect(all).toContain('Đơn vị hoặc người nhận')
  })

  it('of what goes out names each kind before its numbers', async () => {
    const lines = [
      line(1, { series: 'CV', code: '01/BCT-TMĐT' }),
      line(2, { series: 'CV', code: '02/BCT-TMĐT' }),
      line(1, { series: 'TB', kindName: 'Thông báo', code: '01/TB-BCT', copies: null }),
    ]
    const { pages } = await printed({ book: 'outgoing', lines })
    expect(pages[1]?.replaceAll(' ', '')).toMatch(/Côngvăn.*01\/BCT-TMĐT.*02\/BCT-TMĐT.*Thôngbáo.*01\/TB-BCT/)
  })

  it('without a line is still a book', async () => {
    const { pages } = await printed({ volume: 1 })
    expect(pages[0]).toContain('Chưa có văn bản nào vào sổ')
  })
})
