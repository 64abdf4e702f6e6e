import { expect, it } from 'vitest'
import { readEdxml } from '#exchange/edxml/read.ts'
import { demonstrationLetter } from './demonstration-letter.ts'

it('makes the Government Office’s letter as a message that our own reader takes', async () => {
  const { edxml, pdf } = await demonstrationLetter(Date.parse('2026-02-03T09:00:00+07:00'), '4321')
  const { message: read } = await readEdxml(edxml)
  expect(read).toMatchObject({
    kind: 'document',
    documentId: '000.00.00.G22,2026/02/03,4321/VPCP-KSTT',
    code: { number: '4321', notation: 'VPCP-KSTT' },
    subject: 'V/v báo cáo tình hình cung cấp dịch vụ công trực tuyến của Bộ Công Thương',
  })
  if (read.kind !== 'document') throw new Error('not a document')
  expect(Buffer.from(read.attachments[0]?.content ?? []).equals(pdf)).toBe(true)
})
