import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { statusCodes } from '../statuses.ts'
import type { DocumentMessage, DocumentMessageInput, StatusMessageInput } from './message.ts'
import { messageSchema } from './message.ts'
import { readEdxml } from './read.ts'
import { letter, status } from './sample.fixture.ts'
import { writeEdxml } from './write.ts'

const vietnamese = fc.constantFrom(
  'Nghị định',
  'quyết',
  'ĐƯỜNG',
  'e\u0302\u0301',
  '"\'',
  ']]>',
  '<!--',
  '&amp;',
  '\r\n',
  '\t',
  '😀',
)
const words = (maxLength: number) =>
  fc.array(fc.oneof(vietnamese, fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 8 }).map((parts) =>
    parts
      .join(' ')
      .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
      .slice(0, maxLength)
      .replace(/[\ud800-\udbff]$/, '')
      .trim(),
  )
const someWords = (maxLength: number) => words(maxLength - 1).map((text) => `V${text}`)
const oneLine = (maxLength: number) => someWords(maxLength).map((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '_'))
const organ = fc.record({
  organId: oneLine(35),
  organName: words(200),
  organAdd: words(500),
  organizationInCharge: words(200),
})
const day: fc.Arbitrary<string> = fc
  .date({ min: new Date('1945-09-02'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const instant = day.map((date) => `${date}T23:59:07+07:00`)

const documents: fc.Arbitrary<DocumentMessageInput> = fc.record({
  kind: fc.constant('document' as const),
  from: organ,
  to: fc.array(organ, { minLength: 1, maxLength: 4 }),
  documentId: oneLine(200),
  code: fc.record({ number: words(11), notation: words(30) }),
  promulgation: fc.record({ place: words(100), date: fc.option(day) }),
  documentType: fc.record({ type: fc.option(fc.nat(999)), typeDetail: words(100), typeName: words(100) }),
  subject: someWords(500),
  content: words(5000),
  signer: fc.record({ competence: words(100), position: words(100), fullName: words(50) }),
  dueDate: fc.option(day),
  otherInfo: fc.record({
    priority: fc.nat(4),
    direction: words(500),
    pageAmount: fc.option(fc.nat(99_999)),
    appendixes: fc.array(someWords(500), { maxLength: 3 }),
  }),
  responseFor: fc.array(
    fc.record({ organId: words(35), code: words(100), documentId: oneLine(200), promulgationDate: fc.option(day) }),
    { maxLength: 2 },
  ),
  steeringType: fc.option(fc.nat(3)),
  toPlaces: fc.array(someWords(1000), { maxLength: 3 }),
  trace: fc.array(fc.record({ organId: oneLine(35), timestamp: instant }), { maxLength: 3 }),
  bussiness: fc.record({
    bussinessDocType: fc.nat(3),
    reason: words(500),
    paper: fc.boolean(),
    documentInfo: fc.option(
      fc.record({
        documentInfo: fc.option(fc.nat(9)),
        receivers: fc.array(fc.record({ organId: oneLine(35), receiverType: fc.nat(1) }), { maxLength: 3 }),
      }),
    ),
    replaces: fc.array(fc.record({ documentId: oneLine(200), organIds: fc.array(oneLine(35), { maxLength: 2 }) }), {
      maxLength: 2,
    }),
  }),
  attachments: fc
    .array(
      fc.record({
        name: oneLine(60).map((name) => `${name.replace(/[\\/\p{Cf}]/gu, '-')}.pdf`),
        description: words(500),
        contentType: fc.constantFrom('application/pdf', ''),
        content: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
      }),
      { maxLength: 3 },
    )
    .map((files) => files.map((file, index) => ({ ...file, contentId: `tep-${index}` }))),
})

const statuses: fc.Arbitrary<StatusMessageInput> = fc.record({
  kind: fc.constant('status' as const),
  from: organ,
  responseFor: fc.record({
    organId: oneLine(35),
    code: words(100),
    documentId: oneLine(200),
    promulgationDate: fc.option(day),
  }),
  staff: fc.record({ department: words(200), staff: words(100) }),
  statusCode: fc.constantFrom(...statusCodes),
  description: words(500),
  timestamp: instant,
})

describe('writing and reading edXML', () => {
  it('gives back every message as it was, and the same bytes when written again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(documents, statuses), async (input) => {
        const message = messageSchema.parse(input)
        const bytes = await writeEdxml(input)
        const { message: back, signed } = await readEdxml(bytes)
        expect(back).toEqual(message)
        expect(signed).toBe(false)
        expect((await writeEdxml(back)).equals(bytes)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('writes the strict form: prefix inside the envelope, none on attachments', async () => {
    const text = (await writeEdxml(letter())).toString()
    expect(text).toContain('<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLEnvelope xmlns:edXML=')
    expect(text).toContain('<edXML:DocumentId>000.00.00.G22,2022/04/15,7816/VPCP-KSTT</edXML:DocumentId>')
    expect(text).toContain('<edXML:PromulgationDate>2022/04/15</edXML:PromulgationDate>')
    expect(text).toContain('<edXML:Timestamp>2022/04/15 09:30:00</edXML:Timestamp>')
    expect(text).toMatch(
      /<AttachmentEncoded><Attachment><ContentId>cid:tep-1<\/ContentId>.*<ContentTransferEncoded>UEsDB/,
    )
    expect((await writeEdxml(status())).toString()).not.toContain('edXMLBody')
  })

  it.each([
    ['a control character', { subject: 'a\u0000b' }],
    ['half a surrogate pair', { subject: 'a\ud800b' }],
    ['a subject over 500 characters', { subject: 'x'.repeat(501) }],
    ['no receiver', { to: [] }],
  ])('refuses to write a message with %s', async (_, over: Partial<DocumentMessageInput>) => {
    await expect(writeEdxml(letter(over))).rejects.toMatchObject({ name: 'EdxmlRefusal', code: 'field' })
  })

  it('keeps a file of 20 MB byte for byte', async () => {
    const content = Buffer.alloc(20 * 1024 * 1024, 'nội dung ')
    const bytes = await writeEdxml(letter({ attachments: [{ contentId: 'a', name: 'a.pdf', content }] }))
    const { message } = await readEdxml(bytes)
    expect(content.equals((message as DocumentMessage).attachments[0]?.content ?? Buffer.alloc(0))).toBe(true)
  })
})
