import { Readable } from 'node:stream'
import busboy, { type Busboy } from 'busboy'
import { fileTypeFromBuffer, fileTypeFromStream } from 'file-type'
import { fileTooLarge, type FileStore } from '#db/file-store.ts'
import { Refusal, type Sentence } from '#db/refusal.ts'
import { cleanFileName } from './upload-name.ts'

/** A file that arrived with a form; its content is in the store, no row names it yet. */
export interface UploadedFile {
  /** Name of the form's field. */
  field: string
  /** As the person's machine called it: one line, no folders, NFC. */
  name: string
  /** hex */
  sha256: string
  size: number
  /** What the content is, whatever the browser said. */
  mediaType: string
}

export interface UploadRules {
  kinds: readonly FileKind[]
  /** Files in the whole form. */
  maxFiles: number
  /** Each file, bytes. */
  maxBytes?: number
}

export type FileKind = 'pdf' | 'docx' | 'png' | 'jpeg' | 'tiff'

/** Each file of a form, bytes. */
const largestUpload = 50_000_000
/** For `guardedAction(…, { maxBytes })` of a form with one file: the file, its fields and the parts' headings. */
export const uploadFormBytes = largestUpload + 2_000_000

/** Paper that was scanned. */
export const scans: readonly FileKind[] = ['pdf', 'png', 'jpeg', 'tiff']
/** What people write. */
export const drafts: readonly FileKind[] = ['docx', 'pdf']

const mediaTypes: Record<FileKind, { mediaType: string; endings: readonly string[]; name: string }> = {
  pdf: { mediaType: 'application/pdf', endings: ['pdf'], name: 'PDF' },
  docx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    endings: ['docx'],
    name: 'Word (.docx)',
  },
  png: { mediaType: 'image/png', endings: ['png'], name: 'PNG' },
  jpeg: { mediaType: 'image/jpeg', endings: ['jpg', 'jpeg'], name: 'JPG' },
  tiff: { mediaType: 'image/tiff', endings: ['tif', 'tiff'], name: 'TIFF' },
}

/** What `<input accept>` takes for these kinds. */
export const acceptOf = (kinds: readonly FileKind[]): string =>
  kinds.flatMap((kind) => mediaTypes[kind].endings.map((ending) => `.${ending}`)).join(',')

/** How much of a file is looked at before the first byte is stored. */
const lookedAt = 64 * 1024
const fieldLimits = { fields: 300, parts: 400, fieldNameSize: 100, fieldSize: 200_000, headerPairs: 50 }

/**
 * Reads a multipart form, each file straight into the store as it comes. The whole request is read even when something in
 * it is refused, so that the browser hears the sentence instead of a broken connection.
 * @throws Refusal with a sentence beside the field; of a refused form no row is written anywhere.
 */
export async function readUpload(
  request: Request,
  store: FileStore,
  rules: UploadRules,
): Promise<{ fields: FormData; files: UploadedFile[] }> {
  const contentType = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(contentType) || !request.body) throw notAForm()
  let parser: Busboy
  try {
    parser = busboy({
      headers: { 'content-type': contentType },
      // Names with folders come whole, so that `..` is seen and refused, not quietly cut away.
      preservePath: true,
      defParamCharset: 'utf8',
      limits: { ...fieldLimits, files: rules.maxFiles },
    })
  } catch (error) {
    throw Object.assign(notAForm(), { cause: error })
  }
  const fields = new FormData()
  const kept: Promise<UploadedFile | null>[] = []
  const faults: unknown[] = []

  parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
    if (nameTruncated || valueTruncated) faults.push(fieldTooLong(name))
    else fields.append(name, value)
  })
  parser.on('file', (field, stream, { filename }) => {
    const keeping = keep(stream, { field, filename, store, rules })
    kept.push(
      keeping.catch((error: unknown) => {
        faults.push(error)
        stream.resume()
        return null
      }),
    )
  })
  parser.on('filesLimit', () => faults.push(tooManyFiles(rules.maxFiles)))
  parser.on('fieldsLimit', () => faults.push(notAForm()))
  parser.on('partsLimit', () => faults.push(notAForm()))
  await new Promise<void>((resolve) => {
    const body = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0])
    const broken = (error: unknown) => {
      faults.unshift(Object.assign(brokenOff(), { cause: error }))
      body.unpipe(parser)
      body.resume()
      parser.destroy()
      resolve()
    }
    parser.once('close', resolve)
    parser.once('error', broken)
    body.once('error', broken)
    body.pipe(parser)
  })
  const files = (await Promise.all(kept)).filter((file) => file !== null)
  if (faults.length > 0) throw faults[0]
  return { fields, files }
}

/** The one file of a field. @throws Refusal beside the field when there is none */
export function fileOf(files: readonly UploadedFile[], field: string): UploadedFile {
  const found = files.find((file) => file.field === field)
  if (!found) throw refusal('file-missing', 422, field, fileMissing)
  return found
}

interface Arriving {
  field: string
  filename: string | undefined
  store: FileStore
  rules: UploadRules
}

/** Looks at the beginning, then stores; null for a field in which no file was chosen. */
async function keep(stream: Readable, { field, filename, store, rules }: Arriving): Promise<UploadedFile | null> {
  const maxBytes = rules.maxBytes ?? largestUpload
  // The parser goes on with the next part only when this one was read to its end: it must not be destroyed.
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>
  const head: Buffer[] = []
  let length = 0
  let ended = false
  while (length < lookedAt && !ended) {
    const next = await chunks.next()
    if (next.done) ended = true
    else {
      head.push(next.value)
      length += next.value.length
    }
  }
  if (!filename && length === 0) return null
  const named = cleanFileName(filename ?? '')
  if ('refused' in named) throw refusal('file-name', 422, field, nameRefused(named.refused))
  const { name } = named
  if (length === 0) throw refusal('file-empty', 422, field, fileEmpty(name))

  const kind = rules.kinds.find((each) => mediaTypes[each].endings.includes(endingOf(name)))
  if (!kind) throw refusal('file-kind', 415, field, kindRefused(name, rules.kinds))
  const { mediaType } = mediaTypes[kind]
  const begins = await fileTypeFromBuffer(Buffer.concat(head))
  // A .docx whose list of parts stands at its end is known only as a whole.
  const undecided = kind === 'docx' && begins?.mime === 'application/zip' && !ended
  if (begins?.mime !== mediaType && !undecided) throw refusal('file-content', 415, field, notItsKind(name, kind))

  async function* whole(): AsyncGenerator<Buffer> {
    yield* head
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  }
  const stored = await store.put(Readable.from(whole()), maxBytes).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'file-too-large') {
      throw refusal(error.code, error.status, field, fileTooLarge(maxBytes).sentence)
    }
    throw error
  })
  if (undecided) {
    const opened = await store.open(stored.sha256)
    const is = opened && (await fileTypeFromStream(Readable.toWeb(opened.stream)))
    opened?.stream.destroy()
    if (is?.mime !== mediaType) throw refusal('file-content', 415, field, notItsKind(name, kind))
  }
  return { field, name, ...stored, mediaType }
}

const endingOf = (name: string) => name.slice(name.lastIndexOf('.') + 1).toLowerCase()

const refusal = (code: string, status: number, field: string, sentence: Sentence) =>
  new Refusal(code, status, sentence, { [field]: sentence })

const notAForm = () =>
  new Refusal('form-malformed', 400, {
    vi: 'Nội dung gửi lên không đúng dạng biểu mẫu nên chưa có gì được lưu. Hãy tải lại trang rồi gửi lại.',
    en: 'What was sent is not a proper form, and nothing was kept. Reload the page and send it again.',
  })

const brokenOff = () =>
  new Refusal('upload-broken-off', 400, {
    vi: 'Tệp gửi lên bị đứt giữa chừng nên chưa được lưu. Hãy kiểm tra đường truyền rồi gửi lại.',
    en: 'The upload broke off and was not kept. Check the connection and send it again.',
  })

const fieldTooLong = (name: string) =>
  refusal('field-too-long', 422, name, {
    vi: 'Nội dung của một ô quá dài nên chưa có gì được lưu. Hãy rút gọn rồi gửi lại.',
    en: 'One of the fields is too long, and nothing was kept. Shorten it and send it again.',
  })

const tooManyFiles = (most: number) =>
  new Refusal('too-many-files', 422, {
    vi: `Mỗi lần chỉ gửi được ${most} tệp nên chưa có tệp nào được lưu. Hãy bớt tệp rồi gửi lại.`,
    en: `At most ${most} ${most === 1 ? 'file' : 'files'} can be sent at once, so none was kept. Take some away and send it again.`,
  })

const fileMissing: Sentence = {
  vi: 'Chưa chọn tệp nên chưa có gì được lưu. Hãy chọn tệp rồi gửi lại.',
  en: 'No file was chosen, and nothing was kept. Choose one and send it again.',
}

const fileEmpty = (name: string): Sentence => ({
  vi: `Tệp “${name}” không có nội dung nên chưa được lưu. Hãy kiểm tra lại tệp trên máy rồi gửi lại.`,
  en: `“${name}” is empty and was not kept. Look at it on your machine and send it again.`,
})

const nameRefused = (refused: string): Sentence => ({
  vi: `Tên tệp “${refused}” không dùng được nên tệp chưa được lưu. Hãy đổi tên tệp (chữ, số, dấu cách) rồi gửi lại.`,
  en: `The file name “${refused}” cannot be used, so the file was not kept. Rename it (letters, digits, spaces) and send it again.`,
})

const listed = (kinds: readonly FileKind[]) => kinds.map((kind) => mediaTypes[kind].name).join(', ')

const kindRefused = (name: string, kinds: readonly FileKind[]): Sentence => ({
  vi: `Tệp “${name}” không thuộc loại được nhận (${listed(kinds)}) nên chưa được lưu. Hãy chuyển sang một trong các loại này rồi gửi lại.`,
  en: `“${name}” is none of the kinds taken here (${listed(kinds)}) and was not kept. Convert it to one of these and send it again.`,
})

const notItsKind = (name: string, kind: FileKind): Sentence => ({
  vi: `Nội dung của tệp “${name}” không phải ${mediaTypes[kind].name} như tên của nó nên tệp chưa được lưu. Hãy mở tệp trên máy, lưu lại đúng loại rồi gửi lại.`,
  en: `The content of “${name}” is not ${mediaTypes[kind].name} as its name says, so it was not kept. Open it on your machine, save it as that kind and send it again.`,
})
