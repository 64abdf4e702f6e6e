import type { Client } from '@temporalio/client'
import { newWork, takeBackHandOver, type HandOver } from '#db/case-work.ts'
import type { Database } from '#db/database.ts'
import type { caseWorkflow } from './case.workflow.ts'
import { caseWorkflowId, WORK } from './names.ts'
import { startWorkLoop, type WorkLoop } from './work-loop.ts'

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

/**
 * Hands new work to the cases' workflows: at once when a step says so, and each second in case its word got lost. What Temporal
 * does not take is handed over again.
 */
export function startDispatcher(options: {
  db: Database
  handOver: (work: HandOver) => Promise<void>
  onError: (error: unknown) => void
}): Promise<WorkLoop> {
  const { db, onError } = options
  return startWorkLoop({
    db,
    onError,
    async round() {
      const work = await newWork(db, BATCH)
      if (work.length === 0) return false
      try {
        await options.handOver(work)
      } catch (error) {
        await takeBackHandOver(db, work)
        throw error
      }
      return work.length >= BATCH
    },
  })
}
