import type { Sql } from 'postgres'
import type { CaseEvent, Json, Variables } from '#bpmn/case.ts'
import type { Database } from './database.ts'
import { notFound, taskHasEnded, taskIsNotYours, type Refusal } from './refusal.ts'
import { carriesSignature, signatureNeeded } from './embed-signature.ts'
import { signOffLevel } from './signatures.ts'
import { runStep, type LockedTask, type StepAnswer, type StepScope } from './step.ts'
import { visibleTaskIn, type Viewer } from './visibility.ts'

/** A line of somebody's inbox. Instants are epoch ms. */
export interface InboxLine {
  taskId: string
  caseId: string
  elementId: string
  name: string
  formKey: string | null
  part: string | null
  askVi: string | null
  askEn: string | null
  openedAt: number
  dueAt: number | null
  overdue: boolean
  urgency: number
  secrecy: number
  mine: boolean
  documentId: string | null
  code: string | null
  subject: string | null
  agencyName: string | null
  direction: string | null
  registerNumber: number | null
}

/** The columns of an InboxLine, of a task `t` and its document `d`. */
export function inboxColumns(sql: Sql) {
  return sql`t.id as "taskId", t.case_id as "caseId", t.element_id as "elementId", t.name, t.form_key as "formKey", t.part,
    t.properties->>'imoit.ask.vi' as "askVi", t.properties->>'imoit.ask.en' as "askEn",
    floor(extract(epoch from t.opened_at) * 1000)::float8 as "openedAt", floor(extract(epoch from t.due_at) * 1000)::float8 as "dueAt",
    coalesce(t.due_at < clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond', false) as overdue, t.urgency, t.secrecy,
    t.assignee_post is not null as mine, t.document_id as "documentId", d.code, d.subject, d.agency_name as "agencyName", d.direction,
    d.register_number as "registerNumber"`
}

export type InboxScope = 'assigned' | 'group' | 'inbox'

/**
 * What waits for a person: their own tasks, the unclaimed ones of their relations, or both, by due time and priority. Each relation's
 * queue is read from its index and cut at the page's length before they are merged, so the cost follows the page, not the queue.
 */
export async function inbox(
  db: Database,
  viewer: Viewer,
  page: { scope?: InboxScope; limit: number; offset?: number },
): Promise<InboxLine[]> {
  const scope = page.scope ?? 'inbox'
  const reach = page.limit + (page.offset ?? 0)
  const { sql } = db
  const own = sql`(select t.id, t.due_at, t.priority from tasks t where t.state = 'open' and t.assignee_post = ${viewer.postId} and t.secrecy <= ${viewer.clearance}
    order by t.due_at, t.priority desc nulls last, t.id limit ${reach})`
  const queues = sql`(select q.id, q.due_at, q.priority from unnest(${viewer.groups}::text[]) as g(key) cross join lateral (
    select c.task_id as id, c.due_at, c.priority from task_candidates c where c.group_key = g.key and c.secrecy <= ${viewer.clearance}
    order by c.due_at, c.priority desc nulls last, c.task_id limit ${reach}) q)`
  const waiting = scope === 'assigned' ? own : scope === 'group' ? queues : sql`${own} union ${queues}`
  return sql<InboxLine[]>`
    with waiting as (select * from (${waiting}) w order by due_at, priority desc nulls last, id limit ${page.limit} offset ${page.offset ?? 0})
    select ${inboxColumns(sql)}
    from waiting w join tasks t on t.id = w.id left join documents d on d.id = t.document_id
    where ${visibleTaskIn(sql, viewer)}
    order by w.due_at, w.priority desc nulls last, w.id`
}

/** How many wait, and how many of them are overdue. */
export async function inboxCount(db: Database, viewer: Viewer, scope: InboxScope = 'inbox'): Promise<number> {
  const { sql } = db
  const own = sql`(select count(*) from tasks t where t.state = 'open' and t.assignee_post = ${viewer.postId} and t.secrecy <= ${viewer.clearance})`
  // A task may stand in several queues of the same person and counts once; most stand in one, and need no sorting out.
  const queues = sql`(select count(*) from task_candidates c
      where c.group_key = any(${viewer.groups}::text[]) and c.secrecy <= ${viewer.clearance} and not c.shared)
    + (select count(distinct c.task_id) from task_candidates c
      where c.group_key = any(${viewer.groups}::text[]) and c.secrecy <= ${viewer.clearance} and c.shared)`
  const counted = scope === 'assigned' ? own : scope === 'group' ? queues : sql`${own} + ${queues}`
  const [row] = await sql<{ count: number }[]>`select (${counted})::int as count`
  return row?.count ?? 0
}

export interface NavCounts {
  inbox: number
  overdue: number
  toRegister: number
  mailUnread: number
}

/** The counts beside the navigation, in one query. */
export async function navCounts(db: Database, viewer: Viewer, mailbox: string): Promise<NavCounts> {
  const { sql } = db
  const [row] = await sql<NavCounts[]>`
    with moment as (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now),
    waiting as (
      select t.id, t.due_at, t.form_key from tasks t where t.state = 'open' and t.assignee_post = ${viewer.postId} and t.secrecy <= ${viewer.clearance}
      union
      select t.id, t.due_at, t.form_key from task_candidates c join tasks t on t.id = c.task_id
        where c.group_key = any(${viewer.groups}::text[]) and c.secrecy <= ${viewer.clearance}
    )
    select count(waiting.id)::int as inbox, (count(*) filter (where due_at < now))::int as overdue,
      (count(*) filter (where form_key = 'incoming.register'))::int as "toRegister",
      (select count(*)::int from letters where mailbox = ${mailbox} and read_at is null) as "mailUnread"
    from moment left join waiting on true`
  return row ?? { inbox: 0, overdue: 0, toRegister: 0, mailUnread: 0 }
}

/** Takes a task out of a queue. A second claim by the same post changes nothing. */
export async function claimTask(db: Database, viewer: Viewer, taskId: string): Promise<void> {
  const { sql } = db
  const [claimed] = await sql<{ id: string }[]>`
    with claimed as (
      update tasks t set assignee_post = ${viewer.postId}, begun_at = coalesce(t.begun_at, m.now), claimed_at = m.now
      from (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now) m
      where t.id = ${taskId} and t.state = 'open' and ${visibleTaskIn(sql, viewer)}
        and (t.assignee_post = ${viewer.postId} or (t.assignee_post is null and t.candidate_groups && ${viewer.groups}::text[])) returning t.id
    ), gone as (delete from task_candidates c using claimed where c.task_id = claimed.id)
    select id from claimed`
  if (claimed) return
  throw await whyNot(db, viewer, taskId)
}

/** Puts a claimed task back into its queue. */
export async function releaseTask(db: Database, viewer: Viewer, taskId: string): Promise<void> {
  const { sql } = db
  const [released] = await sql<{ id: string }[]>`
    with released as (
      update tasks set assignee_post = null, claimed_at = null
      where id = ${taskId} and state = 'open' and assignee_post = ${viewer.postId} and cardinality(candidate_groups) > 0 and claimed_at is not null
      returning id, candidate_groups, secrecy, priority, due_at
    ), back as (
      insert into task_candidates (task_id, group_key, secrecy, priority, due_at, shared)
      select distinct r.id, g, r.secrecy, r.priority, r.due_at, cardinality(r.candidate_groups) > 1 from released r, unnest(r.candidate_groups) as g on conflict do nothing
    )
    select id from released`
  if (!released) throw await whyNot(db, viewer, taskId)
}

async function whyNot(db: Database, viewer: Viewer, taskId: string): Promise<Refusal> {
  const [task] = await db.sql<{ state: string; mayKnow: boolean; by: string | null }[]>`
    select t.state, (t.assignee_post = ${viewer.postId} or t.ended_by_post = ${viewer.postId} or t.candidate_groups && ${viewer.groups}::text[]) and ${visibleTaskIn(db.sql, viewer)} as "mayKnow",
      (select full_name from persons n where n.id = t.ended_by_person) as by
    from tasks t where t.id = ${taskId}`
  if (!task || !task.mayKnow) return notFound()
  return task.state === 'open' ? taskIsNotYours() : taskHasEnded(task.by)
}

export interface Completion {
  /** Of a task that its page has shown: whether its document may be seen, `readTaskPage` has asked. */
  taskId: string
  /** The form's id: sent twice, it is done once. */
  key: string
  outcome: string
  variables?: Variables
  /** The words that the history shows. */
  opinion?: string | null
  record?: Record<string, Json>
  /** The outcome sends back or refuses: a step that asks for a signature takes it without one. */
  agrees?: false
  act?(scope: StepScope & { task: LockedTask }): Promise<Variables | void>
}

/**
 * Completes a task as one of those who may. Tells the second of two people who was first. Whatever form it comes from: a step that
 * asks for a signature (`imoit.signOff`) is not completed without one.
 */
export function completeTask(db: Database, viewer: Viewer, completion: Completion): Promise<StepAnswer> {
  return runStep(db, {
    of: { taskId: completion.taskId },
    key: completion.key,
    actor: { personId: viewer.personId, postId: viewer.postId },
    record: {
      outcome: completion.outcome,
      ...(completion.opinion ? { opinion: completion.opinion } : {}),
      ...completion.record,
    },
    decide: ({ task }): CaseEvent => {
      if (!task) throw notFound()
      const own = task.assigneePost === viewer.postId
      const queued = task.assigneePost === null && task.candidateGroups.some((group) => viewer.groups.includes(group))
      const candidate = task.candidateGroups.some((group) => viewer.groups.includes(group))
      if (!own && !queued && !candidate) throw notFound()
      if (task.state !== 'open') throw taskHasEnded(task.endedByName)
      if (!own && !queued) throw taskIsNotYours()
      return {
        type: 'taskCompleted',
        taskId: task.token,
        outcome: completion.outcome,
        variables: completion.variables ?? {},
      }
    },
    act: async (scope: StepScope) => {
      const added = await completion.act?.(scope as StepScope & { task: LockedTask })
      const level = signOffLevel(scope.task?.properties ?? {})
      if (level !== 'approve' && completion.agrees !== false && !carriesSignature(scope)) throw signatureNeeded()
      return added
    },
  })
}

/** The open tasks of one case that a person has or may take, in the order they came. */
export async function takeableTasks(
  db: Database,
  viewer: Viewer,
  caseId: string,
): Promise<{ taskId: string; elementId: string; mine: boolean }[]> {
  return db.sql<{ taskId: string; elementId: string; mine: boolean }[]>`
    select id as "taskId", element_id as "elementId", assignee_post is not null as mine from tasks t
    where case_id = ${caseId} and state = 'open' and ${visibleTaskIn(db.sql, viewer)}
      and (assignee_post = ${viewer.postId} or (assignee_post is null and candidate_groups && ${viewer.groups}::text[])) order by opened_at, token`
}
