import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import yazl from 'yazl'
import type { DocumentMessage } from './message.ts'
import { readEdxml } from './read.ts'
import { EdxmlRefusal } from './refusal.ts'
import { letter, status } from './sample.fixture.ts'
import { writeEdxml } from './write.ts'

const letterText = async () => (await writeEdxml(letter())).toString()
const change = async (from: string | RegExp, to: string) => {
  const text = await letterText()
  const changed = text.replace(from, () => to)
  expect(changed).not.toBe(text)
  return Buffer.from(changed)
}
const withContent = (content: Buffer | string) =>
  change(
    /<ContentTransferEncoded>[^<]*/,
    `<ContentTransferEncoded>${typeof content === 'string' ? content : content.toString('base64')}`,
  )
const refusal = async (bytes: Buffer, limits = {}): Promise<EdxmlRefusal> => {
  const caught: unknown = await readEdxml(bytes, limits).then(
    () => null,
    (error: unknown) => error,
  )
  if (!(caught instanceof EdxmlRefusal)) throw new Error(`not refused: ${String(caught)}`)
  return caught
}

async function zipOf(files: Record<string, Buffer>): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const [name, content] of Object.entries(files)) zip.addBuffer(content, name)
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A ZIP of one entry whose directory may lie about its size. */
function rawZip(name: string, content: Buffer, declaredSize = content.length): Buffer {
  const packed = deflateRawSync(content)
  const nameBytes = Buffer.from(name)
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(8, 4)
  fields.writeUInt32LE(packed.length, 14)
  fields.writeUInt32LE(declaredSize, 18)
  fields.writeUInt16LE(nameBytes.length, 22)
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), fields, nameBytes, packed])
  const directory = Buffer.concat([
    Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'),
    fields,
    Buffer.alloc(14),
    nameBytes,
  ])
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, directory, end])
}

describe('reading what the field sends', () => {
  it('reads any element order, prefixed attachments, plain base64 and xlink names', async () => {
    const bytes = Buffer.from(`<?xml version="1.0" encoding="utf-8"?>
      <x:edXML xmlns:x="http://www.mic.gov.vn/TBT/QCVN_102_2016" xmlns:xlink="http://www.w3.org/1999/xlink">
        <x:AttachmentEncoded><x:Attachment>
          <x:ContentTransferEncoded>
            JVBERi0x
            LjQ=
          </x:ContentTransferEncoded>
          <x:AttachmentName> thư.pdf </x:AttachmentName><x:ContentId>cid:a b</x:ContentId>
        </x:Attachment></x:AttachmentEncoded>
        <x:edXMLEnvelope>
          <x:edXMLBody><x:edXMLManifest version="1.0"><x:Reference xlink:href="cid:a b"/></x:edXMLManifest></x:edXMLBody>
          <x:edXMLHeader><x:DigitalSignature/><x:MessageHeader>
            <x:Subject><![CDATA[Về <việc> & ]]>&#7879;</x:Subject><x:DocumentId>5b1c</x:DocumentId><x:Email/>
            <x:To><x:OrganId>000.00.00.G02</x:OrganId></x:To><x:To><x:OrganId>G14</x:OrganId></x:To>
            <x:From><x:OrganId>000.00.00.G22</x:OrganId></x:From>
          </x:MessageHeader></x:edXMLHeader>
        </x:edXMLEnvelope>
      </x:edXML>`)
    const { message, signed } = await readEdxml(bytes)
    expect(signed).toBe(false)
    const document = message as DocumentMessage
    expect(document).toMatchObject({ kind: 'document', documentId: '5b1c', subject: 'Về <việc> & ệ' })
    expect(document.to.map((to) => to.organId)).toEqual(['000.00.00.G02', 'G14'])
    expect(document.attachments).toMatchObject([{ contentId: 'a b', name: 'thư.pdf' }])
    expect(Buffer.from(document.attachments[0]?.content ?? []).toString()).toBe('%PDF-1.4')
  })

  it('says that a message carries a signature and reads past it', async () => {
    const bytes = await change(
      '</edXML:edXMLHeader>',
      '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/><SignatureValue>AA==</SignatureValue></Signature></edXML:edXMLHeader>',
    )
    expect((await readEdxml(bytes)).signed).toBe(true)
  })

  it('keeps a .docx sent as plain base64, though it starts as a ZIP does', async () => {
    const docx = await zipOf({
      '[Content_Types].xml': Buffer.from('<Types/>'),
      'word/document.xml': Buffer.from('<w/>'),
    })
    const bytes = Buffer.from((await withContent(docx)).toString().replaceAll('7816.pdf', '7816.docx'))
    const { message } = await readEdxml(bytes)
    expect(docx.equals((message as DocumentMessage).attachments[0]?.content ?? Buffer.alloc(0))).toBe(true)
  })

  it('reads a status message', async () => {
    const { message } = await readEdxml(await writeEdxml(status({ statusCode: '03' })))
    expect(message).toMatchObject({ kind: 'status', statusCode: '03', timestamp: '2022-04-15T09:31:00+07:00' })
  })
})

describe('hostile messages', () => {
  const root = '<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">'
  it.each<[string, string, string]>([
    ['nothing', '', 'malformed'],
    ['no XML', 'PK rubbish', 'malformed'],
    ['a cut-off file', `${root}<edXMLEnvelope>`, 'malformed'],
    ['crossed tags', `${root}<a></b></edXML>`, 'malformed'],
    ['an unbound prefix', `${root}<edXML:a/></edXML>`, 'malformed'],
    ['another root', '<html xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"/>', 'wrongNamespace'],
    ['no namespace', '<edXML><edXMLEnvelope/></edXML>', 'wrongNamespace'],
    ['another namespace', '<edXML xmlns="http://www.e-doc.vn/Schema/"/>', 'wrongNamespace'],
    ['a DTD', `<!DOCTYPE edXML>${root}</edXML>`, 'doctype'],
    ['an external entity', `<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]>${root}&x;</edXML>`, 'doctype'],
    ['an external DTD', `<!DOCTYPE e SYSTEM "http://127.0.0.1:1/x.dtd">${root}</edXML>`, 'doctype'],
    ['a billion laughs', `<!DOCTYPE e [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${root}&b;</edXML>`, 'doctype'],
    ['an undeclared entity', `${root}&xxe;</edXML>`, 'entity'],
    ['depth', `${root}${'<a>'.repeat(500)}`, 'tooDeep'],
    ['another encoding', `<?xml version="1.0" encoding="windows-1258"?>${root}</edXML>`, 'encoding'],
    ['no envelope', `${root}</edXML>`, 'missing'],
    ['elements without end', `${root}${'<a/>'.repeat(100_001)}</edXML>`, 'tooManyElements'],
    [
      'attributes without end',
      `${root}<a ${Array.from({ length: 40 }, (_, i) => `b${i}=""`).join(' ')}/></edXML>`,
      'tooManyElements',
    ],
  ])('refuses %s', async (_, text, code) => {
    const refused = await refusal(Buffer.from(text))
    expect(refused.code).toBe(code)
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.vi).toMatch(/Không có gì được lưu/)
    expect(refused.en).toMatch(/Nothing was stored/)
  })

  it.each<[string, string | RegExp, string, string]>([
    ['no DocumentId', /<edXML:DocumentId>.*?<\/edXML:DocumentId>/, '', 'noDocumentId'],
    ['an empty DocumentId', /(?<=<edXML:DocumentId>)[^<]*/, ' \n ', 'noDocumentId'],
    ['two DocumentIds', '<edXML:Subject>', '<edXML:DocumentId>b</edXML:DocumentId><edXML:Subject>', 'doubleDocumentId'],
    ['two subjects', '<edXML:Subject>', '<edXML:Subject>b</edXML:Subject><edXML:Subject>', 'repeated'],
    ['a foreign element', '<edXML:Subject>', '<x xmlns="urn:x"/><edXML:Subject>', 'wrongNamespace'],
    ['a day that is none', '2022/04/15</edXML:PromulgationDate>', '2022/02/30</edXML:PromulgationDate>', 'field'],
    ['a date in words', '2022/05/15', 'mai', 'field'],
    ['a priority of 9', '<edXML:Priority>1', '<edXML:Priority>9', 'field'],
    ['a number in words', '<edXML:Priority>1', '<edXML:Priority>một', 'field'],
    ['a long notation', '<edXML:CodeNotation>', `<edXML:CodeNotation>${'x'.repeat(31)}`, 'field'],
    ['a ContentId without attachment', '<ContentId>cid:tep-1', '<ContentId>cid:tep-2', 'attachmentNotListed'],
    ['no attachment at all', /<AttachmentEncoded>.*<\/AttachmentEncoded>/, '', 'attachmentMissing'],
    ['a name that climbs', '<AttachmentName>', '<AttachmentName>../', 'attachmentName'],
    ['a name with a backslash', '<AttachmentName>', '<AttachmentName>C:\\', 'attachmentName'],
    ['a name with a control character', '<AttachmentName>', '<AttachmentName>a&#10;b', 'attachmentName'],
    ['a name that reads backwards', '<AttachmentName>', '<AttachmentName>a\u202efdp', 'attachmentName'],
    ['a listed name that climbs', '<edXML:AttachmentName>', '<edXML:AttachmentName>../', 'attachmentName'],
    ['content that is no base64', /(?<=<ContentTransferEncoded>)[^<]*/, '%%%%', 'attachmentEncoding'],
    ['cut-off base64', /(?<=<ContentTransferEncoded>)[^<]*/, 'AAAAA', 'attachmentEncoding'],
  ])('refuses %s', async (_, from, to, code) => {
    expect((await refusal(await change(from, to))).code).toBe(code)
  })

  it('refuses bytes that are not UTF-8', async () => {
    const bytes = Buffer.from(await letterText())
    bytes[bytes.indexOf('Subject>') + 8] = 0xff
    expect((await refusal(bytes)).code).toBe('encoding')
  })

  it('shows nothing of a hostile value that could harm a log or a page', async () => {
    const refused = await refusal(await change('<AttachmentName>', `<AttachmentName>../&#10;\u202e${'x'.repeat(400)}`))
    expect(refused.en).not.toMatch(/[\n\u202e]/)
    expect(refused.en.length).toBeLessThan(300)
  })

  it('stops a ZIP that unpacks to more than the limit, whatever size it declares', async () => {
    const limits = { attachmentBytes: 100_000 }
    const zeros = Buffer.alloc(20_000_000)
    expect((await refusal(await withContent(rawZip('a.pdf', zeros)), limits)).code).toBe('attachmentTooLarge')
    expect((await refusal(await withContent(rawZip('a.pdf', zeros, 10)), limits)).status).toBeGreaterThanOrEqual(413)
  })

  it('adds up what all attachments unpack to', async () => {
    const attachments = ['a', 'b', 'c'].map((id) => ({
      contentId: id,
      name: `${id}.pdf`,
      content: Buffer.alloc(40_000),
    }))
    const bytes = await writeEdxml(letter({ attachments }))
    expect((await refusal(bytes, { attachmentsBytes: 100_000 })).code).toBe('attachmentsTooLarge')
    await expect(readEdxml(bytes, { attachmentsBytes: 120_000 })).resolves.toBeDefined()
  })

  it('refuses an attachment and a message over the limit', async () => {
    const bytes = await withContent(Buffer.alloc(3_000, 1))
    expect((await refusal(bytes, { attachmentBytes: 2_000 })).code).toBe('attachmentTooLarge')
    expect((await refusal(bytes, { messageBytes: 2_000 })).code).toBe('messageTooLarge')
  })

  it('refuses a ZIP with two files, none, a climbing name, or damage', async () => {
    const two = await zipOf({ 'a.pdf': Buffer.from('a'), 'b.pdf': Buffer.from('b') })
    expect((await refusal(await withContent(two))).code).toBe('zipEntries')
    expect((await refusal(await withContent(await zipOf({})))).code).toBe('zipEntries')
    expect((await refusal(await withContent(rawZip('../a.pdf', Buffer.from('a'))))).code).toBe('attachmentName')
    expect((await refusal(await withContent(rawZip('sub/a.pdf', Buffer.from('a'))))).code).toBe('attachmentName')
    const damaged = rawZip('a.pdf', Buffer.from('a'.repeat(99)))
    expect((await refusal(await withContent(damaged.subarray(0, 40)))).code).toBe('zipInvalid')
    damaged.fill(0xff, 36, 42)
    expect((await refusal(await withContent(damaged))).code).toBe('zipInvalid')
  })

  it('refuses a status that the field does not know, and one about nothing', async () => {
    const text = (await writeEdxml(status())).toString()
    expect((await refusal(Buffer.from(text.replace('>01<', '>99<')))).code).toBe('field')
    expect((await refusal(Buffer.from(text.replace(/<edXML:DocumentId>.*?<\/edXML:DocumentId>/, '')))).code).toBe(
      'noDocumentId',
    )
  })
})
