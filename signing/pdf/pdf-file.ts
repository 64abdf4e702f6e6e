import { lastStart, readSection, type Place, type Section } from './cross-reference.ts'
import { decodeStream } from './decode-stream.ts'
import { PdfFault } from './pdf-fault.ts'
import { ValueReader } from './read-value.ts'
import { isName, PdfDict, PdfName, PdfRef, PdfStream, type PdfValue } from './values.ts'

/** How many saves one file may hold: a chain that is longer is a loop or an attack. */
const MAX_SECTIONS = 2_000

/** What objects of one file have been read, by where they stand; shared by the file's states in time. */
export interface ReadObjects {
  atByte: Map<number, { ref: PdfRef; value: PdfValue; end: number }>
  /** Object streams, by the byte at which they begin. */
  streams: Map<number, Map<number, PdfValue>>
}

/**
 * A PDF as it stood when `bytes` ended, read strictly and lazily. Nothing is repaired: a broken cross-reference is a
 * `PdfFault`, because two programs that repair it differently show two documents.
 */
export class PdfFile {
  readonly sections: Section[] = []
  /** The newest trailer. */
  readonly trailer: PdfDict
  readonly startxref: number
  readonly startKeywordAt: number
  readonly markEnd: number
  private readonly places = new Map<number, Place>()

  constructor(
    readonly bytes: Uint8Array,
    private readonly read: ReadObjects = { atByte: new Map(), streams: new Map() },
  ) {
    if (!Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).includes('%PDF-'))
      throw new PdfFault('no PDF header', 0)
    const start = lastStart(bytes)
    this.startxref = start.offset
    this.startKeywordAt = start.keywordAt
    this.markEnd = start.markEnd
    const seen = new Set<number>()
    for (let offset: number | undefined = start.offset; offset !== undefined;) {
      if (seen.has(offset) || seen.size > MAX_SECTIONS) throw new PdfFault('cross-references in a circle', offset)
      seen.add(offset)
      const section = readSection(bytes, offset)
      this.add(section)
      const beside = section.trailer.get('XRefStm')
      if (section.kind === 'table' && typeof beside === 'number') this.add(readSection(bytes, beside))
      const before = section.trailer.get('Prev')
      if (before !== undefined && typeof before !== 'number') throw new PdfFault('a broken Prev', offset)
      offset = before
    }
    this.trailer = this.sections[0]!.trailer
  }

  private add(section: Section): void {
    this.sections.push(section)
    for (const [number, place] of section.places) if (!this.places.has(number)) this.places.set(number, place)
  }

  get isEncrypted(): boolean {
    return this.trailer.has('Encrypt')
  }

  /** One more than the highest object number that any section knows. */
  get nextNumber(): number {
    let highest = 0
    for (const number of this.places.keys()) if (number > highest) highest = number
    for (const { trailer } of this.sections) {
      const size = trailer.get('Size')
      if (typeof size === 'number' && size - 1 > highest && size < 8_388_608) highest = size - 1
    }
    return highest + 1
  }

  place(number: number): Place | undefined {
    return this.places.get(number)
  }

  /** The object that a reference means; null where there is none (ISO 32000-1, 7.3.10). */
  get(ref: PdfRef): PdfValue {
    const place = this.places.get(ref.number)
    if (place === undefined || place === 'free') return null
    if ('at' in place) {
      if (place.generation !== ref.generation) return null
      return this.objectAt(place.at, ref).value
    }
    if (ref.generation !== 0) return null
    const found = this.objectStream(place.inside).get(ref.number)
    if (found === undefined) throw new PdfFault(`object ${ref.number} is not in its object stream`, 0)
    return found
  }

  /** The indirect object at a byte, with its end. */
  objectAt(offset: number, wanted?: PdfRef): { ref: PdfRef; value: PdfValue; end: number } {
    let found = this.read.atByte.get(offset)
    // An object that runs past the end of this state is read anew: its length may be elsewhere and other here.
    if (!found || found.end > this.bytes.length) {
      if (offset >= this.bytes.length) throw new PdfFault('an object beyond the file', offset)
      const reader = new ValueReader(this.bytes, offset)
      let elsewhere = false
      const object = reader.object((ref) => {
        elsewhere = true
        const length = this.get(ref)
        if (typeof length !== 'number') throw new PdfFault('a stream without its length', offset)
        return length
      })
      found = { ...object, end: reader.at }
      if (!elsewhere) this.read.atByte.set(offset, found)
    }
    if (wanted && (found.ref.number !== wanted.number || found.ref.generation !== wanted.generation))
      throw new PdfFault(`object ${wanted.number} expected, ${found.ref.number} found`, offset)
    return found
  }

  private objectStream(number: number): Map<number, PdfValue> {
    const place = this.places.get(number)
    if (place === undefined || place === 'free' || !('at' in place))
      throw new PdfFault(`object stream ${number} is missing`, 0)
    const known = this.read.streams.get(place.at)
    if (known) return known
    const { value } = this.objectAt(place.at, new PdfRef(number, place.generation))
    if (!(value instanceof PdfStream) || !isName(value.dict.get('Type'), 'ObjStm'))
      throw new PdfFault(`object ${number} is no object stream`, place.at)
    const objects = readObjectStream(value)
    // Only what its own bytes decide may be shared with the file's other states.
    if (this.read.atByte.has(place.at)) this.read.streams.set(place.at, objects)
    return objects
  }

  /** Follows references until a value stands there. */
  resolve(value: PdfValue | undefined): PdfValue {
    let now = value ?? null
    for (let hops = 0; now instanceof PdfRef; hops++) {
      if (hops > 32) throw new PdfFault('references in a circle', 0)
      now = this.get(now)
    }
    return now
  }

  dict(value: PdfValue | undefined): PdfDict | undefined {
    const found = this.resolve(value)
    return found instanceof PdfDict ? found : undefined
  }

  array(value: PdfValue | undefined): PdfValue[] | undefined {
    const found = this.resolve(value)
    return Array.isArray(found) ? found : undefined
  }

  name(value: PdfValue | undefined): string | undefined {
    const found = this.resolve(value)
    return found instanceof PdfName ? found.value : undefined
  }

  get rootRef(): PdfRef {
    const root = this.trailer.get('Root')
    if (!(root instanceof PdfRef)) throw new PdfFault('a trailer without Root', this.startxref)
    return root
  }

  get catalog(): PdfDict {
    const catalog = this.get(this.rootRef)
    if (!(catalog instanceof PdfDict)) throw new PdfFault('no catalogue', this.startxref)
    return catalog
  }
}

function readObjectStream(stream: PdfStream): Map<number, PdfValue> {
  const data = decodeStream(stream)
  const count = stream.dict.get('N')
  const first = stream.dict.get('First')
  if (typeof count !== 'number' || typeof first !== 'number' || first > data.length || count > first)
    throw new PdfFault('a broken object stream', 0)
  const heads = new ValueReader(data, 0, first)
  const objects = new Map<number, PdfValue>()
  for (let i = 0; i < count; i++) {
    const number = heads.whole()
    const offset = heads.whole()
    const value = new ValueReader(data, first + offset).value()
    if (objects.has(number)) throw new PdfFault(`object ${number} twice in one object stream`, 0)
    objects.set(number, value)
  }
  return objects
}
