import type { ReservedSql } from 'postgres'
import type { Json, OpenedTask } from '#bpmn/case.ts'
import { raiseNobody } from './lanes.ts'
import type { Actor, LockedCase, OwedCall, RecordedEvent } from './step.ts'
import type { PlannedEffects } from './step-plan.ts'
import { writeBetweenCases } from './thrown-events.ts'

export interface StepWrites {
  locked: LockedCase
  plan: PlannedEffects
  event: RecordedEvent
  actor: Actor | null
  calls: OwedCall[]
  record?: Record<string, Json>
}
export type Statement = () => PromiseLike<unknown>

const POST = /^post:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** The rows that a step's effects become; only what this step needs is sent. */
export function writeEffects(sql: ReservedSql, step: StepWrites): Statement[] {
  const { locked, plan, event } = step
  const { caseId } = locked
  const at = sql`to_timestamp(${locked.now}::float8 / 1000)`
  const statements: Statement[] = []

  if (event.type === 'taskCompleted' && locked.task) {
    const opinion = typeof step.record?.opinion === 'string' ? step.record.opinion : null
    statements.push(
      () => sql`update tasks set state = 'completed', ended_at = ${at}, ended_by_post = ${step.actor?.postId ?? null},
        ended_by_person = ${step.actor?.personId ?? null}, outcome = ${event.outcome ?? null}, opinion = ${opinion},
        assignee_post = coalesce(assignee_post, ${step.actor?.postId ?? null}) where id = ${locked.task!.id}`,
    )
    // Claimed tasks have no candidates left.
    if (!locked.task.assigneePost)
      statements.push(() => sql`delete from task_candidates where task_id = ${locked.task!.id}`)
  }
  const others = plan.closed.filter((closed) => closed.taskId !== locked.task?.token).map((closed) => closed.taskId)
  if (others.length > 0) {
    statements.push(
      () => sql`with ended as (
          update tasks set state = 'cancelled', ended_at = ${at} where case_id = ${caseId} and token = any(${others}::text[]) and state = 'open' returning id, token
        ), missed as (
          update incidents i set resolved_at = ${at} from ended where i.case_id = ${caseId} and i.incident_id = 'nobody:' || ended.token and i.resolved_at is null)
        delete from task_candidates c using ended where c.task_id = ended.id`,
    )
  }
  if (plan.opened.length > 0) statements.push(openTasks(sql, locked, plan.opened))
  for (const notice of plan.notices) {
    statements.push(() =>
      notice.about === 'overdue'
        ? sql`update tasks set overdue_at = ${at} where case_id = ${caseId} and token = ${notice.taskId}`
        : sql`update tasks set reminded_at = ${at} where case_id = ${caseId} and token = ${notice.taskId}`,
    )
  }
  if (event.type === 'timerFired') {
    statements.push(
      () =>
        sql`delete from timers where case_id = ${caseId} and timer_id = ${event.timerId} and occurrence = ${event.occurrence}`,
    )
  }
  if (plan.cancelledTimers.length > 0) {
    statements.push(
      () => sql`delete from timers where case_id = ${caseId} and timer_id = any(${plan.cancelledTimers}::text[])`,
    )
  }
  if (plan.armed.length > 0) {
    const rows = plan.armed.map(({ timerId, occurrence, dueAt, elementId, purpose }) => ({
      timerId,
      occurrence,
      dueAt,
      elementId,
      purpose,
    }))
    statements.push(
      () => sql`insert into timers (case_id, timer_id, occurrence, due_at, element_id, purpose)
        select ${caseId}, r."timerId", r.occurrence, to_timestamp(r."dueAt" / 1000), r."elementId", r.purpose
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
          as r("timerId" text, occurrence int, "dueAt" float8, "elementId" text, purpose text)`,
    )
  }
  const letters = lettersOf(step)
  const outbox = [
    ...plan.calls.map((call) => ({
      token: call.callId as string | null,
      channel: channelOf(call.serviceType),
      serviceType: call.serviceType,
      input: { ...call.input, headers: call.headers } as Record<string, Json>,
      key: `call:${caseId}:${call.callId}`,
    })),
    ...step.calls.map((call) => ({ ...call, token: null })),
    ...letters.map((letter) => ({ ...letter, token: null })),
  ]
  if (outbox.length > 0) {
    statements.push(
      () => sql`insert into calls (case_id, token, channel, service_type, input, key, state, created_at)
        select ${caseId}, r.token, r.channel, r."serviceType", r.input, r.key, 'open', ${at}
        from jsonb_to_recordset(${JSON.stringify(outbox)}::text::jsonb)
          as r(token text, channel text, "serviceType" text, input jsonb, key text) on conflict (key) do nothing`,
    )
  }
  if (plan.cancelledCalls.length > 0) {
    statements.push(
      () => sql`update calls set state = 'cancelled', ended_at = ${at}
        where case_id = ${caseId} and token = any(${plan.cancelledCalls}::text[]) and state = 'open'`,
    )
  }
  if (plan.unsubscribed.length > 0) {
    statements.push(
      () =>
        sql`delete from subscriptions where case_id = ${caseId} and subscription_id = any(${plan.unsubscribed}::text[])`,
    )
  }
  if (plan.incidents.length > 0) {
    const rows = plan.incidents.map(({ kind: _kind, ...row }) => row)
    statements.push(
      () => sql`insert into incidents (case_id, incident_id, element_id, code, message, raised_at)
        select ${caseId}, r."incidentId", r."elementId", r.code, r.message, ${at}
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r("incidentId" text, "elementId" text, code text, message text)`,
    )
  }
  if (plan.nobody.length > 0) {
    statements.push(...raiseNobody(sql, locked, plan.nobody))
  }
  if (plan.resolvedIncidents.length > 0) {
    statements.push(
      () =>
        sql`update incidents set resolved_at = ${at} where case_id = ${caseId} and incident_id = any(${plan.resolvedIncidents}::text[])`,
    )
  }
  // Last: names that are locked here are waited for by others until the commit.
  statements.push(...writeBetweenCases(sql, step))
  return statements
}

function openTasks(sql: ReservedSql, locked: LockedCase, opened: OpenedTask[]): Statement {
  const rows = opened.map((task) => {
    const post = task.assignee === null ? null : (POST.exec(task.assignee)?.[1] ?? null)
    return {
      token: task.taskId,
      elementId: task.elementId,
      name: task.name,
      formKey: task.formKey,
      part: task.properties['imoit.part'] ?? null,
      post,
      // An assignee that is not a post is a relation like any other.
      groups: task.assignee !== null && post === null ? [...task.candidateGroups, task.assignee] : task.candidateGroups,
      properties: task.properties,
      input: task.input,
      scope: task.scope,
      priority: task.priority,
      dueAt: task.dueAt,
    }
  })
  return () => sql`with document as (
      select coalesce(max(secrecy), 0) as secrecy, coalesce(max(urgency), 0) as urgency from documents where id = ${locked.documentId}
    ), opened as (
      insert into tasks (case_id, token, element_id, name, form_key, document_id, secrecy, urgency, state, part, assignee_post, candidate_groups,
        properties, input, scope, priority, opened_at, due_at)
      select ${locked.caseId}, r.token, r."elementId", r.name, r."formKey", ${locked.documentId}, document.secrecy, document.urgency, 'open', r.part, r.post,
        array(select jsonb_array_elements_text(r.groups)), r.properties, r.input, array(select jsonb_array_elements_text(r.scope)),
        r.priority + 10 * document.urgency, to_timestamp(${locked.now}::float8 / 1000), to_timestamp(r."dueAt" / 1000)
      from document, jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(token text, "elementId" text, name text, "formKey" text, part text,
        post uuid, groups jsonb, properties jsonb, input jsonb, scope jsonb, priority int, "dueAt" float8)
      returning id, assignee_post, candidate_groups, secrecy, priority, due_at
    ), candidates as (
      insert into task_candidates (task_id, group_key, secrecy, priority, due_at, shared)
      select distinct o.id, g, o.secrecy, o.priority, o.due_at, cardinality(o.candidate_groups) > 1 from opened o, unnest(o.candidate_groups) as g where o.assignee_post is null
    )
    insert into document_access (document_id, grantee, since)
      select ${locked.documentId}::uuid, person_id, to_timestamp(${locked.now}::float8 / 1000) from opened o join posts p on p.id = o.assignee_post
      where ${locked.documentId}::uuid is not null
    union
      select ${locked.documentId}::uuid, u.id, to_timestamp(${locked.now}::float8 / 1000) from opened o, unnest(o.candidate_groups) as g
      join units u on u.code = split_part(g, ':', 2) where ${locked.documentId}::uuid is not null and g like 'unit:%'
    on conflict do nothing`
}

const channelOf = (serviceType: string): 'mail' | 'exchange' | 'internal' =>
  serviceType.startsWith('exchange.') ? 'exchange' : serviceType.startsWith('letter.') ? 'mail' : 'internal'

/**
 * Letters that a step owes people: a task given to a person or to a unit's heads, a reminder, a deadline passed. A shared queue
 * (the registry's, the Office's) is looked at all day and gets no letter for each entry, and a unit that is asked to take note of a
 * document has the letter that brought it.
 */
function lettersOf({ locked, plan }: StepWrites): (OwedCall & { channel: 'mail' })[] {
  const owed = plan.opened
    .filter(
      (task) =>
        task.assignee?.startsWith('post:') ||
        (task.properties['imoit.part'] !== 'information' &&
          task.candidateGroups.some((group) => group.startsWith('unit:'))),
    )
    .map((task) => ({ about: 'assigned', token: task.taskId }))
  const notices = plan.notices.map((notice) => ({ about: notice.about as string, token: notice.taskId }))
  return [...owed, ...notices].map(({ about, token }) => ({
    channel: 'mail',
    serviceType: 'letter.task',
    input: { about, token },
    key: `letter:${locked.caseId}:${token}:${about}`,
  }))
}
