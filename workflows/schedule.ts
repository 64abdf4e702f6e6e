import {
  isGrpcServiceError,
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time'
import { SWEEP_SCHEDULE } from './names.ts'

const GRPC_NOT_FOUND = 5
const GRPC_ALREADY_EXISTS = 6
/** Histories are no record (the database is); three days are enough to look into a fault. */
const RETENTION = '3 days'

const hasCode = (error: unknown, code: number) => isGrpcServiceError(error) && error.code === code

/** Makes sure that the namespace is there: a Temporal that lost its store has none of ours. */
export async function ensureNamespace(client: Client, namespace: string): Promise<void> {
  try {
    await client.workflowService.describeNamespace({ namespace })
  } catch (error) {
    if (!hasCode(error, GRPC_NOT_FOUND)) throw error
    await client.workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(RETENTION) })
      .catch((registering: unknown) => {
        if (!hasCode(registering, GRPC_ALREADY_EXISTS)) throw registering
      })
  }
}

/** Makes sure that the minute's sweep is scheduled on this task queue. @returns whether it had to be made */
export async function ensureSweep(client: Client, taskQueue: string, scheduleId = SWEEP_SCHEDULE): Promise<boolean> {
  try {
    await client.schedule.getHandle(scheduleId).describe()
    return false
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
  }
  try {
    await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: '1 minute' }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'sweepWorkflow',
        taskQueue,
        workflowId: `${scheduleId}-run`,
        args: [],
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      state: { triggerImmediately: true },
    })
    return true
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false
    throw error
  }
}
