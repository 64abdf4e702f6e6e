import type { Sql, TransactionSql } from 'postgres'
import type { CaseEvent, Variables } from '#bpmn/case.ts'
import { find } from '#bpmn/rows.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'
import { gatherStart, togetherAt } from './gathered-starts.ts'
import { Refusal } from './refusal.ts'
import { runStep, startCase, type LockedCase } from './step.ts'
import { TIME_TO_LIVE_MS } from './thrown-events.ts'

/** A delivery is somebody's for so long; a worker that dies in it loses it then. */
const CLAIM = '30 seconds'

/** In SQL, the one clock. */
const NOW = `(clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond')`

/** In SQL on deliveries `d`: parked, so it waits for a person. */
const parked = (sql: Sql | TransactionSql) => sql`exists (select 1 from incidents i
  where i.case_id = coalesce(d.case_id, (select e.from_case from thrown_events e where e.id = d.thrown_id))
    and i.incident_id = 'step:delivery:' || d.id and i.resolved_at is null)`

/**
 * In SQL: each open message that somebody takes now, with whom. One that waits for its very key comes before one that takes any,
 * who has waited longer before others, and only where nobody waits does a flow begin with it. A catcher that has another message
 * on its way takes no second one before that.
 */
const catchable = (sql: Sql | TransactionSql) => sql`
  select t.id, t.seq, c.case_id, c.subscription_id, c.flow_version_id, c.element_id from thrown_events t cross join lateral (
    (select 1 as rank, s.case_id, s.subscription_id, null::uuid as flow_version_id, null::text as element_id from subscriptions s
      where s.kind = 'message' and s.message_name = t.name and (s.correlation_key is null or s.correlation_key = t.correlation_key)
        and s.case_id <> t.from_case
        and not exists (select 1 from deliveries d where d.state = 'open' and d.case_id = s.case_id and d.subscription_id = s.subscription_id)
      order by s.correlation_key is null, s.since_at, s.case_id, s.subscription_id limit 1)
    union all
    (select 2, null, null, s.flow_version_id, s.element_id from starters s
      where s.kind = 'message' and s.name = t.name
        and not exists (select 1 from subscriptions w where w.kind = 'message' and w.message_name = t.name
          and (w.correlation_key is null or w.correlation_key = t.correlation_key) and w.case_id <> t.from_case)
      order by s.flow_id, s.element_id, s.part limit 1)
    order by rank limit 1
  ) c where t.state = 'open' and t.expires_at > ${sql.unsafe(NOW)}`

/**
 * Finds for open messages who takes them. One worker at a time: two would give one message to two catchers.
 * @returns how many have found somebody
 */
export async function matchMessages(db: Database, limit = 200): Promise<number> {
  return db.sql.begin(async (sql) => {
    const [turn] = await sql<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(hashtext('match messages')) as mine`
    if (!turn?.mine) return 0
    // Of several messages for one catcher the first; the others look again when it has got that.
    const matched = await sql`
      with found as (select * from (${catchable(sql)}) f order by seq limit ${limit}), first as (
        select distinct on (case_id, subscription_id, case when case_id is null then id end) * from found
        order by case_id, subscription_id, case when case_id is null then id end, seq
      ), settled as (
        update thrown_events t set state = 'settled' from first where t.id = first.id and t.state = 'open' returning t.id
      )
      insert into deliveries (thrown_id, case_id, subscription_id, flow_version_id, element_id, state)
      select first.id, first.case_id, first.subscription_id, first.flow_version_id, first.element_id, 'open'
      from first join settled on settled.id = first.id order by first.seq returning 1`
    return matched.length
  })
}

/** Messages that nobody took in their time are on the administrators' list, in the case that threw them. */
export async function expireMessages(db: Database): Promise<number> {
  const expired = await db.sql`
    with expired as (
      update thrown_events set state = 'expired' where state = 'open' and expires_at <= ${db.sql.unsafe(NOW)}
      returning id, from_case, element_id, name, correlation_key, expires_at
    )
    insert into incidents (case_id, incident_id, element_id, code, message, raised_at, parked)
    select from_case, 'message:' || id, element_id, 'message-unmatched',
      'Nobody took the message "' || name || '"' || coalesce(' with the key "' || correlation_key || '"', ''), expires_at, true from expired
    on conflict (case_id, incident_id) do update set raised_at = excluded.raised_at, resolved_at = null returning 1`
  return expired.length
}

/** Has a message that nobody took look again, for as long as the first time. Null where the incident is about something else. */
export async function throwAgain(sql: TransactionSql, caseId: string, incidentId: string): Promise<boolean | null> {
  if (!incidentId.startsWith('message:')) return null
  const again =
    await sql`update thrown_events set state = 'open', expires_at = ${sql.unsafe(NOW)} + ${TIME_TO_LIVE_MS} * interval '1 millisecond'
    where from_case = ${caseId} and 'message:' || id = ${incidentId} and state = 'expired' returning 1`
  return again.length > 0
}

export interface Delivery {
  id: string
  thrownId: string
  kind: 'message' | 'signal'
  name: string
  correlationKey: string | null
  variables: Variables
  /** Of the thrower. */
  fromCase: string
  to:
    | { caseId: string; subscriptionId: string | null }
    | { caseId: null; flowId: string; flowVersionId: string; elementId: string }
}

/** Takes deliveries that nobody is at, in their order; a case's later ones wait for its earlier ones. */
export async function claimDeliveries(db: Database, limit: number): Promise<Delivery[]> {
  type Row = Omit<Delivery, 'to'> & {
    caseId: string | null
    subscriptionId: string | null
    flowId: string | null
    flowVersionId: string | null
    elementId: string | null
  }
  const { sql } = db
  const rows = await sql<Row[]>`
    with claimed as (
      update deliveries set claimed_until = clock_timestamp() + ${CLAIM}::interval where id in (
        select d.id from deliveries d where d.state = 'open' and (d.claimed_until is null or d.claimed_until < clock_timestamp()) and not ${parked(sql)}
          and not exists (select 1 from deliveries e where e.state = 'open' and e.case_id = d.case_id and e.seq < d.seq and e.claimed_until >= clock_timestamp())
        order by d.seq limit ${limit} for update skip locked)
      returning *
    )
    select c.id, c.thrown_id as "thrownId", t.kind, t.name, t.correlation_key as "correlationKey", t.variables, t.from_case as "fromCase",
      c.case_id as "caseId", c.subscription_id as "subscriptionId", c.flow_version_id as "flowVersionId", c.element_id as "elementId",
      v.flow_id as "flowId"
    from claimed c join thrown_events t on t.id = c.thrown_id left join flow_versions v on v.id = c.flow_version_id order by c.seq`
  return rows.map(({ caseId, subscriptionId, flowId, flowVersionId, elementId, ...delivery }) => ({
    ...delivery,
    to:
      caseId === null
        ? { caseId, flowId: flowId ?? '', flowVersionId: flowVersionId ?? '', elementId: elementId ?? '' }
        : { caseId, subscriptionId },
  }))
}

const goneFromCase = () =>
  new Refusal('receiver-gone', 409, {
    vi: 'Hồ sơ không còn chờ thông điệp này. Chưa có gì thay đổi.',
    en: 'The case no longer waits for this. Nothing was changed.',
  })

/**
 * The step of the receiver, and with it the end of the delivery. Made once, however often it is asked for. A case that waits no
 * longer keeps nothing of it; a message then looks for another catcher.
 */
export async function deliver(db: Database, delivery: Delivery): Promise<void> {
  const { to } = delivery
  if (to.caseId === null && togetherAt(await flowOfVersion(db, to.flowVersionId), to.elementId)) {
    if ((await gather(db, delivery, to)) === 'gone') await giveUp(db, delivery)
    return
  }
  try {
    const { repeated } = await receive(db, delivery)
    // The first try's end is part of its step; only a repeat can have found it open.
    if (repeated) await end(db.sql, delivery.id, 'done')
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'receiver-gone') throw error
    await giveUp(db, delivery)
  }
}

/** For a start event that needs others as well; it belongs to the flow, so a newer version of it may be the one that gathers. */
function gather(db: Database, delivery: Delivery, to: { flowId: string; elementId: string }) {
  const { id, thrownId, kind, name, variables, fromCase } = delivery
  return gatherStart(db, {
    flowId: to.flowId,
    elementId: to.elementId,
    as: { kind, name },
    key: thrownId,
    stepKey: `delivery:${id}`,
    variables,
    record: { from: fromCase, [kind]: name },
    end: async (sql) => (await end(sql, id, 'done')).length > 0,
  })
}

function receive(db: Database, delivery: Delivery): Promise<{ repeated: boolean }> {
  const { to, kind, name, variables, correlationKey } = delivery
  const key = `delivery:${delivery.id}`
  const record = { from: delivery.fromCase, [kind]: name }
  if (to.caseId === null) {
    return startCase(db, {
      flowId: to.flowId,
      flowVersionId: to.flowVersionId,
      startEventId: to.elementId,
      documentId: null,
      variables,
      key,
      actor: null,
      record,
      act: (scope) => Promise.resolve(scope.write(() => end(scope.sql, delivery.id, 'done'))),
    })
  }
  const { caseId, subscriptionId } = to
  return runStep(db, {
    of: { caseId },
    key,
    actor: null,
    record,
    decide: (locked): CaseEvent => {
      if (!waitsFor(locked, delivery, subscriptionId)) throw goneFromCase()
      if (kind === 'signal' || subscriptionId === null) return { type: 'signalReceived', name, variables }
      const keyed = correlationKey === null ? {} : { correlationKey }
      return { type: 'messageReceived', name, subscriptionId, variables, ...keyed }
    },
    act: (scope) => Promise.resolve(scope.write(() => end(scope.sql, delivery.id, 'done'))),
  })
}

function waitsFor({ state }: LockedCase, { kind, name }: Delivery, subscriptionId: string | null): boolean {
  if (kind === 'signal') return state.subscriptions.some((entry) => entry.signal && entry.name === name)
  return find(state.subscriptions, subscriptionId ?? undefined)?.name === name
}

const end = (sql: Sql, deliveryId: string, state: 'done' | 'gone') =>
  sql`update deliveries set state = ${state}, ended_at = clock_timestamp() where id = ${deliveryId} and state = 'open' returning 1`

async function giveUp(db: Database, delivery: Delivery): Promise<void> {
  await db.sql.begin(async (sql) => {
    const [ended] = await end(sql as unknown as Sql, delivery.id, 'gone')
    if (ended && delivery.kind === 'message')
      await sql`update thrown_events set state = 'open' where id = ${delivery.thrownId} and state = 'settled'`
  })
}

/** A delivery whose step failed three times is parked: in the receiving case, or where it was to begin one, in the throwing. */
export async function parkDelivery(db: Database, delivery: Delivery, message: string): Promise<void> {
  const [caseId, elementId] =
    delivery.to.caseId === null ? [delivery.fromCase, delivery.to.elementId] : [delivery.to.caseId, delivery.name]
  await db.sql`insert into incidents (case_id, incident_id, element_id, code, message, raised_at, parked)
    values (${caseId}, ${'step:delivery:' + delivery.id}, ${elementId}, 'step-failed', ${`${delivery.kind} ${delivery.name}: ${message}`.slice(0, 2000)},
      clock_timestamp(), true)
    on conflict (case_id, incident_id) do update set message = excluded.message, raised_at = excluded.raised_at, resolved_at = null`
}

/** Whether something between cases could be carried now: time does not go on before it is. */
export async function isCarrying(db: Database): Promise<boolean> {
  const { sql } = db
  const [row] = await sql<
    { any: boolean }[]
  >`select exists (select 1 from deliveries d where d.state = 'open' and not ${parked(sql)})
    or exists (${catchable(sql)}) as any`
  return row?.any ?? false
}
