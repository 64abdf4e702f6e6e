import { PdfFault } from './pdf-fault.ts'
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfValue } from './values.ts'

const WHITE = new Uint8Array(256)
for (const byte of [0, 9, 10, 12, 13, 32]) WHITE[byte] = 1
const DELIMITER = new Uint8Array(256)
for (const char of '()<>[]{}/%') DELIMITER[char.charCodeAt(0)] = 1
const hexValue = (byte: number) => {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** Deeper nesting than any writer makes; deeper still is an attack on the stack. */
const MAX_DEPTH = 200

/** Reads values from bytes, strictly: what two readers could take differently (a key twice, a broken string) is a fault. */
export class ValueReader {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  fault(what: string): PdfFault {
    return new PdfFault(what, this.at)
  }

  /** Past white space and comments. */
  skip(): void {
    while (this.at < this.end) {
      const byte = this.bytes[this.at]!
      if (WHITE[byte]) this.at++
      else if (byte === 37)
        while (this.at < this.end && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at++
      else return
    }
  }

  /** Whether `word` stands here; moves past it when it does. */
  take(word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false
    if (this.at + word.length > this.end) return false
    this.at += word.length
    return true
  }

  keyword(word: string): void {
    this.skip()
    if (!this.take(word)) throw this.fault(`"${word}" expected`)
    const next = this.bytes[this.at]
    if (this.at < this.end && !WHITE[next!] && !DELIMITER[next!]) throw this.fault(`"${word}" runs on`)
  }

  /** A whole number without a sign. */
  whole(): number {
    this.skip()
    const start = this.at
    let value = 0
    while (this.at < this.end) {
      const digit = this.bytes[this.at]! - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      this.at++
    }
    if (this.at === start || this.at - start > 15) throw this.fault('a whole number expected')
    return value
  }

  value(depth = 0): PdfValue {
    if (depth > MAX_DEPTH) throw this.fault('values nested too deeply')
    this.skip()
    if (this.at >= this.end) throw this.fault('a value expected')
    const byte = this.bytes[this.at]!
    if (byte === 47) return this.name()
    if (byte === 40) return this.literal()
    if (byte === 60) return this.bytes[this.at + 1] === 60 ? this.dict(depth) : this.hex()
    if (byte === 91) return this.array(depth)
    if ((byte >= 48 && byte <= 57) || byte === 43 || byte === 45 || byte === 46) return this.number()
    return this.constant()
  }

  private constant(): null | boolean {
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      const start = this.at
      if (this.take(word)) {
        const next = this.bytes[this.at]
        if (this.at >= this.end || WHITE[next!] || DELIMITER[next!]) return value
        this.at = start
      }
    }
    throw this.fault('a value expected')
  }

  private name(): PdfName {
    let text = ''
    for (this.at++; this.at < this.end; this.at++) {
      const byte = this.bytes[this.at]!
      if (WHITE[byte] || DELIMITER[byte]) break
      if (byte === 35) {
        const high = hexValue(this.bytes[this.at + 1] ?? 0)
        const low = hexValue(this.bytes[this.at + 2] ?? 0)
        if (high < 0 || low < 0) throw this.fault('a broken name')
        text += String.fromCharCode(high * 16 + low)
        this.at += 2
      } else text += String.fromCharCode(byte)
    }
    return new PdfName(text)
  }

  private number(): number | PdfRef {
    const start = this.at
    let plain = true
    while (this.at < this.end) {
      const byte = this.bytes[this.at]!
      if (byte >= 48 && byte <= 57) this.at++
      else if (byte === 43 || byte === 45 || byte === 46) {
        plain = false
        this.at++
      } else break
    }
    const text = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, this.at - start).toString('latin1')
    const after = this.bytes[this.at]
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) || (this.at < this.end && !WHITE[after!] && !DELIMITER[after!]))
      throw this.fault('a broken number')
    return plain ? (this.reference(Number(text)) ?? Number(text)) : Number(text)
  }

  /** `12 0 R`, where the first number has been read. */
  private reference(number: number): PdfRef | undefined {
    const back = this.at
    let at = this.at
    while (at < this.end && WHITE[this.bytes[at]!]) at++
    const digits = at
    let generation = 0
    while (at < this.end && at - digits < 6 && this.bytes[at]! >= 48 && this.bytes[at]! <= 57)
      generation = generation * 10 + this.bytes[at++]! - 48
    if (at === digits || at === back) return undefined
    const gap = at
    while (at < this.end && WHITE[this.bytes[at]!]) at++
    const next = this.bytes[at + 1]
    if (at === gap || this.bytes[at] !== 82 || at >= this.end) return undefined
    if (at + 1 < this.end && !WHITE[next!] && !DELIMITER[next!]) return undefined
    this.at = at + 1
    return new PdfRef(number, generation)
  }

  private literal(): PdfString {
    const start = this.at++
    const out: number[] = []
    for (let open = 1; ; this.at++) {
      if (this.at >= this.end) throw this.fault('a string without an end')
      let byte = this.bytes[this.at]!
      if (byte === 40) open++
      else if (byte === 41) {
        if (--open === 0) break
      } else if (byte === 13) {
        if (this.bytes[this.at + 1] === 10) this.at++
        byte = 10
      } else if (byte === 92) {
        const escaped = this.escape()
        if (escaped >= 0) out.push(escaped)
        continue
      }
      out.push(byte)
    }
    this.at++
    return new PdfString(Uint8Array.from(out), false, start, this.at)
  }

  /** What follows a backslash, as one byte; -1 where a line goes on. Stands on its last byte afterwards. */
  private escape(): number {
    const byte = this.bytes[++this.at] ?? 0
    const plain = 'nrtbf'.indexOf(String.fromCharCode(byte))
    if (plain >= 0) return [10, 13, 9, 8, 12][plain]!
    if (byte === 13) {
      if (this.bytes[this.at + 1] === 10) this.at++
      return -1
    }
    if (byte === 10) return -1
    if (byte < 48 || byte > 55) return byte
    let octal = byte - 48
    for (let i = 0; i < 2; i++) {
      const next = this.bytes[this.at + 1] ?? 0
      if (next < 48 || next > 55) break
      octal = octal * 8 + next - 48
      this.at++
    }
    return octal & 255
  }

  private hex(): PdfString {
    const start = this.at++
    const out = Buffer.alloc(Math.max(0, closing(this.bytes, this.at) - this.at + 1) >> 1)
    let length = 0
    let high = -1
    for (; ; this.at++) {
      if (this.at >= this.end) throw this.fault('a string without an end')
      const byte = this.bytes[this.at]!
      if (byte === 62) break
      if (WHITE[byte]) continue
      const digit = hexValue(byte)
      if (digit < 0) throw this.fault('a broken string')
      if (high < 0) high = digit
      else {
        out[length++] = high * 16 + digit
        high = -1
      }
    }
    if (high >= 0) out[length++] = high * 16
    this.at++
    return new PdfString(out.subarray(0, length), true, start, this.at)
  }

  private array(depth: number): PdfValue[] {
    const out: PdfValue[] = []
    for (this.at++; ;) {
      this.skip()
      if (this.take(']')) return out
      out.push(this.value(depth + 1))
    }
  }

  private dict(depth: number): PdfDict {
    const entries = new Map<string, PdfValue>()
    for (this.at += 2; ;) {
      this.skip()
      if (this.take('>>')) return new PdfDict(entries)
      if (this.bytes[this.at] !== 47) throw this.fault('a key expected')
      const key = this.name().value
      if (entries.has(key)) throw this.fault(`the key ${key} twice`)
      entries.set(key, this.value(depth + 1))
    }
  }

  /**
   * `7 0 obj … endobj` here. `lengthOf` answers for a length that is an object of its own. The end of a stream is where
   * its length says, never where a search finds it.
   */
  object(lengthOf: (ref: PdfRef) => number): { ref: PdfRef; value: PdfValue } {
    const ref = new PdfRef(this.whole(), this.whole())
    this.keyword('obj')
    const value = this.value()
    this.skip()
    if (value instanceof PdfDict && this.take('stream')) {
      if (this.bytes[this.at] === 13 && this.bytes[this.at + 1] === 10) this.at += 2
      else if (this.bytes[this.at] === 10) this.at++
      else throw this.fault('"stream" without its line end')
      const stated = value.get('Length')
      const length = stated instanceof PdfRef ? lengthOf(stated) : stated
      if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || this.at + length > this.end)
        throw this.fault('a stream without its length')
      const raw = this.bytes.subarray(this.at, this.at + length)
      this.at += length
      this.keyword('endstream')
      this.keyword('endobj')
      return { ref, value: new PdfStream(value, raw) }
    }
    this.keyword('endobj')
    return { ref, value }
  }
}

function closing(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(62, from)
}
