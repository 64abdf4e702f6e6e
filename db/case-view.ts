import { sql as fragment } from 'drizzle-orm'
import { nextTasks } from '#bpmn/explain.ts'
import type { Flow, FlowNode } from '#bpmn/flow.ts'
import type { CaseState } from '#bpmn/state.ts'
import type { Json } from '#bpmn/case.ts'
import type { WorkingCalendar } from '#bpmn/working-time.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'
import { documents } from './tables/documents.ts'
import { TAKE_BACK } from './take-back.ts'
import { visibleDocument, type Viewer } from './visibility.ts'

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

/** What happened, oldest first. */
export interface HistoryLine {
  seq: number
  /** epoch ms */
  at: number
  act: 'started' | 'completed' | 'takenBack' | 'system'
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
}

export interface UnitName {
  vi: string
  en: string
}

/** A user task that may come next, and who would get it as far as that is known. */
export interface NextStep extends Holder {
  elementId: string
  askVi: string
  askEn: string
  certain: boolean
  /** One for each of several units. */
  forEach: boolean
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

interface CaseRow {
  caseId: string
  documentId: string | null
  status: CaseView['status']
  startedAt: number
  endedAt: number | null
  flowVersionId: string
  state: CaseState
}

interface EventRow {
  seq: number
  at: number
  type: string
  by: CasePerson | null
  taskId: string | null
  elementId: string | null
  record: Record<string, Json> | null
  trace: { elementId: string; act: string; flowId?: string }[] | null
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

/** How much of a long case is read: a notice to every unit has some 70 steps. */
const MOST_ROWS = 400

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
  const [flow, drawing] = await Promise.all([flowOfVersion(db, row.flowVersionId), drawingOf(db, row.flowVersionId)])
  return viewOf(
    row,
    { flow, drawing },
    {
      tasks,
      events,
      incidents: incidents.map((each) => each.elementId),
      units: new Map(units.map(({ code, ...name }) => [code, name])),
    },
  )
}

/** Is there such a case for the viewer? */
export async function isVisibleCase(db: Database, viewer: Viewer, caseId: string): Promise<boolean> {
  return (await readCase(db, viewer, caseId)) !== undefined
}

async function readCase(db: Database, viewer: Viewer, caseId: string): Promise<CaseRow | undefined> {
  const rows = await db.orm.execute<Record<string, unknown>>(fragment`
    select c.id as "caseId", c.document_id as "documentId", c.status, s.state, c.flow_version_id as "flowVersionId",
      floor(extract(epoch from c.started_at) * 1000)::float8 as "startedAt", floor(extract(epoch from c.ended_at) * 1000)::float8 as "endedAt"
    from cases c join case_states s on s.case_id = c.id
    where c.id = ${caseId}::uuid and (
      exists (select 1 from ${documents} where ${documents.id} = c.document_id and ${visibleDocument(viewer, documents)})
      or (c.document_id is null and exists (select 1 from tasks t where t.case_id = c.id and (t.assignee_post = ${viewer.postId}::uuid
        or t.candidate_groups && ${fragment.param(viewer.groups)}::text[]))))`)
  return rows[0] as unknown as CaseRow | undefined
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

function readEvents(db: Database, caseId: string): Promise<EventRow[]> {
  const { sql } = db
  return sql<EventRow[]>`
    select e.seq, floor(extract(epoch from e.at) * 1000)::float8 as at, e.type, ${personOf(sql, sql`e.post_id`)} as by,
      e.data->'task'->>'id' as "taskId", e.data->'task'->>'elementId' as "elementId", e.data->'record' as record, e.data->'trace' as trace
    from case_events e where e.case_id = ${caseId} order by e.seq limit ${MOST_ROWS}`
}

function personOf(sql: Database['sql'], post: ReturnType<Database['sql']>) {
  return sql`(select jsonb_build_object('postId', p.id, 'fullName', n.full_name, 'title', p.title, 'titleEn', p.title_en,
      'unitName', pu.name, 'unitNameEn', pu.name_en)
    from posts p join persons n on n.id = p.person_id join units pu on pu.id = p.unit_id where p.id = ${post})`
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
  { flow, drawing }: { flow: Flow; drawing: Drawing },
  read: { tasks: TaskRow[]; events: EventRow[]; incidents: string[]; units: ReadonlyMap<string, UnitName> },
): CaseView {
  const { state, flowVersionId: _version, ...known } = row
  // A token that waits for a sub-process of its own stands inside it; the sub-process is neither done nor a step by itself.
  const active = [...new Set(state.tokens.flatMap((token) => (token.child === undefined ? [token.at] : [])))]
  const entered = new Set(state.tokens.map((token) => token.at))
  const tasks = read.tasks.map(taskOf)
  const passed = new Set(
    read.events.flatMap((event) =>
      (event.trace ?? []).flatMap((step) => [
        ...(step.act === 'left' ? [step.elementId] : []),
        ...(step.flowId ? [step.flowId] : []),
      ]),
    ),
  )
  return {
    ...known,
    flow: { ...drawing, nameEn: flow.properties['imoit.name.en'] ?? drawing.nameEn },
    active,
    done: [...passed].filter((id) => !entered.has(id)),
    incidents: read.incidents,
    steps: Object.values(flow.nodes)
      .filter((node) => node.kind === 'userTask')
      .map((node) => ({ id: node.id, vi: node.name, en: node.properties['imoit.name.en'] ?? node.name })),
    tasks,
    history: historyOf(flow, read.events, new Map(tasks.map((task) => [task.taskId, task])), read.units),
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

const nameOf = (node: FlowNode | undefined, id: string) => ({
  nameVi: node?.name || id,
  nameEn: node?.properties['imoit.name.en'] ?? node?.name ?? id,
})

function historyOf(
  flow: Flow,
  events: EventRow[],
  tasks: ReadonlyMap<string, CaseTask>,
  units: ReadonlyMap<string, UnitName>,
): HistoryLine[] {
  return events.flatMap((event): HistoryLine[] => {
    const record = event.record ?? {}
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
    })
    if (event.type === 'start') return [line('started', flow.startEvents[0] ?? flow.id)]
    if (event.type === 'taskCompleted' && event.elementId) return [line('completed', event.elementId)]
    if (record.takenBack === true) return [line('takenBack', event.trace?.[0]?.elementId ?? '')]
    // A reminder leaves no trace in the flow; a deadline that routes and an answer from outside do.
    const first = event.trace?.find((step) => flow.nodes[step.elementId])
    return first ? [line('system', first.elementId)] : []
  })
}

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

/** The user tasks that can follow a task, nearest first, each once. */
export async function stepsAfter(
  db: Database,
  task: { token: string; flowVersionId: string; state: CaseState },
  context: { now: number; calendar: WorkingCalendar },
): Promise<NextStep[]> {
  const flow = await flowOfVersion(db, task.flowVersionId)
  const ahead = nextTasks(flow, task.state, context).filter((next) => next.fromTaskId === task.token)
  const posts = ahead.flatMap(({ assignee }) => (assignee?.startsWith('post:') ? [assignee.slice('post:'.length)] : []))
  const groups = ahead.flatMap(({ candidateGroups }) => candidateGroups)
  const unitCodes = groups.flatMap((group) => (group.startsWith('unit:') ? [group.split(':')[1] ?? ''] : []))
  const { sql } = db
  const [people, units] = await Promise.all([
    posts.length === 0
      ? []
      : sql<
          { person: CasePerson }[]
        >`select ${personOf(sql, sql`wanted.id`)} as person from unnest(${posts}::uuid[]) as wanted(id)`,
    unitCodes.length === 0
      ? []
      : sql<{ code: string; name: string; nameEn: string }[]>`
          select code, name, name_en as "nameEn" from units where code = any(${unitCodes}::text[])`,
  ])
  return ahead.map((next) => {
    const node = flow.nodes[next.elementId]
    const group = next.candidateGroups[0] ?? null
    const unit = units.find(({ code }) => group?.startsWith('unit:') && group.split(':')[1] === code)
    return {
      elementId: next.elementId,
      askVi: node?.properties['imoit.ask.vi'] ?? next.name,
      askEn: node?.properties['imoit.ask.en'] ?? next.name,
      certain: next.certain,
      forEach: next.forEach,
      person: people.find(({ person }) => person && next.assignee === `post:${person.postId}`)?.person ?? null,
      group,
      unitName: unit?.name ?? null,
      unitNameEn: unit?.nameEn ?? null,
    }
  })
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
