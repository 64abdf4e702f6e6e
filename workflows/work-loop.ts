import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '#db/database.ts'
import { WAKE_CHANNEL } from '#db/wake.ts'

const POLL_MS = 1_000

export interface WorkLoop {
  /** Resolves when the round at work is finished. */
  stop(): Promise<void>
}

/**
 * Does a round of work at once when a step says that there is some, and each second in case its word got lost. `round` answers
 * whether there is more to do at once. A round that throws is told to `onError` and tried again in a second.
 */
export async function startWorkLoop(options: {
  db: Database
  round: () => Promise<boolean>
  onError: (error: unknown) => void
}): Promise<WorkLoop> {
  const { db, onError } = options
  const ending = new AbortController()
  let wake = () => {}
  let woken = false
  const listening = await db.sql.listen(WAKE_CHANNEL, () => {
    woken = true
    wake()
  })

  const pause = async () => {
    if (woken || ending.signal.aborted) return
    await new Promise<void>((resolve) => {
      wake = resolve
      wait(POLL_MS, undefined, { signal: ending.signal }).then(resolve, resolve)
    })
  }
  const loop = async () => {
    while (!ending.signal.aborted) {
      woken = false
      try {
        if (await options.round()) continue
      } catch (error) {
        onError(error)
        woken = false
        await wait(POLL_MS, undefined, { signal: ending.signal }).catch(() => undefined)
        continue
      }
      await pause()
    }
  }
  const running = loop()
  return {
    async stop() {
      ending.abort()
      await running
      await listening.unlisten()
    },
  }
}
