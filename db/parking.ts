import type { Sql, TransactionSql } from 'postgres'
import type { Database } from './database.ts'
import { throwAgain } from './deliveries.ts'
import { giveLanesAgain } from './lanes.ts'
import { wakeWorker } from './wake.ts'

/** What fires or answers from outside and can fail: a timer's step, or the step of a call's answer. */
export type OutsideStep = { timerId: string; occurrence: number } | { callId: string }

const incidentOf = (step: OutsideStep) =>
  'callId' in step ? `step:call:${step.callId}` : `step:timer:${step.timerId}:${step.occurrence}`

/** In SQL on timers `t` and calls `k`: parked, so it waits for a person and is not handed over. */
export const parkedTimer = (
  sql: Sql | TransactionSql,
) => sql`exists (select 1 from incidents i where i.case_id = t.case_id
  and i.incident_id = 'step:timer:' || t.timer_id || ':' || t.occurrence and i.resolved_at is null)`
export const parkedCall = (
  sql: Sql | TransactionSql,
) => sql`exists (select 1 from incidents i where i.case_id = k.case_id
  and i.incident_id = 'step:call:' || k.id and i.resolved_at is null)`

/** A step that failed three times is parked as an incident, so that an administrator sees it and it is not tried for ever. */
export async function parkStep(
  db: Database,
  caseId: string,
  step: { of: OutsideStep; elementId: string; message: string },
): Promise<void> {
  await db.sql`insert into incidents (case_id, incident_id, element_id, code, message, raised_at, parked)
    values (${caseId}, ${incidentOf(step.of)}, ${step.elementId}, 'step-failed', ${step.message.slice(0, 2000)}, clock_timestamp(), true)
    on conflict (case_id, incident_id) do update set message = excluded.message, raised_at = excluded.raised_at, resolved_at = null`
}

/**
 * Has a parked step tried again, or a call that nobody waits for and that was refused; a message that nobody took looks again, a
 * task that was nobody's is given by its lane again (Refusal `still-nobody`). The engine's own incidents are
 * retried by a step of the case (`incidentRetried`), not by this.
 * @returns false when there is no such open incident
 */
export async function retryParked(db: Database, caseId: string, incidentId: string): Promise<boolean> {
  const resolved = await db.sql.begin(async (sql) => {
    // What is left of it after that is only to take it off the list.
    if (!((await throwAgain(sql, caseId, incidentId)) ?? (await giveLanesAgain(sql, caseId, incidentId)) ?? true))
      return []
    return sql`
      with resolved as (
        update incidents set resolved_at = clock_timestamp()
        where case_id = ${caseId} and incident_id = ${incidentId} and parked and resolved_at is null returning incident_id
      ), calls_again as (
        update calls set state = 'open', ended_at = null, handed_at = null, error = null,
          answer = case when state = 'failed' then null else answer end
        from resolved where case_id = ${caseId} and state in ('open', 'claimed', 'failed')
          and resolved.incident_id in ('call:' || calls.id, 'step:call:' || calls.id)
      ), timers_again as (
        update case_states set alarm_at = null from resolved where case_id = ${caseId}
      )
      select incident_id from resolved`
  })
  if (resolved.length > 0) wakeWorker(db)
  return resolved.length > 0
}
