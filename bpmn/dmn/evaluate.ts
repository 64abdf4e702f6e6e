import { Failure } from '../failure.ts'
import { feelVariables } from '../feel.ts'
import { evaluateIn, testIn } from '../feel-values.ts'
import type { AdvanceContext } from '../case.ts'
import type { Decision, DecisionModel, DecisionTable } from './model.ts'

/** Values as FEEL has them: dates and durations are objects of its own here. */
export type FeelValues = Record<string, unknown>

/**
 * Evaluates a decision, by its id or name, with those it requires. `input` gives the input data by name, null where there is none;
 * and what expressions read without a requirement being drawn, as the engines of the ecosystem do: a table alone is a decision.
 * A table that its own hit policy does not allow, or an expression that cannot be evaluated, is a Failure.
 */
export function evaluateDecision(
  model: DecisionModel,
  decisionId: string,
  input: (name: string) => unknown,
  context: AdvanceContext,
): unknown {
  const decision = findDecision(model, decisionId)
  if (!decision) return new Failure('decision', `There is no decision "${decisionId}"`)
  return evaluateOne(model, decision, input, context, new Map(), [])
}

export function findDecision(model: DecisionModel, decisionId: string): Decision | undefined {
  return model.decisions.find(({ id }) => id === decisionId) ?? model.decisions.find(({ name }) => name === decisionId)
}

function evaluateOne(
  model: DecisionModel,
  decision: Decision,
  input: (name: string) => unknown,
  context: AdvanceContext,
  done: Map<string, unknown>,
  path: string[],
): unknown {
  if (done.has(decision.id)) return done.get(decision.id)
  if (path.includes(decision.id)) return new Failure('decision', `"${decision.name}" requires itself`)
  const values: FeelValues = {}
  for (const id of decision.requires) {
    const required = model.decisions.find((one) => one.id === id)
    if (required) {
      const value = evaluateOne(model, required, input, context, done, [...path, decision.id])
      if (value instanceof Failure) return value
      values[required.name] = value
    }
    const data = model.inputs.find((one) => one.id === id)
    if (data) values[data.name] = input(data.name) ?? null
  }
  for (const name of readBy(decision)) {
    const value = Object.hasOwn(values, name) ? null : input(name)
    if (value !== null && value !== undefined) values[name] = value
  }
  const value = evaluateLogic(decision, values, context)
  done.set(decision.id, value)
  return value
}

const known = new WeakMap<Decision, string[]>()

/** Variables that a decision's expressions read. */
function readBy(decision: Decision): string[] {
  let names = known.get(decision)
  if (!names)
    known.set(decision, (names = [...new Set(expressionsOf(decision).flatMap((text) => feelVariables(`=${text}`)))]))
  return names
}

/** Its expressions, without those that are plain values. */
function expressionsOf({ logic }: Decision): string[] {
  const texts =
    logic.kind === 'table'
      ? [...logic.inputs.map(({ text }) => text), ...logic.rules.flatMap(({ results }) => results)]
      : logic.kind === 'literal'
        ? [logic.text]
        : []
  return texts.filter((text) => /\p{L}/u.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '')))
}

function evaluateLogic({ name, logic }: Decision, values: FeelValues, context: AdvanceContext): unknown {
  switch (logic.kind) {
    case 'literal':
      return evaluateIn(logic.text, values, context)
    case 'table':
      return evaluateTable(name, logic, values, context)
    case 'leftOut':
      return new Failure('decision', `"${name}" is decided by ${logic.what}, which is not evaluated`)
  }
}

type Hit = unknown[]

function evaluateTable(name: string, table: DecisionTable, values: FeelValues, context: AdvanceContext): unknown {
  const inputs: unknown[] = []
  for (const { text, allowed } of table.inputs) {
    const value = evaluateIn(text, values, context)
    if (value instanceof Failure) return value
    const fits = allowed === null || value === null ? true : testIn(allowed, value, values, context)
    if (fits instanceof Failure) return fits
    if (!fits) return new Failure('decision', `${JSON.stringify(value)} is no value that "${name}" allows for ${text}`)
    inputs.push(value)
  }
  const hits: Hit[] = []
  for (const rule of table.rules) {
    const matches = matchesAll(rule.tests, inputs, values, context)
    if (matches instanceof Failure) return matches
    if (!matches) continue
    const results: unknown[] = []
    for (const text of rule.results) {
      const value = evaluateIn(text, values, context)
      if (value instanceof Failure) return value
      results.push(value)
    }
    hits.push(results)
    if (table.hitPolicy === 'FIRST') break
  }
  return conclude(name, table, hits, values, context)
}

function matchesAll(
  tests: string[],
  inputs: unknown[],
  values: FeelValues,
  context: AdvanceContext,
): boolean | Failure {
  for (const [index, test] of tests.entries()) {
    if (test === '-') continue
    const holds = testIn(test, inputs[index], values, context)
    if (holds !== true) return holds
  }
  return true
}

function conclude(
  name: string,
  table: DecisionTable,
  hits: Hit[],
  values: FeelValues,
  context: AdvanceContext,
): unknown {
  const several = ['COLLECT', 'RULE ORDER', 'OUTPUT ORDER'].includes(table.hitPolicy)
  if (hits.length === 0 && (table.outputs.some(({ fallback }) => fallback !== null) || !several))
    return fallbackOf(table, values, context)
  switch (table.hitPolicy) {
    case 'UNIQUE':
      if (hits.length > 1) return new Failure('decision', `${hits.length} rules of "${name}" match, and it is unique`)
      return shape(table, hits[0] ?? [])
    case 'FIRST':
      return shape(table, hits[0] ?? [])
    case 'ANY': {
      const [first, ...others] = hits.map((hit) => JSON.stringify(hit))
      if (others.some((other) => other !== first))
        return new Failure('decision', `Rules of "${name}" match with different results, and any of them should do`)
      return shape(table, hits[0] ?? [])
    }
    case 'PRIORITY':
    case 'OUTPUT ORDER': {
      const ordered = byPriority(table, hits, values, context)
      if (ordered instanceof Failure) return ordered
      return table.hitPolicy === 'PRIORITY' ? shape(table, ordered[0] ?? []) : ordered.map((hit) => shape(table, hit))
    }
    case 'RULE ORDER':
      return hits.map((hit) => shape(table, hit))
    case 'COLLECT':
      return aggregate(name, table, hits, context)
  }
}

function fallbackOf(table: DecisionTable, values: FeelValues, context: AdvanceContext): unknown {
  const results: unknown[] = []
  for (const { fallback } of table.outputs) {
    const value = fallback === null ? null : evaluateIn(fallback, values, context)
    if (value instanceof Failure) return value
    results.push(value)
  }
  return results.every((value) => value === null) ? null : shape(table, results)
}

/** One output is the value itself, several are a context. */
function shape(table: DecisionTable, hit: Hit): unknown {
  if (table.outputs.length === 1) return hit[0]
  return Object.fromEntries(table.outputs.map(({ name }, index) => [name ?? `output ${index + 1}`, hit[index]]))
}

/** By the order in which the outputs list their values, the first output first. */
function byPriority(table: DecisionTable, hits: Hit[], values: FeelValues, context: AdvanceContext): Hit[] | Failure {
  const ranks: { hit: Hit; rank: number[] }[] = []
  const lists: unknown[][] = []
  for (const { values: listed } of table.outputs) {
    const list = listed === null ? [] : evaluateIn(`[${listed}]`, values, context)
    if (list instanceof Failure) return list
    lists.push(Array.isArray(list) ? list : [])
  }
  for (const hit of hits) {
    const rank = hit.map((value, index) => {
      const at = lists[index]?.findIndex((one) => JSON.stringify(one) === JSON.stringify(value)) ?? -1
      return at < 0 ? Number.MAX_SAFE_INTEGER : at
    })
    ranks.push({ hit, rank })
  }
  ranks.sort((a, b) => {
    const differs = a.rank.findIndex((one, index) => one !== b.rank[index])
    return differs < 0 ? 0 : (a.rank[differs] ?? 0) - (b.rank[differs] ?? 0)
  })
  return ranks.map(({ hit }) => hit)
}

/** DMN 1.3, 8.2.8: of all outputs, equal ones counted as often as they come. The least and greatest are of whatever can be compared. */
function aggregate(name: string, table: DecisionTable, hits: Hit[], context: AdvanceContext): unknown {
  const { aggregation } = table
  if (aggregation === null) return hits.map((hit) => shape(table, hit))
  if (aggregation === 'COUNT') return hits.length
  const [first, ...others] = hits.map(([value]) => value)
  if (hits.length === 0) return null
  const compute = aggregation === 'SUM' ? 'a + b' : `if a ${aggregation === 'MIN' ? '<=' : '>='} b then a else b`
  const computed = others.reduce((a, b) => (a === null ? null : evaluateIn(compute, { a, b }, context)), first)
  const fits =
    aggregation === 'SUM' ? typeof computed === 'number' : others.every((one) => comparable(first, one, context))
  return table.outputs.length === 1 && fits
    ? computed
    : new Failure('decision', `"${name}" is to give a ${aggregation} of what has none`)
}

/** Of one kind, and one of them before the other or equal. */
function comparable(a: unknown, b: unknown, context: AdvanceContext): boolean {
  const ofOneKind = typeof a === typeof b && Object.getPrototypeOf(a) === Object.getPrototypeOf(b)
  return ofOneKind && evaluateIn('a <= b or a > b', { a, b }, context) === true
}
