import type { Json } from '#bpmn/case.ts'
import { Refusal, type Sentence } from '#db/refusal.ts'

export const variableKinds = ['text', 'number', 'yesNo', 'date', 'empty', 'structure'] as const
export type VariableKind = (typeof variableKinds)[number]

/** Characters of a value; a document's text is no variable. */
const LONGEST = 10_000
/** What FEEL reads as one name without quoting. */
const NAME = /^[\p{L}_][\p{L}\p{N}_]{0,63}$/u

/** What somebody enters as a variable of a case. Throws Refusal `variable-wrong` with the sentence beside its field. */
export function readVariable(name: string, kind: string, value: string): Record<string, Json> {
  const wanted = name.trim()
  if (!NAME.test(wanted)) throw wrong('name', notAName)
  if (value.length > LONGEST) throw wrong('value', tooLong)
  return { [wanted]: readValue(kind as VariableKind, value.replaceAll('\0', '')) }
}

function readValue(kind: VariableKind, value: string): Json {
  const text = value.trim()
  switch (kind) {
    case 'text':
      return value
    case 'number': {
      // 1.234,5 is how people write it here
      const number = Number(/,/.test(text) ? text.replaceAll('.', '').replace(',', '.') : text)
      if (text === '' || !Number.isFinite(number)) throw wrong('value', notANumber)
      return number
    }
    case 'yesNo': {
      const said = text.toLowerCase()
      if (['có', 'đúng', 'true', 'yes', '1'].includes(said)) return true
      if (['không', 'sai', 'false', 'no', '0'].includes(said)) return false
      throw wrong('value', notYesNo)
    }
    case 'date': {
      const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? []
      const iso = day && month && year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text
      if (!/^\d{4}-\d\d-\d\d$/.test(iso) || new Date(`${iso}T00:00:00Z`).toJSON()?.slice(0, 10) !== iso)
        throw wrong('value', notADate)
      return iso
    }
    case 'empty':
      return null
    case 'structure':
      try {
        return JSON.parse(text) as Json
      } catch {
        throw wrong('value', notJson)
      }
    default:
      throw wrong('kind', notAKind)
  }
}

const wrong = (field: string, sentence: Sentence) => new Refusal('variable-wrong', 422, sentence, { [field]: sentence })

const notAName: Sentence = {
  vi: 'Tên biến gồm chữ, số và gạch dưới, bắt đầu bằng chữ. Chưa có gì thay đổi.',
  en: 'A variable’s name is letters, digits and underscores and begins with a letter. Nothing was changed.',
}
const tooLong: Sentence = {
  vi: 'Giá trị dài quá 10.000 ký tự. Chưa có gì thay đổi.',
  en: 'The value is longer than 10,000 characters. Nothing was changed.',
}
const notANumber: Sentence = {
  vi: 'Hãy nhập một số, ví dụ 12 hoặc 1,5. Chưa có gì thay đổi.',
  en: 'Enter a number, such as 12 or 1.5. Nothing was changed.',
}
const notYesNo: Sentence = {
  vi: 'Hãy nhập "có" hoặc "không". Chưa có gì thay đổi.',
  en: 'Enter "yes" or "no". Nothing was changed.',
}
const notADate: Sentence = {
  vi: 'Hãy nhập ngày như 30/11/2026. Chưa có gì thay đổi.',
  en: 'Enter a day such as 30/11/2026. Nothing was changed.',
}
const notJson: Sentence = {
  vi: 'Giá trị phải viết theo JSON, ví dụ ["A", "B"]. Chưa có gì thay đổi.',
  en: 'The value has to be JSON, such as ["A", "B"]. Nothing was changed.',
}
const notAKind: Sentence = {
  vi: 'Hãy chọn kiểu giá trị. Chưa có gì thay đổi.',
  en: 'Choose what kind of value it is. Nothing was changed.',
}
