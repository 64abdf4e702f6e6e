import type { CaseChange, Json } from '#bpmn/case.ts'
import type { Flow, FlowNode } from '#bpmn/flow.ts'
import type { CasePerson, CaseTask } from './case-view.ts'
import type { Database } from './database.ts'
import { personOf } from './holders.ts'

/** What happened, oldest first. */
export interface HistoryLine {
  seq: number
  /** epoch ms */
  at: number
  act: 'started' | 'completed' | 'takenBack' | 'system' | 'modified' | 'migrated' | 'retried' | 'skipped' | 'ended'
  by: CasePerson | null
  taskId: string | null
  formKey: string | null
  outcome: string | null
  nameVi: string
  nameEn: string
  opinion: string | null
  /** The version of a file that was decided on. */
  sha256: string | null
  /** Units named in a direction, and its deadline. */
  units: { lead: UnitName; coordinating: UnitName[]; information: UnitName[]; deadline: string } | null
  /** What an administrator changed, and the version that they moved the case to. */
  changes: ChangeMade[]
  version: number | null
}

/** A change by an administrator, with the elements' names where it is about any. */
export interface ChangeMade {
  do: CaseChange['do']
  from: UnitName | null
  to: UnitName | null
  variables: string[]
}

/** How it stands in the event's record (`case-changes.ts`): elements' ids. */
export interface RecordedChange {
  do: CaseChange['do']
  from?: string
  to?: string
  variables?: string[]
}

export interface UnitName {
  vi: string
  en: string
}

export interface EventRow {
  seq: number
  at: number
  type: string
  by: CasePerson | null
  taskId: string | null
  elementId: string | null
  record: Record<string, Json> | null
  trace: { elementId: string; act: string; flowId?: string }[] | null
  /** Of the move to another version: what the elements are called there. */
  migrated: { from: string; version: number; map: Record<string, string> } | null
}

/** How much of a long case is read: a notice to every unit has some 70 steps. */
export const MOST_ROWS = 400

/** What happened in a case, oldest first. */
export function readEvents(db: Database, caseId: string): Promise<EventRow[]> {
  const { sql } = db
  return sql<EventRow[]>`
    select e.seq, floor(extract(epoch from e.at) * 1000)::float8 as at, e.type, ${personOf(sql, sql`e.post_id`)} as by,
      e.data->'task'->>'id' as "taskId", e.data->'task'->>'elementId' as "elementId", e.data->'record' as record, e.data->'trace' as trace,
      case when e.type = 'caseMigrated' then jsonb_build_object('from', e.data->'event'->>'from', 'map', e.data->'event'->'map',
        'version', (select v.version from flow_versions v where v.id = (e.data->'event'->>'to')::uuid)) end as migrated
    from case_events e where e.case_id = ${caseId} order by e.seq limit ${MOST_ROWS}`
}

const nameOf = (node: FlowNode | undefined, id: string) => ({
  nameVi: node?.name || id,
  nameEn: node?.properties['imoit.name.en'] ?? node?.name ?? id,
})

/** An event with the version that the case was on, and what an element of that is called in the version it is on now. */
export interface VersionedEvent extends EventRow {
  versionId: string
  now: (elementId: string) => string
}

/** Of events that are read oldest first: a case may have been moved from version to version. */
export function eventsByVersion(newest: string, events: readonly EventRow[]): VersionedEvent[] {
  let [versionId, now]: [string, VersionedEvent['now']] = [newest, (id) => id]
  const known: VersionedEvent[] = []
  for (const event of events.toReversed()) {
    known.unshift({ ...event, versionId, now })
    if (!event.migrated) continue
    const [{ from, map }, later] = [event.migrated, now]
    versionId = from
    now = (id) => later(map[id] ?? id)
  }
  return known
}

/** The history in words and names. What led nowhere in the flow, such as a reminder, is left out. */
export function historyOf(
  flowOf: (versionId: string) => Flow,
  events: VersionedEvent[],
  tasks: ReadonlyMap<string, CaseTask>,
  units: ReadonlyMap<string, UnitName>,
): HistoryLine[] {
  return events.flatMap((event): HistoryLine[] => {
    const record = event.record ?? {}
    const flow = flowOf(event.versionId)
    const named = (id: string | undefined) => {
      if (id === undefined) return null
      const { nameVi, nameEn } = nameOf(flow.nodes[id], id)
      return { vi: nameVi, en: nameEn }
    }
    const text = (name: string) => (typeof record[name] === 'string' ? record[name] : null)
    const task = event.taskId === null ? undefined : tasks.get(event.taskId)
    const shared = { seq: event.seq, at: event.at, by: event.by, taskId: event.taskId, opinion: text('opinion') }
    const line = (act: HistoryLine['act'], elementId: string): HistoryLine => ({
      ...shared,
      act,
      formKey: task?.formKey ?? null,
      outcome: text('outcome'),
      ...nameOf(flow.nodes[elementId], elementId),
      sha256: text('sha256'),
      units: directionIn(record, units),
      version: event.migrated?.version ?? null,
      changes: changesIn(record).map(({ from, to, variables = [], ...change }) => ({
        ...change,
        from: named(from),
        to: named(to),
        variables,
      })),
    })
    if (event.type === 'start') return [line('started', flow.startEvents[0] ?? flow.id)]
    if (event.type === 'taskCompleted' && event.elementId) return [line('completed', event.elementId)]
    if (record.takenBack === true) return [line('takenBack', event.trace?.[0]?.elementId ?? '')]
    const act = ADMINISTERED[event.type]
    if (act) return [line(act, text('elementId') ?? event.trace?.[0]?.elementId ?? flow.id)]
    // A reminder leaves no trace in the flow; a deadline that routes and an answer from outside do.
    const first = event.trace?.find((step) => flow.nodes[step.elementId])
    return first ? [line('system', first.elementId)] : []
  })
}

/** What only administrators do. */
const ADMINISTERED: Partial<Record<string, HistoryLine['act']>> = {
  caseModified: 'modified',
  caseMigrated: 'migrated',
  incidentRetried: 'retried',
  incidentSkipped: 'skipped',
  caseCancelled: 'ended',
}

const changesIn = (record: Record<string, Json>) =>
  Array.isArray(record.changes) ? (record.changes as unknown as RecordedChange[]) : []

function directionIn(record: Record<string, Json>, units: ReadonlyMap<string, UnitName>): HistoryLine['units'] {
  const name = (code: string) => units.get(code) ?? { vi: code, en: code }
  const names = (value: Json | undefined) =>
    Array.isArray(value) ? value.flatMap((code) => (typeof code === 'string' ? [name(code)] : [])) : []
  if (typeof record.leadUnit !== 'string' || typeof record.deadline !== 'string') return null
  return {
    lead: name(record.leadUnit),
    coordinating: names(record.coordinatingUnits),
    information: names(record.informationUnits),
    deadline: record.deadline,
  }
}
