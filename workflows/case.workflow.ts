import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { CaseActivities } from './activities.ts'
import { WORK } from './names.ts'

/** A database, mail server or node that is down comes back: tried for ever. What is refused for good does not throw. */
const patience = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' } as const

/**
 * They touch only our own database and may be done again: as local activities they cost one workflow task instead of three trips
 * through Temporal, and a worker that dies in one is noticed when that task times out, in seconds.
 */
const { pendingWork, fireTimer } = proxyLocalActivities<CaseActivities>({
  startToCloseTimeout: '1 minute',
  retry: patience,
})
const { performCall } = proxyActivities<CaseActivities>({
  startToCloseTimeout: '10 minutes',
  // A worker that is killed in the middle says no more: the next one takes over after this.
  heartbeatTimeout: '15 seconds',
  // Never half a call: one that runs is let finish, one that waits for its next try is dropped.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: patience,
})

export const work = defineSignal(WORK)

/**
 * Fires the timers of a case and makes its calls. Holds nothing of its own: what there is to do stands in the database, and is
 * read anew whenever a signal comes, an alarm rings or something in flight has ended. It exists while there is anything near.
 */
export async function caseWorkflow(caseId: string): Promise<void> {
  let signals = 0
  setHandler(work, () => void (signals += 1))

  const lanes = new Map<string, CancellationScope>()
  let ended = 0
  let failure: Error | undefined
  const run = (lane: string, acts: (() => Promise<void>)[]) => {
    if (acts.length === 0 || lanes.has(lane)) return
    const scope = new CancellationScope()
    lanes.set(lane, scope)
    const walk = async () => {
      for (const act of acts) await act()
    }
    void scope
      .run(walk)
      .catch((error: unknown) => {
        if (!isCancellation(error)) failure ??= error instanceof Error ? error : new Error(String(error))
      })
      .finally(() => {
        lanes.delete(lane)
        ended += 1
      })
  }

  for (;;) {
    const seen = { signals, ended }
    const pending = await pendingWork(caseId)
    if (pending === null) return
    if (workflowInfo().continueAsNewSuggested) {
      for (const scope of lanes.values()) scope.cancel()
      await condition(() => lanes.size === 0)
      await continueAsNew<typeof caseWorkflow>(caseId)
    }

    // In their order on each channel; channels and timers side by side.
    for (const channel of new Set(pending.calls.map((call) => call.channel))) {
      const calls = pending.calls.filter((call) => call.channel === channel)
      run(
        channel,
        calls.map((call) => () => performCall(call.id)),
      )
    }
    run(
      'timers',
      pending.dueTimers.map((timer) => () => fireTimer({ caseId, ...timer })),
    )

    const awake = () => signals !== seen.signals || ended !== seen.ended || failure !== undefined
    if (lanes.size === 0 && pending.alarmAt === null && !awake()) return
    if (pending.alarmAt === null) await condition(awake)
    else await condition(awake, Math.max(20, pending.alarmAt - pending.now))
    if (failure !== undefined) throw failure
  }
}
