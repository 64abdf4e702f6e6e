import type { Json, Variables } from '#bpmn/case.ts'
import type { Database } from './database.ts'
import { parkedCall, parkedTimer } from './parking.ts'
import { runStep } from './step.ts'

/** Time and the outside, as the case's Temporal workflow sees them. Instants are epoch ms on the one clock. */
export interface PendingWork {
  now: number
  calls: { id: string; channel: 'mail' | 'exchange' | 'internal'; attempts: number }[]
  dueTimers: { timerId: string; occurrence: number; dueAt: number }[]
  /** The next timer after now within the horizon: sleep until then. Null: nothing is near, the workflow may end. */
  alarmAt: number | null
}

/** Timers further away are left to the sweep, so that no workflow sleeps for weeks. */
const ALARM_HORIZON_MS = 10 * 60_000

/**
 * What a case has to do outside, and when to wake for it. Writes `alarm_at` under the case's lock, so that no step can arm a
 * nearer timer between the reading and the sleeping.
 */
export async function pendingWork(db: Database, caseId: string): Promise<PendingWork | null> {
  return db.sql.begin(async (sql) => {
    const [locked] = await sql<{ now: number }[]>`
      select floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now
      from case_states where case_id = ${caseId} for update`
    if (!locked) return null
    const [calls, timers] = await Promise.all([
      sql<PendingWork['calls']>`
        select k.id, k.channel, k.attempts from calls k
        where k.case_id = ${caseId} and k.state in ('open', 'claimed') and not ${parkedCall(sql)} order by k.seq limit 400`,
      sql<PendingWork['dueTimers']>`
        select t.timer_id as "timerId", t.occurrence, floor(extract(epoch from t.due_at) * 1000)::float8 as "dueAt" from timers t
        where t.case_id = ${caseId} and t.due_at <= to_timestamp(${locked.now + ALARM_HORIZON_MS}::float8 / 1000)
          and not ${parkedTimer(sql)} order by t.due_at, t.timer_id, t.occurrence limit 400`,
    ])
    const dueTimers = timers.filter((timer) => timer.dueAt <= locked.now)
    const alarmAt = timers.find((timer) => timer.dueAt > locked.now)?.dueAt ?? null
    // The earliest timer the workflow knows of, due or not: what it is about to fire need not be handed over again.
    const known = timers[0]?.dueAt ?? null
    await sql`update case_states set alarm_at = ${known === null ? null : sql`to_timestamp(${known}::float8 / 1000)`} where case_id = ${caseId}`
    return { now: locked.now, calls: [...calls], dueTimers, alarmAt }
  })
}

/** Fires a timer once: a repeat finds its key and changes nothing. */
export async function fireTimer(
  db: Database,
  timer: { caseId: string; timerId: string; occurrence: number },
): Promise<void> {
  const answer = await runStep(db, {
    of: { caseId: timer.caseId },
    key: `timer:${timer.caseId}:${timer.timerId}:${timer.occurrence}`,
    actor: null,
    decide: () => ({ type: 'timerFired', timerId: timer.timerId, occurrence: timer.occurrence }),
  })
  // Late or repeated: the row may still stand when the first try's answer was lost, and would be handed over for ever.
  if (answer.late || answer.repeated) {
    await db.sql`delete from timers where case_id = ${timer.caseId} and timer_id = ${timer.timerId} and occurrence = ${timer.occurrence}`
  }
}

export interface ClaimedCall {
  id: string
  caseId: string
  documentId: string | null
  channel: 'mail' | 'exchange' | 'internal'
  serviceType: string
  input: Record<string, Json>
  key: string
  attempts: number
  /** Epoch ms on the one clock: the same however often the call is repeated. */
  createdAt: number
  /** Message-IDs that a mail server has taken already. */
  sent: string[]
  /** The case waits for the answer. */
  awaited: boolean
}

/** Takes a call before making it. Null: cancelled or already answered, and not to be made. */
export async function claimCall(db: Database, callId: string): Promise<ClaimedCall | null> {
  const [row] = await db.sql<ClaimedCall[]>`
    update calls k set state = 'claimed', attempts = attempts + 1 from cases c
    where k.id = ${callId} and k.state in ('open', 'claimed') and c.id = k.case_id
    returning k.id, k.case_id as "caseId", c.document_id as "documentId", k.channel, k.service_type as "serviceType", k.input, k.key, k.attempts,
      floor(extract(epoch from k.created_at) * 1000)::float8 as "createdAt", coalesce(k.answer -> 'sent', '[]') as sent, k.token is not null as awaited`
  return row ?? null
}

/** Records that a call was made. Where the case waits, its step and the call's end are one transaction. */
export async function answerCall(db: Database, callId: string, answer: Variables): Promise<void> {
  await endCall(db, callId, { state: 'done', answer, error: null })
}

/** Records that the outside refused for good: the case gets the error, or an incident on the administrators' list. */
export async function failCall(
  db: Database,
  callId: string,
  failure: { code: string; message: string },
): Promise<void> {
  await endCall(db, callId, { state: 'failed', answer: failure, error: `${failure.code}: ${failure.message}` })
}

/** Notes a try that failed and will be repeated. */
export async function noteCallError(db: Database, callId: string, message: string): Promise<void> {
  await db.sql`update calls set error = ${message.slice(0, 2000)} where id = ${callId}`
}

/** Notes that a letter of a call is with the mail server, so that a repeat sends only the others. */
export async function noteLetterSent(db: Database, callId: string, messageId: string): Promise<void> {
  await db.sql`update calls set answer = jsonb_build_object('sent', coalesce(answer -> 'sent', '[]') || to_jsonb(${messageId}::text)) where id = ${callId}`
}

async function endCall(
  db: Database,
  callId: string,
  end: { state: 'done' | 'failed'; answer: Variables; error: string | null },
): Promise<void> {
  const [call] = await db.sql<{ caseId: string; token: string | null; state: string; serviceType: string }[]>`
    select case_id as "caseId", token, state, service_type as "serviceType" from calls where id = ${callId}`
  if (!call || call.state === 'done' || call.state === 'failed') return
  const { token } = call
  const ended = (sql: Database['sql']) => sql`update calls set state = ${end.state}, ended_at = clock_timestamp(),
    answer = ${JSON.stringify(end.answer)}::text::jsonb, error = ${end.error} where id = ${callId} and state in ('open', 'claimed', 'cancelled')`
  if (token === null) {
    if (end.state === 'done') {
      await ended(db.sql)
      return
    }
    // Nobody waits for it, so nobody would learn of it: an incident of its own puts it on the list.
    await db.sql.begin(async (sql) => {
      await ended(sql as unknown as Database['sql'])
      await sql`insert into incidents (case_id, incident_id, element_id, code, message, raised_at, parked)
        values (${call.caseId}, ${'call:' + callId}, ${call.serviceType}, ${String(end.answer.code)}, ${end.error}, clock_timestamp(), true)
        on conflict (case_id, incident_id) do update set code = excluded.code, message = excluded.message,
          raised_at = excluded.raised_at, resolved_at = null`
    })
    return
  }
  const answered = await runStep(db, {
    of: { caseId: call.caseId },
    key: `answer:${callId}`,
    actor: null,
    decide: () =>
      end.state === 'done'
        ? { type: 'callAnswered', callId: token, variables: end.answer }
        : { type: 'callFailed', callId: token, code: String(end.answer.code), message: String(end.answer.message) },
    act: async (scope) => {
      scope.write(() => ended(scope.sql))
      return undefined
    },
  })
  if (answered.late === null || answered.repeated || end.state === 'failed') return
  // Outside it has happened and the case has gone on without it: a person decides whether it has to be undone.
  await db.sql`insert into incidents (case_id, incident_id, element_id, code, message, raised_at, parked)
    values (${call.caseId}, ${'late:' + callId}, ${call.serviceType}, 'answer-late', ${answered.late}, clock_timestamp(), true)
    on conflict do nothing`
}

export type HandOver = { caseId: string }[]

/** Cases with new calls, or with a timer nearer than the alarm their workflow knows of. Marks what it hands over. */
export async function newWork(db: Database, limit: number): Promise<HandOver> {
  return db.sql<{ caseId: string }[]>`
    with fresh as (
      update calls set handed_at = clock_timestamp()
      where id in (select id from calls where handed_at is null and state = 'open' order by seq limit ${limit} for update skip locked)
      returning case_id
    ), near as (
      select t.case_id from timers t join case_states s on s.case_id = t.case_id
      where t.due_at <= clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' + interval '2 seconds'
        and (s.alarm_at is null or s.alarm_at > t.due_at) and not ${parkedTimer(db.sql)} order by t.due_at limit ${limit}
    )
    select case_id as "caseId" from fresh union select case_id from near`
}

/** Takes back what could not be handed over, so that it is tried again soon and not only by the sweep. */
export async function takeBackHandOver(db: Database, handOver: HandOver): Promise<void> {
  await db.sql`update calls set handed_at = null
    where state = 'open' and case_id = any(${handOver.map(({ caseId }) => caseId)}::uuid[])`
}

/** The minute's sweep: whatever is due within five minutes, or overdue or unanswered for one, is handed over again. */
export async function overdueWork(db: Database, limit: number): Promise<HandOver> {
  return db.sql<{ caseId: string }[]>`
    with moment as (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now)
    (select t.case_id as "caseId" from timers t, moment where t.due_at <= now + interval '5 minutes'
      and not ${parkedTimer(db.sql)} order by t.due_at limit ${limit})
    union (select k.case_id from calls k, moment where k.state in ('open', 'claimed') and k.created_at <= now - interval '1 minute'
      and not ${parkedCall(db.sql)} order by k.created_at limit ${limit})`
}
