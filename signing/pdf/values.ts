/** The eight kinds of value that a PDF is made of (ISO 32000-1, 7.3), as plain as TypeScript allows. */
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfRef | PdfValue[] | PdfDict | PdfStream

export class PdfName {
  constructor(readonly value: string) {}
}

/** Bytes between parentheses or angle brackets; `start` and `end` are where they stand in the file, delimiters included. */
export class PdfString {
  constructor(
    readonly bytes: Uint8Array,
    readonly hex = false,
    readonly start = -1,
    readonly end = -1,
  ) {}
}

export class PdfRef {
  constructor(
    readonly number: number,
    readonly generation = 0,
  ) {}
}

export class PdfDict {
  readonly entries: Map<string, PdfValue>
  constructor(entries: Iterable<[string, PdfValue]> | Record<string, PdfValue> = []) {
    this.entries = new Map(Symbol.iterator in entries ? entries : Object.entries(entries))
  }
  get(key: string): PdfValue | undefined {
    return this.entries.get(key)
  }
  set(key: string, value: PdfValue): this {
    this.entries.set(key, value)
    return this
  }
  has(key: string): boolean {
    return this.entries.has(key)
  }
  copy(): PdfDict {
    return new PdfDict(this.entries)
  }
}

/** `raw` is what stands between `stream` and `endstream`, filters not undone. */
export class PdfStream {
  constructor(
    readonly dict: PdfDict,
    readonly raw: Uint8Array,
  ) {}
}

export const name = (value: string): PdfName => new PdfName(value)

export function isName(value: PdfValue | undefined, wanted?: string): value is PdfName {
  return value instanceof PdfName && (wanted === undefined || value.value === wanted)
}

/** A text string as people wrote it: PDFDocEncoding where every character fits ASCII, else UTF-16BE with its mark. */
export function textString(text: string): PdfString {
  if (/^[\x20-\x7e]*$/.test(text)) return new PdfString(Buffer.from(text, 'latin1'))
  return new PdfString(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]))
}

/** What a text string says. Bytes above ASCII without a mark are read as Latin-1, which PDFDocEncoding mostly is. */
export function textOf(value: PdfValue | undefined): string | undefined {
  if (!(value instanceof PdfString)) return undefined
  const bytes = Buffer.from(value.bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le')
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3).toString('utf8')
  return bytes.toString('latin1')
}

/** `D:20261122084500+07'00'`, of an instant, in the time of Việt Nam. */
export function dateString(at: Date): PdfString {
  const local = new Date(at.getTime() + 7 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14)
  return new PdfString(Buffer.from(`D:${local}+07'00'`, 'latin1'))
}

/** The instant that a date string names, or undefined where it names none (ISO 32000-1, 7.9.4). */
export function dateOf(value: PdfValue | undefined): Date | undefined {
  const found = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?/.exec(
    textOf(value) ?? '',
  )
  if (!found) return undefined
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', , sign, zoneHour, zoneMinute] =
    found
  const zone = sign ? `${sign}${zoneHour}:${zoneMinute ?? '00'}` : 'Z'
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`)
  return Number.isNaN(at.getTime()) ? undefined : at
}
