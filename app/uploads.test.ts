import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import yazl from 'yazl'
import { createFileStore, type FileStore } from '#db/file-store.ts'
import { Refusal } from '#db/refusal.ts'
import { drafts, fileOf, readUpload, scans, type UploadRules } from './uploads.server.ts'

const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==',
  'base64',
)
const contentTypes =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'

let folder: string
let store: FileStore

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-uploads-'))
  store = createFileStore(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function zipped(entries: Record<string, Buffer | string>): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name, { compress: false })
  zip.end()
  return buffer(zip.outputStream)
}

type Sent =
  { field?: string; name?: string; content: Buffer | string; type?: string } | { field: string; value: string }

/** The bytes as a browser, or somebody who is not one, would send them. */
function form(parts: Sent[], { cut }: { cut?: number } = {}): Request {
  const boundary = '----formBoundary7MA4YWxk'
  const body = Buffer.concat([
    ...parts.map((part) => {
      const { field = 'scan' } = part
      const heading =
        'value' in part
          ? `Content-Disposition: form-data; name="${field}"\r\n\r\n${part.value}`
          : `Content-Disposition: form-data; name="${field}"; filename="${part.name ?? ''}"\r\nContent-Type: ${part.type ?? 'application/pdf'}\r\n\r\n`
      const content = 'content' in part ? Buffer.from(part.content) : Buffer.alloc(0)
      return Buffer.concat([Buffer.from(`--${boundary}\r\n${heading}`), content, Buffer.from('\r\n')])
    }),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  return new Request('http://127.0.0.1/receive', {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: cut === undefined ? body : body.subarray(0, cut),
  })
}

async function refusedFor(request: Request, rules: UploadRules = { kinds: scans, maxFiles: 1 }): Promise<Refusal> {
  const answer = await readUpload(request, store, rules).then(
    () => null,
    (error: unknown) => error,
  )
  expect(answer).toBeInstanceOf(Refusal)
  return answer as Refusal
}

describe('an upload', () => {
  it('is kept under its SHA-256 with its fields, its Vietnamese name and what its content is', async () => {
    const { fields, files } = await readUpload(
      form([
        { field: 'subject', value: 'Về việc báo cáo dịch vụ công' },
        { name: 'Công văn số 7816.pdf', content: pdf, type: 'application/octet-stream' },
      ]),
      store,
      { kinds: scans, maxFiles: 1 },
    )
    expect(fields.get('subject')).toBe('Về việc báo cáo dịch vụ công')
    const file = fileOf(files, 'scan')
    expect(file).toEqual({
      field: 'scan',
      name: 'Công văn số 7816.pdf',
      sha256: createHash('sha256').update(pdf).digest('hex'),
      size: pdf.length,
      mediaType: 'application/pdf',
    })
    const stored = await store.open(file.sha256)
    expect(await buffer(stored!.stream)).toEqual(pdf)
  })

  it('takes the last part of a path and composes what came in pieces', async () => {
    const { files } = await readUpload(
      form([{ name: `C:\\fakepath\\${'Bản quét'.normalize('NFD')}.PNG`.replaceAll('\\', '\\\\'), content: png }]),
      store,
      { kinds: scans, maxFiles: 1 },
    )
    expect(files[0]).toMatchObject({ name: 'Bản quét.PNG', mediaType: 'image/png' })
  })

  it('takes a .docx, also one whose list of parts stands at its end behind a large picture', async () => {
    const small = await zipped({ '[Content_Types].xml': contentTypes, 'word/document.xml': '<w/>' })
    const late = await zipped({
      'docProps/thumb.bin': Buffer.alloc(200_000, 7),
      'word/document.xml': '<w/>',
      '[Content_Types].xml': contentTypes,
    })
    for (const content of [small, late]) {
      const { files } = await readUpload(form([{ name: 'Dự thảo.docx', content }]), store, {
        kinds: drafts,
        maxFiles: 1,
      })
      expect(files[0]?.mediaType).toBe('application/vnd.openxmlformats-officedocument.wordprocessingml.document')
    }
  })

  it('without a chosen file has none, and the form says so beside its field', async () => {
    const { files } = await readUpload(form([{ name: '', content: '', type: 'application/octet-stream' }]), store, {
      kinds: scans,
      maxFiles: 1,
    })
    expect(files).toEqual([])
    expect(() => fileOf(files, 'scan')).toThrow(
      expect.objectContaining({ code: 'file-missing', fields: { scan: expect.anything() } }),
    )
  })
})

describe('an upload is refused in words', () => {
  it.each([
    [
      'a program called a PDF',
      { name: 'hoa-don.pdf', content: 'MZ\x90\x00 not a document at all, really' },
      'file-content',
    ],
    [
      'a page called a picture',
      { name: 'scan.png', content: '<html><script>alert(1)</script></html>' },
      'file-content',
    ],
    ['a PDF called a picture', { name: 'scan.jpg', content: pdf }, 'file-content'],
    ['a kind that is not taken', { name: 'macro.docm', content: pdf }, 'file-kind'],
    ['a program', { name: 'scan.pdf.exe', content: pdf }, 'file-kind'],
    ['a name without an ending', { name: 'scan', content: pdf }, 'file-kind'],
    ['nothing in it', { name: 'scan.pdf', content: '' }, 'file-empty'],
    ['a name that climbs out of its folder', { name: '../../etc/passwd.pdf', content: pdf }, 'file-name'],
    ['the same written for Windows', { name: '..\\\\..\\\\boot.pdf', content: pdf }, 'file-name'],
    ['a name that reads backwards', { name: 'bao cao\u202Efdp.pdf', content: pdf }, 'file-name'],
    ['a device of Windows', { name: 'CON.pdf', content: pdf }, 'file-name'],
    ['a name that is only its ending', { name: '.pdf', content: pdf }, 'file-name'],
  ])('with %s', async (_what, part, code) => {
    const refusal = await refusedFor(form([part]))
    expect(refusal.code).toBe(code)
    expect(refusal.sentence.vi).toMatch(/chưa được lưu|chưa có gì được lưu/)
    expect(refusal.fields.scan).toEqual(refusal.sentence)
  })

  it('that is a zip with another thing in it, called .docx', async () => {
    const content = await zipped({ 'picture.bin': Buffer.alloc(200_000, 1), 'evil.js': 'x' })
    const refusal = await refusedFor(form([{ name: 'du-thao.docx', content }]), { kinds: drafts, maxFiles: 1 })
    expect(refusal.code).toBe('file-content')
  })

  it('that is too large: nothing of it stays behind, and the rest of the request is read', async () => {
    const before = (await readdir(folder, { recursive: true })).length
    const request = form([
      { name: 'lon.pdf', content: Buffer.concat([pdf, Buffer.alloc(300_000)]) },
      { field: 'subject', value: 'sau tệp' },
    ])
    const refusal = await refusedFor(request, { kinds: scans, maxFiles: 1, maxBytes: 200_000 })
    expect(refusal).toMatchObject({ code: 'file-too-large', status: 413 })
    expect(request.bodyUsed).toBe(true)
    expect((await readdir(folder, { recursive: true })).length).toBe(before)
  })

  it('with more files than the form takes', async () => {
    const refusal = await refusedFor(
      form([
        { name: 'mot.pdf', content: pdf },
        { name: 'hai.pdf', content: pdf },
      ]),
    )
    expect(refusal.code).toBe('too-many-files')
  })

  it('with a field that is too long', async () => {
    const refusal = await refusedFor(
      form([
        { field: 'subject', value: 'a'.repeat(300_000) },
        { name: 'mot.pdf', content: pdf },
      ]),
    )
    expect(refusal).toMatchObject({ code: 'field-too-long', fields: { subject: expect.anything() } })
  })

  it('when it breaks off in the middle', async () => {
    const request = form([{ name: 'mot.pdf', content: Buffer.concat([pdf, Buffer.alloc(100_000)]) }], { cut: 50_000 })
    expect((await refusedFor(request)).code).toBe('upload-broken-off')
  })

  it('when it is no form at all, or one without its boundary', async () => {
    const json = new Request('http://127.0.0.1/receive', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    const bare = new Request('http://127.0.0.1/receive', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'x',
    })
    expect((await refusedFor(json)).code).toBe('form-malformed')
    expect((await refusedFor(bare)).code).toBe('form-malformed')
  })
})
