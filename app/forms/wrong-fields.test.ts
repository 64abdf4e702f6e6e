import { describe, expect, it } from 'vitest'
import { taskForms } from './complete-form.ts'
import { schemaOf, wrongFields } from './wrong-fields.ts'

const filled = (fields: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

describe('what the browser says beside a field', () => {
  it('is what the schema says, one message for each field', () => {
    const wrong = wrongFields(
      'incoming.register',
      filled({ outcome: 'registered', number: 'abc', notation: 'VPCP-TTĐT' }),
    )

    expect(wrong.number).toBe('tasks:error.notADocumentNumber')
    expect(wrong.subject).toBe('tasks:error.required')
    expect(wrong).not.toHaveProperty('notation')
  })

  it('asks of another outcome only what that outcome needs', () => {
    expect(wrongFields('incoming.direct', filled({ outcome: 'returned', reason: 'ngắn' }))).toEqual({
      reason: 'tasks:error.reasonTooShort',
    })
    expect(wrongFields('incoming.direct', filled({ outcome: 'filed' }))).toEqual({})
  })

  it('holds every form to the schema that the server reads it with', () => {
    for (const { key, schema } of taskForms.values()) {
      expect(schemaOf(key), key).toBe(schema)
    }
  })

  it('leaves a form that it does not know to the server', () => {
    expect(wrongFields('no.such-form', new FormData())).toEqual({})
  })
})
