import { randomUUID } from 'node:crypto'
import { openDatabase, type Database } from '#db/database.ts'
import { startCase } from '#db/step.ts'
import { claimTask, completeTask, takeableTasks } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'
import { startBenchServer } from './bench-server.ts'
import { makeUsers } from './bench-users.ts'
import { runFloor } from './floor.ts'
import { round, spread, timed, treeCpuMs } from './measure.ts'

export const GROUPS = ['registry', 'management', 'officers']
export const CLIENTS = 8
const SUBJECT = 'V/v báo cáo tình hình cung cấp dịch vụ công trực tuyến mức độ 3 và mức độ 4 năm'.padEnd(80, '.')

export interface Samples {
  start: number[]
  query: number[]
  claim: number[]
  complete: number[]
  instance: number[]
}
export const noSamples = (): Samples => ({ start: [], query: [], claim: [], complete: [], instance: [] })

/**
 * The approval flow, started, claimed and completed by clients in a closed loop: how many instances a second, at what cost, and
 * how that stands to a bare loop that writes the same rows in the same transactions with nothing decided.
 */
export async function benchSteps(
  options: { instances?: number; warmUp?: number } = {},
): Promise<Record<string, unknown>> {
  const { instances = 5_000, warmUp = 500 } = options
  const server = await startBenchServer()
  const db = openDatabase(server.url, { max: CLIENTS + 2 })
  try {
    const users = await makeUsers(db, 2_000, GROUPS)
    const byGroup = new Map(GROUPS.map((group) => [group, users.filter((user) => user.groups.includes(group))]))
    await runInstances(db, byGroup, warmUp, CLIENTS, noSamples())
    const before = await counts(db)
    const samples = noSamples()
    const cpu = { engine: process.cpuUsage(), pg: treeCpuMs(server.pid) }
    const began = performance.now()
    const completions = await runInstances(db, byGroup, instances, CLIENTS, samples)
    const seconds = (performance.now() - began) / 1000
    const engine = process.cpuUsage(cpu.engine)
    const pgMs = treeCpuMs(server.pid) - cpu.pg
    const after = await counts(db)
    await assertNothingOpen(db)
    const single = noSamples()
    await runInstances(db, byGroup, Math.min(300, instances), 1, single)
    const floor = await runFloor(db, users, {
      instances,
      clients: CLIENTS,
      completionsPerInstance: completions / instances,
    })
    return {
      engine: 'imoit',
      instances_per_s: round(instances / seconds),
      completions_per_s: round(completions / seconds),
      latency_ms: Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, spread(list as number[])])),
      one_client_step_ms: spread([...single.start, ...single.complete]),
      cpu: {
        engine_ms_per_instance: round((engine.user + engine.system) / 1000 / instances),
        pg_ms_per_instance: round(pgMs / instances),
        temporal_ms_per_instance: 0,
      },
      db: {
        rows_per_instance: round((after.rows - before.rows) / instances),
        bytes_per_instance: Math.round((after.bytes - before.bytes) / instances),
        commits_per_instance: round((after.commits - before.commits) / instances),
      },
      floor: round(floor),
      ratio_to_floor: round(instances / seconds / floor),
      peers: { 'Camunda 7.24': 32, 'Flowable 7.2': 27 },
      times_the_best_peer: round(instances / seconds / 32),
    }
  } finally {
    await db.close()
    await server.close()
  }
}

/** Waits for what a case does by itself after its last task; gives the status it ends with. */
export type Settle = (caseId: string, status: string) => Promise<string>
const atOnce: Settle = (_caseId, status) => Promise.resolve(status)

/** @returns how many tasks were completed */
export async function runInstances(
  db: Database,
  byGroup: Map<string, Viewer[]>,
  count: number,
  clients: number,
  samples: Samples,
  settle = atOnce,
  documentId: string | null = null,
): Promise<number> {
  let left = count
  let completions = 0
  const client = async () => {
    while (left-- > 0) {
      const number = left
      const done = await timed(samples.instance, () =>
        runInstance(db, byGroup, number, { samples, settle, documentId }),
      )
      completions += done
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return completions
}

async function runInstance(
  db: Database,
  byGroup: Map<string, Viewer[]>,
  number: number,
  { samples, settle, documentId }: { samples: Samples; settle: Settle; documentId: string | null },
): Promise<number> {
  const needsReply = number % 10 < 7
  const { caseId, status } = await timed(samples.start, () =>
    startCase(db, {
      flowId: 'approval',
      documentId,
      variables: {
        subject: SUBJECT,
        sender: 'Văn phòng Chính phủ',
        urgency: number % 4,
        dueDate: '2026-12-31',
        needsReply,
      },
      key: randomUUID(),
      actor: null,
    }),
  )
  let current: string = status
  let completions = 0
  const steps = needsReply ? ['registry', 'management', 'officers', 'management'] : ['registry', 'management']
  for (const group of steps) {
    const users = byGroup.get(group)!
    const viewer = users[(number * 7 + completions) % users.length]!
    const [task] = await timed(samples.query, () => takeableTasks(db, viewer, caseId))
    if (!task) throw new Error(`no task for ${group} in an instance at ${completions} completions`)
    await timed(samples.claim, () => claimTask(db, viewer, task.taskId))
    const answer = await timed(samples.complete, () =>
      completeTask(db, viewer, { taskId: task.taskId, key: randomUUID(), outcome: 'done', variables: {} }),
    )
    current = answer.status
    completions++
  }
  current = await settle(caseId, current)
  if (current !== 'completed') throw new Error(`an instance ended as ${current}`)
  return completions
}

async function counts(db: Database): Promise<{ rows: number; bytes: number; commits: number }> {
  // The statistics of the other connections arrive when those are idle for a second.
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  const [row] = await db.sql<{ rows: number; bytes: number; commits: number }[]>`
    select (select sum(n_tup_ins)::float8 from pg_stat_user_tables) as rows, pg_database_size(current_database())::float8 as bytes,
      (select xact_commit::float8 from pg_stat_database where datname = current_database()) as commits`
  return row!
}

export async function assertNothingOpen(db: Database): Promise<void> {
  const [open] = await db.sql`
    select (select count(*) from tasks where state = 'open')::int + (select count(*) from task_candidates)::int + (select count(*) from timers)::int
      + (select count(*) from cases where status <> 'completed')::int as left`
  if (open!.left !== 0) throw new Error(`${open!.left} rows are still open at the end`)
}
