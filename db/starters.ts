import type { Sql, TransactionSql } from 'postgres'
import type { AdvanceContext } from '#bpmn/case.ts'
import type { Finding } from '#bpmn/finding.ts'
import type { EventDefinition, Flow } from '#bpmn/flow.ts'
import { evaluateFeel, feelVariables } from '#bpmn/feel.ts'
import { Failure } from '#bpmn/failure.ts'
import { starters } from '#bpmn/starting.ts'
import { addDuration, nextDue, readTimer } from '#bpmn/timers.ts'
import { workingCalendar } from './calendar.ts'
import { readClock } from './clock.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'
import { gatherStart, keepGathered, togetherAt, togetherIn } from './gathered-starts.ts'
import { Refusal } from './refusal.ts'
import { startCase, type StepAnswer } from './step.ts'

/** How often a condition at the start of a process is looked at: what it can read, the time, changes without an event. */
const LOOK_EVERY_MS = 60_000

/** An event that begins cases of a flow by itself. */
export interface StarterRow {
  elementId: string
  part: number
  kind: 'message' | 'signal' | 'timer' | 'conditional'
  /** Of a condition its expression. */
  name: string | null
  /** Epoch ms; of a condition when it is looked at next. */
  dueAt: number | null
  occurrence: number
  cycle: { left: number; every: string; workingTime: boolean } | null
  /** Of a condition: whether it held when it was looked at last. */
  held: boolean
  /** All that has to come before a case begins, where that is not this one alone. */
  together: EventDefinition[] | null
}

/** What begins cases of a flow by itself, and what of that cannot be. A date that has passed begins none. */
export function startersOf(flow: Flow, context: AdvanceContext): { rows: StarterRow[]; findings: Finding[] } {
  const rows: StarterRow[] = []
  const findings: Finding[] = []
  for (const { elementId, event } of starters(flow)) {
    const finding = (severity: Finding['severity'], vi: string, en: string) =>
      findings.push({ rule: 'starter', severity, elementId, vi, en })
    const definitions = event.type === 'multiple' ? event.definitions : [event]
    const together = togetherIn(event)
    for (const [part, definition] of definitions.entries()) {
      const read = readStarter(definition, context)
      if (read instanceof Failure) {
        finding(
          'error',
          `Không đọc được sự kiện bắt đầu "${elementId}": ${read.message}.`,
          `The start event "${elementId}" cannot be read: ${read.message}.`,
        )
      } else if (read)
        rows.push({
          elementId,
          part,
          occurrence: 1,
          name: null,
          dueAt: null,
          cycle: null,
          held: false,
          together,
          ...read,
        })
      else if (together) {
        // a date that has passed may have been gathered under the version before
        finding(
          definition.type === 'timer' ? 'warning' : 'error',
          `"${elementId}" chỉ bắt đầu khi mọi sự kiện của nó đã đến, mà sự kiện thứ ${part + 1} không còn đến được.`,
          `"${elementId}" begins only when all its events have come, and number ${part + 1} of them can come no more.`,
        )
      }
    }
  }
  return { rows, findings }
}

type Read = Pick<StarterRow, 'kind'> & Partial<Omit<StarterRow, 'together'>>

function readStarter(event: EventDefinition, context: AdvanceContext): Read | Failure | null {
  // nothing has been said yet that an expression could read
  const evaluate = (expression: string) => evaluateFeel(expression, () => undefined, context)
  switch (event.type) {
    case 'message':
    case 'signal': {
      const name = evaluate(event.name)
      if (name instanceof Failure) return name
      if (typeof name !== 'string' || name === '') return new Failure(event.type, `"${event.name}" is no name`)
      return { kind: event.type, name }
    }
    case 'timer': {
      const { timer } = event
      const text = evaluate(timer.value)
      if (text instanceof Failure) return text
      const due = typeof text === 'string' ? readTimer(context, text, timer.workingTime) : null
      if (!due) return new Failure('timer', `"${timer.value}" is no date, duration or cycle`)
      const cycle = due.cycle ? { ...due.cycle, workingTime: timer.workingTime } : null
      const first = firstAfter(context, { dueAt: due.dueAt, occurrence: 1, cycle })
      return first && { kind: 'timer', ...first }
    }
    case 'conditional': {
      const { condition } = event
      const names = feelVariables(condition)
      if (names.length > 0)
        return new Failure(
          'conditional',
          `it reads ${names.join(', ')}, and before there is a case only the time is known`,
        )
      const holds = evaluate(condition)
      if (holds instanceof Failure) return holds
      // what has held before the publishing counts as over, as a date that has passed does
      return { kind: 'conditional', name: condition, dueAt: context.now + LOOK_EVERY_MS, held: holds === true }
    }
    default:
      return null
  }
}

type Occurrence = Pick<StarterRow, 'dueAt' | 'occurrence' | 'cycle'> & { dueAt: number }

/** The first occurrence that is still to come; what lies before the publishing counts as over. */
function firstAfter(context: AdvanceContext, first: Occurrence): Occurrence | null {
  let at: Occurrence | null = first
  while (at && at.dueAt < context.now) {
    // of a cycle that ends each occurrence counts
    const every: number | null =
      at.cycle && at.cycle.left > 0 ? addDuration(context, at.dueAt, at.cycle.every, at.cycle.workingTime) : null
    at = occurrenceAfter(context, at, every)
  }
  return at
}

/** The next time on the grid that began with the first one. Of times that were missed only the last is kept. */
function occurrenceAfter(
  context: AdvanceContext,
  { dueAt, occurrence, cycle }: Occurrence,
  due: number | null = null,
): Occurrence | null {
  if (!cycle || cycle.left === 0) return null
  const next = due ?? nextDue(context, dueAt, cycle.every, cycle.workingTime)
  if (next === null) return null
  return {
    dueAt: next,
    occurrence: occurrence + 1,
    cycle: { ...cycle, left: cycle.left < 0 ? -1 : cycle.left - 1 },
  }
}

/** A version that has become the newest of its flow, and what begins its cases. */
export interface BegunVersion {
  flowId: string
  flowVersionId: string
  rows: StarterRow[]
}

/**
 * Makes the starters of flows those of their newest versions; what earlier versions had is gone from this instant. The caller has
 * the flows' gathering locked (`lockGathering`). Rows before signals, as a start that throws one has them.
 */
export async function registerStarters(sql: TransactionSql, versions: BegunVersion[]): Promise<void> {
  const flowIds = versions.map(({ flowId }) => flowId)
  const gone = await sql<{ flowId: string; elementId: string; part: number; name: string | null; held: boolean }[]>`
    delete from starters where flow_id = any(${flowIds}::text[])
    returning flow_id as "flowId", element_id as "elementId", part, name, held`
  for (const { flowId, rows } of versions) await keepGathered(sql, flowId, rows)
  const rows = versions.flatMap(({ flowId, flowVersionId, rows: begun }) =>
    begun.map((row) => {
      const before = gone.find(
        (one) =>
          one.flowId === flowId && one.elementId === row.elementId && one.part === row.part && one.name === row.name,
      )
      return { ...row, flowId, flowVersionId, held: row.kind === 'conditional' && before ? before.held : row.held }
    }),
  )
  if (rows.length === 0) return
  // As for a case that begins to wait: of a throw at the same instant one is the first (`thrown-events.ts`).
  const signals = new Set(rows.flatMap(({ kind, name }) => (kind === 'signal' && name !== null ? [name] : [])))
  for (const name of [...signals].sort())
    await sql`select pg_advisory_xact_lock_shared(hashtextextended(${`signal:${name}`}, 0))`
  await sql`insert into starters (flow_id, flow_version_id, element_id, part, kind, name, due_at, occurrence, cycle, held)
    select r."flowId", r."flowVersionId", r."elementId", r.part, r.kind, r.name, to_timestamp(r."dueAt" / 1000), r.occurrence, r.cycle, r.held
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as r("flowId" text, "flowVersionId" uuid, "elementId" text, part int, kind text, name text, "dueAt" float8, occurrence int,
        cycle jsonb, held boolean)`
}

/** A timer start that has come due, or a condition that is to be looked at. */
export interface DueStarter {
  flowId: string
  flowVersionId: string
  elementId: string
  part: number
  occurrence: number
}

/** In SQL on starters `s`. */
const columns = `s.flow_id as "flowId", s.flow_version_id as "flowVersionId", s.element_id as "elementId", s.part, s.occurrence`

/** Timer starts that are due now on the one clock, and conditions to look at, in their order. */
export async function dueStarters(db: Database, limit: number): Promise<DueStarter[]> {
  return db.sql<DueStarter[]>`select ${db.sql.unsafe(columns)} from starters s
    where s.kind in ('timer', 'conditional') and s.error is null
      and s.due_at <= clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond'
    order by s.due_at, s.flow_id, s.element_id limit ${limit}`
}

const taken = () =>
  new Refusal('starter-taken', 409, {
    vi: 'Lần khởi tạo này đã được thực hiện hoặc luồng đã có phiên bản mới. Chưa có gì thay đổi.',
    en: 'This start has been made already, or the flow has a newer version. Nothing was changed.',
  })

/**
 * Starts the case of a due timer and sets the timer on, in one transaction: once, whoever fires it and however often. A condition
 * does so when it has become true since it was looked at last. Where other events have to come as well it is kept instead until they have.
 * @returns null when it was kept, had been fired already, or does not hold
 */
export async function fireStarter(db: Database, starter: DueStarter): Promise<StepAnswer | null> {
  const calendar = await workingCalendar(db)
  const { flowId, flowVersionId, elementId, part, occurrence } = starter
  const key = `start:${flowVersionId}:${elementId}:${part}:${occurrence}`
  if (!(await hasCome(db, starter, calendar))) return null
  if (togetherAt(await flowOfVersion(db, flowVersionId), elementId)) {
    const started = await gatherStart(db, {
      flowId,
      elementId,
      as: { part },
      key,
      stepKey: key,
      variables: {},
      record: { timer: elementId, occurrence },
      end: (sql, now) => setOn(sql, starter, { now, calendar }),
    })
    return typeof started === 'string' ? null : started
  }
  try {
    return await startCase(db, {
      flowId,
      flowVersionId,
      startEventId: elementId,
      documentId: null,
      variables: {},
      key,
      actor: null,
      act: async ({ sql, now }) => {
        if (!(await setOn(sql, starter, { now, calendar }))) throw taken()
      },
    })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'starter-taken') return null
    throw error
  }
}

/** True for a timer. A condition that does not hold, or has held since it was looked at last, is looked at again later. */
async function hasCome(db: Database, starter: DueStarter, calendar: AdvanceContext['calendar']): Promise<boolean> {
  const [row] = await db.sql<{ condition: string; held: boolean }[]>`
    select s.name as condition, s.held from starters s where ${thisStart(db.sql, starter)} and s.kind = 'conditional'`
  if (!row) return true
  const { now } = await readClock(db)
  const holds = evaluateFeel(row.condition, () => undefined, { now, calendar })
  if (holds instanceof Failure) throw new Error(holds.message)
  if (holds === true && !row.held) return true
  await db.sql`update starters s set held = ${holds === true}, due_at = to_timestamp(${now + LOOK_EVERY_MS}::float8 / 1000)
    where ${thisStart(db.sql, starter)}`
  return false
}

const thisStart = (sql: Sql, { flowVersionId, elementId, part, occurrence }: DueStarter) =>
  sql`s.flow_version_id = ${flowVersionId} and s.element_id = ${elementId} and s.part = ${part} and s.occurrence = ${occurrence}`

/** False where it has been set on before, or is of an older version. */
async function setOn(sql: Sql, starter: DueStarter, context: AdvanceContext): Promise<boolean> {
  const of = thisStart(sql, starter)
  const [row] = await sql<{ kind: StarterRow['kind']; dueAt: number; cycle: StarterRow['cycle'] }[]>`
    select s.kind, floor(extract(epoch from s.due_at) * 1000)::float8 as "dueAt", s.cycle from starters s where ${of} for update`
  if (!row) return false
  const { occurrence } = starter
  const next =
    row.kind === 'conditional'
      ? { dueAt: context.now + LOOK_EVERY_MS, occurrence: occurrence + 1, cycle: null }
      : occurrenceAfter(context, { ...row, occurrence })
  if (!next) await sql`delete from starters s where ${of}`
  else
    await sql`update starters s set due_at = to_timestamp(${next.dueAt}::float8 / 1000), occurrence = ${next.occurrence},
      cycle = ${JSON.stringify(next.cycle)}::text::jsonb, held = ${row.kind === 'conditional'} where ${of}`
  return true
}

/** A start that failed three times waits for a person, as a case's step does. */
export async function parkStarter(db: Database, starter: DueStarter, message: string): Promise<void> {
  await db.sql`update starters s set error = ${message.slice(0, 2000)} where ${thisStart(db.sql, starter)}`
}

export interface FailedStarter extends DueStarter {
  flowName: string
  flowNameEn: string
  /** As the flow names the start event; null where it has no name. */
  elementName: string | null
  /** Epoch ms. */
  dueAt: number
  error: string
}

/** Timer starts that failed, for the administrators' list: there is no case yet that an incident could belong to. */
export async function failedStarters(db: Database): Promise<FailedStarter[]> {
  return db.sql<FailedStarter[]>`
    select ${db.sql.unsafe(columns)}, v.name as "flowName", v.name_en as "flowNameEn",
      nullif(v.ir -> 'nodes' -> s.element_id ->> 'name', '') as "elementName",
      s.error, floor(extract(epoch from s.due_at) * 1000)::float8 as "dueAt"
    from starters s join flow_versions v on v.id = s.flow_version_id where s.error is not null order by s.due_at`
}

/** Has a failed start tried again. @returns false when there is none such */
export async function retryStarter(
  db: Database,
  starter: Pick<DueStarter, 'flowId' | 'elementId' | 'part'>,
): Promise<boolean> {
  const again =
    await db.sql`update starters set error = null where flow_id = ${starter.flowId} and element_id = ${starter.elementId}
    and part = ${starter.part} and error is not null returning 1`
  return again.length > 0
}
