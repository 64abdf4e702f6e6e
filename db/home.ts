import type { CasePerson, Holder } from './case-view.ts'
import type { Database } from './database.ts'
import { inboxColumns, type InboxLine } from './tasks.ts'
import { visibleDocumentIn, visibleTaskIn, type Viewer } from './visibility.ts'

export interface WaitingCounts {
  inbox: number
  assigned: number
  group: number
  overdue: number
  toRegister: number
}

/** What waits, by the filters of the home page. One query. */
export async function waitingCounts(db: Database, viewer: Viewer): Promise<WaitingCounts> {
  const [row] = await db.sql<WaitingCounts[]>`
    with moment as (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now),
    waiting as (
      select t.id, t.due_at, t.form_key, true as own from tasks t
        where t.state = 'open' and t.assignee_post = ${viewer.postId} and t.secrecy <= ${viewer.clearance}
      union
      select t.id, t.due_at, t.form_key, false from task_candidates c join tasks t on t.id = c.task_id
        where c.group_key = any(${viewer.groups}::text[]) and c.secrecy <= ${viewer.clearance}
    )
    select count(w.id)::int as inbox, (count(*) filter (where w.own))::int as assigned, (count(*) filter (where not w.own))::int as "group",
      (count(*) filter (where w.due_at < now))::int as overdue, (count(*) filter (where w.form_key = 'incoming.register'))::int as "toRegister"
    from moment left join waiting w on true`
  return row ?? { inbox: 0, assigned: 0, group: 0, overdue: 0, toRegister: 0 }
}

/** The registry's queue of what waits for a number in the incoming book, by due time and priority. One query. */
export function registerQueue(
  db: Database,
  viewer: Viewer,
  page: { limit: number; offset?: number },
): Promise<InboxLine[]> {
  return db.sql<InboxLine[]>`
    select ${inboxColumns(db.sql)}
    from tasks t left join documents d on d.id = t.document_id
    where t.state = 'open' and t.form_key = 'incoming.register' and ${visibleTaskIn(db.sql, viewer)}
      and (t.assignee_post = ${viewer.postId} or (t.assignee_post is null and t.candidate_groups && ${viewer.groups}::text[]))
    order by t.due_at, t.priority desc, t.id limit ${page.limit} offset ${page.offset ?? 0}`
}

/** Who passed tasks on, by task; a task that the outside opened has none. */
export async function giversOf(db: Database, taskIds: readonly string[]): Promise<Map<string, string>> {
  if (taskIds.length === 0) return new Map()
  const rows = await db.sql<{ taskId: string; fullName: string }[]>`
    select t.id as "taskId", n.full_name as "fullName" from tasks t
      join case_events e on e.case_id = t.case_id and e.at = t.opened_at and e.person_id is not null
      join persons n on n.id = e.person_id where t.id = any(${[...taskIds]}::uuid[])`
  return new Map(rows.map((row) => [row.taskId, row.fullName]))
}

/** Open tasks of one of the unit's people; `postId` null: those that nobody has taken. */
export interface UnitLoad {
  postId: string | null
  fullName: string | null
  open: number
  overdue: number
}

/** How the unit's open tasks lie on its people, in the office's order. */
export function unitLoad(db: Database, viewer: Viewer): Promise<UnitLoad[]> {
  return db.sql<UnitLoad[]>`
    with moment as (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now),
    colleagues as (
      select p.id, n.full_name, p.sort, n.sort_name from posts p join persons n on n.id = p.person_id
      where p.unit_id = ${viewer.unitId} and n.active and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)
    ),
    loads as (
      select c.id, c.full_name, c.sort, c.sort_name, count(t.id)::int as open, (count(t.id) filter (where t.due_at < now))::int as overdue
      from moment, colleagues c left join tasks t on t.assignee_post = c.id and t.state = 'open' and ${visibleTaskIn(db.sql, viewer)}
      group by c.id, c.full_name, c.sort, c.sort_name
    ),
    queued as (
      select count(distinct q.task_id)::int as open, (count(distinct q.task_id) filter (where q.due_at < now))::int as overdue
      from moment left join task_candidates q on q.group_key = any(${viewer.groups}::text[]) and q.secrecy <= ${viewer.clearance}
    )
    select "postId", "fullName", open, overdue from (
      select null::uuid as "postId", null as "fullName", open, overdue, -1 as sort, '' as sort_name from queued where open > 0
      union all select id, full_name, open, overdue, sort, sort_name from loads
    ) l order by l.sort, l.sort_name collate "vi-x-icu"`
}

/** A running case in which somebody has passed something on, with where it lies now. */
export interface GivenCase {
  caseId: string
  documentId: string | null
  code: string | null
  subject: string | null
  agencyName: string | null
  urgency: number
  /** What the viewer did last in it, and when (epoch ms). */
  taskId: string
  formKey: string | null
  outcome: string | null
  passedAt: number
  /** The open tasks, the most urgent first; at most three of them. */
  open: (Holder & { taskId: string; askVi: string; askEn: string; openedAt: number; dueAt: number | null })[]
  openCount: number
  /** What can still be taken back. */
  subscriptionId: string | null
  total: number
}

/** What the viewer has passed on and whose case still runs, the first due on top. One query. */
export function givenCases(
  db: Database,
  viewer: Viewer,
  page: { limit: number; offset?: number },
): Promise<GivenCase[]> {
  const { sql } = db
  const person = sql`(select jsonb_build_object('postId', p.id, 'fullName', n.full_name, 'title', p.title, 'titleEn', p.title_en,
      'unitName', pu.name, 'unitNameEn', pu.name_en)
    from posts p join persons n on n.id = p.person_id join units pu on pu.id = p.unit_id where p.id = o.assignee_post)`
  return sql<GivenCase[]>`
    with passed as (
      select distinct on (t.case_id) t.case_id, t.id, t.form_key, t.outcome, t.ended_at, t.document_id from tasks t
        join cases c on c.id = t.case_id and c.status in ('running', 'stuck')
      where t.ended_by_post = ${viewer.postId} and t.state = 'completed' and ${visibleTaskIn(sql, viewer)}
        and exists (select 1 from tasks o where o.case_id = t.case_id and o.state = 'open' and o.assignee_post is distinct from ${viewer.postId})
      order by t.case_id, t.ended_at desc
    ), page as (
      select p.*, (select min(o.due_at) from tasks o where o.case_id = p.case_id and o.state = 'open'
        and o.assignee_post is distinct from ${viewer.postId}) as due_at, count(*) over ()::int as total
      from passed p order by due_at nulls last, p.ended_at, p.case_id limit ${page.limit} offset ${page.offset ?? 0}
    )
    select p.case_id as "caseId", p.document_id as "documentId", d.code, d.subject, d.agency_name as "agencyName", coalesce(d.urgency, 0) as urgency,
      p.id as "taskId", p.form_key as "formKey", p.outcome, floor(extract(epoch from p.ended_at) * 1000)::float8 as "passedAt", p.total,
      (select count(*)::int from tasks o where o.case_id = p.case_id and o.state = 'open') as "openCount",
      (select coalesce(jsonb_agg(first.line), '[]') from (
        select jsonb_build_object('taskId', o.id, 'askVi', coalesce(o.properties->>'imoit.ask.vi', o.name), 'askEn', coalesce(o.properties->>'imoit.ask.en', o.name),
          'openedAt', floor(extract(epoch from o.opened_at) * 1000)::float8, 'dueAt', floor(extract(epoch from o.due_at) * 1000)::float8,
          'person', ${person}, 'group', o.candidate_groups[1], 'unitName', u.name, 'unitNameEn', u.name_en) as line
        from tasks o left join units u on o.candidate_groups[1] like 'unit:%' and u.code = split_part(o.candidate_groups[1], ':', 2)
        where o.case_id = p.case_id and o.state = 'open' order by o.due_at nulls last, o.token limit 3) first) as open,
      (select s.subscription_id from subscriptions s where s.case_id = p.case_id and s.message_name = 'imoit.takeBack' and s.since_post = ${viewer.postId}
        and not exists (select 1 from tasks t where t.case_id = s.case_id and (t.element_id = s.attached_to or s.attached_to = any(t.scope))
          and t.opened_at >= s.since_at and (t.begun_at is not null or t.state = 'completed'))
        order by s.since_at desc limit 1) as "subscriptionId"
    from page p left join documents d on d.id = p.document_id order by p.due_at nulls last, p.ended_at, p.case_id`
}

/** What the viewer has just done, for the line above the next page; null when it is not theirs. */
export interface DoneTask {
  taskId: string
  caseId: string
  documentId: string | null
  formKey: string | null
  outcome: string | null
  code: string | null
  subject: string | null
  registerNumber: number | null
  replyCode: string | null
  open: GivenCase['open']
  openCount: number
  /** The case goes on by itself: something is on its way out. */
  running: boolean
  subscriptionId: string | null
}

export async function readDoneTask(db: Database, viewer: Viewer, taskId: string): Promise<DoneTask | null> {
  const { sql } = db
  const [row] = await sql<DoneTask[]>`
    select t.id as "taskId", t.case_id as "caseId", t.document_id as "documentId", t.form_key as "formKey", t.outcome, d.code, d.subject,
      d.register_number as "registerNumber",
      (select c.status in ('running', 'stuck') from cases c where c.id = t.case_id) as running,
      (select reply.code from document_relations r join documents reply on reply.id = r.document_id
        where r.related_id = t.document_id and r.kind = 'answers' and ${visibleDocumentIn(sql, viewer, 'reply')} limit 1) as "replyCode",
      (select count(*)::int from tasks o where o.case_id = t.case_id and o.state = 'open') as "openCount",
      (select coalesce(jsonb_agg(first.line), '[]') from (
        select jsonb_build_object('taskId', o.id, 'askVi', coalesce(o.properties->>'imoit.ask.vi', o.name), 'askEn', coalesce(o.properties->>'imoit.ask.en', o.name),
          'openedAt', floor(extract(epoch from o.opened_at) * 1000)::float8, 'dueAt', floor(extract(epoch from o.due_at) * 1000)::float8,
          'person', (select jsonb_build_object('postId', hp.id, 'fullName', n.full_name, 'title', hp.title, 'titleEn', hp.title_en, 'unitName', hu.name, 'unitNameEn', hu.name_en)
            from posts hp join persons n on n.id = hp.person_id join units hu on hu.id = hp.unit_id where hp.id = o.assignee_post),
          'group', o.candidate_groups[1], 'unitName', u.name, 'unitNameEn', u.name_en) as line
        from tasks o left join units u on o.candidate_groups[1] like 'unit:%' and u.code = split_part(o.candidate_groups[1], ':', 2)
        where o.case_id = t.case_id and o.state = 'open' order by o.opened_at desc, o.token limit 3) first) as open,
      (select s.subscription_id from subscriptions s where s.case_id = t.case_id and s.message_name = 'imoit.takeBack' and s.since_post = ${viewer.postId}
        and not exists (select 1 from tasks b where b.case_id = s.case_id and (b.element_id = s.attached_to or s.attached_to = any(b.scope))
          and b.opened_at >= s.since_at and (b.begun_at is not null or b.state = 'completed'))
        order by s.since_at desc limit 1) as "subscriptionId"
    from tasks t left join documents d on d.id = t.document_id
    where t.id = ${taskId} and t.ended_by_post = ${viewer.postId} and t.state = 'completed' and ${visibleTaskIn(sql, viewer)}`
  return row ?? null
}

export type { CasePerson }
