import { fireTimer, pendingWork } from '#db/case-work.ts'
import { makeCall } from './activities.ts'
import type { Outside } from './outside.ts'

/** Makes a case's calls in their order until none is left, as its workflow would. */
export async function makeCallsOf(outside: Outside, caseId: string): Promise<void> {
  for (;;) {
    const pending = await pendingWork(outside.db, caseId)
    if (!pending || pending.calls.length === 0) return
    for (const call of pending.calls) await makeCall(outside, call.id)
  }
}

/** Fires a case's due timers in their order, as its workflow would. */
export async function fireTimersOf(db: Outside['db'], caseId: string): Promise<void> {
  const pending = await pendingWork(db, caseId)
  for (const timer of pending?.dueTimers ?? []) await fireTimer(db, { caseId, ...timer })
}
