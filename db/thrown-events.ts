import type { ReservedSql } from 'postgres'
import type { Statement, StepWrites } from './step-writes.ts'

/** How long a message looks for somebody who takes it, ms. What Zeebe's clients give it as well. */
export const TIME_TO_LIVE_MS = 3_600_000

/** What a case waits for from now on, and what it throws to others. */
export function writeBetweenCases(sql: ReservedSql, step: StepWrites): Statement[] {
  return [...lockSignalNames(sql, step.plan), ...writeWaits(sql, step), ...writeThrown(sql, step)]
}

function writeWaits(sql: ReservedSql, { locked, plan, actor }: StepWrites): Statement[] {
  if (plan.subscribed.length === 0) return []
  return [
    () => sql`insert into subscriptions (case_id, subscription_id, kind, message_name, correlation_key, element_id, attached_to, since_post, since_at)
      select ${locked.caseId}, r."subscriptionId", r.kind, r.name, r.key, r."elementId", r."attachedTo", ${actor?.postId ?? null},
        to_timestamp(${locked.now}::float8 / 1000)
      from jsonb_to_recordset(${JSON.stringify(plan.subscribed)}::text::jsonb)
        as r("subscriptionId" text, kind text, name text, key text, "elementId" text, "attachedTo" text)`,
  ]
}

/**
 * A message is left open, and looks for its catcher afterwards (`deliveries.ts`). A signal is for whoever waits at this moment:
 * its receivers are written here, each with a delivery of its own.
 */
function writeThrown(sql: ReservedSql, { locked, plan }: StepWrites): Statement[] {
  const at = sql`to_timestamp(${locked.now}::float8 / 1000)`
  return plan.thrown.map((effect) => {
    const variables = sql`${JSON.stringify(effect.variables)}::text::jsonb`
    if (effect.kind === 'throwMessage') {
      return () => sql`insert into thrown_events (kind, name, correlation_key, variables, from_case, element_id, thrown_at, expires_at, state)
        values ('message', ${effect.messageName}, ${effect.correlationKey}, ${variables}, ${locked.caseId}, ${effect.elementId}, ${at},
          ${at} + ${TIME_TO_LIVE_MS} * interval '1 millisecond', 'open')`
    }
    return () => sql`with thrown as (
        insert into thrown_events (kind, name, variables, from_case, element_id, thrown_at, state)
        values ('signal', ${effect.signalName}, ${variables}, ${locked.caseId}, ${effect.elementId}, ${at}, 'settled') returning id
      ), receivers as (
        select s.case_id, null::uuid as flow_version_id, null as element_id, min(s.since_at) as since from subscriptions s
          where s.kind = 'signal' and s.message_name = ${effect.signalName} and s.case_id <> ${locked.caseId} group by s.case_id
        union select null, s.flow_version_id, s.element_id, null from starters s where s.kind = 'signal' and s.name = ${effect.signalName}
      )
      insert into deliveries (thrown_id, case_id, flow_version_id, element_id, state)
      select thrown.id, r.case_id, r.flow_version_id, r.element_id, 'open' from thrown, receivers r
      order by r.since nulls last, r.case_id, r.flow_version_id, r.element_id`
  })
}

/**
 * Throwing a signal and beginning to wait for it exclude each other until the commit, so that of two at the same instant one is
 * the first: nobody who was seen waiting is left out. Names in one order for all, so that no two steps wait for one another.
 */
function lockSignalNames(sql: ReservedSql, plan: StepWrites['plan']): Statement[] {
  const thrown = new Set(plan.thrown.flatMap((effect) => (effect.kind === 'throwSignal' ? [effect.signalName] : [])))
  const waited = plan.subscribed.flatMap(({ kind, name }) => (kind === 'signal' ? [name] : []))
  return [...new Set([...thrown, ...waited])]
    .sort()
    .map((name) =>
      thrown.has(name)
        ? () => sql`select pg_advisory_xact_lock(hashtextextended(${`signal:${name}`}, 0))`
        : () => sql`select pg_advisory_xact_lock_shared(hashtextextended(${`signal:${name}`}, 0))`,
    )
}
