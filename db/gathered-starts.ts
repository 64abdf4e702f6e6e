import type { Sql } from 'postgres'
import type { Json, Variables } from '#bpmn/case.ts'
import type { EventDefinition, Flow } from '#bpmn/flow.ts'
import { starters } from '#bpmn/starting.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'
import { startCase, type StepAnswer } from './step.ts'

/** The events that have to come together before a case begins (BPMN 2.0, 10.5.2); null where each begins one by itself. */
export function togetherIn(event: EventDefinition): EventDefinition[] | null {
  return event.type === 'multiple' && event.parallel && event.definitions.length > 1 ? event.definitions : null
}

/** The same for an element of a flow. */
export function togetherAt(flow: Flow, elementId: string): EventDefinition[] | null {
  const starter = starters(flow).find((one) => one.elementId === elementId)
  return starter ? togetherIn(starter.event) : null
}

/** One event that has come for a start event which needs several. */
export interface Arrival {
  flowId: string
  elementId: string
  /** A timer is one part; a message or signal fills any of its name, each by an arrival of its own. */
  as: { kind: 'message' | 'signal'; name: string } | { part: number }
  /** What came, told from every other. */
  key: string
  /** Of the start that it may make. */
  stepKey: string
  variables: Variables
  record: Record<string, Json>
  /** Ends what brought it, within the transaction that keeps or uses it. False when that was done before. */
  end(sql: Sql, now: number): Promise<boolean>
}

interface Kept {
  seq: string
  part: number
  count: number
  variables: Variables
  record: Json
}

interface Found {
  /** The newest. */
  flowVersionId: string
  definitions: EventDefinition[]
  part: number
  now: number
  /** The oldest of each other part, in the order in which they came; null while one is missing. */
  others: Kept[] | null
}

/** Somebody else was faster between two transactions: with what was gathered, or with the arrival itself. */
class GatheredOtherwise extends Error {}
class EndedBefore extends Error {}

/**
 * Keeps an event until the others have come, or starts the case with what they all carried, the later over the earlier. Either is
 * one transaction that ends the arrival, so that it counts once however often and by however many it is brought.
 * @returns `kept` also where it had been brought before; `gone` when the newest version does not gather it
 */
export async function gatherStart(db: Database, arrival: Arrival): Promise<StepAnswer | 'kept' | 'gone'> {
  for (;;) {
    const found = await keepUnlessLast(db, arrival)
    if (found === 'kept' || found === 'gone') return found
    try {
      return await startGathered(db, arrival, found)
    } catch (error) {
      if (error instanceof EndedBefore) return 'kept'
      if (!(error instanceof GatheredOtherwise)) throw error
    }
  }
}

/**
 * Whoever looks at what a flow has gathered, or makes its starters those of another version, does it alone. Taken before rows of
 * starters and names of signals are locked.
 */
export async function lockGathering(sql: Pick<Sql, 'unsafe'>, flowId: string): Promise<void> {
  await sql.unsafe('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`gather:${flowId}`])
}

async function keepUnlessLast(db: Database, arrival: Arrival): Promise<(Found & { others: Kept[] }) | 'kept' | 'gone'> {
  const { flowId, elementId, key, variables, record } = arrival
  return db.sql.begin(async (transaction) => {
    const sql = transaction as unknown as Sql
    await lockGathering(sql, flowId)
    const found = await look(sql, arrival)
    if (!found) return 'gone'
    const { others, part, definitions, now } = found
    if (others) return { ...found, others }
    if (await arrival.end(sql, now)) {
      await sql`insert into gathered_starts (flow_id, element_id, key, part, definitions, variables, record, at)
        values (${flowId}, ${elementId}, ${key}, ${part}, ${JSON.stringify(definitions)}::text::jsonb, ${JSON.stringify(variables)}::text::jsonb,
          ${JSON.stringify(record)}::text::jsonb, to_timestamp(${now}::float8 / 1000))
        on conflict (flow_id, element_id, key) do nothing`
    }
    return 'kept'
  })
}

async function look(sql: Sql, { flowId, elementId, as }: Arrival): Promise<Found | null> {
  const matching = 'part' in as ? sql`s.part = ${as.part}` : sql`s.kind = ${as.kind} and s.name = ${as.name}`
  const parts = await sql<{ part: number; flowVersionId: string; now: number }[]>`
    select s.part, s.flow_version_id as "flowVersionId",
      floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now
    from starters s where s.flow_id = ${flowId} and s.element_id = ${elementId} and ${matching} order by s.part`
  const [first] = parts
  if (!first) return null
  const { flowVersionId, now } = first
  const definitions = togetherAt(await flowOfVersion({ sql }, flowVersionId), elementId)
  if (!definitions) return null
  const oldest = await sql<Kept[]>`
    select distinct on (part) part, seq, variables, record, (count(*) over (partition by part))::int as count
    from gathered_starts where flow_id = ${flowId} and element_id = ${elementId} order by part, seq`
  const held = (part: number) => oldest.find((row) => row.part === part)?.count ?? 0
  // Of parts with the same name the emptiest, so that as many cases begin as there are whole sets.
  const part = parts.map((one) => one.part).reduce((least, one) => (held(one) < held(least) ? one : least))
  const others = oldest.filter((row) => row.part !== part)
  const whole = others.length === definitions.length - 1
  others.sort((a, b) => Number(BigInt(a.seq) - BigInt(b.seq)))
  return { flowVersionId, definitions, part, now, others: whole ? others : null }
}

function startGathered(db: Database, arrival: Arrival, found: Found & { others: Kept[] }): Promise<StepAnswer> {
  const { flowId, elementId, stepKey, record } = arrival
  const { flowVersionId, others } = found
  const carried = [...others.map((one) => one.variables), arrival.variables]
  return startCase(db, {
    flowId,
    flowVersionId,
    startEventId: elementId,
    documentId: null,
    variables: Object.assign({}, ...carried) as Variables,
    key: stepKey,
    actor: null,
    record: { ...record, gathered: others.map((one) => one.record) },
    act: async ({ sql, now }) => {
      await lockGathering(sql, flowId)
      const newest = await sql`select 1 from starters
        where flow_id = ${flowId} and element_id = ${elementId} and flow_version_id = ${flowVersionId} limit 1`
      const taken =
        await sql`delete from gathered_starts where seq = any(${others.map((one) => one.seq)}::bigint[]) returning 1`
      if (newest.length === 0 || taken.length < others.length)
        throw new GatheredOtherwise('what was gathered has been taken')
      if (!(await arrival.end(sql, now))) throw new EndedBefore('what came has been kept or used')
    },
  })
}

/** Of a flow that has another version now, keeps what the same start event still needs the same events for. */
export async function keepGathered(
  sql: Pick<Sql, 'unsafe'>,
  flowId: string,
  needed: { elementId: string; together: EventDefinition[] | null }[],
): Promise<void> {
  await sql.unsafe(
    `delete from gathered_starts g where g.flow_id = $1 and not exists (
      select 1 from jsonb_to_recordset($2::text::jsonb) as r("elementId" text, together jsonb)
      where r."elementId" = g.element_id and r.together = g.definitions)`,
    [flowId, JSON.stringify(needed)],
  )
}

/** A start event that has some of the events which it needs together, and waits for the others. */
export interface WaitingStart {
  flowId: string
  flowName: string
  flowNameEn: string
  elementId: string
  /** As the flow names the start event; null where it has no name. */
  elementName: string | null
  /** Of how many events something has come, and how many have to come. */
  came: number
  needs: number
  /** Epoch ms: when the oldest came. */
  since: number
}

/** What waits for the rest of its events, the longest first: an event that never comes is somebody's to notice. At most 200. */
export async function waitingStarts(db: Database): Promise<WaitingStart[]> {
  return db.sql<WaitingStart[]>`
    select g.flow_id as "flowId", v.name as "flowName", v.name_en as "flowNameEn", g.element_id as "elementId",
      nullif(v.ir -> 'nodes' -> g.element_id ->> 'name', '') as "elementName", count(distinct g.part)::int as came,
      jsonb_array_length(g.definitions) as needs, floor(extract(epoch from min(g.at)) * 1000)::float8 as since
    from gathered_starts g
      join lateral (select name, name_en, ir from flow_versions where flow_id = g.flow_id order by version desc limit 1) v on true
    group by g.flow_id, g.element_id, g.definitions, v.name, v.name_en, v.ir -> 'nodes' -> g.element_id ->> 'name'
    order by since limit 200`
}

/** Gives up what has come for a start event, so that it begins anew. @returns how many events that were */
export async function dropGathered(
  db: Database,
  { flowId, elementId }: Pick<WaitingStart, 'flowId' | 'elementId'>,
): Promise<number> {
  return db.sql.begin(async (sql) => {
    await lockGathering(sql, flowId)
    const dropped =
      await sql`delete from gathered_starts where flow_id = ${flowId} and element_id = ${elementId} returning 1`
    return dropped.length
  })
}
