import type { HandOver } from './case-work.ts'
import { moveClock, readClock } from './clock.ts'
import type { Database } from './database.ts'
import { isCarrying } from './deliveries.ts'
import { parkedCall, parkedTimer } from './parking.ts'
import { Refusal } from './refusal.ts'
import { wakeWorker } from './wake.ts'

const KEY = 'clock:travel'
const LOCK = 4711302022
const POLL_MS = 15
/** Hand over again when nothing has moved for so long: a signal may have been lost with a worker. */
const IMPATIENT_MS = 2_000
/** What a case waits for is waited for so long before time goes on; the outside may be down for real. */
const CALL_PATIENCE_MS = 5_000

export interface Journey {
  /** Epoch ms on the one clock: where to. */
  to: number
  /** Where the clock has come to. */
  reached: number
  /** Timers that fired on the way. */
  fired: number
  done: boolean
  /** Why it ended before its end. */
  error?: string
}

export interface TravelOptions {
  /** Tells the cases' workflows that there is something to do. */
  handOver: (work: HandOver) => Promise<void>
  onProgress?: (journey: Journey) => Promise<void>
  signal?: AbortSignal
}

const refusedInProduction = () =>
  new Refusal('clock-in-production', 403, {
    vi: 'Hệ thống đang chạy thật nên không đổi được thời gian. Chưa có gì thay đổi.',
    en: 'This system is in production, so its clock cannot be moved. Nothing was changed.',
  })

/**
 * Moves the clock to an instant (epoch ms), stopping at every timer on the way and going on when it has fired, so that what
 * would have happened in weeks happens in the same order in seconds. Throws Refusal `clock-in-production`.
 */
export async function travelTo(db: Database, to: number, options: TravelOptions): Promise<Journey> {
  if (process.env.NODE_ENV === 'production') throw refusedInProduction()
  const journey: Journey = { to, reached: (await readClock(db)).now, fired: 0, done: false }
  await options.onProgress?.(journey)
  if (await isCarrying(db)) journey.fired += await fireAll(db, journey.reached, options)
  for (;;) {
    const next = await nextDue(db, to)
    if (next === null) break
    if (next > journey.reached) await moveClock(db, next)
    journey.reached = Math.max(journey.reached, next)
    journey.fired += await fireAll(db, next, options)
    await options.onProgress?.(journey)
    options.signal?.throwIfAborted()
  }
  await moveClock(db, to)
  journey.reached = Math.max(journey.reached, to)
  journey.done = true
  await options.onProgress?.(journey)
  return journey
}

/** Asks the worker for a journey. Throws Refusal `clock-in-production`. */
export async function askForJourney(db: Database, to: number): Promise<void> {
  if (process.env.NODE_ENV === 'production') throw refusedInProduction()
  await writeJourney(db, { to })
}

/** The journey asked for last, with how far it is; null when there was none. */
export async function journey(db: Database): Promise<Journey | null> {
  const [row] = await db.sql<
    { value: Partial<Journey> & { to: number } }[]
  >`select value from settings where key = ${KEY}`
  return row ? { reached: 0, fired: 0, done: false, ...row.value } : null
}

/**
 * Makes the journey that was asked for, if there is one and nobody else is making it. An unfinished one goes on where it was.
 * @returns whether there was one
 */
export async function makeJourney(db: Database, options: Pick<TravelOptions, 'handOver' | 'signal'>): Promise<boolean> {
  const asked = await journey(db)
  if (!asked || asked.done || typeof asked.to !== 'number') return false
  const connection = await db.sql.reserve()
  try {
    const [lock] = await connection<{ mine: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as mine`
    if (!lock?.mine) return false
    try {
      const before = asked.fired
      await travelTo(db, asked.to, {
        ...options,
        onProgress: (progress) => writeJourney(db, { ...progress, fired: before + progress.fired }),
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await writeJourney(db, { ...asked, done: true, error: error.sentence.en })
    } finally {
      await connection`select pg_advisory_unlock(${LOCK})`
    }
    return true
  } finally {
    connection.release()
  }
}

async function writeJourney(db: Database, value: Partial<Journey>): Promise<void> {
  await db.sql`insert into settings (key, value) values (${KEY}, ${JSON.stringify(value)}::text::jsonb)
    on conflict (key) do update set value = excluded.value`
}

/** The next timer of a case or start of one, epoch ms, rounded up so that it is due at it. */
async function nextDue(db: Database, until: number): Promise<number | null> {
  const at = db.sql`to_timestamp(${until}::float8 / 1000)`
  const [row] = await db.sql<{ at: number | null }[]>`
    select ceil(extract(epoch from least(
      (select min(t.due_at) from timers t where t.due_at <= ${at} and not ${parkedTimer(db.sql)}),
      (select min(s.due_at) from starters s where s.kind = 'timer' and s.error is null and s.due_at <= ${at})
    )) * 1000)::float8 as at`
  return row?.at ?? null
}

/**
 * Until nothing is due at the instant any more, nothing is on its way between cases, and no case waits for the answer of a call
 * that was not tried yet.
 */
async function fireAll(db: Database, instant: number, { handOver, signal }: TravelOptions): Promise<number> {
  const seen = new Set<string>()
  const handed = new Set<string>()
  const since = Date.now()
  let handedAt = since
  for (;;) {
    const due = await db.sql<{ caseId: string; key: string }[]>`
      select t.case_id as "caseId", t.case_id || ':' || t.timer_id || ':' || t.occurrence as key from timers t
      where t.due_at <= to_timestamp(${instant}::float8 / 1000) and not ${parkedTimer(db.sql)} order by t.due_at, key limit 500`
    const starts = await db.sql<{ key: string }[]>`
      select s.flow_version_id || ':' || s.element_id || ':' || s.part || ':' || s.occurrence as key from starters s
      where s.kind = 'timer' and s.error is null and s.due_at <= to_timestamp(${instant}::float8 / 1000)`
    const carrying = starts.length > 0 || (await isCarrying(db))
    const awaited = await db.sql<{ caseId: string; key: string }[]>`
      select k.case_id as "caseId", k.id as key from calls k where k.token is not null and k.state in ('open', 'claimed') and k.attempts <= 1
        and not ${parkedCall(db.sql)} limit 500`
    const patient = Date.now() - since <= CALL_PATIENCE_MS
    if (due.length === 0 && starts.length === 0 && (!patient || (awaited.length === 0 && !carrying))) return seen.size
    for (const { key } of [...due, ...starts]) seen.add(key)
    if (carrying) wakeWorker(db)
    if (Date.now() - handedAt > IMPATIENT_MS) handed.clear()
    const fresh = [...due, ...awaited].filter(({ key }) => !handed.has(key))
    if (fresh.length > 0) {
      for (const { key } of fresh) handed.add(key)
      await handOver([...new Set(fresh.map(({ caseId }) => caseId))].map((caseId) => ({ caseId })))
      handedAt = Date.now()
    }
    signal?.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
