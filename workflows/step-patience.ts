import { setTimeout as wait } from 'node:timers/promises'
import { isUnavailable } from '#db/unavailable.ts'

const TRIES = 3
const PAUSES_MS = [100, 500]

/**
 * Runs a step of a case. One that fails three times is given to `park`; when the database is away the error is thrown, so that
 * Temporal tries again later.
 */
export async function withPatience<T>(
  step: () => Promise<T>,
  park: (error: Error) => Promise<void>,
): Promise<T | null> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await step()
    } catch (error) {
      if (isUnavailable(error)) throw error
      if (tried === TRIES) {
        await park(error instanceof Error ? error : new Error(String(error)))
        return null
      }
      await wait(PAUSES_MS[tried - 1] ?? 0)
    }
  }
}
