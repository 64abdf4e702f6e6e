import { setTimeout as wait } from 'node:timers/promises'

/** Something that was started: a process, however it is held. */
export interface Running {
  /** Resolves when it has ended, however it came to that. */
  ended: Promise<void>
  close(): Promise<void>
}

export interface KeepUpNews {
  /** It ended by itself; the next try follows in `waitMs`. */
  died(waitMs: number): void
  back(): void
  /** A try failed; the next follows in `waitMs`. */
  failed(error: unknown, waitMs: number): void
}

export interface KeptUp<T extends Running> {
  /** The one that was started first; later ones are the same to everybody else (address, data). */
  first: T
  /** Ends it for good. */
  close(): Promise<void>
}

const FIRST_WAIT = 250
const LONGEST_WAIT = 10_000
/** Whoever lived this long (ms) starts with a clean sheet. */
const LONG_LIFE = 60_000

/** Starts it, and starts it again whenever it ends by itself, with longer and longer waits. Throws what the first start throws. */
export async function keepUp<T extends Running>(start: () => Promise<T>, news: KeepUpNews): Promise<KeptUp<T>> {
  const first = await start()
  const closing = new AbortController()
  let current: Running | null = first
  let bornAt = performance.now()
  let failures = 0

  const watch = async () => {
    while (!closing.signal.aborted) {
      if (current !== null) {
        await current.ended
        if (closing.signal.aborted) return
        current = null
        if (performance.now() - bornAt > LONG_LIFE) failures = 0
        news.died(waitFor(failures))
      }
      const awake = await wait(waitFor(failures), true, { signal: closing.signal }).catch(() => false)
      if (!awake) return
      failures += 1
      try {
        current = await start()
        bornAt = performance.now()
        if (!closing.signal.aborted) news.back()
      } catch (error) {
        news.failed(error, waitFor(failures))
      }
    }
  }
  const watching = watch()
  return {
    first,
    async close() {
      closing.abort()
      await current?.close()
      await watching
      // A start that was under way while we closed.
      await current?.close()
    },
  }
}

function waitFor(failures: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures)
}
