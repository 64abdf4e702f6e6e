import { setTimeout as wait } from 'node:timers/promises'

const TRIES = 3
const PAUSES_MS = [100, 500]

/** The database is not there, or is going down: not the step's fault, and not to be counted against it. */
export function isUnavailable(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  if (typeof code !== 'string') return false
  // 08 connection, 53 resources, 57 operator intervention; the driver's and the system's own names for a lost connection.
  return /^(08|53|57)/.test(code) || /^(CONNECT|CONNECTION_|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_)/.test(code)
}

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
