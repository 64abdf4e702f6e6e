import type { Json } from '../case.ts'

/** How an embedded form is named: `camunda-forms:bpmn:<id of the zeebe:userTaskForm>`. */
const EMBEDDED = 'camunda-forms:bpmn:'

/** Characters of a form as it is stored in the file, and fields it may have. */
const MAX_FORM_LENGTH = 200_000
const MAX_FORM_FIELDS = 200
const MAX_NESTING = 10

/** Fields that something is entered in. */
const INPUTS = [
  'textfield',
  'textarea',
  'number',
  'checkbox',
  'radio',
  'select',
  'checklist',
  'taglist',
  'datetime',
] as const
export type InputType = (typeof INPUTS)[number]
export const isInputType = (type: string): type is InputType => (INPUTS as readonly string[]).includes(type)
/** What only shows something. */
const SHOWN = ['text', 'separator', 'spacer', 'button', 'table'] as const

export interface FormOption {
  label: string
  value: Json
}

/** What is held of a field of form-js (https://github.com/bpmn-io/form-js), by the names it uses. */
export interface FormField {
  type: InputType | (typeof SHOWN)[number] | 'group'
  id?: string
  key?: string
  /** Of a group: where its fields' values lie. */
  path?: string
  label?: string
  components?: FormField[]
  disabled?: boolean
  /** FEEL with its leading "=", or plainly so. */
  readonly?: boolean | string
  conditional?: { hide?: string }
  defaultValue?: Json
  values?: FormOption[]
  /** Where among the variables the options are; or FEEL that gives them. */
  valuesKey?: string
  valuesExpression?: string
  subtype?: 'date' | 'time' | 'datetime'
  decimalDigits?: number
  serializeToString?: boolean
  validate?: {
    required?: boolean
    minLength?: number | string
    maxLength?: number | string
    min?: number | string
    max?: number | string
    pattern?: string
    patternErrorMessage?: string
    validationType?: 'custom' | 'email' | 'phone'
  }
}

/** A field that something is entered in, under its key. */
export interface InputField extends FormField {
  type: InputType
  key: string
}

export interface FormSchema {
  type: 'default'
  components: FormField[]
}

/** The id of the form that a task's form key embeds; null where it names a form of the office. */
export function embeddedFormId(formKey: string | null): string | null {
  return formKey?.startsWith(EMBEDDED) ? formKey.slice(EMBEDDED.length) : null
}

/** Names of the variables that a form's answers become. */
export function answeredBy({ components }: Pick<FormSchema, 'components'>): string[] {
  return components.flatMap(({ key, path, components: inner }) => {
    const name = path || key
    return name ? [name.split('.')[0]!] : answeredBy({ components: inner ?? [] })
  })
}

/** What the fields are called, by their keys with the groups' paths before them. */
export function labelsOf({ components }: Pick<FormSchema, 'components'>, path = ''): Map<string, string> {
  return new Map(
    components.flatMap((field): [string, string][] =>
      field.type === 'group'
        ? [...labelsOf({ components: field.components ?? [] }, field.path ? `${path}${field.path}.` : path)]
        : field.key && field.label
          ? [[`${path}${field.key}`, field.label]]
          : [],
    ),
  )
}

/** Why a form cannot be filled in. */
export interface FormProblem {
  field: string | null
  vi: string
  en: string
}

/** A form's text as the file holds it → its schema, or why it cannot be used. */
export function readFormSchema(text: string): { ok: true; schema: FormSchema } | { ok: false; problem: FormProblem } {
  if (text.length > MAX_FORM_LENGTH)
    return refuse(null, `dài hơn ${MAX_FORM_LENGTH} ký tự`, `has over ${MAX_FORM_LENGTH} characters`)
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return refuse(null, 'không phải JSON', 'is no JSON')
  }
  if (!isObject(read) || !Array.isArray(read['components'])) return refuse(null, 'không có trường nào', 'has no fields')
  const problem = fieldsProblem(read['components'], { seen: 0, keys: new Set() }, '', 0)
  return problem ? { ok: false, problem } : { ok: true, schema: read as unknown as FormSchema }
}

/** The first problem of a form's fields, groups' fields included. `count` runs through all of them. */
function fieldsProblem(
  components: unknown[],
  count: { seen: number; keys: Set<string> },
  path: string,
  depth: number,
): FormProblem | null {
  const known: readonly string[] = [...INPUTS, ...SHOWN, 'group']
  for (const field of components) {
    if (!isObject(field)) return problem(null, 'có trường không đọc được', 'has a field that cannot be read')
    const { type, key, path: inner, components: more, validate } = field
    const name = typeof field['label'] === 'string' && field['label'] ? field['label'] : String(key ?? type)
    if (++count.seen > MAX_FORM_FIELDS || depth > MAX_NESTING)
      return problem(null, `có quá ${MAX_FORM_FIELDS} trường`, `has over ${MAX_FORM_FIELDS} fields`)
    if (typeof type !== 'string' || !known.includes(type))
      return problem(
        name,
        `có trường loại "${String(type)}" chưa dùng được`,
        `has a field of the kind "${String(type)}", which cannot be used`,
      )
    const keyIsWrong = isInputType(type) ? keyProblem(name, key, path, count.keys) : null
    if (keyIsWrong) return keyIsWrong
    const pattern = isObject(validate) ? validate['pattern'] : undefined
    if (typeof pattern === 'string' && !compilePattern(pattern))
      return problem(name, `có mẫu kiểm tra không hợp lệ ở "${name}"`, `has a pattern at "${name}" that cannot be used`)
    if (type !== 'group') continue
    const below = typeof inner === 'string' && inner !== '' ? `${path}${inner}.` : path
    const found = fieldsProblem(Array.isArray(more) ? more : [], count, below, depth + 1)
    if (found) return found
  }
  return null
}

/** Names joined by dots, as FEEL reads them. */
const KEY = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u

/** Each input has a key that no other has; `keys` gathers them. */
function keyProblem(name: string, key: unknown, path: string, keys: Set<string>): FormProblem | null {
  if (typeof key !== 'string' || !KEY.test(key))
    return problem(name, `có trường "${name}" thiếu khóa`, `has the field "${name}" without a key`)
  const whole = `${path}${key}`
  if (keys.has(whole))
    return problem(name, `có hai trường cùng khóa "${whole}"`, `has two fields of the key "${whole}"`)
  if (whole.split('.').some((part) => part in Object.prototype))
    return problem(name, `không dùng được khóa "${whole}"`, `cannot use the key "${whole}"`)
  keys.add(whole)
  return null
}

/**
 * A field's pattern, or null where it is not used: one that is no regular expression, and long ones or loops within loops, which
 * could take for ever on what somebody enters.
 */
export function compilePattern(pattern: string): RegExp | null {
  if (pattern.length > 200 || /[*+}]\)?[*+{]|\([^)]*[*+][^)]*\)[*+{]/.test(pattern)) return null
  try {
    return new RegExp(pattern)
  } catch {
    return null
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const problem = (field: string | null, vi: string, en: string): FormProblem => ({ field, vi, en })
const refuse = (field: string | null, vi: string, en: string) => ({
  ok: false as const,
  problem: problem(field, vi, en),
})
