import { proxyActivities } from '@temporalio/workflow'
import type { CaseActivities } from './activities.ts'

const { sweep } = proxyActivities<CaseActivities>({
  startToCloseTimeout: '50 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
})

/** Each minute: hands over again what is due or overdue. Covers a restart, a lost signal and the loss of Temporal itself. */
export async function sweepWorkflow(): Promise<void> {
  await sweep()
}
