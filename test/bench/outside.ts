import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startChild } from '#app/start/child.ts'
import { projectRoot } from '#app/start/parts.ts'
import { startTemporal } from '#app/start/temporal.ts'
import { openDatabase, type Database } from '#db/database.ts'
import { publishFlow } from '#db/flows.ts'
import { startBenchServer } from './bench-server.ts'
import { makeUsers } from './bench-users.ts'
import { round, spread, treeCpuMs } from './measure.ts'
import { assertNothingOpen, CLIENTS, GROUPS, noSamples, runInstances, type Settle } from './steps.ts'

/**
 * The approval flow with `issue` made outside: an outbox row, handed to the case's Temporal workflow, made by an activity of
 * the worker, and its answer awaited by the case. The call is the exchange's, of a document that nobody has to get, so that
 * what is measured is the way there and back.
 */
export async function benchOutside(
  options: { instances?: number; warmUp?: number } = {},
): Promise<Record<string, unknown>> {
  const { instances = 1_000, warmUp = 200 } = options
  const folder = await mkdtemp(path.join(tmpdir(), 'imoit-outside-'))
  const server = await startBenchServer()
  const { TEMPORAL_ADDRESS: _given, ...env } = process.env
  const temporal = await startTemporal({ folder: path.join(folder, 'temporal'), env })
  const worker = await startChild({
    part: 'worker',
    file: path.join(projectRoot, 'workflows/worker.ts'),
    env: { ...env, DATABASE_URL: server.url, TEMPORAL_ADDRESS: temporal.address, IMOIT_DATA: folder, EXCHANGE_URL: '' },
    logFile: path.join(folder, 'worker.log'),
  })
  const db = openDatabase(server.url, { max: CLIENTS + 4 })
  const arrivals = watchEnds(db)
  try {
    // The cases have a document: whoever works on them sees it, as the registry and the Office do.
    const users = (await makeUsers(db, 2_000, GROUPS)).map((user) => ({ ...user, seesAll: true }))
    const documentId = await publishWithCall(db)
    const byGroup = new Map(GROUPS.map((group) => [group, users.filter((user) => user.groups.includes(group))]))
    const run = (count: number, samples = noSamples()) =>
      runInstances(db, byGroup, count, CLIENTS, samples, arrivals.settle, documentId)
    await run(warmUp)

    const cpu = () => ({
      own: ownCpuMs(),
      worker: treeCpuMs(worker.pid),
      pg: treeCpuMs(server.pid),
      temporal: treeCpuMs(temporal.pid ?? 0),
    })
    const before = cpu()
    const samples = noSamples()
    arrivals.waits.length = 0
    const began = performance.now()
    const completions = await run(instances, samples)
    const seconds = (performance.now() - began) / 1000
    const after = cpu()
    await assertNothingOpen(db)
    const [made] = await db.sql<{ calls: number }[]>`
      select count(*)::int as calls from calls where service_type = 'exchange.send' and state = 'done'`
    const perInstance = (ms: number) => round(ms / instances)
    return {
      engine: 'imoit, issue through Temporal',
      instances_per_s: round(instances / seconds),
      completions_per_s: round(completions / seconds),
      calls_made: made?.calls,
      latency_ms: {
        ...Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, spread(list as number[])])),
        answer: spread(arrivals.waits),
      },
      cpu: {
        engine_ms_per_instance: perInstance(after.own - before.own + after.worker - before.worker),
        worker_ms_per_instance: perInstance(after.worker - before.worker),
        pg_ms_per_instance: perInstance(after.pg - before.pg),
        temporal_ms_per_instance: perInstance(after.temporal - before.temporal),
      },
      peers: { 'Camunda 7.24, embedded, nothing outside': 32 },
    }
  } finally {
    arrivals.stop()
    await worker.close()
    await db.close()
    await temporal.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const ownCpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The benchmark's flow, its `issue` a call. @returns the document that the call names */
async function publishWithCall(db: Database): Promise<string> {
  const drawn = await readFile(new URL('../../bpmn/diagrams/approval.bpmn', import.meta.url), 'utf8')
  const xml = drawn.replace(
    /(<bpmn:serviceTask id="issue"[^>]*>\s*<bpmn:extensionElements>\s*)<zeebe:taskDefinition type="noop" \/>/,
    '$1<zeebe:taskDefinition type="exchange.send" /><zeebe:ioMapping><zeebe:input source="=documentId" target="documentId" /></zeebe:ioMapping>',
  )
  if (xml === drawn) throw new Error('the flow has no service task "issue" to send outside')
  await publishFlow(db, { xml })
  const [document] = await db.sql<{ id: string }[]>`
    insert into documents (direction, state, source, subject, agency_name, received_at, search, created_at)
    values ('outgoing', 'issued', 'internal', 'V/v trả lời', 'Bộ Công Thương', now(), '', now()) returning id`
  if (!document) throw new Error('inserting a document wrote no row')
  return document.id
}

/** Tells each client when its case has ended: one query for all of them, every few milliseconds. */
function watchEnds(db: Database): { settle: Settle; waits: number[]; stop(): void } {
  const waiting = new Map<string, (status: string) => void>()
  const waits: number[] = []
  let asking = false
  const timer = setInterval(() => {
    if (asking || waiting.size === 0) return
    asking = true
    void db.sql<{ id: string; status: string }[]>`
      select id, status from cases where id = any(${[...waiting.keys()]}::uuid[]) and status <> 'running'`
      .then((ended) => {
        for (const { id, status } of ended) {
          waiting.get(id)?.(status)
          waiting.delete(id)
        }
      })
      .finally(() => (asking = false))
  }, 10)
  return {
    waits,
    async settle(caseId, status) {
      if (status !== 'running') return status
      const began = performance.now()
      const ended = await new Promise<string>((resolve) => waiting.set(caseId, resolve))
      waits.push(performance.now() - began)
      return ended
    },
    stop: () => clearInterval(timer),
  }
}
