import { nextTasks, type NextTask } from '#bpmn/explain.ts'
import type { CaseState } from '#bpmn/state.ts'
import type { WorkingCalendar } from '#bpmn/working-time.ts'
import type { Holder } from './case-view.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'
import { holdersOf } from './holders.ts'
import { knowing } from './step-knowledge.ts'
import { wholeFlow } from './whole-flow.ts'

/** A user task that may come next, and who would get it as far as that is known. */
export interface NextStep extends Holder, Pick<NextTask, 'elementId' | 'certain' | 'forEach' | 'due'> {
  askVi: string
  askEn: string
}

/** The user tasks that can come next in a case, nearest first, each as often as tokens come to it; `wanted` picks from them. */
export async function nextSteps(
  db: Database,
  { flowVersionId, state }: { flowVersionId: string; state: CaseState },
  context: { now: number; calendar: WorkingCalendar },
  wanted: (tasks: NextTask[]) => NextTask[],
): Promise<NextStep[]> {
  const [flow, whole] = await Promise.all([
    flowOfVersion(db, flowVersionId),
    wholeFlow(db, flowVersionId, state.called),
  ])
  const tasks = wanted(
    await knowing({ db, sql: db.sql, flowVersionId }, context, (known) => nextTasks(flow, state, known)),
  )
  const holders = await holdersOf(db.sql, tasks)
  return tasks.map((task, index) => {
    const node = whole.nodes[task.elementId]
    return {
      elementId: task.elementId,
      askVi: node?.properties['imoit.ask.vi'] ?? task.name,
      askEn: node?.properties['imoit.ask.en'] ?? task.name,
      certain: task.certain,
      forEach: task.forEach,
      due: task.due,
      ...(holders[index] ?? nobody),
    }
  })
}

const nobody: Holder = { person: null, group: null, unitName: null, unitNameEn: null }
