import { awaited, nextTasks, type Awaited, type NextTask } from '#bpmn/explain.ts'
import type { Flow } from '#bpmn/flow.ts'
import type { CaseState } from '#bpmn/state.ts'
import { workingCalendar } from './calendar.ts'
import type { Holder, NextStep } from './case-view.ts'
import { readClock } from './clock.ts'
import type { Database } from './database.ts'
import { elementName } from './element-name.ts'
import { flowOfVersion } from './flow-versions.ts'
import { holdersOf } from './holders.ts'
import type { Sentence } from './refusal.ts'
import { knowing } from './step-knowledge.ts'
import { wholeFlow } from './whole-flow.ts'

/** What can happen next in a case: the nearest tasks ahead with who could do them and by when, and what else would move it. */
export interface CaseOutlook {
  steps: (NextStep & Pick<NextTask, 'due'>)[]
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
  const [flow, whole, calendar, { now }] = await Promise.all([
    flowOfVersion(db, flowVersionId),
    wholeFlow(db, flowVersionId, state.called),
    workingCalendar(db),
    readClock(db),
  ])
  const next = await knowing({ db, sql: db.sql, flowVersionId }, { now, calendar }, (context) =>
    nextTasks(flow, state, context),
  )
  const ahead = [...new Map(next.map((step) => [sameAs(step), step])).values()].slice(0, MOST)
  const holders = await holdersOf(db.sql, ahead)
  return {
    steps: ahead.map((step, index) => {
      const node = whole.nodes[step.elementId]
      return {
        elementId: step.elementId,
        askVi: node?.properties['imoit.ask.vi'] ?? step.name,
        askEn: node?.properties['imoit.ask.en'] ?? step.name,
        certain: step.certain,
        forEach: step.forEach,
        due: step.due,
        ...(holders[index] ?? nobody),
      }
    }),
    waits: waitsOf(whole, state),
  }
}

const nobody: Holder = { person: null, group: null, unitName: null, unitNameEn: null }

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
