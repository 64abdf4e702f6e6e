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
  let ended = false
  let woken = false
  let cut = () => {}
  let wake = () => {}
  const listening = await db.sql.listen(WAKE_CHANNEL, () => {
    woken = true
    wake()
  })

  const rest = (untilWoken: boolean) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS)
      cut = () => {
        clearTimeout(timer)
        resolve()
      }
      wake = untilWoken ? cut : () => {}
    })
  const loop = async () => {
    while (!ended) {
      woken = false
      let more = false
      let failed = false
      try {
        more = await options.round()
      } catch (error) {
        failed = true
        onError(error)
      }
      if (ended || more) continue
      if (failed || !woken) await rest(!failed)
    }
  }
  const running = loop()
  return {
    async stop() {
      ended = true
      cut()
      await running
      await listening.unlisten()
    },
  }
}
