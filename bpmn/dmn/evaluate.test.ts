import { describe, expect, it } from 'vitest'
import type { Json } from '../case.ts'
import { officeHours } from '../drawn.ts'
import { Failure } from '../failure.ts'
import { asJson } from '../feel-values.ts'
import { evaluateDecision } from './evaluate.ts'
import { parseDmn } from './parse.ts'

const text = (of: string) => `<text><![CDATA[${of}]]></text>`
const entries = (tag: string, all: string[]) => all.map((one) => `<${tag}>${text(one)}</${tag}>`).join('')

interface Output {
  name?: string
  values?: string
  fallback?: string
}

/** A table over `x`, whose rules are a test and as many results as there are outputs. */
function table(attributes: string, rules: string[][], outputs: Output[] = [{}]): string {
  const clauses = outputs.map(
    ({ name, values, fallback }) =>
      `<output ${name === undefined ? '' : `name="${name}"`}>${values ? entries('outputValues', [values]) : ''}${fallback ? entries('defaultOutputEntry', [fallback]) : ''}</output>`,
  )
  const rows = rules.map(
    ([test = '-', ...results]) => `<rule>${entries('inputEntry', [test])}${entries('outputEntry', results)}</rule>`,
  )
  return `<decisionTable ${attributes}><input><inputExpression>${text('x')}</inputExpression></input>${clauses.join('')}${rows.join('')}</decisionTable>`
}

const literal = (of: string) => `<literalExpression>${text(of)}</literalExpression>`

function decide(decisions: Record<string, [string, ...string[]]>, x: unknown): Json | Failure {
  const written = Object.entries(decisions).map(
    ([name, [logic, ...requires]]) =>
      `<decision id="${name}" name="${name}">${requires.map((id) => `<informationRequirement><requiredInput href="#${id}"/></informationRequirement>`).join('')}${logic}</decision>`,
  )
  const model = parseDmn(
    `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m"><inputData id="x" name="x"/>${written.join('')}</definitions>`,
  )
  const last = Object.keys(decisions).at(-1) ?? ''
  const value = evaluateDecision(model, last, (name) => (name === 'x' ? x : null), officeHours())
  return value instanceof Failure ? value : asJson(value)
}

const OVERLAPPING = [
  ['< 10', '"a"'],
  ['[5..20]', '"b"'],
  ['> 15', '"c"'],
]
const NUMBERS = [
  ['< 10', '1'],
  ['[5..20]', '2'],
  ['> 15', '4'],
  ['-', '2'],
]
const ORDERED = [{ values: '"c","b","a"' }]
const PAIR = [
  { name: 'level', values: '"high","low"', fallback: '"none"' },
  { name: 'days', values: '1,2', fallback: '0' },
]
const PAIRS = [
  ['< 10', '"low"', '1'],
  ['< 20', '"high"', '2'],
  ['< 30', '"high"', '1'],
]

describe('a decision table', () => {
  it.each<[string, string[][], Output[], unknown, Json]>([
    ['hitPolicy="UNIQUE"', OVERLAPPING, [{}], 1, 'a'],
    [
      'hitPolicy="ANY"',
      [
        ['< 10', '"a"'],
        ['< 20', '"a"'],
      ],
      [{}],
      5,
      'a',
    ],
    ['hitPolicy="FIRST"', OVERLAPPING, [{}], 7, 'a'],
    ['hitPolicy="PRIORITY"', OVERLAPPING, ORDERED, 7, 'b'],
    ['hitPolicy="RULE ORDER"', OVERLAPPING, [{}], 16, ['b', 'c']],
    ['hitPolicy="OUTPUT ORDER"', OVERLAPPING, ORDERED, 16, ['c', 'b']],
    ['hitPolicy="COLLECT"', OVERLAPPING, [{}], 7, ['a', 'b']],
    ['hitPolicy="COLLECT"', OVERLAPPING.slice(0, 1), [{}], 50, []],
    ['hitPolicy="COLLECT" aggregation="SUM"', NUMBERS, [{}], 7, 5],
    ['hitPolicy="COLLECT" aggregation="MIN"', NUMBERS, [{}], 7, 1],
    ['hitPolicy="COLLECT" aggregation="MAX"', NUMBERS, [{}], 16, 4],
    ['hitPolicy="COLLECT" aggregation="COUNT"', NUMBERS, [{}], 7, 3],
    ['hitPolicy="COLLECT" aggregation="COUNT"', NUMBERS.slice(0, 1), [{}], 50, 0],
    [
      'hitPolicy="COLLECT" aggregation="MAX"',
      [
        ['-', 'date("2026-01-31")'],
        ['-', 'date("2026-02-01")'],
      ],
      [{}],
      1,
      '2026-02-01',
    ],
    [
      'hitPolicy="COLLECT" aggregation="MIN"',
      [
        ['-', 'duration("P2D")'],
        ['-', 'duration("PT3H")'],
      ],
      [{}],
      1,
      'PT3H',
    ],
    ['hitPolicy="PRIORITY"', PAIRS, PAIR, 5, { level: 'high', days: 1 }],
    [
      'hitPolicy="OUTPUT ORDER"',
      PAIRS.slice(0, 2),
      PAIR,
      5,
      [
        { level: 'high', days: 2 },
        { level: 'low', days: 1 },
      ],
    ],
    ['hitPolicy="UNIQUE"', PAIRS, PAIR, 50, { level: 'none', days: 0 }],
    [
      'hitPolicy="FIRST"',
      [
        ['not("a","b")', '1'],
        ['"a"', '2'],
      ],
      [{}],
      'a',
      2,
    ],
    [
      'hitPolicy="FIRST"',
      [
        [']1..2[', '1'],
        ['(2..3)', '2'],
        ['[3..4]', '3'],
      ],
      [{}],
      3,
      3,
    ],
    [
      'hitPolicy="FIRST"',
      [
        ['null', '"nothing"'],
        ['-', '"something"'],
      ],
      [{}],
      null,
      'nothing',
    ],
    [
      'hitPolicy="FIRST"',
      [
        ['? > 5 and odd(?)', '1'],
        ['', '2'],
      ],
      [{}],
      7,
      1,
    ],
  ])('%s %j %j of %j gives %j', (attributes, rules, outputs, x, expected) => {
    expect(decide({ table: [table(attributes, rules, outputs), 'x'] }, x)).toEqual(expected)
  })

  it.each<[string, string[][]]>([
    ['hitPolicy="UNIQUE"', OVERLAPPING],
    ['hitPolicy="ANY"', OVERLAPPING],
    ['hitPolicy="COLLECT" aggregation="SUM"', OVERLAPPING],
    [
      'hitPolicy="COLLECT" aggregation="MAX"',
      [
        ['-', '1'],
        ['-', '"b"'],
      ],
    ],
  ])('%s %j refuses what its policy does not allow', (attributes, rules) => {
    expect(decide({ table: [table(attributes, rules), 'x'] }, 7)).toMatchObject({ code: 'decision' })
  })

  it('reads the decisions that it requires', () => {
    const total = decide(
      {
        list: [table('hitPolicy="COLLECT"', NUMBERS), 'x'],
        best: [table('hitPolicy="COLLECT" aggregation="MAX"', NUMBERS), 'x'],
        total: [literal('sum(list) * 10 + best'), 'list', 'best'],
      },
      7,
    )
    expect(total).toBe(52)
  })
})

describe('what no requirement was drawn for', () => {
  const alone = (logic: string) =>
    parseDmn(`<definitions id="m" name="m"><decision id="d" name="d">${logic}</decision></definitions>`)
  const decided = (logic: string, variables: Record<string, unknown>) => {
    const value = evaluateDecision(alone(logic), 'd', (name) => variables[name] ?? null, officeHours())
    return value instanceof Failure ? value : asJson(value)
  }

  it('is read of the case all the same: a table alone is a decision', () => {
    const tableAlone = table('hitPolicy="FIRST"', [
      ['< 10', '"few"'],
      ['-', 'if urgent then "now" else "later"'],
    ])
    expect(decided(tableAlone, { x: 5 })).toBe('few')
    expect(decided(tableAlone, { x: 50, urgent: true })).toBe('now')
    expect(decided(tableAlone, {})).toBe('later')
    expect(decided(literal('amount * 2'), { amount: 4 })).toBe(8)
  })

  it('takes the place neither of a function, nor of what is bound in the expression, nor of a text', () => {
    const variables = { count: 7, item: 9, each: 9, amount: [1, 2, 3] }
    expect(decided(literal('count(amount[item > 1])'), variables)).toBe(2)
    expect(decided(literal('for each in amount return each + 1'), variables)).toEqual([2, 3, 4])
    expect(decided(literal('"amount"'), variables)).toBe('amount')
  })
})
