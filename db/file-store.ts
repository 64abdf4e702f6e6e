import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
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
  /** What was put there last before an instant (epoch ms), some hundreds at a time. */
  putBefore(instant: number): AsyncIterable<string[]>
  /** Removes content, unless it was put again since that instant. @returns whether it is gone */
  remove(sha256: string, putBefore: number): Promise<boolean>
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
        await settle(temporary, place)
        return { sha256, size }
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async open(sha256, range) {
      if (!isSha256(sha256)) return null
      const place = placeOf(sha256)
      const found = await stat(place).catch(() => null)
      if (!found) return null
      return { stream: createReadStream(place, range), size: found.size }
    },
    async *putBefore(instant) {
      // What an upload that was killed had got of its file goes by the same rule, and has no name to keep it.
      for (const name of await namesIn(path.join(folder, 'incoming'))) {
        const piece = path.join(folder, 'incoming', name)
        if (await isOlder(piece, instant)) await rm(piece, { force: true })
      }
      for (const first of await namesIn(folder)) {
        if (!/^[0-9a-f]{2}$/.test(first)) continue
        const old: string[] = []
        for (const second of await namesIn(path.join(folder, first))) {
          for (const sha256 of await namesIn(path.join(folder, first, second))) {
            if (isSha256(sha256) && (await isOlder(placeOf(sha256), instant))) old.push(sha256)
          }
        }
        if (old.length > 0) yield old
      }
    },
    async remove(sha256, putBefore) {
      if (!isSha256(sha256)) return false
      const place = placeOf(sha256)
      await mkdir(path.join(folder, 'incoming'), { recursive: true })
      const aside = path.join(folder, 'incoming', randomUUID())
      try {
        await rename(place, aside)
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
      // Out of the way nobody can put it again: whoever came before this has left the mark, whoever comes after puts it anew.
      if (await isOlder(aside, putBefore)) {
        await rm(aside)
        return true
      }
      await settle(aside, place)
      await rm(aside, { force: true })
      return false
    },
  }
}

const isSha256 = (name: string) => /^[0-9a-f]{64}$/.test(name)
const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** Moves content to its place, or marks what stands there already as put again; whichever a removal beside it leaves. */
async function settle(temporary: string, place: string): Promise<void> {
  for (;;) {
    const linked = await link(temporary, place).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        // A file system without links.
        return rename(temporary, place).then(() => true)
      },
    )
    if (linked) return
    const now = new Date()
    const marked = await utimes(place, now, now).then(
      () => true,
      (error: unknown) => {
        if (isMissing(error)) return false
        throw error
      },
    )
    if (marked) return
  }
}

async function isOlder(file: string, instant: number): Promise<boolean> {
  const found = await stat(file).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  return found !== null && found.mtimeMs < instant
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
}
