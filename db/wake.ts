import type { Database } from './database.ts'

export const WAKE_CHANNEL = 'imoit_work'
const COALESCE_MS = 40
const pending = new WeakSet<Database>()

/**
 * Tells the worker that there is something to do: after the commit and at most once per 40 ms, because NOTIFY serialises
 * commits. A wake that gets lost costs a second at most: the worker polls, too.
 */
export function wakeWorker(db: Database): void {
  if (pending.has(db)) return
  pending.add(db)
  setTimeout(() => {
    pending.delete(db)
    db.sql.notify(WAKE_CHANNEL, '').catch(() => undefined)
  }, COALESCE_MS).unref()
}
