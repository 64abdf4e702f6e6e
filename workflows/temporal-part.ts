import { setTimeout as wait } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker'
import type { HandOver } from '#db/case-work.ts'
import { createActivities } from './activities.ts'
import { workflowBundle } from './bundle.ts'
import { handOver, startDispatcher } from './dispatcher.ts'
import type { Logger } from './log.ts'
import { SWEEP_SCHEDULE, TASK_QUEUE } from './names.ts'
import type { Outside } from './outside.ts'
import { ensureNamespace, ensureSweep } from './schedule.ts'

const RETRY_MS = 1_000
/** How often the schedule is looked for: a Temporal that was wiped while we ran has none. */
const CARE_MS = 15_000

export interface TemporalPartOptions extends Outside {
  /** host:port; asked before each try to connect, null while nobody knows. */
  address: () => Promise<string | null>
  namespace: string
  taskQueue?: string
  scheduleId?: string
  log: Logger
  onState: (state: { state: 'up' | 'down' | 'starting'; detail: string }) => void
}

export interface TemporalPart {
  /** Signals the workflows of cases. Throws while Temporal is away. */
  handOver: (work: HandOver) => Promise<void>
  /** Ends gracefully: calls at work are finished. */
  stop(): Promise<void>
}

/** Everything that needs Temporal: worker, dispatcher, schedule. Keeps trying while it is away, and never gives up. */
export function startTemporalPart(options: TemporalPartOptions): TemporalPart {
  installRuntime()
  const { taskQueue = TASK_QUEUE, onState } = options
  const ending = new AbortController()
  let current: Client | null = null
  const hand = async (work: HandOver) => {
    if (work.length === 0) return
    if (current === null) throw new Error('Temporal is away')
    await handOver(current, taskQueue, work)
  }
  const fail = (error: unknown) => {
    if (!ending.signal.aborted)
      onState({ state: 'down', detail: error instanceof Error ? error.message : String(error) })
  }
  let bundle: Promise<WorkflowBundle> | undefined

  const once = async () => {
    const address = await options.address()
    if (address === null) return onState({ state: 'starting', detail: 'no address yet' })
    const connection = await NativeConnection.connect({ address })
    try {
      const client = new Client({ connection, namespace: options.namespace })
      await ensureNamespace(client, options.namespace)
      const worker = await Worker.create({
        connection,
        namespace: options.namespace,
        taskQueue,
        workflowBundle: await (bundle ??= workflowBundle()),
        activities: createActivities({ ...options, handOver: hand }),
        shutdownGraceTime: '5 seconds',
        maxConcurrentActivityTaskExecutions: 40,
        maxCachedWorkflows: 500,
      })
      current = client
      const dispatcher = await startDispatcher({ db: options.db, handOver: hand, onError: fail })
      const caring = care(client)
      const stopWorker = () => {
        if (worker.getState() === 'RUNNING') worker.shutdown()
      }
      ending.signal.addEventListener('abort', stopWorker)
      try {
        if (ending.signal.aborted) return
        await worker.run()
      } finally {
        ending.signal.removeEventListener('abort', stopWorker)
        current = null
        caring.abort()
        await dispatcher.stop()
      }
    } finally {
      await connection
        .close()
        .catch((error: unknown) => options.log.warn({ err: error }, 'Temporal: closing the connection'))
    }
  }

  /** Says whether Temporal answers, and mends what a wiped one lacks. */
  const care = (client: Client) => {
    const stopped = new AbortController()
    const loop = async () => {
      while (!stopped.signal.aborted) {
        try {
          await ensureNamespace(client, options.namespace)
          const made = await ensureSweep(client, taskQueue, options.scheduleId ?? SWEEP_SCHEDULE)
          onState({ state: 'up', detail: made ? 'schedule made' : '' })
          await wait(CARE_MS, undefined, { signal: stopped.signal })
        } catch (error) {
          if (stopped.signal.aborted) return
          fail(error)
          await wait(RETRY_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
        }
      }
    }
    void loop()
    return stopped
  }

  const loop = async () => {
    while (!ending.signal.aborted) {
      try {
        await once()
      } catch (error) {
        fail(error)
      }
      await wait(RETRY_MS, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  }
  const running = loop()
  return {
    handOver: hand,
    async stop() {
      ending.abort()
      await running
    },
  }
}

let installed = false

/** Temporal's own log is for errors only (a mail server that is down is none of it); signals are ours to handle. Once in each process, before anything connects. */
function installRuntime(): void {
  if (installed) return
  installed = true
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') })
}
