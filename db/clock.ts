import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'

/** The one clock in SQL: the database's own plus the demonstration's offset. */
export const nowSql = sql`(clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond')`

/** Epoch ms on the one clock. */
export async function readClock(db: Database): Promise<{ now: number; offsetMs: number }> {
  const [row] = await db.sql<{ now: number; offset: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000 + offset_ms)::float8 as now, offset_ms::float8 as offset from clock`
  if (!row) throw new Error('The clock has no row: migrations have not run')
  return { now: Math.floor(row.now), offsetMs: row.offset }
}

/** Sets the clock to an instant (epoch ms). Only forward: what has happened stays in the past. Refused in production. */
export async function moveClock(db: Database, toMs: number): Promise<void> {
  if (process.env.NODE_ENV === 'production') throw new Error('The clock cannot be moved in production')
  await db.sql`update clock set offset_ms = greatest(offset_ms, ceil(${toMs}::float8 - extract(epoch from clock_timestamp()) * 1000)::bigint)`
}
