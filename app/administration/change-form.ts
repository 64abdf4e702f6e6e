import type { CaseChange } from '#bpmn/case.ts'
import { Refusal, type Sentence } from '#db/refusal.ts'
import { readVariable } from './variable.ts'

/** The fields that a change of a case is made of; the rehearsal's form sends them again. */
const changeFields = ['do', 'tokenId', 'to', 'place', 'name', 'kind', 'value', 'reason', 'seen'] as const
export type ChangeFields = Partial<Record<(typeof changeFields)[number], string>>

export function readFields(form: FormData): ChangeFields {
  return Object.fromEntries(
    changeFields.flatMap((name) => {
      const value = form.get(name)
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

/** `place` is a scope and an element, as one choice of a list. Throws Refusal `change-missing`, `variable-wrong`. */
export function readChanges({
  tokenId = '',
  to = '',
  place = '',
  name = '',
  kind = '',
  value = '',
  ...fields
}: ChangeFields): CaseChange[] {
  switch (fields.do) {
    case 'moveToken':
      if (to === '') throw missing('to')
      return [{ do: 'moveToken', tokenId, to }]
    case 'addToken': {
      const [scopeId, at] = place.split(' ')
      if (!scopeId || !at) throw missing('place')
      return [{ do: 'addToken', at, scopeId }]
    }
    case 'cancelToken':
      return [{ do: 'cancelToken', tokenId }]
    case 'setVariables':
      return [{ do: 'setVariables', variables: readVariable(name, kind, value) }]
    default:
      throw missing('do')
  }
}

const choose: Sentence = {
  vi: 'Hãy chọn một bước trong danh sách. Chưa có gì thay đổi.',
  en: 'Choose a step from the list. Nothing was changed.',
}
const missing = (field: string) => new Refusal('change-missing', 422, choose, { [field]: choose })
