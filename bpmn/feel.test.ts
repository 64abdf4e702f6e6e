import { describe, expect, it } from 'vitest'
import type { Json } from './case.ts'
import { officeHours } from './drawn.ts'
import { Failure } from './failure.ts'
import { evaluateFeel, feelProblem, feelVariables, MAX_FEEL_LENGTH } from './feel.ts'

const context = officeHours()

function feel(expression: string, variables: Record<string, Json> = {}): Json | Failure {
  return evaluateFeel(expression, (name) => variables[name], context)
}

describe('an expression', () => {
  it.each<[string, Record<string, Json>, Json]>([
    ['plain text', {}, 'plain text'],
    ['=a + b', { a: 1, b: 2 }, 3],
    ['="unit:" + unit + ":head"', { unit: 'TMDT' }, 'unit:TMDT:head'],
    ['=draftDocumentId != null', {}, false],
    ['=draftDocumentId != null', { draftDocumentId: 'd' }, true],
    ['=count(recipientAgencies) > 0', { recipientAgencies: ['VPCP'] }, true],
    ['=if urgency >= 2 then "P1D" else "P3D"', { urgency: 3 }, 'P1D'],
    ['=for u in units return "unit:" + u', { units: ['A', 'B'] }, ['unit:A', 'unit:B']],
    ['=for i in 1..count(units) return i', { units: ['A', 'B'] }, [1, 2]],
    ['=some u in units satisfies u = "B"', { units: ['A', 'B'] }, true],
    [
      '=opinions[unit = "B"].text',
      {
        opinions: [
          { unit: 'A', text: 'x' },
          { unit: 'B', text: 'y' },
        ],
      },
      ['y'],
    ],
    ['={unit: unit, text: opinion.text}', { unit: 'A', opinion: { text: 'x' } }, { unit: 'A', text: 'x' }],
    ['=date("2026-11-20") + duration("P3D")', {}, '2026-11-23'],
    ['=duration("PT8H")', {}, 'PT8H'],
    ['=string length("Bộ Công Thương")', {}, 14],
  ])('%s with %j gives %j', (expression, variables, expected) => {
    expect(feel(expression, variables)).toEqual(expected)
  })

  it('reads the clock of the step, in the calendar’s zone, and no other', () => {
    expect(feel('=now()')).toBe('2026-11-20T09:00:00+07:00')
    expect(feel('=today()')).toBe('2026-11-20')
    expect(feel('=date and time(deadline) < now()', { deadline: '2026-11-20T08:59:00+07:00' })).toBe(true)
    expect(feel('=addWorkingTime(now(), "P1D")')).toBe('2026-11-23T09:00:00+07:00')
    expect(feel('=addWorkingTime(received, "PT4H")', { received: '2026-11-20T15:00:00+07:00' })).toBe(
      '2026-11-23T10:00:00+07:00',
    )
  })

  it('gives the same twice, and does not remember the variables of another time', () => {
    expect(feel('=outcome = "returned"', { outcome: 'returned' })).toBe(true)
    expect(feel('=outcome = "returned"', {})).toBe(false)
    expect(feel('=outcome = "returned"', { outcome: 'returned' })).toBe(true)
  })

  it.each([
    ['=for u in units return u + suffix', ['units', 'suffix']],
    ['=some x in [1, 2], y in list satisfies x > y + z', ['list', 'z']],
    ['=for i in 1..3 return count(partial) + i', []],
    ['=(function(a: number) a + b)(c)', ['b', 'c']],
    ['={a: 1, b: a + c}.b', ['c']],
    ['=items[item.price > limit]', ['items']],
    ['=count(list) + string length(text) + order.total', ['list', 'text', 'order']],
    ['=now() > date and time("2026-01-01T00:00:00Z")', []],
  ])('knows the variables that it reads: %s', (expression, read) => {
    expect(feelVariables(expression)).toEqual(read)
  })
})

describe('a bad expression is a failure, never an exception', () => {
  it.each([
    ['=a +', 'feel-syntax'],
    ['=', 'feel-syntax'],
    ['=) 1', 'feel-syntax'],
    ['=1) + (2', 'feel-syntax'],
    [`=${'1+'.repeat(MAX_FEEL_LENGTH)}1`, 'feel-size'],
    [`=${'('.repeat(60)}1${')'.repeat(60)}`, 'feel-size'],
  ])('%.40s', (expression, code) => {
    expect(feelProblem(expression)).toMatchObject({ code })
    expect(feel(expression)).toMatchObject({ code })
  })

  it.each([
    ['=for i in 1..3000000 return i'],
    ['=for i in 1..n return i'],
    ['=count([1..n]) + sum(for i in [1..n] return i)'],
    ['=for i in 1..1000, j in 1..1000 return i * j'],
    ['=sum(for i in 1..1000 return count(for j in 1..1000 return j))'],
    ['=some i in 1..n satisfies i < 0'],
  ])('a loop without measure is stopped: %s', (expression) => {
    expect(feel(expression, { n: 5_000_000 })).toMatchObject({ code: 'feel' })
  })

  it('says which function there is not', () => {
    const failure = feel('=launch("rocket")')
    expect(failure).toBeInstanceOf(Failure)
  })
})
