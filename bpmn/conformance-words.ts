/** The words that the script tasks of a conformance set hold, and the trace they leave. The engine knows none of them. */
import type { Json, Variables } from './case.ts'
import type { Flow, FlowNode } from './flow.ts'
import { suppliedWord } from './script-word.ts'
import type { StagedAnswer } from './stage.ts'

const PREFIX = 'word:'

/** Everything that a case leaves to be read. */
export interface Trace {
  words: string[]
  marker: boolean
  /** When the two timestamp words were written. */
  stamps: [number[], number[]]
}

export const newTrace = (): Trace => ({ words: [], marker: false, stamps: [[], []] })

/** Script tasks that hold a word become calls of it. */
export function withWords(flow: Flow): Flow {
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

/** The call that a word has become. */
export interface WordCall {
  serviceType: string
  elementId: string
  flow: Flow
  /** Epoch ms. */
  now: number
  /** The variables that the task sees. */
  seen: () => Variables
}

/** What a trace comes to, with the incidents that its cases stopped at. */
export function wordsOf(
  { words, marker, stamps }: Trace,
  incidents: { code: string; elementId: string; flow: Flow }[],
): string[] {
  const [[first1, last1], [first2, last2]] = stamps.map((times) => [times[0] ?? NaN, times.at(-1) ?? NaN]) as [
    [number, number],
    [number, number],
  ]
  const parallel = first1 < last2 && first2 < last1
  const errors = new Set(incidents.flatMap(errorsOf))
  return [...words, ...(marker ? ['MARKER_exists'] : []), ...(parallel ? ['EXECUTION_parallel'] : []), ...errors]
}

/** An exclusive gateway without a flow to take leaves the trace as it is; a script that fails is no event that throws. */
function errorsOf({ code, elementId, flow }: { code: string; elementId: string; flow: Flow }): string[] {
  const kind = flow.nodes[elementId]?.kind
  if (code === 'uncaught-error' && kind !== 'serviceTask') return ['ERROR_thrownErrorEvent']
  return code === 'no-flow' && kind === 'exclusiveGateway' ? [] : ['ERROR_runtime']
}

/** What a script task does that holds a word. */
export function answerWord(trace: Trace, { serviceType, elementId, flow, now, seen }: WordCall): StagedAnswer {
  const word = serviceType.slice(PREFIX.length)
  switch (word) {
    case 'CREATE_LOG_FILE':
      trace.words = []
      return { variables: {} }
    case 'CREATE_MARKER_FILE':
      trace.marker = true
      return { variables: {} }
    case 'SET_STRING_DATA':
      return { variables: { [dataName(flow, elementId, 'dataOut')]: 'String' } }
    case 'LOG_DATA': {
      const value: Json | undefined = seen()[dataName(flow, elementId, 'dataIn')]
      if (value === 'String') trace.words.push('DATA_correct')
      return { variables: {} }
    }
    case 'INCREMENT_INTEGER_VARIABLE':
    case 'INCREMENT_INTEGER_VARIABLE_AND_LOG': {
      if (word.endsWith('_LOG')) trace.words.push('INCREMENT_correct')
      return { variables: { integerVariable: Number(seen()['integerVariable'] ?? 0) + 1 } }
    }
    case 'THROW_ERROR':
      return { code: errorCode(flow, elementId), message: 'The script fails' }
    case 'WAIT_TEN_SECONDS':
      return { later: 10_000 }
    case 'CREATE_TIMESTAMP_LOG_1':
    case 'CREATE_TIMESTAMP_LOG_2':
      trace.stamps[word.endsWith('1') ? 0 : 1].push(now)
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
