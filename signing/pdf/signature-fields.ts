import type { PdfFile } from './pdf-file.ts'
import type { PdfDict } from './values.ts'
import { isName, PdfRef, PdfString, textOf, type PdfValue } from './values.ts'

export interface SignatureField {
  ref: PdfRef
  dict: PdfDict
  /** Fully qualified: parents and own, by full stops. */
  name: string
  /** The signature dictionary and where it stands; undefined while nobody has signed here. */
  value?: PdfDict
  valueRef?: PdfRef
}

export interface FormField {
  ref: PdfRef
  dict: PdfDict
  name: string
  type: string | undefined
}

const MAX_FIELDS = 20_000

/** Every field that holds a value, with the name and type that it inherits (ISO 32000-1, 12.7.3). */
export function formFields(file: PdfFile): FormField[] {
  const form = file.dict(file.catalog.get('AcroForm'))
  const fields: FormField[] = []
  const seen = new Set<number>()
  const walk = (value: PdfValue, parent: string, type: string | undefined) => {
    if (!(value instanceof PdfRef) || seen.has(value.number) || seen.size > MAX_FIELDS) return
    seen.add(value.number)
    const dict = file.dict(value)
    if (!dict) return
    const own = textOf(file.resolve(dict.get('T')))
    const name = own === undefined ? parent : parent ? `${parent}.${own}` : own
    const kind = file.name(dict.get('FT')) ?? type
    const kids = file.array(dict.get('Kids'))
    const named = kids?.filter((kid) => file.dict(kid)?.has('T')) ?? []
    if (named.length === 0) fields.push({ ref: value, dict, name, type: kind })
    for (const kid of named) walk(kid, name, kind)
  }
  for (const field of file.array(form?.get('Fields')) ?? []) walk(field, '', undefined)
  return fields
}

/** The signature fields among them, signed or not, in the order of the form. */
export function signatureFields(file: PdfFile): SignatureField[] {
  return formFields(file)
    .filter((field) => field.type === 'Sig')
    .map(({ ref, dict, name }) => {
      const held = dict.get('V')
      const value = file.dict(held)
      return { ref, dict, name, value, valueRef: held instanceof PdfRef ? held : undefined }
    })
}

/** 1: nothing may change; 2: forms and signatures; 3: comments too. Undefined where nobody certified the document. */
export function certification(file: PdfFile): 1 | 2 | 3 | undefined {
  const signature = file.dict(file.dict(file.catalog.get('Perms'))?.get('DocMDP'))
  return signature ? permissionOf(file, signature) : undefined
}

/** The permission that a signature dictionary's DocMDP grants. */
export function permissionOf(file: PdfFile, signature: PdfDict): 1 | 2 | 3 | undefined {
  for (const item of file.array(signature.get('Reference')) ?? []) {
    const reference = file.dict(item)
    if (!reference || !isName(file.resolve(reference.get('TransformMethod')), 'DocMDP')) continue
    const level = file.resolve(file.dict(reference.get('TransformParams'))?.get('P'))
    return level === 1 || level === 3 ? level : 2
  }
  return undefined
}

export interface FieldLock {
  action: 'All' | 'Include' | 'Exclude'
  fields: string[]
}

/** The fields that a signature dictionary's FieldMDP locks. */
export function lockOf(file: PdfFile, signature: PdfDict): FieldLock | undefined {
  for (const item of file.array(signature.get('Reference')) ?? []) {
    const reference = file.dict(item)
    if (!reference || !isName(file.resolve(reference.get('TransformMethod')), 'FieldMDP')) continue
    const parameters = file.dict(reference.get('TransformParams'))
    const action = file.name(parameters?.get('Action'))
    const fields = (file.array(parameters?.get('Fields')) ?? [])
      .map((field) => textOf(file.resolve(field)))
      .filter((field) => field !== undefined)
    return { action: action === 'Include' || action === 'Exclude' ? action : 'All', fields }
  }
  return undefined
}

export function isLocked(lock: FieldLock, name: string): boolean {
  const named = lock.fields.some((field) => name === field || name.startsWith(`${field}.`))
  return lock.action === 'All' || (lock.action === 'Include' ? named : !named)
}

/** Bytes of a signature's Contents with where they stand. */
export function contentsOf(signature: PdfDict): PdfString | undefined {
  const contents = signature.get('Contents')
  return contents instanceof PdfString ? contents : undefined
}
