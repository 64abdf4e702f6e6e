import { sql as fragment } from 'drizzle-orm'
import type { Flow } from '#bpmn/flow.ts'
import { readState } from '#bpmn/formats.ts'
import type { CaseState } from '#bpmn/state.ts'
import {
  eventsByVersion,
  historyOf,
  MOST_ROWS,
  readEvents,
  type HistoryLine,
  type UnitName,
  type VersionedEvent,
} from './case-history.ts'
import type { Database } from './database.ts'
import { personOf } from './holders.ts'
import { documents } from './tables/documents.ts'
import { TAKE_BACK } from './take-back.ts'
import { visibleDocument, type Viewer } from './visibility.ts'
import { drawnAt, wholeFlow } from './whole-flow.ts'

/** Somebody in a post, as histories name them. */
export interface CasePerson {
  postId: string
  fullName: string
  title: string
  titleEn: string
  unitName: string
  unitNameEn: string
}

/** Who has a task: a person, or the relation whose queue it lies in ("unit:TMDT:head") with that unit's name. */
export interface Holder {
  person: CasePerson | null
  group: string | null
  unitName: string | null
  unitNameEn: string | null
}

/** A task of a case, open or ended. Instants are epoch ms. */
export interface CaseTask extends Holder {
  taskId: string
  elementId: string
  formKey: string | null
  askVi: string
  askEn: string
  part: string | null
  state: 'open' | 'completed' | 'cancelled'
  openedAt: number
  dueAt: number | null
  begun: boolean
  endedAt: number | null
  endedBy: CasePerson | null
  outcome: string | null
  opinion: string | null
}

export interface FlowStepName {
  id: string
  vi: string
  en: string
}

export interface CaseView {
  caseId: string
  documentId: string | null
  status: 'running' | 'stuck' | 'completed' | 'terminated' | 'failed'
  /** epoch ms */
  startedAt: number
  endedAt: number | null
  flow: { name: string; nameEn: string; version: number; xml: string }
  active: string[]
  done: string[]
  incidents: string[]
  steps: FlowStepName[]
  tasks: CaseTask[]
  history: HistoryLine[]
}

export interface CaseRow {
  caseId: string
  documentId: string | null
  status: CaseView['status']
  startedAt: number
  endedAt: number | null
  flowVersionId: string
  state: CaseState
}

type TaskRow = Omit<CaseTask, 'askVi' | 'askEn' | keyof Holder> & {
  name: string
  askVi: string | null
  askEn: string | null
  holder: CasePerson | null
  groupKey: string | null
  groupUnit: string | null
  groupUnitEn: string | null
}

/** Everything about a case that the viewer may know; null when there is no such case for them. One round trip, five queries. */
export async function readCaseView(db: Database, viewer: Viewer, caseId: string): Promise<CaseView | null> {
  const [row, tasks, events, incidents, units] = await Promise.all([
    readCase(db, viewer, caseId),
    readTasks(db, caseId),
    readEvents(db, caseId),
    db.sql<{ elementId: string }[]>`
      select element_id as "elementId" from incidents where case_id = ${caseId} and resolved_at is null`,
    db.sql<({ code: string } & UnitName)[]>`select code, name as vi, name_en as en from units`,
  ])
  if (!row) return null
  const versions = [row.flowVersionId, ...events.flatMap(({ migrated }) => migrated?.from ?? [])]
  const [drawing, ...flows] = await Promise.all([
    drawingOf(db, row.flowVersionId),
    ...versions.map((id) => wholeFlow(db, id, row.state.called)),
  ])
  return viewOf(
    row,
    { flows: new Map(versions.map((id, index) => [id, flows[index]!])), drawing },
    {
      tasks,
      events: eventsByVersion(row.flowVersionId, events),
      incidents: incidents.map((each) => each.elementId),
      units: new Map(units.map(({ code, ...name }) => [code, name])),
    },
  )
}

/** Is there such a case for the viewer? */
export async function isVisibleCase(db: Database, viewer: Viewer, caseId: string): Promise<boolean> {
  return (await readCase(db, viewer, caseId)) !== undefined
}

/** Where a case stands, for whoever may see it. */
export async function readCase(db: Database, viewer: Viewer, caseId: string): Promise<CaseRow | undefined> {
  const rows = await db.orm.execute<Record<string, unknown>>(fragment`
    select c.id as "caseId", c.document_id as "documentId", c.status, s.state, c.flow_version_id as "flowVersionId",
      floor(extract(epoch from c.started_at) * 1000)::float8 as "startedAt", floor(extract(epoch from c.ended_at) * 1000)::float8 as "endedAt"
    from cases c join case_states s on s.case_id = c.id
    where c.id = ${caseId}::uuid and (
      exists (select 1 from ${documents} where ${documents.id} = c.document_id and ${visibleDocument(viewer, documents)})
      or (c.document_id is null and exists (select 1 from tasks t where t.case_id = c.id and (t.assignee_post = ${viewer.postId}::uuid
        or t.candidate_groups && ${fragment.param(viewer.groups)}::text[]))))`)
  const row = rows[0] as unknown as CaseRow | undefined
  return row && { ...row, state: readState(row.state) }
}

function readTasks(db: Database, caseId: string): Promise<TaskRow[]> {
  const { sql } = db
  return sql<TaskRow[]>`
    select t.id as "taskId", t.element_id as "elementId", t.form_key as "formKey", t.name, t.properties->>'imoit.ask.vi' as "askVi",
      t.properties->>'imoit.ask.en' as "askEn", t.part, t.state, floor(extract(epoch from t.opened_at) * 1000)::float8 as "openedAt",
      floor(extract(epoch from t.due_at) * 1000)::float8 as "dueAt", t.begun_at is not null as begun,
      floor(extract(epoch from t.ended_at) * 1000)::float8 as "endedAt", t.outcome, t.opinion,
      ${personOf(sql, sql`t.assignee_post`)} as holder, ${personOf(sql, sql`t.ended_by_post`)} as "endedBy",
      t.candidate_groups[1] as "groupKey", u.name as "groupUnit", u.name_en as "groupUnitEn"
    from tasks t left join units u on t.candidate_groups[1] like 'unit:%' and u.code = split_part(t.candidate_groups[1], ':', 2)
    where t.case_id = ${caseId} order by t.opened_at, t.token limit ${MOST_ROWS}`
}

interface Drawing {
  name: string
  nameEn: string
  version: number
  xml: string
}
const drawings = new Map<string, Drawing>()

/** A published version never changes: its drawing is read once by each process. */
async function drawingOf(db: Database, versionId: string): Promise<Drawing> {
  const known = drawings.get(versionId)
  if (known) return known
  const [row] = await db.sql<Drawing[]>`
    select name, name_en as "nameEn", version, xml from flow_versions where id = ${versionId}`
  if (!row) throw new Error(`no flow version ${versionId}`)
  drawings.set(versionId, row)
  return row
}

function viewOf(
  row: CaseRow,
  { flows, drawing }: { flows: ReadonlyMap<string, Flow>; drawing: Drawing },
  read: { tasks: TaskRow[]; events: VersionedEvent[]; incidents: string[]; units: ReadonlyMap<string, UnitName> },
): CaseView {
  const { state, flowVersionId, ...known } = row
  const flow = flows.get(flowVersionId)
  if (!flow) throw new Error(`no flow version ${flowVersionId}`)
  // A token that waits for a sub-process of its own stands inside it; the sub-process is neither done nor a step by itself.
  const drawn = (id: string) => drawnAt(state.called, id)
  const active = [...new Set(state.tokens.flatMap((token) => (token.child === undefined ? [drawn(token.at)] : [])))]
  const entered = new Set(state.tokens.map((token) => token.at))
  const tasks = read.tasks.map(taskOf)
  const passed = new Set(
    read.events.flatMap((event) =>
      (event.trace ?? []).flatMap((step) => [
        ...(step.act === 'left' ? [event.now(step.elementId)] : []),
        ...(step.flowId ? [step.flowId] : []),
      ]),
    ),
  )
  return {
    ...known,
    flow: { ...drawing, nameEn: flow.properties['imoit.name.en'] ?? drawing.nameEn },
    active,
    done: [...passed].filter((id) => !entered.has(id)),
    incidents: [...new Set(read.incidents.map(drawn))],
    steps: Object.values(flow.nodes)
      .filter((node) => node.kind === 'userTask' && drawn(node.id) === node.id)
      .map((node) => ({ id: node.id, vi: node.name, en: node.properties['imoit.name.en'] ?? node.name })),
    tasks,
    history: historyOf(
      (version) => flows.get(version) ?? flow,
      read.events,
      new Map(tasks.map((task) => [task.taskId, task])),
      read.units,
    ),
  }
}

function taskOf({ name, holder, groupKey, groupUnit, groupUnitEn, ...task }: TaskRow): CaseTask {
  return {
    ...task,
    askVi: task.askVi ?? name,
    askEn: task.askEn ?? name,
    person: holder,
    group: groupKey,
    unitName: groupUnit,
    unitNameEn: groupUnitEn,
  }
}

/** Can the viewer take back something in this case? The newest of what they passed on, while nobody has begun. */
export async function takeBackOfferOf(
  db: Database,
  viewer: Viewer,
  caseId: string,
): Promise<{ subscriptionId: string } | null> {
  const [offer] = await db.sql<{ subscriptionId: string }[]>`
    select s.subscription_id as "subscriptionId" from subscriptions s
    where s.case_id = ${caseId} and s.message_name = ${TAKE_BACK} and s.since_post = ${viewer.postId}
      and not exists (select 1 from tasks t where t.case_id = s.case_id and (t.element_id = s.attached_to or s.attached_to = any(t.scope))
        and t.opened_at >= s.since_at and (t.begun_at is not null or t.state = 'completed'))
    order by s.since_at desc limit 1`
  return offer ?? null
}
