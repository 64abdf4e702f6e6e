import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareDecisions, countDifferences, type ComparedRule } from './compare-decisions.ts'
import { readDrawnDecisions } from './drawn-tables.ts'

let xml: string
beforeAll(async () => {
  xml = await readFile(new URL('../../bpmn/decisions/lead-unit.dmn', import.meta.url), 'utf8')
})

const compare = (before: string, after: string) =>
  compareDecisions(readDrawnDecisions(before), readDrawnDecisions(after))
const only = (before: string, after: string) => {
  const [decision] = compare(before, after)
  if (!decision) throw new Error('no decision')
  return decision
}
const rule = (id: string, source: string) => new RegExp(`<rule id="${id}">.*?</rule>\\s*`, 's').exec(source)?.[0] ?? ''
const changes = (rules: ComparedRule[]) => rules.map(({ id, change }) => `${id} ${change}`)

describe('two drawings of a table', () => {
  it('that say the same differ in nothing, however they are written', () => {
    const dashed = xml.replaceAll('<text></text>', '<text>-</text>').replaceAll('\n', '\n  ')
    const decision = only(xml, dashed)
    expect(decision).toMatchObject({ name: 'Đơn vị chủ trì và thời hạn', change: 'same', facts: [] })
    expect(decision.columns.map(({ label }) => label.after)).toEqual([
      'Cơ quan gửi',
      'Lĩnh vực',
      'Đơn vị chủ trì',
      'Ngày làm việc',
    ])
    expect(countDifferences([decision])).toBe(0)
  })

  it('show the cell that changed, on both sides', () => {
    const decision = only(xml, xml.replace('<text>3</text>', '<text>4</text>'))
    expect(changes(decision.rules)).toEqual(['r1 changed', 'r2 same', 'r3 same', 'r4 same', 'r5 same'])
    expect(decision.rules[0]?.cells).toEqual([
      { before: '"000.00.00.G22"', after: '"000.00.00.G22"' },
      { before: '"thương mại điện tử"', after: '"thương mại điện tử"' },
      { before: '"TMDT"', after: '"TMDT"' },
      { before: '3', after: '4' },
    ])
    expect(countDifferences([decision])).toBe(1)
  })

  it('show rules that came, went and moved, with their numbers on both sides', () => {
    const added = rule('r4', xml).replaceAll('r4', 'r9').replace('>10<', '>12<')
    const after = xml
      .replace(rule('r2', xml), '')
      .replace(rule('r5', xml), '')
      .replace(rule('r3', xml), `${rule('r5', xml)}${added}${rule('r3', xml)}`)
    const { rules } = only(xml, after)
    expect(changes(rules)).toEqual(['r1 same', 'r2 removed', 'r5 moved', 'r9 added', 'r3 same', 'r4 same'])
    expect(rules.map(({ number }) => [number.before, number.after])).toEqual([
      [1, 1],
      [2, null],
      [5, 2],
      [null, 3],
      [3, 4],
      [4, 5],
    ])
  })

  it('are the same rules where another tool gave them other ids', () => {
    const renumbered = xml.replace(/id="(r\d)"/g, 'id="x$1"')
    expect(only(xml, renumbered).change).toBe('same')
  })

  it('show a column that came, and only the rules that use it', () => {
    const wider = xml
      .replace(
        '<output id="out_unit"',
        '<input id="in_urgent" label="Độ khẩn"><inputExpression id="u" typeRef="number"><text>urgency</text></inputExpression></input><output id="out_unit"',
      )
      .replace(/(<outputEntry id="(r\d)c">)/g, (_all, entry: string, id: string) =>
        id === 'r1'
          ? `<inputEntry id="${id}u"><text>&gt; 1</text></inputEntry>${entry}`
          : `<inputEntry id="${id}u"><text>-</text></inputEntry>${entry}`,
      )
    const decision = only(xml, wider)
    expect(decision.columns.map(({ change, label }) => `${label.after ?? ''} ${change}`)).toEqual([
      'Cơ quan gửi same',
      'Lĩnh vực same',
      'Độ khẩn added',
      'Đơn vị chủ trì same',
      'Ngày làm việc same',
    ])
    expect(changes(decision.rules)).toEqual(['r1 changed', 'r2 same', 'r3 same', 'r4 same', 'r5 same'])
    expect(decision.rules[0]?.cells[2]).toEqual({ before: null, after: '> 1' })
    expect(changes(only(wider, xml).rules)[0]).toBe('r1 changed')
  })

  it('show another hit policy, name, note, expression and decision', () => {
    const other = xml
      .replace('hitPolicy="FIRST"', 'hitPolicy="COLLECT" aggregation="SUM"')
      .replace('<decision id="leadUnit" name="Đơn vị chủ trì và thời hạn">', '<decision id="leadUnit" name="Chủ trì">')
      .replace('>Còn lại<', '>Mọi việc khác<')
    const decision = only(xml, other)
    expect(decision.facts).toEqual([
      { what: 'name', before: 'Đơn vị chủ trì và thời hạn', after: 'Chủ trì' },
      { what: 'hitPolicy', before: 'FIRST', after: 'COLLECT SUM' },
    ])
    expect(decision.rules.at(-1)).toMatchObject({
      change: 'changed',
      note: { before: 'Còn lại', after: 'Mọi việc khác' },
    })

    const literal = (text: string) =>
      `<definitions id="m" name="m"><decision id="fee" name="Phí"><literalExpression id="l"><text>${text}</text></literalExpression></decision></definitions>`
    expect(only(literal('1'), literal('2')).facts).toEqual([{ what: 'expression', before: '1', after: '2' }])
    expect(compare(literal('1'), xml).map(({ id, change }) => `${id} ${change}`)).toEqual([
      'fee removed',
      'leadUnit added',
    ])
  })
})
