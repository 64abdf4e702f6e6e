/** Bodies of calls, bounded. */
import busboy from 'busboy'
import type { IncomingMessage } from 'node:http'
import { GatewayRefusal } from './gateway-refusal.ts'

const tooLarge = () =>
  new GatewayRefusal('10', { status: 413, vi: 'Nội dung gửi lên quá lớn.', en: 'What was sent is too large.' })
const badForm = (detail: string) =>
  new GatewayRefusal('10', {
    vi: `Biểu mẫu gửi tệp không hợp lệ (${detail}).`,
    en: `The upload is not valid (${detail}).`,
  })

/** The whole body. Throws `GatewayRefusal` 10 above `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > maxBytes) throw tooLarge()
    pieces.push(piece)
  }
  return Buffer.concat(pieces, bytes)
}

/** The file of `/sendEdoc`: the one file part of a form, or the body itself. Throws `GatewayRefusal` 10. */
export function readFile(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) return readBody(request, maxBytes)
  return new Promise((resolve, reject) => {
    let form
    try {
      form = busboy({ headers: request.headers, limits: { files: 1, fileSize: maxBytes, fields: 8, fieldSize: 8_192 } })
    } catch (error) {
      reject(badForm(error instanceof Error ? error.message : 'form'))
      return
    }
    const pieces: Buffer[] = []
    let found = false
    let over = false
    form.on('file', (_name, file) => {
      found = true
      file.on('limit', () => (over = true))
      file.on('data', (piece: Buffer) => pieces.push(piece))
    })
    form.on('filesLimit', () => reject(badForm('more than one file')))
    form.on('error', (error) => reject(badForm(error instanceof Error ? error.message : 'form')))
    form.on('close', () => {
      if (over) reject(tooLarge())
      else if (!found) reject(badForm('no file'))
      else resolve(Buffer.concat(pieces))
    })
    request.once('close', () => {
      if (!request.complete) reject(badForm('cut off'))
    })
    request.pipe(form)
  })
}

/** Reads what is left and forgets it, so that the caller gets the answer instead of a reset connection. */
export async function drain(request: IncomingMessage, maxBytes: number): Promise<void> {
  if (request.readableEnded || request.destroyed) return
  await new Promise<void>((resolve) => {
    let bytes = 0
    request.unpipe()
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > maxBytes) resolve()
    })
    request.once('end', resolve)
    request.once('close', resolve)
    request.resume()
  })
}
