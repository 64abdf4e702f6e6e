import { drawnTasks, type DrawnTask } from '#bpmn/explain.ts'
import type { Holder } from './case-view.ts'
import type { Database } from './database.ts'
import { asDrawn, elementName } from './element-name.ts'
import { flowOfVersion } from './flow-versions.ts'
import { holdersOf } from './holders.ts'
import type { Sentence } from './refusal.ts'

/** A step of a flow that people do: who may, by when, and what comes after it. */
export interface FlowStep extends Pick<DrawnTask, 'elementId' | 'dueAt' | 'sla' | 'workingTime' | 'first'> {
  step: Sentence
  /** Known before any case; null where the flow computes it. */
  holder: Holder | null
  /** As the flow computes it, in FEEL. */
  computed: string | null
  then: (Sentence & { certain: boolean })[]
}

/** The steps of a published version in the order of the way through it. */
export async function flowOutlook(db: Database, versionId: string): Promise<FlowStep[]> {
  const flow = await flowOfVersion(db, versionId)
  const tasks = drawnTasks(flow)
  const plain = tasks.map(({ assignee, candidateGroups, lane }) => {
    const group = candidateGroups ?? (assignee === null && lane !== null ? `lane:${lane}` : null)
    const groups = group === null || group.startsWith('=') ? [] : group.split(',').map((name) => name.trim())
    return { assignee: assignee?.startsWith('=') === false ? assignee : null, candidateGroups: groups }
  })
  const holders = await holdersOf(db.sql, plain)
  const first = tasks.filter((task) => task.first)
  const rest = tasks.filter((task) => !task.first)
  return [...first.sort((a, b) => asDrawn(flow)(a.elementId, b.elementId)), ...rest].map((task) => {
    const index = tasks.indexOf(task)
    const said = plain[index]
    const isPlain = said !== undefined && (said.assignee !== null || said.candidateGroups.length > 0)
    const { elementId, dueAt, sla, workingTime, first: begins } = task
    return {
      elementId,
      dueAt,
      sla,
      workingTime,
      first: begins,
      step: elementName(flow, elementId),
      holder: isPlain ? (holders[index] ?? null) : null,
      computed: isPlain ? null : (task.assignee ?? task.candidateGroups),
      then: task.then.map((next) => ({ ...elementName(flow, next.elementId), certain: next.certain })),
    }
  })
}
