import type { Sql, TransactionSql } from 'postgres'
import { linkHash } from './chain.ts'
import type { Database } from './database.ts'

export interface AuditAct {
  personId: string | null
  postId: string | null
  /** What was done, as `noun.verb`: `session.opened`, `exchange.refused`. */
  act: string
  data: Record<string, unknown>
}

/** Records an act outside cases in its own chain. One at a time: each link needs the one before. */
export async function recordAudit(db: Database, act: AuditAct): Promise<void> {
  await db.sql.begin((sql) => linkAudit(sql, act))
}

/** Records an act in the transaction that does it: both stand or neither. */
export async function linkAudit(sql: Sql | TransactionSql, act: AuditAct): Promise<void> {
  await sql`select pg_advisory_xact_lock(4711302021)`
  const [last] = await sql<
    { seq: number; hash: string }[]
  >`select seq::float8 as seq, hash from audit_events order by seq desc limit 1`
  const seq = (last?.seq ?? 0) + 1
  const at = Date.now()
  const hash = linkHash(last?.hash ?? '', { seq, at, ...act })
  await sql`insert into audit_events (seq, at, person_id, post_id, act, data, hash)
    values (${seq}, to_timestamp(${at} / 1000.0), ${act.personId}, ${act.postId}, ${act.act}, ${JSON.stringify(act.data)}::text::jsonb, ${hash})`
}
