import { deflateSync } from 'node:zlib'
import { SigningError } from '../signing-error.ts'
import type { PdfFile } from './pdf-file.ts'
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfValue } from './values.ts'
import { writeObject, writeValue } from './write-value.ts'

/**
 * Gathers changed and new objects and appends them after the bytes as they are: the only way in which a file that
 * somebody has signed may grow (ISO 32000-1, 7.5.6). The update speaks the form that the file speaks, table or stream.
 */
export class PdfUpdate {
  private next: number
  private readonly objects = new Map<number, { ref: PdfRef; value: PdfValue | Buffer }>()

  constructor(readonly file: PdfFile) {
    if (file.isEncrypted)
      throw new SigningError('file-encrypted', 422, {
        vi: 'Tệp PDF được đặt mật khẩu hoặc mã hóa nên không thể ký. Tệp vẫn nguyên vẹn; hãy bỏ mã hóa rồi tải lên lại.',
        en: 'The PDF is encrypted, so it cannot be signed. The file is untouched; remove its encryption and upload it again.',
      })
    this.next = file.nextNumber
  }

  add(value: PdfValue): PdfRef {
    const ref = this.reserve()
    this.put(ref, value)
    return ref
  }

  reserve(): PdfRef {
    return new PdfRef(this.next++)
  }

  put(ref: PdfRef, value: PdfValue): void {
    this.objects.set(ref.number, { ref, value })
  }

  /** An object written by its caller, who must know where its bytes stand: `7 0 obj … endobj` with line ends. */
  putWritten(ref: PdfRef, written: Buffer): void {
    this.objects.set(ref.number, { ref, value: written })
  }

  /** The value as this update leaves it. */
  current(ref: PdfRef): PdfValue {
    const changed = this.objects.get(ref.number)
    return changed && !Buffer.isBuffer(changed.value) ? changed.value : this.file.get(ref)
  }

  /** The file with the update behind it, and where each object of the update begins. */
  finish(): { bytes: Buffer; offsets: Map<number, number> } {
    const { file } = this
    const parts: Uint8Array[] = [file.bytes]
    let length = file.bytes.length
    const push = (part: Uint8Array) => {
      parts.push(part)
      length += part.length
    }
    const last = file.bytes[file.bytes.length - 1]
    if (last !== 10 && last !== 13) push(Buffer.from('\n'))
    const offsets = new Map<number, number>()
    const generations = new Map<number, number>()
    for (const { ref, value } of [...this.objects.values()].sort((a, b) => a.ref.number - b.ref.number)) {
      offsets.set(ref.number, length)
      generations.set(ref.number, ref.generation)
      push(Buffer.isBuffer(value) ? value : writeObject(ref, value))
    }
    const start = length
    const table = file.sections[0]!.kind === 'table'
    push(table ? this.table(offsets, generations) : this.stream(offsets, generations, start))
    push(Buffer.from(`startxref\n${start}\n%%EOF\n`, 'latin1'))
    return { bytes: Buffer.concat(parts, length), offsets }
  }

  private trailer(size: number): PdfDict {
    const trailer = new PdfDict({ Size: size, Root: this.file.rootRef, Prev: this.file.startxref })
    for (const key of ['Info', 'ID']) {
      const value = this.file.trailer.get(key)
      if (value instanceof PdfRef || Array.isArray(value)) trailer.set(key, value)
    }
    return trailer
  }

  private table(offsets: Map<number, number>, generations: Map<number, number>): Buffer {
    let text = 'xref\n'
    for (const run of runs([...offsets.keys()])) {
      text += `${run[0]} ${run.length}\n`
      for (const number of run)
        text += `${String(offsets.get(number)).padStart(10, '0')} ${String(generations.get(number)).padStart(5, '0')} n\r\n`
    }
    return Buffer.from(`${text}trailer\n${writeValue(this.trailer(this.next))}\n`, 'latin1')
  }

  private stream(offsets: Map<number, number>, generations: Map<number, number>, start: number): Buffer {
    const self = this.next
    const all = new Map(offsets).set(self, start)
    const rows = Buffer.alloc(all.size * 7)
    const index: number[] = []
    let at = 0
    for (const run of runs([...all.keys()])) {
      index.push(run[0]!, run.length)
      for (const number of run) {
        rows[at] = 1
        rows.writeUInt32BE(all.get(number)!, at + 1)
        rows.writeUInt16BE(generations.get(number) ?? 0, at + 5)
        at += 7
      }
    }
    const dict = this.trailer(self + 1)
      .set('Type', new PdfName('XRef'))
      .set('W', [1, 4, 2])
      .set('Index', index)
      .set('Filter', new PdfName('FlateDecode'))
    return writeObject(new PdfRef(self), new PdfStream(dict, deflateSync(rows)))
  }
}

/** Ascending numbers, cut where one is missing. */
function runs(numbers: number[]): number[][] {
  const out: number[][] = []
  for (const number of numbers.sort((a, b) => a - b)) {
    const run = out.at(-1)
    if (run && run.at(-1) === number - 1) run.push(number)
    else out.push([number])
  }
  return out
}
