import { pendingWork } from '#db/case-work.ts'
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
