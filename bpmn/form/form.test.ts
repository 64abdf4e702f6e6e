import { describe, expect, it } from 'vitest'
import type { AdvanceContext, Json } from '../case.ts'
import { answerForm } from './answer.ts'
import { readFormSchema, type FormField } from './schema.ts'

const context: AdvanceContext = {
  now: Date.UTC(2026, 10, 22, 3),
  calendar: {
    timeZone: 'Asia/Ho_Chi_Minh',
    hours: [],
    holidays: [],
    workedDays: [],
  } as unknown as AdvanceContext['calendar'],
}
const form = (...components: object[]) => {
  const read = readFormSchema(JSON.stringify({ type: 'default', schemaVersion: 18, components }))
  if (!read.ok) throw new Error(read.problem.en)
  return read.schema
}
const answer = (components: object[], sent: Json, variables: Record<string, Json> = {}) =>
  answerForm(form(...components), sent, variables, context)
const field = (type: FormField['type'], more: object = {}) => ({ type, key: 'f', label: 'F', ...more })

describe('what is entered in a form of a flow', () => {
  it.each<[string, object, Json | undefined, string | null]>([
    ['a text that is required', field('textfield', { validate: { required: true } }), '', 'required'],
    ['a text that is too short', field('textfield', { validate: { minLength: 5 } }), 'abc', 'tooShort'],
    ['a text that is too long', field('textarea', { validate: { maxLength: 2 } }), 'abc', 'tooLong'],
    ['a text without a limit, of 30,000 characters', field('textarea'), 'x'.repeat(30_000), 'tooLong'],
    ['a text off its pattern', field('textfield', { validate: { pattern: '^[0-9]{3}$' } }), 'abc', 'pattern'],
    ['a text by its pattern', field('textfield', { validate: { pattern: '^[0-9]{3}$' } }), '123', null],
    ['no e-mail address', field('textfield', { validate: { validationType: 'email' } }), 'a@b', 'email'],
    ['an object instead of a text', field('textfield'), { a: 1 }, 'unreadable'],
    ['no number', field('number'), 'ba', 'notANumber'],
    ['a fraction', field('number', { decimalDigits: 0 }), 1.5, 'notAnInteger'],
    ['a number below the least', field('number', { validate: { min: 3 } }), 2, 'tooSmall'],
    ['a number above the most, said in FEEL', field('number', { validate: { max: '=most' } }), 8, 'tooLarge'],
    ['a number in a text', field('number'), '12.5', null],
    ['no day', field('datetime', { subtype: 'date' }), '2026-02-30', 'notADate'],
    ['a day', field('datetime', { subtype: 'date' }), '2026-02-28', null],
    ['a tick that has to be set', field('checkbox', { validate: { required: true } }), false, 'required'],
    ['a choice that is not offered', field('radio', { values: [{ label: 'A', value: 'a' }] }), 'b', 'notAChoice'],
    ['a choice of the case’s own', field('select', { valuesKey: 'offered' }), 'x', null],
    ['choices by FEEL', field('checklist', { valuesExpression: '=for o in offered return o + "1"' }), ['x1'], null],
    ['choices not offered', field('taglist', { values: [{ label: 'A', value: 'a' }] }), ['a', 'b'], 'notAChoice'],
  ])('%s', (_what, component, value, error) => {
    const given = answer([component], { f: value ?? null }, { most: 7, offered: ['x', 'y'] })
    expect(given.ok ? null : given.errors['f']?.is).toBe(error)
  })

  it('becomes variables, in the places that groups say', () => {
    expect(
      answer(
        [
          field('textfield', { key: 'subject' }),
          {
            type: 'group',
            path: 'sender',
            components: [field('number', { key: 'age' }), field('checkbox', { key: 'sworn' })],
          },
          { type: 'text', text: '# Xin chào' },
        ],
        { subject: 'Góp ý', sender: { age: '41' } },
      ),
    ).toEqual({ ok: true, variables: { subject: 'Góp ý', sender: { age: 41, sworn: false } } })
  })

  it('is taken only from fields that are there to be filled in', () => {
    const given = answer(
      [
        field('textfield', { key: 'shut', disabled: true }),
        field('textfield', { key: 'read', readonly: '=approved' }),
        field('textfield', { key: 'hidden', conditional: { hide: '=kind != "other"' }, validate: { required: true } }),
        field('textfield', { key: 'open' }),
      ],
      { shut: 'x', read: 'x', hidden: 'x', open: 'x', kind: 'one', leadUnit: 'TMDT' },
      { approved: true },
    )
    expect(given).toEqual({ ok: true, variables: { open: 'x' } })
  })

  it('shows a field again when the answer asks for it, and holds it to its rules', () => {
    const fields = [
      field('radio', { key: 'kind', values: [{ label: 'Khác', value: 'other' }] }),
      field('textfield', { key: 'why', conditional: { hide: '=kind != "other"' }, validate: { required: true } }),
    ]
    expect(answer(fields, { kind: 'other' })).toEqual({ ok: false, errors: { why: { is: 'required' } } })
  })

  it('an expression that cannot be evaluated hides nothing', () => {
    const given = answer([field('textfield', { conditional: { hide: '=for x in 1..9999999 return x' } })], { f: 'a' })
    expect(given).toEqual({ ok: true, variables: { f: 'a' } })
  })

  it.each<Json>([null, 'text', 7, [], { __proto__: { f: 1 } }])('is refused or empty for %j', (sent) => {
    const given = answer([field('textfield', { validate: { required: true } })], sent)
    expect(given).toEqual({ ok: false, errors: { f: { is: 'required' } } })
  })
})

describe('a form that cannot be used', () => {
  it.each<[string, string]>([
    ['no JSON', '<form>'],
    ['no fields', '{"type":"default"}'],
    ['a kind that is not known', JSON.stringify({ components: [{ type: 'iframe', url: 'http://x' }] })],
    ['a field without a key', JSON.stringify({ components: [{ type: 'textfield' }] })],
    ['two fields of one key', JSON.stringify({ components: [field('number'), field('textfield')] })],
    ['a key of every object', JSON.stringify({ components: [field('number', { key: 'constructor' })] })],
    [
      'a pattern that never ends',
      JSON.stringify({ components: [field('textfield', { validate: { pattern: '(a+)+$' } })] }),
    ],
    ['200,000 characters', `{"components":[],"x":"${'x'.repeat(200_000)}"}`],
    [
      '201 fields',
      JSON.stringify({ components: Array.from({ length: 201 }, (_, i) => field('number', { key: `k${i}` })) }),
    ],
  ])('says so: %s', (_what, text) => {
    const read = readFormSchema(text)
    expect(read.ok).toBe(false)
    if (!read.ok) expect(read.problem.vi).not.toBe('')
  })
})
