/**
 * Runs a conformance set: small processes whose script tasks hold words instead of FEEL, and the trace that each must leave.
 */
import type { AdvanceContext } from './case.ts'
import { checkBpmn } from './check-file.ts'
import { answerWord, newTrace, withWords, wordsOf } from './conformance-words.ts'
import type { Flow } from './flow.ts'
import { Stage } from './stage.ts'
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

/** Where the clock of a case begins. */
const START = Date.parse('2026-01-05T01:00:00Z')

/** A verdict for each case of a process; `xml` is the text of its file. */
export async function runConformance(process: ConformanceProcess, xml: string): Promise<Verdict[]> {
  const checked = await checkBpmn(xml, { scriptsSupplied: true })
  const refused = checked.findings.some(({ severity }) => severity === 'error')
  return process.cases.map((one) =>
    verdictOf(process, one, refused ? ['ERROR_deployment'] : play(process, one, checked.flows.map(withWords))),
  )
}

/** Whether a case came out as the set says. */
export function verdictOf(process: ConformanceProcess, one: ConformanceCase, got: string[]): Verdict {
  const expected = one.expect.toSorted()
  const either = expected.includes('ERROR')
  const seen = got.map((word) => (either && word.startsWith('ERROR') ? 'ERROR' : word)).toSorted()
  return {
    name: caseName(process, one),
    expected,
    got: seen,
    passed: JSON.stringify(expected) === JSON.stringify(seen),
  }
}

function caseName(process: ConformanceProcess, { test, integerVariable }: ConformanceCase): string {
  const of = [
    ...(test === null ? [] : [`test=${test}`]),
    ...(integerVariable === 0 ? [] : [`integerVariable=${integerVariable}`]),
  ]
  return of.length > 0 ? `${process.name} (${of.join(', ')})` : process.name
}

function play(process: ConformanceProcess, one: ConformanceCase, flows: Flow[]): string[] {
  const trace = newTrace()
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
  const stage = new Stage(flows, context, ({ played, call }) =>
    answerWord(trace, {
      ...call,
      flow: played.flow,
      now: context.now,
      seen: () => visibleVariables(played.state, call.callId),
    }),
  )
  const variables = { test: one.test, integerVariable: one.integerVariable }
  const parallel = one.startParallelProcess ? flows.find(({ id }) => id === 'ParallelProcess') : undefined
  if (parallel) stage.start(parallel, variables)
  const main = flows.find(({ id }) => id === process.name) ?? flows[0]
  if (main) stage.start(main, variables)
  stage.passTo(START + one.delayMs)
  const incidents = stage.cases.flatMap((played) =>
    [...played.incidents.values()].map((incident) => ({ ...incident, flow: played.flow })),
  )
  return wordsOf(trace, incidents)
}
