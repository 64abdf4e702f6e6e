import type { Database } from '#db/database.ts'
import { claimDeliveries, deliver, expireMessages, matchMessages, parkDelivery, type Delivery } from '#db/deliveries.ts'
import { dueStarters, fireStarter, parkStarter } from '#db/starters.ts'
import { withPatience } from './step-patience.ts'
import { startWorkLoop, type WorkLoop } from './work-loop.ts'

const BATCH = 200
/** Cases that get something at a time. */
const CONCURRENCY = 4

/**
 * Carries what goes between cases, and starts the cases whose time has come. It needs the database alone: Temporal may be away.
 * Any number of workers may carry at once, and any of them may die: each delivery and each start is made once.
 */
export function startCarrier(options: { db: Database; onError: (error: unknown) => void }): Promise<WorkLoop> {
  return startWorkLoop({ ...options, round: async () => (await carry(options.db)) > 0 })
}

/** One round. @returns how much was done: a round that did something may have made more to do */
export async function carry(db: Database): Promise<number> {
  const started = await startDue(db)
  const matched = await matchMessages(db, BATCH)
  const expired = await expireMessages(db)
  const carried = await deliverAll(db)
  return started + matched + expired + carried
}

async function startDue(db: Database): Promise<number> {
  const due = await dueStarters(db, BATCH)
  for (const starter of due) {
    await withPatience(
      () => fireStarter(db, starter),
      (error) => parkStarter(db, starter, error.message),
    )
  }
  return due.length
}

/** A case's deliveries one after the other, those of several cases side by side. */
async function deliverAll(db: Database): Promise<number> {
  const claimed = await claimDeliveries(db, BATCH)
  const byCase = new Map<string, Delivery[]>()
  for (const delivery of claimed) {
    const receiver = delivery.to.caseId ?? delivery.id
    byCase.set(receiver, [...(byCase.get(receiver) ?? []), delivery])
  }
  const queues = [...byCase.values()]
  const lane = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      for (const delivery of queue) {
        await withPatience(
          () => deliver(db, delivery),
          (error) => parkDelivery(db, delivery, error.message),
        )
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, queues.length) }, lane))
  return claimed.length
}
