import { Readable } from 'node:stream'
import { fileContent, recordFile } from '#db/document-views.ts'
import { Refusal } from '#db/refusal.ts'
import { asDisposition, readRange } from '../file-response.ts'
import { guardedLoader } from '../guard.server.ts'

/** Shown in the page; anything else is only ever taken. */
const shown = new Set(['application/pdf', 'image/png', 'image/jpeg'])

/** A file of a document, whole or in pieces: `?inline` shows it where a browser can. */
export const loader = guardedLoader('document:download', async ({ request, params, db, viewer, files }) => {
  const file = await fileContent(db, viewer, { documentId: params.documentId ?? '', fileId: params.fileId ?? '' })
  const { sha256, size, mediaType, name } = file
  const inline = new URL(request.url).searchParams.has('inline') && shown.has(mediaType)
  const headers = new Headers({
    'Content-Type': mediaType,
    'Content-Disposition': asDisposition(name, inline),
    'Accept-Ranges': 'bytes',
    ETag: `"${sha256}"`,
    // Kept by the person's own browser alone, and asked about each time: who may see it can change.
    'Cache-Control': 'private, no-cache, no-transform',
  })
  const record = () => recordFile(db, viewer, file, inline ? 'view' : 'download')
  if (request.headers.get('if-none-match')?.includes(sha256)) {
    // The browser has kept it: it is looked at, or taken, all the same.
    await record()
    return new Response(null, { status: 304, headers })
  }

  const range = readRange(request.headers, { size, etag: `"${sha256}"` })
  if (range === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${size}`)
    return new Response(null, { status: 416, headers })
  }
  const opened = await files.open(sha256, range ?? undefined)
  if (!opened || opened.size !== size) {
    opened?.stream.destroy()
    throw Object.assign(fileAway(), { cause: new Error(`content ${sha256} is not in the store as recorded`) })
  }
  await record()
  if (range) headers.set('Content-Range', `bytes ${range.start}-${range.end}/${size}`)
  headers.set('Content-Length', String(range ? range.end - range.start + 1 : size))
  return new Response(Readable.toWeb(opened.stream) as ReadableStream, { status: range ? 206 : 200, headers })
})

const fileAway = () =>
  new Refusal('file-away', 503, {
    vi: 'Tệp này tạm thời chưa đọc được từ kho lưu trữ. Văn bản và các tệp khác không bị ảnh hưởng; hãy báo quản trị kèm mã bên dưới.',
    en: 'This file cannot be read from the store at the moment. The document and its other files are not affected; tell an administrator the code below.',
  })
