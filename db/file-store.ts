import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { link, mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from './refusal.ts'

export interface StoredFile {
  /** hex */
  sha256: string
  size: number
}

/** Content under its SHA-256, written once and never changed. */
export interface FileStore {
  /** @throws Refusal `file-too-large` beyond `maxBytes`; nothing is kept then. */
  put(content: Readable | Uint8Array, maxBytes: number): Promise<StoredFile>
  open(sha256: string, range?: { start: number; end: number }): Promise<{ stream: Readable; size: number } | null>
}

export const fileTooLarge = (maxBytes: number) => {
  const megabytes = Math.floor(maxBytes / 1_000_000)
  return new Refusal('file-too-large', 413, {
    vi: `Tệp lớn hơn ${megabytes} MB nên chưa được lưu. Hãy nén hoặc tách tệp rồi gửi lại.`,
    en: `The file is larger than ${megabytes} MB and was not kept. Compress or split it and send it again.`,
  })
}

/** A store in a local folder: `ab/cd/abcd…`, each file moved into place whole. */
export function createFileStore(folder: string): FileStore {
  const placeOf = (sha256: string) => path.join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  return {
    async put(content, maxBytes) {
      await mkdir(path.join(folder, 'incoming'), { recursive: true })
      const temporary = path.join(folder, 'incoming', randomUUID())
      const hash = createHash('sha256')
      let size = 0
      const measure = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          size += chunk.length
          if (size > maxBytes) return done(fileTooLarge(maxBytes))
          hash.update(chunk)
          done(null, chunk)
        },
      })
      try {
        const source = content instanceof Uint8Array ? Readable.from([content]) : content
        // Flushed before it is named: a row that names a file must find it after a power cut.
        await pipeline(source, measure, createWriteStream(temporary, { flush: true, mode: 0o600 }))
        const sha256 = hash.digest('hex')
        const place = placeOf(sha256)
        await mkdir(path.dirname(place), { recursive: true })
        await link(temporary, place).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') return rename(temporary, place)
        })
        return { sha256, size }
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async open(sha256, range) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) return null
      const place = placeOf(sha256)
      const found = await stat(place).catch(() => null)
      if (!found) return null
      return { stream: createReadStream(place, range), size: found.size }
    },
  }
}
