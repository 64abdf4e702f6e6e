import type { Json } from '../case.ts'
import { compilePattern, type FormOption, type InputField } from './schema.ts'

/** What is wrong with one field, for the page to say in the reader's language. `limit`: the number or the words it is about. */
export interface FieldError {
  is:
    | 'required'
    | 'notANumber'
    | 'notAnInteger'
    | 'decimals'
    | 'tooSmall'
    | 'tooLarge'
    | 'tooShort'
    | 'tooLong'
    | 'pattern'
    | 'email'
    | 'phone'
    | 'notAChoice'
    | 'notADate'
    | 'unreadable'
  limit?: number | string
}

/** What a field's rules ask of the case. */
export interface FieldKnowledge {
  options: () => FormOption[]
  /** A limit that is a number or FEEL; null where it says none. */
  limit: (limit: number | string | undefined) => number | null
}

/**
 * A limit as the form says it: a number, a number in words, or FEEL that gives one. @param feel evaluates it
 * @returns null where it says none
 */
export function limitOf(limit: number | string | undefined, feel: (expression: string) => unknown): number | null {
  const value = typeof limit === 'string' && limit.startsWith('=') ? feel(limit) : limit
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** Of a text that says no limit of its own, characters. */
const MOST_TEXT = 20_000
const MOST_CHOSEN = 200
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,24}$/
const PHONE = /^\+?[0-9][0-9 ().-]{5,22}$/
const DAY = /^\d{4}-\d\d-\d\d$/
const TIME = /^\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/

type Checked = { ok: true; value: Json } | { ok: false; error: FieldError }

const wrong = (is: FieldError['is'], limit?: number | string): Checked => ({
  ok: false,
  error: limit === undefined ? { is } : { is, limit },
})

/** One field's value by its own rules. Nothing entered is null, of a tick false, of several choices none of them. */
export function checkValue(field: InputField, value: Json | undefined, known: FieldKnowledge): Checked {
  const required = field.validate?.required === true
  switch (field.type) {
    case 'checkbox': {
      if (value !== undefined && value !== null && typeof value !== 'boolean') return wrong('unreadable')
      return required && value !== true ? wrong('required') : { ok: true, value: value === true }
    }
    case 'checklist':
    case 'taglist': {
      const chosen = value ?? []
      if (!Array.isArray(chosen) || chosen.length > MOST_CHOSEN) return wrong('unreadable')
      if (chosen.length === 0) return required ? wrong('required') : { ok: true, value: [] }
      const options = known.options().map((option) => JSON.stringify(option.value))
      return chosen.every((one) => options.includes(JSON.stringify(one)))
        ? { ok: true, value: chosen }
        : wrong('notAChoice')
    }
    default:
  }
  if (value === undefined || value === null || value === '')
    return required ? wrong('required') : { ok: true, value: null }
  switch (field.type) {
    case 'radio':
    case 'select': {
      const sent = JSON.stringify(value)
      return known.options().some((option) => JSON.stringify(option.value) === sent)
        ? { ok: true, value }
        : wrong('notAChoice')
    }
    case 'number':
      return checkNumber(field, value, known)
    case 'datetime':
      return typeof value === 'string' && isMoment(value, field.subtype) ? { ok: true, value } : wrong('notADate')
    default:
      return checkText(field, value, known)
  }
}

function checkNumber(
  { validate, decimalDigits, serializeToString }: InputField,
  value: Json,
  known: FieldKnowledge,
): Checked {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  const number = text === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(number)) return wrong('notANumber')
  const decimals = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0
  if (decimalDigits !== undefined && decimals > decimalDigits)
    return decimalDigits === 0 ? wrong('notAnInteger') : wrong('decimals', decimalDigits)
  const [min, max] = [known.limit(validate?.min), known.limit(validate?.max)]
  if (min !== null && number < min) return wrong('tooSmall', min)
  if (max !== null && number > max) return wrong('tooLarge', max)
  return { ok: true, value: serializeToString ? text : number }
}

function checkText({ validate }: InputField, value: Json, known: FieldKnowledge): Checked {
  if (typeof value !== 'string') return wrong('unreadable')
  const length = value.trim().length
  const [min, max] = [known.limit(validate?.minLength), known.limit(validate?.maxLength) ?? MOST_TEXT]
  if (min !== null && length < min) return wrong('tooShort', min)
  if (length > max) return wrong('tooLong', max)
  const pattern = validate?.pattern ? compilePattern(validate.pattern) : null
  if (pattern && !pattern.test(value)) return wrong('pattern', validate?.patternErrorMessage ?? validate?.pattern)
  if (validate?.validationType === 'email' && !EMAIL.test(value)) return wrong('email')
  if (validate?.validationType === 'phone' && !PHONE.test(value)) return wrong('phone')
  return { ok: true, value }
}

function isMoment(value: string, subtype: InputField['subtype']): boolean {
  const [day = '', time = ''] = value.split('T')
  const isDay = DAY.test(day) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
  switch (subtype) {
    case 'time':
      return TIME.test(value)
    case 'datetime':
      return isDay && TIME.test(time)
    default:
      return isDay && time === ''
  }
}
