import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import { sweepFiles } from '#db/file-sweep.ts'
import type { Logger } from './log.ts'

const FIRST_AFTER_MS = 60_000
const EVERY_MS = 6 * 3_600_000

/** Removes a few times a day what no row names from the file store. Several workers may do so at once. */
export function startStoreSweep(db: Database, files: FileStore, log: Logger): { stop(): Promise<void> } {
  const ending = new AbortController()
  const rest = (ms: number) => wait(ms, undefined, { signal: ending.signal }).catch(() => undefined)
  const loop = async () => {
    await rest(FIRST_AFTER_MS)
    while (!ending.signal.aborted) {
      try {
        const removed = await sweepFiles(db, files)
        if (removed > 0) log.info({ removed }, 'files that nothing names were removed')
      } catch (error) {
        log.warn({ err: error }, 'the file store could not be swept and is swept again later')
      }
      await rest(EVERY_MS)
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
