import type { DrawnColumn, DrawnDecision, DrawnRule, DrawnTable } from './drawn-tables.ts'
import { pairUp } from './pairing.ts'

export type Change = 'added' | 'removed' | 'changed' | 'moved' | 'same'

/** A value on both sides; null where that side has no such thing. */
export interface Sides<T> {
  before: T | null
  after: T | null
}

export interface ComparedDecision {
  id: string
  name: string
  change: Exclude<Change, 'moved'>
  /** What differs beside columns and rules. */
  facts: ComparedFact[]
  columns: ComparedColumn[]
  rules: ComparedRule[]
}

export interface ComparedFact extends Sides<string> {
  what: 'name' | 'kind' | 'hitPolicy' | 'expression'
}

export interface ComparedColumn {
  id: string
  side: DrawnColumn['side']
  change: Change
  label: Sides<string>
  expression: Sides<string>
  type: Sides<string>
}

export interface ComparedRule {
  id: string
  change: Change
  /** The rule's number in its table, from 1. */
  number: Sides<number>
  /** One for each of the columns compared, in FEEL. */
  cells: Sides<string>[]
  note: Sides<string>
}

/** What differs between two drawings of a file, decision by decision and rule by rule, in the order of the newer one. */
export function compareDecisions(before: DrawnDecision[], after: DrawnDecision[]): ComparedDecision[] {
  return pairUp(
    before,
    after,
    ({ id }) => id,
    () => null,
  ).map((pair) => compareOne(at(before, pair.before), at(after, pair.after)))
}

/** How many things differ: what is said of decisions, their columns, their rules. */
export function countDifferences(decisions: readonly ComparedDecision[]): number {
  const differing = (parts: readonly { change: Change }[]) => parts.filter(({ change }) => change !== 'same').length
  return decisions.reduce(
    (sum, { change, facts, columns, rules }) =>
      sum + (change === 'changed' ? facts.length + differing(columns) + differing(rules) : change === 'same' ? 0 : 1),
    0,
  )
}

const at = <T>(list: readonly T[], place: number | null): T | null => (place === null ? null : (list[place] ?? null))

function compareOne(old: DrawnDecision | null, now: DrawnDecision | null): ComparedDecision {
  const [before, after] = [tableOf(old), tableOf(now)]
  const facts = factsOf(old, now)
  const columns = compareColumns(before?.columns ?? [], after?.columns ?? [])
  const rules = compareRules(before?.rules ?? [], after?.rules ?? [], columns)
  const differs = facts.length > 0 || [...columns, ...rules].some(({ change }) => change !== 'same')
  return {
    id: (now ?? old)?.id ?? '',
    name: (now ?? old)?.name ?? '',
    change: old === null ? 'added' : now === null ? 'removed' : differs ? 'changed' : 'same',
    facts,
    columns: columns.map(({ places: _places, ...column }) => column),
    rules,
  }
}

const tableOf = (decision: DrawnDecision | null): DrawnTable | null =>
  decision?.logic.kind === 'table' ? decision.logic : null
const expressionOf = (decision: DrawnDecision | null): string | null =>
  decision?.logic.kind === 'expression' ? decision.logic.text : null

function factsOf(old: DrawnDecision | null, now: DrawnDecision | null): ComparedFact[] {
  const expression: ComparedFact = { what: 'expression', before: expressionOf(old), after: expressionOf(now) }
  const own: ComparedFact[] = [
    { what: 'name', before: old?.name ?? null, after: now?.name ?? null },
    { what: 'kind', before: old?.logic.kind ?? null, after: now?.logic.kind ?? null },
    { what: 'hitPolicy', before: tableOf(old)?.hitPolicy ?? null, after: tableOf(now)?.hitPolicy ?? null },
  ]
  return [...(old && now ? own : []), expression].filter(({ before, after }) => before !== after)
}

type PlacedColumn = ComparedColumn & { places: Sides<number> }

/** A column drawn anew that asks the same is the same column. */
function compareColumns(old: DrawnColumn[], now: DrawnColumn[]): PlacedColumn[] {
  const pairs = pairUp(
    old,
    now,
    ({ side, id }) => `${side} ${id}`,
    ({ side, expression }) => (expression === '' ? null : `${side} ${expression}`),
  )
  const compared = pairs.map((pair): PlacedColumn => {
    const [before, after] = [at(old, pair.before), at(now, pair.after)]
    const said = ({ label, expression, type }: DrawnColumn) => JSON.stringify([label, expression, type])
    return {
      id: (after ?? before)?.id ?? '',
      side: (after ?? before)?.side ?? 'input',
      change: changeOf(before, after, said, pair.moved),
      label: { before: before?.label ?? null, after: after?.label ?? null },
      expression: { before: before?.expression ?? null, after: after?.expression ?? null },
      type: { before: before?.type ?? null, after: after?.type ?? null },
      places: { before: pair.before, after: pair.after },
    }
  })
  return [...compared.filter(({ side }) => side === 'input'), ...compared.filter(({ side }) => side === 'output')]
}

function compareRules(old: DrawnRule[], now: DrawnRule[], columns: readonly PlacedColumn[]): ComparedRule[] {
  const cellsOf = (rule: DrawnRule | null, side: 'before' | 'after') =>
    columns.map(({ places, side: kind }) => {
      const place = places[side]
      return rule === null || place === null ? null : meaning(rule.cells[place] ?? '', kind)
    })
  // What a column that only one side has leaves open is no difference of the rule.
  const content = (rule: DrawnRule, side: 'before' | 'after') =>
    JSON.stringify([cellsOf(rule, side).map((cell) => cell ?? ''), rule.note])
  return pairUp(old, now, ({ id }) => id, content).map((pair) => {
    const [before, after] = [at(old, pair.before), at(now, pair.after)]
    const [oldCells, nowCells] = [cellsOf(before, 'before'), cellsOf(after, 'after')]
    const same = before && after && content(before, 'before') === content(after, 'after')
    return {
      id: (after ?? before)?.id ?? '',
      change: !before ? 'added' : !after ? 'removed' : !same ? 'changed' : pair.moved ? 'moved' : 'same',
      number: { before: onwards(pair.before), after: onwards(pair.after) },
      cells: columns.map((_, column) => ({ before: oldCells[column] ?? null, after: nowCells[column] ?? null })),
      note: { before: before?.note ?? null, after: after?.note ?? null },
    }
  })
}

/** A dash asks of nothing, as does an empty cell. */
const meaning = (cell: string, side: DrawnColumn['side']) => (side === 'input' && cell === '-' ? '' : cell)
const onwards = (place: number | null) => (place === null ? null : place + 1)

function changeOf<T>(before: T | null, after: T | null, said: (one: T) => string, moved: boolean): Change {
  if (before === null) return 'added'
  if (after === null) return 'removed'
  return said(before) === said(after) ? (moved ? 'moved' : 'same') : 'changed'
}
