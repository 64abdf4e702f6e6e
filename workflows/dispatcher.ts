import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { newWork, takeBackHandOver, type HandOver } from '#db/case-work.ts'
import type { Database } from '#db/database.ts'
import { WAKE_CHANNEL } from '#db/wake.ts'
import type { caseWorkflow } from './case.workflow.ts'
import { caseWorkflowId, WORK } from './names.ts'

const POLL_MS = 1_000
const BATCH = 200
/** Workflows signalled at a time. */
const CONCURRENCY = 16

/** Starts or wakes the workflow of each case. Throws when Temporal does not take one; the others are still tried. */
export async function handOver(client: Client, taskQueue: string, work: HandOver): Promise<void> {
  const waiting = [...new Set(work.map(({ caseId }) => caseId))]
  const failures: unknown[] = []
  const lane = async () => {
    for (let caseId = waiting.shift(); caseId !== undefined; caseId = waiting.shift()) {
      try {
        await client.workflow.signalWithStart<typeof caseWorkflow, []>('caseWorkflow', {
          workflowId: caseWorkflowId(caseId),
          taskQueue,
          args: [caseId],
          signal: WORK,
        })
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, waiting.length) }, lane))
  if (failures.length > 0) throw failures[0]
}

export interface Dispatcher {
  /** Resolves when the hand-over at work is finished. */
  stop(): Promise<void>
}

/**
 * Hands new work to the cases' workflows: at once when a step says so, and each second in case its word got lost. What Temporal
 * does not take is handed over again.
 */
export async function startDispatcher(options: {
  db: Database
  handOver: (work: HandOver) => Promise<void>
  onError: (error: unknown) => void
}): Promise<Dispatcher> {
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
  const handNewWork = async () => {
    const work = await newWork(db, BATCH)
    if (work.length === 0) return
    try {
      await options.handOver(work)
    } catch (error) {
      await takeBackHandOver(db, work)
      throw error
    }
    if (work.length >= BATCH) woken = true
  }
  const loop = async () => {
    while (!ending.signal.aborted) {
      woken = false
      try {
        await handNewWork()
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
