import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { expect, it, vi } from 'vitest'
import { defaultLimits } from './limits.ts'
import { edxmlNamespace, readTree } from './tree.ts'

const outcome = (text: string, chunkBytes?: number) =>
  readTree(Buffer.from(text), defaultLimits, chunkBytes).then(
    ({ root }) => JSON.stringify(root).replaceAll('\\r\\n', '\\n').replaceAll('\\r', '\\n'),
    (error: unknown) => (error as { code: string }).code,
  )

it('reads content that goes past the parser as the parser would, wherever the chunks are cut', async () => {
  // Given pieces that could confuse the short cut: the tag in comments, CDATA, with and without a space, doubled, cut off.
  const piece = fc.constantFrom(
    '<ContentTransferEncoded>',
    '<ContentTransferEncoded >',
    '</ContentTransferEncoded>',
    '<x:ContentTransferEncoded>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    'ContentTransferEncoded>',
    'QUJD\r\nRA==',
    '&amp;',
    '&#65;',
    'chữ',
    '\u000b',
    ' ',
    '<a>',
    '</a>',
    '<ContentTransferEncoded/>',
    '<?p ContentTransferEncoded>QUJD?>',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 9 }), fc.integer({ min: 1, max: 40 }), async (pieces, chunkBytes) => {
      const text = `<edXML xmlns="${edxmlNamespace}">${pieces.join('')}</edXML>`
      // When the tag has a space before its end, the short cut is never taken.
      const plain = await outcome(text.replaceAll('Encoded>', 'Encoded >'))
      expect((await outcome(text)).replaceAll('Encoded>', 'Encoded >')).toBe(plain)
      expect((await outcome(text, chunkBytes)).replaceAll('Encoded>', 'Encoded >')).toBe(plain)
    }),
    { numRuns: 3_000 },
  )
})

it.each([
  ['<ContentTransferEncoded><!-- ContentTransferEncoded>QUJD --></ContentTransferEncoded>', ''],
  ['<ContentTransferEncoded ><!-- ContentTransferEncoded>QUJD --></ContentTransferEncoded>', ''],
  ['<ContentTransferEncoded>QU<!-- x -->JD</ContentTransferEncoded>', 'QUJD'],
  ['<ContentTransferEncoded>QU<![CDATA[J]]>&#68;</ContentTransferEncoded>', 'QUJD'],
])('reads %s', async (text, content) => {
  for (const chunkBytes of [1, 7, 65_536]) {
    const bytes = Buffer.from(`<edXML xmlns="${edxmlNamespace}">${text}</edXML>`)
    expect((await readTree(bytes, defaultLimits, chunkBytes)).root.children[0]?.text).toBe(content)
  }
})

it('spares the parser the base64 of a large attachment', async () => {
  const write = vi.spyOn(SaxesParser.prototype, 'write')
  const base64 = 'QUJD'.repeat(250_000)
  const text = `<edXML xmlns="${edxmlNamespace}"><ContentTransferEncoded>${base64}</ContentTransferEncoded></edXML>`
  const { root } = await readTree(Buffer.from(text), defaultLimits)
  const parsed = write.mock.calls.reduce((sum, [chunk]) => sum + String(chunk ?? '').length, 0)
  write.mockRestore()
  expect(root.children[0]?.text).toBe(base64)
  expect(parsed).toBeLessThan(1_000)
})
