import type { PdfFile } from '../pdf/pdf-file.ts'
import { pagesOf, rectangle, type Page } from '../pdf/pages.ts'
import {
  certification,
  formFields,
  isLocked,
  lockOf,
  signatureFields,
  type FieldLock,
} from '../pdf/signature-fields.ts'
import { PdfDict, PdfRef, PdfStream, textOf, type PdfValue } from '../pdf/values.ts'
import { change } from './change.ts'
import type { Change } from './report.ts'
import { changedKeys, sameEntries, sameValue } from './same-value.ts'
import { updateFault } from './update-structure.ts'

/** Keys of a trailer that every save writes anew. */
const SAVED_ANEW = [
  'Size',
  'Prev',
  'XRefStm',
  'ID',
  'Info',
  'Type',
  'W',
  'Index',
  'Filter',
  'DecodeParms',
  'Length',
  'DocChecksum',
]
const STORE_LISTS = ['Certs', 'OCSPs', 'CRLs']
const STORE_KEYS = ['Type', 'VRI', ...STORE_LISTS]
/** What a new signature's widget may say. Actions are not among it. */
const WIDGET_KEYS = new Set(
  'Type Subtype FT T TU TM V F Ff P Rect AP AS MK DA DR Q Lock SV Border BS H M NM StructParent'.split(' '),
)
const FILLED_IN = ['V', 'AP', 'AS', 'M', 'I', 'RV', 'MK']
const SIGNED_INTO = ['V', 'AP', 'AS', 'M', 'F', 'MK']
const COMMENTS = new Set(
  'Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink Popup'.split(
    ' ',
  ),
)
/** A later signature that hides more of a page than this is no signature but a new page. */
const MAX_COVER = 0.5

/**
 * What was done to a file between two of its states, object by object from the catalogue down (ISO 32000-1, 12.8.2.2):
 * only validation data, time stamps, further signatures and what the signatures of `before` permit is permitted.
 */
export function compareRevisions(before: PdfFile, after: PdfFile): Change[] {
  const fault = updateFault(before, after)
  if (fault) return [change('structure', false, fault)]
  return new Comparison(before, after).run()
}

type Rule = (a: PdfValue, b: PdfValue) => boolean

class Comparison {
  private readonly changes: Change[] = []
  private readonly queue: PdfRef[] = []
  /** Which objects refer to an object, and which object is being compared: -1 is the trailer. */
  private readonly referrers = new Map<number, Set<number>>()
  private current = -1
  /** What may change only because nothing else uses it: page content under a second name may not. */
  private readonly changedAlone = new Set<number>()
  private readonly seen = new Set<number>()
  private readonly rules = new Map<number, Rule>()
  private readonly level: ReturnType<typeof certification>
  private readonly locks: FieldLock[]
  /** Fields that hold a signature after but none before, by the object number of the field. */
  private readonly signedNow = new Map<number, { name: string; isTimeStamp: boolean }>()
  private readonly pages: Page[]

  constructor(
    private readonly before: PdfFile,
    private readonly after: PdfFile,
  ) {
    this.level = certification(before)
    const held = signatureFields(before).filter((field) => field.value)
    this.locks = held.map((field) => lockOf(before, field.value!)).filter((lock) => lock !== undefined)
    const known = new Set(held.map((field) => field.ref.number))
    for (const field of signatureFields(after)) {
      if (!field.value || known.has(field.ref.number) || !this.endsLater(field.value)) continue
      const isTimeStamp = after.name(field.value.get('Type')) === 'DocTimeStamp'
      const signer = textOf(after.resolve(field.value.get('Name'))) ?? field.name
      this.signedNow.set(field.ref.number, { name: signer, isTimeStamp })
    }
    this.pages = pagesOf(before)
  }

  run(): Change[] {
    const { before, after } = this
    const rule = (value: PdfValue | undefined, apply: Rule) => {
      if (value instanceof PdfRef) this.rules.set(value.number, apply)
    }
    const alone = (value: PdfValue | undefined, apply: Rule) => {
      if (!(value instanceof PdfRef)) return
      this.rules.set(value.number, (a, b) => {
        this.changedAlone.add(value.number)
        return apply(a, b)
      })
    }
    for (const page of this.pages) {
      rule(page.ref, (a, b) => this.page(a, b, page))
      rule(page.dict.get('Annots'), (a, b) => this.list(a, b, 'annotation', page))
    }
    for (const field of formFields(before)) this.fieldRules(field.ref, field.name, field.type)
    const form = before.catalog.get('AcroForm')
    rule(form, (a, b) => this.form(a, b))
    rule(before.dict(form)?.get('Fields'), (a, b) => this.list(a, b, 'field'))
    const store = before.catalog.get('DSS')
    alone(store, (a, b) => this.validationData(a, b))
    const lists = STORE_LISTS.map((key) => before.dict(store)?.get(key))
    const added = change('validation-data', true)
    for (const list of lists)
      alone(list, (_, b) => Array.isArray(b) && b.every((one) => this.isStream(one)) && this.changes.push(added) > 0)
    alone(before.trailer.get('Info'), (a, b) => this.info(a, b))
    alone(before.catalog.get('Metadata'), (a, b) => this.metadata(a, b))
    rule(before.rootRef, (a, b) => this.catalog(a, b))

    const trailer = changedKeys(before.trailer, after.trailer, this.follow).filter((key) => !SAVED_ANEW.includes(key))
    const [oldId, newId] = [before.array(before.trailer.get('ID')), after.array(after.trailer.get('ID'))]
    if (trailer.length > 0 || (oldId && !sameValue(oldId[0], newId?.[0], this.follow)))
      this.changes.push(change('structure', false, `trailer ${trailer.join(' ')}`.trim()))
    this.infoOfTrailer()
    this.follow(before.rootRef)
    while (this.queue.length > 0) this.object(this.queue.pop()!)
    for (const number of this.changedAlone)
      if ((this.referrers.get(number)?.size ?? 0) > 1) this.changes.push(change('content', false, `object ${number}`))
    return this.unique()
  }

  private follow = (ref: PdfRef): void => {
    const from = this.referrers.get(ref.number) ?? new Set()
    this.referrers.set(ref.number, from.add(this.current))
    if (this.seen.has(ref.number)) return
    this.seen.add(ref.number)
    this.queue.push(ref)
  }

  private object(ref: PdfRef): void {
    this.current = ref.number
    const a = this.before.get(ref)
    const b = this.after.get(ref)
    if (sameValue(a, b, this.follow)) return
    const rule = this.rules.get(ref.number)
    if (!rule?.(a, b)) this.denied(a, ref)
  }

  private denied(a: PdfValue, ref: PdfRef, page?: number): void {
    const dict = a instanceof PdfStream ? a.dict : a instanceof PdfDict ? a : undefined
    const kind = this.before.name(dict?.get('Subtype')) ?? this.before.name(dict?.get('Type')) ?? 'object'
    this.changes.push(change('content', false, `${kind} ${ref.number}`, page))
  }

  private infoOfTrailer(): void {
    const [a, b] = [this.before.trailer.get('Info'), this.after.trailer.get('Info')]
    if (a instanceof PdfRef && b instanceof PdfRef && a.number === b.number) this.follow(a)
    else if (!this.info(this.before.resolve(a), this.after.resolve(b)))
      this.changes.push(change('content', false, 'Info'))
  }

  /** Dates and the name of the software may follow a save; what the file is called may not. */
  private info(a: PdfValue, b: PdfValue): boolean {
    const [from, to] = [a ?? new PdfDict(), b ?? new PdfDict()]
    if (!(from instanceof PdfDict) || !(to instanceof PdfDict)) return false
    const keys = changedKeys(from, to, this.follow)
    const permitted = keys.every((key) => ['ModDate', 'Producer'].includes(key))
    if (keys.length > 0) this.changes.push(change('properties', permitted))
    return true
  }

  private metadata(a: PdfValue, b: PdfValue): boolean {
    const plain = (value: PdfValue) =>
      value instanceof PdfStream && !value.dict.has('Filter')
        ? Buffer.from(value.raw)
            .toString('latin1')
            .replace(/(ModifyDate|MetadataDate|Producer|InstanceID)(>[^<]*<|="[^"]*")/g, '$1')
            .trim()
        : undefined
    const permitted = plain(a) !== undefined && plain(a) === plain(b)
    this.changes.push(change('properties', permitted))
    return true
  }

  private catalog(a: PdfValue, b: PdfValue): boolean {
    if (!(a instanceof PdfDict) || !(b instanceof PdfDict)) return false
    for (const key of changedKeys(a, b, this.follow)) {
      const [from, to] = [this.before.resolve(a.get(key)), this.after.resolve(b.get(key))]
      if (key === 'AcroForm') this.form(from, to)
      else if (key === 'DSS') this.validationData(from, to)
      else if (key === 'Extensions' || (key === 'Version' && !a.has(key))) continue
      else if (key === 'Metadata' && a.has(key)) this.metadata(from, to)
      else this.changes.push(change('content', false, key))
    }
    return true
  }

  private validationData(a: PdfValue, b: PdfValue): boolean {
    const shaped = b instanceof PdfDict && [...b.entries.keys()].every((key) => STORE_KEYS.includes(key))
    const lists = shaped ? STORE_LISTS.map((key) => b.get(key)).filter((list) => list !== undefined) : []
    const ofStreams = lists.every((list) => this.after.array(list)?.every((one) => this.isStream(one)))
    this.changes.push(shaped && ofStreams ? change('validation-data', true) : change('structure', false, 'DSS'))
    return true
  }

  private isStream(value: PdfValue): boolean {
    return this.after.resolve(value) instanceof PdfStream
  }

  private form(a: PdfValue, b: PdfValue): boolean {
    const from = a instanceof PdfDict ? a : new PdfDict()
    if (!(b instanceof PdfDict)) return false
    const resources = (key: string) => {
      const [held, now] = [this.before.dict(from.get(key)), this.after.dict(b.get(key))]
      return !held || (now && [...held.entries].every(([name, value]) => this.within(value, now.get(name))))
    }
    for (const key of changedKeys(from, b, this.follow)) {
      if (key === 'Fields' || key === 'SigFlags') continue
      if ((key === 'DR' && resources(key)) || (key === 'DA' && !from.has(key))) continue
      this.changes.push(change('content', false, `AcroForm ${key}`))
    }
    const [held, now] = [from.get('Fields'), b.get('Fields')]
    // A list that is an object of its own and stays one is compared when it is its turn.
    if (!sameValue(held, now, this.follow)) this.list(held, now, 'field')
    return true
  }

  /** Resources may gain fonts, and keep what they had. */
  private within(a: PdfValue, b: PdfValue | undefined): boolean {
    const [from, to] = [this.before.dict(a), this.after.dict(b)]
    if (from && to) return [...from.entries].every(([key, value]) => sameValue(value, to.get(key), this.follow))
    return sameValue(a, b, this.follow)
  }

  /** Fields or annotations: the old ones in their order, then only new signatures (and comments where permitted). */
  private list(a: PdfValue | undefined, b: PdfValue | undefined, kind: 'field' | 'annotation', page?: Page): boolean {
    const held = this.before.array(a) ?? []
    const now = this.after.array(b) ?? []
    const number = page && this.pages.indexOf(page) + 1
    if (held.some((item, index) => !sameValue(item, now[index], this.follow))) {
      this.changes.push(change('content', false, kind === 'field' ? 'AcroForm Fields' : 'Annots', number))
      return true
    }
    for (const item of now.slice(held.length)) {
      const added = item instanceof PdfRef ? this.signedNow.get(item.number) : undefined
      const dict = this.after.dict(item)
      if (added && item instanceof PdfRef && dict) this.addedSignature(item, dict, added, page, number)
      else if (kind === 'annotation' && this.level === 3 && COMMENTS.has(this.after.name(dict?.get('Subtype')) ?? ''))
        this.changes.push(change('comment', true, '', number))
      else if (kind === 'annotation' && this.isKidOfSigned(item)) continue
      else this.changes.push(change('content', false, kind === 'field' ? 'AcroForm Fields' : 'Annots', number))
    }
    return true
  }

  private isKidOfSigned(item: PdfValue): boolean {
    const parent = this.after.dict(item)?.get('Parent')
    return parent instanceof PdfRef && this.signedNow.has(parent.number) && this.before.get(parent) === null
  }

  private addedSignature(
    ref: PdfRef,
    dict: PdfDict,
    added: { name: string; isTimeStamp: boolean },
    page: Page | undefined,
    number: number | undefined,
  ): void {
    const kind = added.isTimeStamp ? 'time-stamp' : 'signature'
    const plain = [...dict.entries.keys()].every((key) => WIDGET_KEYS.has(key) || key === 'Kids')
    const isNew = this.before.get(ref) === null
    const allowed = added.isTimeStamp || this.level !== 1
    if (!page) this.changes.push(change(kind, plain && isNew && allowed, added.name))
    else if (this.covers(dict, page)) this.changes.push(change('content', false, 'overlay', number))
  }

  private covers(widget: PdfDict, page: Page): boolean {
    const rect = rectangle(this.after, widget.get('Rect'))
    if (!rect) return false
    const [left, bottom, right, top] = page.box
    const width = Math.max(0, Math.min(right, rect[2]) - Math.max(left, rect[0]))
    const height = Math.max(0, Math.min(top, rect[3]) - Math.max(bottom, rect[1]))
    return (width * height) / ((right - left) * (top - bottom)) > MAX_COVER
  }

  private page(a: PdfValue, b: PdfValue, page: Page): boolean {
    const number = this.pages.indexOf(page) + 1
    if (!(a instanceof PdfDict) || !(b instanceof PdfDict) || !sameEntries(a, b, ['Annots'], this.follow)) {
      this.denied(a, page.ref, number)
      return true
    }
    const [held, now] = [a.get('Annots'), b.get('Annots')]
    return sameValue(held, now, this.follow) || this.list(held, now, 'annotation', page)
  }

  private fieldRules(ref: PdfRef, name: string, type: string | undefined): void {
    const dict = this.before.dict(ref)
    const rule: Rule = (a, b) => this.field(a, b, ref, name, type)
    this.rules.set(ref.number, rule)
    for (const kid of this.before.array(dict?.get('Kids')) ?? [])
      if (kid instanceof PdfRef && !this.rules.has(kid.number)) this.rules.set(kid.number, rule)
  }

  private field(a: PdfValue, b: PdfValue, ref: PdfRef, name: string, type: string | undefined): boolean {
    const page = this.pageOf(a)
    if (!(a instanceof PdfDict) || !(b instanceof PdfDict)) {
      this.changes.push(change('field', false, name, page))
      return true
    }
    if (type === 'Sig') {
      const added = this.signedNow.get(ref.number)
      const fits = added && sameEntries(a, b, SIGNED_INTO, this.follow)
      if (fits && (added.isTimeStamp || this.level !== 1))
        this.changes.push(change(added.isTimeStamp ? 'time-stamp' : 'signature', true, added.name, page))
      else this.changes.push(change('field', false, name, page))
      return true
    }
    const permitted = this.mayBeFilled(name) && sameEntries(a, b, FILLED_IN, this.follow)
    this.changes.push(change('field', permitted, name, page))
    return true
  }

  /** A certification that allows forms, or a lock that leaves this field out, permits filling in; nothing else does. */
  private mayBeFilled(name: string): boolean {
    if (this.locks.some((lock) => isLocked(lock, name))) return false
    return this.level === 2 || this.level === 3 || (this.level === undefined && this.locks.length > 0)
  }

  private pageOf(widget: PdfValue): number | undefined {
    const ref = widget instanceof PdfDict ? widget.get('P') : undefined
    const index = ref instanceof PdfRef ? this.pages.findIndex((page) => page.ref.number === ref.number) : -1
    return index < 0 ? undefined : index + 1
  }

  /** A signature dictionary of this update, not an old one moved to a new place. */
  private endsLater(signature: PdfDict): boolean {
    const range = this.after.array(signature.get('ByteRange'))
    const [, , start, length] = range ?? []
    return typeof start === 'number' && typeof length === 'number' && start + length > this.before.bytes.length
  }

  private unique(): Change[] {
    return [...new Map(this.changes.map((one) => [`${one.vi}${one.permitted}`, one])).values()]
  }
}
