import { setTimeout as wait } from 'node:timers/promises'
import type { MinistryProcesses, Part } from './ministry-processes.ts'

export interface PlannedKill {
  part: Part
  /** It comes when this many forms have been completed, */
  after: number
  /** and this much later (ms), wherever everybody is then. */
  delay: number
  /** What is lost with it. */
  lose?: () => Promise<void>
}

/** `times` kills of a part, each at a random moment of its own share of the work between `from` and `to` completions. */
export function plan(
  random: () => number,
  { part, times, from, to }: { part: Part; times: number; from: number; to: number },
): PlannedKill[] {
  const share = (to - from) / times
  return Array.from({ length: times }, (_, index) => ({
    part,
    after: Math.floor(from + (index + random()) * share),
    delay: Math.floor(random() * 300),
  }))
}

/**
 * Kills parts with SIGKILL as planned and starts each again at once. Parts come back side by side; the same one is not killed
 * before it is up again.
 */
export class Killer {
  readonly kills: Partial<Record<Part, number>> = {}
  readonly #ending = new AbortController()
  readonly #comingBack = new Map<Part, Promise<void>>()
  readonly #running: Promise<void>

  constructor(
    readonly ministry: MinistryProcesses,
    plans: PlannedKill[],
    progress: () => number,
  ) {
    this.#running = this.#work(
      [...plans].sort((one, other) => one.after - other.after),
      progress,
    )
    this.#running.catch(() => undefined)
  }

  /** Kills nothing more, and waits until everything is up. Throws when something did not come back. */
  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#running
    await Promise.all(this.#comingBack.values())
  }

  /** When every planned kill is done and everything is up again. */
  async done(): Promise<void> {
    await this.#running
    await Promise.all(this.#comingBack.values())
  }

  async #work(plans: PlannedKill[], progress: () => number): Promise<void> {
    for (const kill of plans) {
      while (progress() < kill.after && !this.#ending.signal.aborted) await wait(20)
      // The work has ended before its moment came.
      if (progress() < kill.after) return
      await wait(kill.delay)
      await this.#comingBack.get(kill.part)
      await this.ministry.kill(kill.part)
      this.kills[kill.part] = (this.kills[kill.part] ?? 0) + 1
      await kill.lose?.()
      const back = this.ministry.up(kill.part)
      back.catch(() => undefined)
      this.#comingBack.set(kill.part, back)
    }
  }
}
