import type { ReservedSql, Sql } from 'postgres'
import type { Database } from './database.ts'
import { notFound, Refusal } from './refusal.ts'
import type { StepAnswer } from './step.ts'
import { wakeWorker } from './wake.ts'

const ONCE = 'once_keys_pkey'

/** As it is kept under its key: a start also says which document it was about. */
export type StoredAnswer = StepAnswer & { documentId?: string | null }

interface PostgresError extends Error {
  code: string
  constraint_name?: string
}
const isPostgresError = (error: unknown): error is PostgresError =>
  error instanceof Error && typeof (error as Partial<PostgresError>).code === 'string'

/** What `open` finds: the first answer, where the key was there before. */
export interface Opened {
  answer: StoredAnswer | null
}

/** What is to be written, with `commit` behind it; the answer is kept under the key by one of the statements. */
export interface Carried {
  answer: StoredAnswer
  statements: (() => PromiseLike<unknown>)[]
  /** The worker has something to do now. */
  wake: boolean
}

/**
 * The transaction that every step is: `begin` travels with `open`, which locks and reads, and `commit` with what `carryOut` wants
 * written. What is thrown in between rolls back. A repeat gets the first answer, also where it had to wait for the first one's
 * lock and finds the case moved on. Throws Refusal `not-found` where `open` finds nothing.
 */
export async function inOneStep<O extends Opened>(
  db: Database,
  key: string | null,
  open: (sql: ReservedSql) => PromiseLike<O[]>,
  carryOut: (sql: ReservedSql, opened: O) => Promise<Carried>,
): Promise<StoredAnswer> {
  const sql = await db.sql.reserve()
  let begun = false
  const rollBack = async () => {
    begun = false
    // A connection that died has rolled back by itself; the error that matters is the one before.
    await sql`rollback`.catch(() => undefined)
  }
  try {
    begun = true
    // Queries start when they are awaited: `begin` has to be on its way before the lock is asked for.
    const [, [opened]] = await Promise.all([sql`begin`.execute(), open(sql)])
    if (!opened) throw notFound()
    if (opened.answer) return { ...opened.answer, repeated: true }
    const { answer, statements, wake } = await carryOut(sql, opened)
    await send([...statements, () => sql`commit`])
    begun = false
    if (wake) wakeWorker(db)
    return answer
  } catch (error) {
    if (begun) await rollBack()
    const mayBeRepeat =
      error instanceof Refusal || (isPostgresError(error) && error.code === '23505' && error.constraint_name === ONCE)
    const first = key !== null && mayBeRepeat ? await answerOf({ sql }, key) : null
    if (first) return { ...first, repeated: true }
    throw error
  } finally {
    if (begun) await rollBack()
    sql.release()
  }
}

/** The first answer to a key, null where none was given. */
export async function answerOf(db: { sql: Sql }, key: string): Promise<StoredAnswer | null> {
  const [row] = await db.sql<{ answer: StoredAnswer }[]>`select answer from once_keys where key = ${key}`
  return row?.answer ?? null
}

/** All in one round trip. */
async function send(statements: (() => PromiseLike<unknown>)[]): Promise<void> {
  const results = await Promise.allSettled(statements.map((statement) => statement()))
  const failed = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown)
  // After the first failure every later statement answers "transaction is aborted"; the first one says why.
  if (failed.length > 0)
    throw failed.find((reason) => !(isPostgresError(reason) && reason.code === '25P02')) ?? failed[0]
}
