import { awaited, type Awaited, type NextTask } from '#bpmn/explain.ts'
import type { Flow } from '#bpmn/flow.ts'
import type { CaseState } from '#bpmn/state.ts'
import { workingCalendar } from './calendar.ts'
import { readClock } from './clock.ts'
import type { Database } from './database.ts'
import { elementName } from './element-name.ts'
import { nextSteps, type NextStep } from './next-steps.ts'
import type { Sentence } from './refusal.ts'
import { wholeFlow } from './whole-flow.ts'

/** What can happen next in a case: the nearest tasks ahead with who could do them and by when, and what else would move it. */
export interface CaseOutlook {
  steps: NextStep[]
  waits: Wait[]
}

/** Something other than a person that the case waits for. Instants are epoch ms. */
export interface Wait {
  kind: Awaited['kind']
  elementId: string
  element: Sentence
  /** The step it stands at, where that is another element. */
  at: Sentence | null
  dueAt: number | null
  /** Of the message or signal. */
  name: string | null
}

/** How many of each are said: what follows in fifty units is the same fifty times. */
const MOST = 20

/** Messages that the office's own forms answer to are no news. */
const ownMessages = /^imoit\./

/** What can happen next, from where the case stands. */
export async function caseOutlook(
  db: Database,
  { flowVersionId, state }: { flowVersionId: string; state: CaseState },
): Promise<CaseOutlook> {
  if (state.status !== 'running' && state.status !== 'stuck') return { steps: [], waits: [] }
  const [whole, calendar, { now }] = await Promise.all([
    wholeFlow(db, flowVersionId, state.called),
    workingCalendar(db),
    readClock(db),
  ])
  const steps = await nextSteps(db, { flowVersionId, state }, { now, calendar }, (tasks) =>
    [...new Map(tasks.map((task) => [sameAs(task), task])).values()].slice(0, MOST),
  )
  return { steps, waits: waitsOf(whole, state) }
}

/** Tokens of many units that come to the same task for the same people. */
const sameAs = ({ elementId, assignee, candidateGroups }: NextTask) =>
  JSON.stringify([elementId, assignee, candidateGroups])

function waitsOf(flow: Flow, state: CaseState): Wait[] {
  const named = (id: string) => elementName(flow, id)
  const waits = awaited(state).flatMap((one): Wait[] => {
    const name = one.kind === 'message' || one.kind === 'signal' ? one.name : null
    if (name !== null && ownMessages.test(name)) return []
    const at = one.from === one.elementId || one.from === '' ? null : named(one.from)
    const dueAt = one.kind === 'timer' ? one.dueAt : null
    return [{ kind: one.kind, elementId: one.elementId, element: named(one.elementId), at, dueAt, name }]
  })
  return [...new Map(waits.map((wait) => [JSON.stringify(wait), wait])).values()].slice(0, MOST)
}
