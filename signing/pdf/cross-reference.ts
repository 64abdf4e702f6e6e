import { decodeStream } from './decode-stream.ts'
import { PdfFault } from './pdf-fault.ts'
import { ValueReader } from './read-value.ts'
import { isName, PdfDict, PdfStream } from './values.ts'

/** Where an object is: at a byte, inside an object stream, or nowhere any more. */
export type Place = { at: number; generation: number } | { inside: number; index: number } | 'free'

/** One cross-reference section with its trailer: what one save of the file said. */
export interface Section {
  offset: number
  /** The byte after the section: after its trailer's dictionary, or after `endobj`. */
  end: number
  kind: 'table' | 'stream'
  places: Map<number, Place>
  trailer: PdfDict
  /** The object number of a cross-reference stream. */
  streamNumber?: number
}

/** Objects beyond this are refused: an `Index` of two billion must not allocate. */
const MAX_OBJECTS = 4_000_000

/** The offset that the last `startxref` of the bytes names, and where the closing `%%EOF` ends. */
export function lastStart(bytes: Uint8Array): { offset: number; keywordAt: number; markEnd: number } {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const keywordAt = tail.lastIndexOf('startxref')
  if (keywordAt < 0) throw new PdfFault('no startxref', bytes.length)
  const reader = new ValueReader(bytes, keywordAt)
  reader.keyword('startxref')
  const offset = reader.whole()
  // Not skip(): the mark is a comment.
  while (reader.at < bytes.length && [9, 10, 12, 13, 32].includes(bytes[reader.at]!)) reader.at++
  if (!reader.take('%%EOF')) throw new PdfFault('no %%EOF after startxref', reader.at)
  return { offset, keywordAt, markEnd: reader.at }
}

/** Reads the section at `offset`. */
export function readSection(bytes: Uint8Array, offset: number): Section {
  if (offset >= bytes.length) throw new PdfFault('a cross-reference beyond the file', offset)
  const reader = new ValueReader(bytes, offset)
  reader.skip()
  return bytes[reader.at] === 120 ? readTable(reader, offset) : readStream(reader, offset)
}

function readTable(reader: ValueReader, offset: number): Section {
  reader.keyword('xref')
  const places = new Map<number, Place>()
  for (;;) {
    reader.skip()
    if (reader.take('trailer')) break
    const start = reader.whole()
    const count = reader.whole()
    if (start + count > MAX_OBJECTS) throw reader.fault('more objects than a document has')
    for (let number = start; number < start + count; number++) {
      const at = reader.whole()
      const generation = reader.whole()
      reader.skip()
      const place: Place = reader.take('n') ? { at, generation } : reader.take('f') ? 'free' : fail(reader)
      if (places.has(number)) throw reader.fault(`object ${number} twice in one cross-reference table`)
      places.set(number, place)
    }
  }
  const trailer = reader.value()
  if (!(trailer instanceof PdfDict)) throw reader.fault('a trailer without its dictionary')
  return { offset, end: reader.at, kind: 'table', places, trailer }
}

function fail(reader: ValueReader): never {
  throw reader.fault('a broken cross-reference entry')
}

function readStream(reader: ValueReader, offset: number): Section {
  const { ref, value } = reader.object(() => {
    throw reader.fault('a cross-reference stream whose length is elsewhere')
  })
  if (!(value instanceof PdfStream) || !isName(value.dict.get('Type'), 'XRef'))
    throw new PdfFault('no cross-reference here', offset)
  const widths = value.dict.get('W')
  const size = value.dict.get('Size')
  if (!Array.isArray(widths) || widths.length !== 3 || typeof size !== 'number')
    throw new PdfFault('a cross-reference stream without W or Size', offset)
  const [kindWidth, secondWidth, thirdWidth] = widths.map((width) => {
    if (typeof width !== 'number' || !Number.isInteger(width) || width < 0 || width > 8)
      throw new PdfFault('a cross-reference stream with impossible widths', offset)
    return width
  }) as [number, number, number]
  const index = value.dict.get('Index') ?? [0, size]
  if (!Array.isArray(index) || index.length % 2 !== 0) throw new PdfFault('a broken Index', offset)
  const data = decodeStream(value)
  const places = new Map<number, Place>()
  let at = 0
  const field = (width: number) => {
    let number = 0
    for (let i = 0; i < width; i++) number = number * 256 + data[at++]!
    if (!Number.isSafeInteger(number)) throw new PdfFault('a cross-reference beyond any file', offset)
    return number
  }
  for (let i = 0; i < index.length; i += 2) {
    const [start, count] = [index[i], index[i + 1]]
    if (typeof start !== 'number' || typeof count !== 'number' || start < 0 || start + count > MAX_OBJECTS)
      throw new PdfFault('a broken Index', offset)
    for (let number = start; number < start + count; number++) {
      if (at + kindWidth + secondWidth + thirdWidth > data.length)
        throw new PdfFault('a cross-reference stream that ends early', offset)
      const kind = kindWidth === 0 ? 1 : field(kindWidth)
      const second = field(secondWidth)
      const third = field(thirdWidth)
      if (places.has(number)) throw new PdfFault(`object ${number} twice in one cross-reference stream`, offset)
      if (kind === 0) places.set(number, 'free')
      else if (kind === 1) places.set(number, { at: second, generation: third })
      else if (kind === 2) places.set(number, { inside: second, index: third })
      else throw new PdfFault(`a cross-reference entry of kind ${kind}`, offset)
    }
  }
  return { offset, end: reader.at, kind: 'stream', places, trailer: value.dict, streamNumber: ref.number }
}
