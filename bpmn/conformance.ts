/**
 * Runs a conformance set: small processes whose script tasks hold words instead of FEEL, and the trace that each must leave. The
 * words are answered here; the engine knows none of them.
 */
import type { AdvanceContext, Json } from './case.ts'
import { checkBpmn } from './check-file.ts'
import type { Flow, FlowNode } from './flow.ts'
import type { Rehearsal } from './rehearsal.ts'
import { suppliedWord } from './script-word.ts'
import { Stage, type StagedAnswer, type StagedCall } from './stage.ts'
import { visibleVariables } from './state.ts'

export interface ConformanceProcess {
  name: string
  file: string
  cases: ConformanceCase[]
}

export interface ConformanceCase {
  test: string | null
  integerVariable: number
  startParallelProcess: boolean
  delayMs: number
  /** A sorted multiset of words. */
  expect: string[]
}

export interface Verdict {
  name: string
  expected: string[]
  got: string[]
  passed: boolean
}

const START = Date.parse('2026-01-05T01:00:00Z')
const PREFIX = 'word:'

/** Everything that a case leaves to be read. */
interface Trace {
  words: string[]
  marker: boolean
  /** When the two timestamp words were written. */
  stamps: [number[], number[]]
}

/** A verdict for each case of a process; `xml` is the text of its file. */
export async function runConformance(process: ConformanceProcess, xml: string): Promise<Verdict[]> {
  const checked = await checkBpmn(xml, { scriptsSupplied: true })
  const refused = checked.findings.some(({ severity }) => severity === 'error')
  return process.cases.map((one) => {
    const got = refused ? ['ERROR_deployment'] : play(process, one, checked.flows.map(withWords))
    const expected = one.expect.toSorted()
    const either = expected.includes('ERROR')
    const seen = got.map((word) => (either && word.startsWith('ERROR') ? 'ERROR' : word)).toSorted()
    return {
      name: caseName(process, one),
      expected,
      got: seen,
      passed: JSON.stringify(expected) === JSON.stringify(seen),
    }
  })
}

function caseName(process: ConformanceProcess, { test, integerVariable }: ConformanceCase): string {
  const of = [
    ...(test === null ? [] : [`test=${test}`]),
    ...(integerVariable === 0 ? [] : [`integerVariable=${integerVariable}`]),
  ]
  return of.length > 0 ? `${process.name} (${of.join(', ')})` : process.name
}

/** Script tasks that hold a word become calls of it. */
function withWords(flow: Flow): Flow {
  const nodes = Object.values(flow.nodes).map((node): FlowNode => {
    const word = suppliedWord(node)
    if (node.kind !== 'scriptTask' || word === null) return node
    const { script: _script, resultVariable: _result, ...rest } = node
    const call = {
      drawnAs: 'serviceTask' as const,
      serviceType: PREFIX + word,
      retries: null,
      headers: {},
      decision: null,
    }
    return { ...rest, kind: 'serviceTask', ...call }
  })
  const bundled = Object.entries(flow.bundled ?? {}).map(([id, inner]) => [id, withWords(inner)] as const)
  return {
    ...flow,
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
    ...(flow.bundled ? { bundled: Object.fromEntries(bundled) } : {}),
  }
}

function play(process: ConformanceProcess, one: ConformanceCase, flows: Flow[]): string[] {
  const trace: Trace = { words: [], marker: false, stamps: [[], []] }
  const context: AdvanceContext = {
    now: START,
    calendar: {
      timeZone: 'UTC',
      hours: [[0, 1440]],
      workingWeekdays: [0, 1, 2, 3, 4, 5, 6],
      off: new Set(),
      worked: new Set(),
    },
  }
  const stage = new Stage(flows, context, (staged) => say(trace, context, staged))
  const variables = { test: one.test, integerVariable: one.integerVariable }
  const parallel = one.startParallelProcess ? flows.find(({ id }) => id === 'ParallelProcess') : undefined
  if (parallel) stage.start(parallel, variables)
  const main = flows.find(({ id }) => id === process.name) ?? flows[0]
  if (main) stage.start(main, variables)
  stage.passTo(START + one.delayMs)
  return read(trace, stage.cases)
}

function read({ words, marker, stamps }: Trace, cases: Rehearsal[]): string[] {
  const [[first1, last1], [first2, last2]] = stamps.map((times) => [times[0] ?? NaN, times.at(-1) ?? NaN]) as [
    [number, number],
    [number, number],
  ]
  const parallel = first1 < last2 && first2 < last1
  const errors = new Set(cases.flatMap(errorsOf))
  return [...words, ...(marker ? ['MARKER_exists'] : []), ...(parallel ? ['EXECUTION_parallel'] : []), ...errors]
}

/** An exclusive gateway without a flow to take leaves the trace as it is. */
function errorsOf(played: Rehearsal): string[] {
  return [...played.incidents.values()].flatMap(({ code, elementId }) => {
    if (code === 'uncaught-error') return 'ERROR_thrownErrorEvent'
    const exclusive = played.flow.nodes[elementId]?.kind === 'exclusiveGateway'
    return code === 'no-flow' && exclusive ? [] : 'ERROR_runtime'
  })
}

function say(trace: Trace, context: AdvanceContext, { played, call }: StagedCall): StagedAnswer {
  const word = call.serviceType.slice(PREFIX.length)
  const seen = () => visibleVariables(played.state, call.callId)
  switch (word) {
    case 'CREATE_LOG_FILE':
      trace.words = []
      return { variables: {} }
    case 'CREATE_MARKER_FILE':
      trace.marker = true
      return { variables: {} }
    case 'SET_STRING_DATA':
      return { variables: { [dataName(played.flow, call.elementId, 'dataOut')]: 'String' } }
    case 'LOG_DATA': {
      const value: Json | undefined = seen()[dataName(played.flow, call.elementId, 'dataIn')]
      if (value === 'String') trace.words.push('DATA_correct')
      return { variables: {} }
    }
    case 'INCREMENT_INTEGER_VARIABLE':
    case 'INCREMENT_INTEGER_VARIABLE_AND_LOG': {
      if (word.endsWith('_LOG')) trace.words.push('INCREMENT_correct')
      return { variables: { integerVariable: Number(seen()['integerVariable'] ?? 0) + 1 } }
    }
    case 'THROW_ERROR':
      return { code: errorCode(played.flow, call.elementId), message: 'The script fails' }
    case 'WAIT_TEN_SECONDS':
      return { later: 10_000 }
    case 'CREATE_TIMESTAMP_LOG_1':
    case 'CREATE_TIMESTAMP_LOG_2':
      trace.stamps[word.endsWith('1') ? 0 : 1].push(context.now)
      return { variables: {} }
    default:
      trace.words.push(word)
      return { variables: {} }
  }
}

/** What the task's data association names, else the one variable that the process declares. */
function dataName(flow: Flow, elementId: string, side: 'dataIn' | 'dataOut'): string {
  const node = flow.nodes[elementId]
  const copy = node?.[side]?.[0]
  if (copy) return side === 'dataIn' ? copy.to : copy.from
  const holder = flow.nodes[node?.parent ?? '']
  return node?.data?.[0] ?? holder?.data?.[0] ?? flow.data?.[0] ?? 'data'
}

/** A failing script throws the error that its task's boundary names, else the first one of the file. */
function errorCode(flow: Flow, elementId: string): string {
  const events = Object.values(flow.nodes).toSorted((a, b) => Number(isOn(b, elementId)) - Number(isOn(a, elementId)))
  for (const node of events)
    if ('event' in node && node.event.type === 'error' && node.event.code) return node.event.code
  return 'ERROR'
}

function isOn(node: FlowNode, elementId: string): boolean {
  return node.kind === 'boundaryEvent' && node.attachedTo === elementId
}
