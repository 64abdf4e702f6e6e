import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, it } from 'vitest'
import { letterPaper, placeAndDate, type Letter } from './letter-paper.ts'
import { LetterPress } from './letter-press.ts'

const letter: Letter = {
  agency: 'Văn phòng Chính phủ',
  number: '1234',
  notation: 'VPCP-KSTT',
  place: 'Hà Nội',
  date: '2026-02-05',
  kindName: null,
  subject: 'báo cáo tình hình cung cấp dịch vụ công trực tuyến',
  urgency: 3,
  addressees: ['Bộ Công Thương'],
  body: ['Văn phòng Chính phủ đề nghị Quý Bộ báo cáo./.'],
  signer: { position: ['KT. BỘ TRƯỞNG, CHỦ NHIỆM', 'PHÓ CHỦ NHIỆM'], fullName: 'Vũ Thành Kha' },
  recipients: ['Như trên', 'Lưu: VT, KSTT'],
}

async function textOf(pdf: Buffer): Promise<string[]> {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise
  const pages: string[] = []
  for (let number = 1; number <= document.numPages; number += 1) {
    const content = await (await document.getPage(number)).getTextContent()
    pages.push(
      content.items
        .map((item) => ('str' in item ? item.str : ''))
        .join(' ')
        .replace(/\s+/g, ' '),
    )
  }
  return pages
}

describe('letterPaper', () => {
  it('has the boxes of NĐ 30/2020 for an official letter', async () => {
    const [page] = await textOf(await letterPaper(letter))
    for (const box of [
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      'Độc lập - Tự do - Hạnh phúc',
      'VĂN PHÒNG CHÍNH PHỦ',
      'Số: 1234/VPCP-KSTT',
      'Hà Nội, ngày 05 tháng 02 năm 2026',
      'V/v báo cáo tình hình cung cấp dịch vụ công trực tuyến',
      'HỎA TỐC',
      'Kính gửi: Bộ Công Thương',
      'PHÓ CHỦ NHIỆM',
      'Vũ Thành Kha',
      'Nơi nhận:',
      '- Lưu: VT, KSTT.',
    ]) {
      expect(page?.replace(/\s/g, '')).toContain(box.replace(/\s/g, ''))
    }
  })

  it('names the kind of a notice, and numbers pages from the second one on', async () => {
    const pages = await textOf(
      await letterPaper({ ...letter, kindName: 'Thông báo', body: Array.from({ length: 40 }, () => letter.body[0]!) }),
    )
    expect(pages[0]).toContain('THÔNG BÁO')
    expect(pages[0]).not.toContain('V/v')
    expect(pages.length).toBeGreaterThan(1)
    expect(pages[1]).toMatch(/(^|\s)2(\s|$)/)
    expect(pages[0]).not.toMatch(/(^|\s)1(\s|$)/)
  })

  it('gives the same bytes for the same letter, also when it was printed in the press', async () => {
    const press = new LetterPress()
    const [here, there] = await Promise.all([letterPaper(letter), press.print(letter, 0)])
    await press.close()
    expect(there.equals(here)).toBe(true)
  })
})

describe('placeAndDate', () => {
  it('puts a zero before days under 10 and the months 1 and 2 only', () => {
    expect(placeAndDate('Hà Nội', '2020-03-05')).toBe('Hà Nội, ngày 05 tháng 3 năm 2020')
    expect(placeAndDate('Hà Nội', '2020-01-15')).toBe('Hà Nội, ngày 15 tháng 01 năm 2020')
  })
})
