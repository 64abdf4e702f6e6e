import { describe, expect, it } from 'vitest'
import { readVariable } from './variable.ts'

describe('a variable as it is entered', () => {
  it.each([
    ['text', ' 5 ', ' 5 '],
    ['number', '12', 12],
    ['number', '1,5', 1.5],
    ['number', '1.234,5', 1234.5],
    ['yesNo', 'Có', true],
    ['yesNo', 'no', false],
    ['date', '30/11/2026', '2026-11-30'],
    ['date', '2026-11-30', '2026-11-30'],
    ['empty', 'whatever', null],
    ['structure', '["A", {"b": 1}]', ['A', { b: 1 }]],
  ])('%s %s', (kind, value, read) => {
    expect(readVariable(' tên_biến ', kind, value)).toEqual({ tên_biến: read })
  })

  it.each([
    ['number', 'x', 'value'],
    ['number', '', 'value'],
    ['number', '1e999', 'value'],
    ['yesNo', 'maybe', 'value'],
    ['date', '31/02/2026', 'value'],
    ['structure', '{', 'value'],
    ['nothing', 'x', 'kind'],
    ['text', 'x'.repeat(10_001), 'value'],
  ])('refuses %s %s beside its field', (kind, value, field) => {
    expect(() => readVariable('x', kind, value)).toThrow(
      expect.objectContaining({ status: 422, fields: { [field]: expect.anything() as unknown } }),
    )
  })

  it('keeps no NUL, which the database has no room for', () => {
    expect(readVariable('x', 'text', 'a\0b')).toEqual({ x: 'ab' })
  })
})
