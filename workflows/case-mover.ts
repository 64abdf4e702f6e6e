import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '#db/database.ts'
import {
  checkCases,
  claimCases,
  migrationsAtWork,
  moveOne,
  noteFailure,
  type MigrationAtWork,
} from '#db/migrating-cases.ts'
import { withPatience } from './step-patience.ts'
import type { WorkLoop } from './work-loop.ts'

const POLL_MS = 1_000
/** Cases at a time: few, so that a pause is heard soon and people's own steps get between. */
const CHECKED_AT_ONCE = 50
const MOVED_AT_ONCE = 10

/**
 * Moves running cases to other versions of their flows, and makes the dry runs of that, as administrators ask. It needs the
 * database alone. Any number of workers may do so at once, and any of them may die: each case is moved once.
 */
export function startCaseMover(options: { db: Database; onError: (error: unknown) => void }): WorkLoop {
  const ending = new AbortController()
  const loop = async () => {
    while (!ending.signal.aborted) {
      const more = await moveCases(options.db, ending.signal).catch((error: unknown) => {
        if (!ending.signal.aborted) options.onError(error)
        return 0
      })
      if (more === 0) await wait(POLL_MS, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  }
  const running = loop()
  return {
    async stop() {
      ending.abort()
      await running
    },
  }
}

/** One portion of each migration at work. @returns how many cases were looked at */
export async function moveCases(db: Database, signal?: AbortSignal): Promise<number> {
  let count = 0
  for (const migration of await migrationsAtWork(db)) {
    if (signal?.aborted) break
    count += migration.state === 'checking' ? await check(db, migration) : await moveSome(db, migration, signal)
  }
  return count
}

async function check(db: Database, migration: MigrationAtWork): Promise<number> {
  const claimed = await claimCases(db, migration, CHECKED_AT_ONCE)
  if (claimed.length > 0) await checkCases(db, migration, claimed)
  return claimed.length
}

async function moveSome(db: Database, migration: MigrationAtWork, signal?: AbortSignal): Promise<number> {
  const claimed = await claimCases(db, migration, MOVED_AT_ONCE)
  for (const caseId of claimed) {
    if (signal?.aborted) break
    await withPatience(
      () => moveOne(db, migration, caseId),
      (error) => noteFailure(db, migration, caseId, error.message),
    )
  }
  return claimed.length
}
