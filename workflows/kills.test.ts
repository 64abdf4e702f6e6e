import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { askForJourney, journey } from '#db/clock-travel.ts'
import { moveClock, readClock } from '#db/clock.ts'
import { knowsMailbox, mailbox, storeLetter } from '#db/letters.ts'
import { startCase } from '#db/step.ts'
import { startInboxServer, type InboxServer } from '#mail/inbox-server.ts'
import { parseLetter } from '#mail/parse.ts'
import { startTemporal, type RunningTemporal } from '#app/start/temporal.ts'
import { until } from '#test/fixtures/until.ts'
import { createMinistry, DOMAIN, publish, timedFlow, type Ministry } from './ministry.fixture.ts'
import { caseWorkflowId } from './names.ts'

let ministry: Ministry
let temporal: RunningTemporal
let inbox: InboxServer
const workers = new Set<ChildProcess>()
const arrivals: string[] = []
/** Called with the mail server's "stored" not yet said. */
let onArrival: () => void = () => {}

beforeAll(async () => {
  ;[ministry, temporal] = await Promise.all([createMinistry(), startTemporal({ folder: null, env: ownTemporal() })])
  inbox = await startInboxServer({
    host: '127.0.0.1',
    port: 0,
    domain: DOMAIN,
    maxBytes: 1_000_000,
    knows: (address) => knowsMailbox(ministry.db, address),
    async onLetter(raw, { to }) {
      const letter = await parseLetter(raw)
      await storeLetter(ministry.db, ministry.files, { letter, raw, mailboxes: to })
      arrivals.push(letter.messageId)
      onArrival()
    },
  })
})
afterEach(async () => {
  await Promise.all([...workers].map((worker) => kill(worker)))
})
afterAll(async () => {
  await inbox?.close()
  await temporal?.close()
  await ministry?.close()
})

/** These tests take Temporal away, so they need one of their own. */
function ownTemporal(): NodeJS.ProcessEnv {
  const { TEMPORAL_ADDRESS: _shared, ...env } = process.env
  return env
}

function startWorkerProcess(): ChildProcess {
  const worker = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'worker.ts')], {
    cwd: path.join(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: {
      ...process.env,
      DATABASE_URL: ministry.url,
      TEMPORAL_ADDRESS: temporal.address,
      IMOIT_DATA: ministry.folder,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(inbox.port),
      EXCHANGE_URL: '',
      LOG_LEVEL: 'silent',
    },
  })
  workers.add(worker)
  return worker
}

async function kill(worker: ChildProcess): Promise<void> {
  workers.delete(worker)
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  worker.kill('SIGKILL')
  await ended
}

const start = async (timers: [string, string][]) => {
  const flow = `kills-${randomUUID()}`
  await publish(ministry.db, timedFlow(flow, timers))
  const post = `post:${ministry.as.specialist.postId}`
  return startCase(ministry.db, { flowId: flow, documentId: null, variables: { post }, key: null, actor: null })
}
const firedOf = async (caseId: string) =>
  Number((await ministry.db.sql`select 1 from case_events where case_id = ${caseId} and type = 'timerFired'`).length)

it('sends the same letter again after the worker was killed between sending and recording, and it is shown once', async () => {
  const first = startWorkerProcess()
  onArrival = () => {
    onArrival = () => {}
    first.kill('SIGKILL')
  }
  const { caseId } = await start([])
  await until('the death of the worker', async () => first.signalCode === 'SIGKILL', 30_000)
  expect(await ministry.db.sql`select state from calls where case_id = ${caseId}`).toEqual([{ state: 'claimed' }])

  startWorkerProcess()

  await until(
    'the record of the call',
    async () => (await ministry.db.sql`select 1 from calls where case_id = ${caseId} and state = 'done'`).length === 1,
    60_000,
  )
  expect(arrivals).toHaveLength(2)
  expect(arrivals[0]).toBe(arrivals[1])
  const { letters, unread } = await mailbox(ministry.db, ministry.addressOf('specialist'))
  expect(letters).toHaveLength(1)
  expect(unread).toBe(1)
}, 120_000)

it('fires timers once after Temporal was wiped and started anew under the same worker', async () => {
  const { caseId } = await start([
    ['afterFour', 'PT4M'],
    ['afterNine', 'PT9M'],
  ])
  startWorkerProcess()
  const workflow = async () => {
    const connection = await Connection.connect({ address: temporal.address })
    const found = await new Client({ connection }).workflow
      .getHandle(caseWorkflowId(caseId))
      .describe()
      .catch(() => null)
    await connection.close()
    return found
  }
  await until('a workflow that sleeps', async () => (await workflow()) !== null, 30_000)
  const port = Number(temporal.address.split(':')[1])

  await temporal.close()
  const { now } = await readClock(ministry.db)
  await moveClock(ministry.db, now + 5 * 60_000)
  temporal = await startTemporal({ folder: null, env: ownTemporal(), port })

  await until('the first timer', async () => (await firedOf(caseId)) === 1, 90_000)
  await askForJourney(ministry.db, now + 10 * 60_000)
  await until('the second timer', async () => (await firedOf(caseId)) === 2, 30_000)
  expect(await until('the end of the journey', async () => (await journey(ministry.db))?.done)).toBe(true)
  expect(await ministry.db.sql`select 1 from timers where case_id = ${caseId}`).toHaveLength(0)
}, 240_000)

it('ends by itself when asked to, and says so', async () => {
  const since = Date.now()
  const worker = startWorkerProcess()
  await until(
    'a worker at work',
    async () => {
      const [row] = await ministry.db.sql`select value from settings where key = 'heartbeat:temporal'`
      const value = row?.value as { state: string; at: number } | undefined
      return value?.state === 'up' && value.at > since
    },
    30_000,
  )

  worker.kill('SIGTERM')

  await until('its end', async () => worker.exitCode !== null, 30_000)
  expect(worker.exitCode).toBe(0)
  const [row] = await ministry.db.sql`select value ->> 'detail' as detail from settings where key = 'heartbeat:worker'`
  expect(row).toEqual({ detail: 'stopped' })
}, 60_000)
