import { evaluate, FeelFunction, parseDate, parseDateTime, parseExpression, parseUnaryTests } from 'feelin'
import type { AdvanceContext, Json } from './case.ts'
import { Failure } from './failure.ts'
import type { Expression } from './flow.ts'
import { isoInZone, parseInstant } from './time-zone.ts'
import { addWorkingTime } from './working-time.ts'

export const MAX_FEEL_LENGTH = 4000
const MAX_FEEL_NESTING = 50
/** Items that all loops of one evaluation may go over together. */
const MAX_FEEL_ITERATIONS = 100_000
const CACHE_SIZE = 2000

/** What an expression may read; undefined where there is no such variable. */
export type Scope = (name: string) => Json | undefined

interface Compiled {
  /** Free names of the expression, builtins among them. */
  names: string[]
  run: (...values: unknown[]) => unknown
  warnings: { type: string; message: string }[]
}

const cache = new Map<string, Compiled | Failure>()

/** Is it FEEL ("=…") rather than a text of its own? */
export function isFeel(expression: Expression): boolean {
  return expression.startsWith('=')
}

/** Null when the FEEL parses, else why it does not. `expression` with its leading "=". */
export function feelProblem(expression: Expression): Failure | null {
  const compiled = compile(expression.slice(1))
  return compiled instanceof Failure ? compiled : null
}

/** Every name in the expression, also those that are bound inside it or FEEL's own: it can depend on no other variable. */
export function feelNames(expression: Expression): string[] {
  const compiled = compile(expression.slice(1))
  return compiled instanceof Failure ? [] : compiled.names
}

/** Variables that the expression reads for certain: neither bound inside it, nor perhaps an entry of what it filters. */
export function feelVariables(expression: Expression): string[] {
  const text = expression.slice(1)
  if (compile(text) instanceof Failure) return []
  const free = new Set<string>()
  parseExpression(text, {}, undefined).iterate({
    enter({ name, node, from, to }) {
      if (name === 'VariableName' && isFree(node, text)) free.add(text.slice(from, to))
    },
  })
  return [...free]
}

type SyntaxNode = ReturnType<typeof parseExpression>['topNode']

/** Where names are bound, and the way from there to each of them. */
const BINDERS: Record<string, string[]> = {
  ForExpression: ['InExpressions', 'InExpression', 'Name'],
  QuantifiedExpression: ['InExpressions', 'InExpression', 'Name'],
  FunctionDefinition: ['FormalParameters', 'FormalParameter', 'ParameterName'],
  Context: ['ContextEntry', 'Key'],
}

function isFree(variable: SyntaxNode, text: string): boolean {
  const name = text.slice(variable.from, variable.to)
  if (variable.parent?.name === 'FunctionInvocation' && variable.prevSibling === null) return false
  for (let inner = variable, node = variable.parent; node; inner = node, node = node.parent) {
    if (node.name === 'Type' || (node.name === 'FilterExpression' && inner.prevSibling !== null)) return false
    // what a loop has given so far
    if (node.name === 'ForExpression' && name === 'partial') return false
    const way = BINDERS[node.name] ?? []
    const bound = way.reduce((nodes, step) => nodes.flatMap((one) => one.getChildren(step)), [node])
    if (way.length > 0 && bound.some(({ from, to }) => text.slice(from, to) === name)) return false
  }
  return true
}

/**
 * Evaluates FEEL with a leading "=", and gives any other text back as it is. Dates, times and durations become their ISO
 * text. A missing variable is null, as FEEL has it; what cannot be evaluated at all is a Failure `feel`.
 */
export function evaluateFeel(expression: Expression, scope: Scope, context: AdvanceContext): Json | Failure {
  if (!isFeel(expression)) return expression
  const compiled = compile(expression.slice(1))
  if (compiled instanceof Failure) return compiled
  spendAnew()
  try {
    const value = compiled.run(...compiled.names.map((name) => resolve(name, scope, context)))
    const broken = compiled.warnings.find((warning) => warning.type === 'NO_FUNCTION_FOUND')
    if (broken) return new Failure('feel', `${broken.message} in "${expression}"`)
    return toJson(value, 0)
  } catch (error) {
    return new Failure('feel', `"${expression}": ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    compiled.warnings.length = 0
  }
}

/**
 * feelin parses at each evaluation (0.3 ms). A FEEL function value, though, keeps its tree: so the expression is compiled as
 * the body of a function over its free names, once, and called after that in under a microsecond.
 */
function compile(text: string): Compiled | Failure {
  const known = cache.get(text)
  if (known) return known
  const compiled = compileNew(text)
  if (cache.size >= CACHE_SIZE) {
    const oldest = cache.keys().next().value
    if (oldest !== undefined) cache.delete(oldest)
  }
  cache.set(text, compiled)
  return compiled
}

function sizeProblem(text: string): Failure | null {
  if (text.length > MAX_FEEL_LENGTH)
    return new Failure('feel-size', `The expression is longer than ${MAX_FEEL_LENGTH} characters`)
  if (nesting(text) > MAX_FEEL_NESTING)
    return new Failure('feel-size', `The expression nests deeper than ${MAX_FEEL_NESTING}`)
  return text.trim() === '' ? new Failure('feel-syntax', 'The expression is empty') : null
}

function compileNew(text: string): Compiled | Failure {
  const problem = sizeProblem(text)
  if (problem) return problem
  try {
    const { names, bounded } = analyse(text)
    const parameters = [...names, RANGE_GUARD, LIST_GUARD]
    const { value, warnings } = evaluate(`function(${parameters.join(', ')}) ${bounded}`, {})
    if (!(value instanceof FeelFunction)) return new Failure('feel-syntax', `"${text}" is not one expression`)
    const { fn } = value
    return { names, warnings, run: (...values) => fn(...values, boundRange, boundList) as unknown }
  } catch (error) {
    return new Failure('feel-syntax', `"${text}": ${error instanceof Error ? error.message : String(error)}`)
  }
}

function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  for (const character of text) {
    if (character === '(' || character === '[' || character === '{') deepest = Math.max(deepest, ++depth)
    else if (character === ')' || character === ']' || character === '}') depth--
  }
  // words nest as well: if … then … else if …, for … return for …
  return deepest + (text.match(/\b(if|for|some|every|function)\b/g)?.length ?? 0)
}

const RANGE_GUARD = 'boundedRangeEnd'
const LIST_GUARD = 'boundedList'

/** Finds the free names, and puts a guard around everything that a loop goes over. */
function analyse(text: string, tree = parseExpression(text, {}, undefined)): { names: string[]; bounded: string } {
  const names = new Set<string>()
  const insertions: { at: number; text: string }[] = []
  tree.iterate({
    enter(node) {
      if (node.name === 'VariableName') {
        const name = text.slice(node.from, node.to)
        if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) names.add(name)
      }
      if (node.name !== 'IterationContext') return
      const from = node.node.firstChild
      const to = node.node.lastChild
      if (!from || !to) return
      if (from.from === to.from) {
        insertions.push({ at: from.from, text: `${LIST_GUARD}(` }, { at: from.to, text: ')' })
      } else {
        const start = text.slice(from.from, from.to)
        insertions.push({ at: to.from, text: `${RANGE_GUARD}(${start}, ` }, { at: to.to, text: ')' })
      }
    },
  })
  let bounded = text
  for (const insertion of insertions.sort((a, b) => b.at - a.at)) {
    bounded = bounded.slice(0, insertion.at) + insertion.text + bounded.slice(insertion.at)
  }
  return { names: [...names], bounded }
}

/** The text with a guard around every loop, and the guards. For unary tests as for expressions. */
export function boundLoops(
  text: string,
  values: Record<string, unknown>,
  unary: boolean,
): { text: string; guards: Record<string, unknown> } | Failure {
  const problem = sizeProblem(text)
  if (problem) return problem
  const tree = unary ? parseUnaryTests(text, values, undefined) : parseExpression(text, values, undefined)
  return { text: analyse(text, tree).bounded, guards: { [RANGE_GUARD]: boundRange, [LIST_GUARD]: boundList } }
}

/** Begins an evaluation: its loops may go over so many items again. */
export function spendAnew(): void {
  budget = MAX_FEEL_ITERATIONS
}

/** Evaluation is synchronous, so one counter serves; set at the start of each. */
let budget = MAX_FEEL_ITERATIONS

function spend(items: number): void {
  budget -= items
  if (budget < 0) throw new RangeError(`goes over more than ${MAX_FEEL_ITERATIONS} items`)
}

function boundRange(from: unknown, to: unknown): unknown {
  if (typeof from === 'number' && typeof to === 'number') spend(Math.abs(to - from) + 1)
  return to
}

function boundList(list: unknown): unknown {
  if (Array.isArray(list)) spend(list.length)
  else if (typeof list === 'object' && list !== null && 'start' in list && 'end' in list)
    boundRange(list.start, list.end)
  return list
}

function resolve(name: string, scope: Scope, context: AdvanceContext): unknown {
  const value = scope(name)
  if (value !== undefined) return value
  return OWN_FUNCTIONS.has(name) ? ownFunctions(context)[name] : undefined
}

const OWN_FUNCTIONS: ReadonlySet<string> = new Set(['now', 'today', 'addWorkingTime'])

/** What FEEL may call of the one clock and the working calendar. */
export function ownFunctions(context: AdvanceContext): Record<string, (...values: unknown[]) => unknown> {
  const zone = context.calendar.timeZone
  return {
    now: () => parseDateTime(isoInZone(zone, context.now)),
    today: () => parseDate(isoInZone(zone, context.now).slice(0, 10)),
    addWorkingTime: (from, duration) => {
      const start = parseInstant(zone, String(from))
      const end = start === null ? null : addWorkingTime(context.calendar, start, String(duration))
      return end === null ? null : isoInZone(zone, end)
    },
  }
}

const MAX_JSON_DEPTH = 50

export function toJson(value: unknown, depth: number): Json | Failure {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'function' || value instanceof FeelFunction)
    return new Failure('feel', 'The result is a function')
  if (depth > MAX_JSON_DEPTH) return new Failure('feel', 'The result nests too deep')
  if (Array.isArray(value)) {
    const list: Json[] = []
    for (const item of value) {
      const json = toJson(item, depth + 1)
      if (json instanceof Failure) return json
      list.push(json)
    }
    return list
  }
  if (typeof value !== 'object') return String(value)
  if ('toJSON' in value || Object.getPrototypeOf(value) !== Object.prototype) return String(value)
  const result: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    const json = toJson(item, depth + 1)
    if (json instanceof Failure) return json
    result[key] = json
  }
  return result
}
