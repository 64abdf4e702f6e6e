import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { travelTo } from '#db/clock-travel.ts'
import { readClock } from '#db/clock.ts'
import { mailbox } from '#db/letters.ts'
import { retryParked } from '#db/parking.ts'
import { startCase } from '#db/step.ts'
import { until } from '#test/fixtures/until.ts'
import { temporalAddress } from '#test/servers.ts'
import { createLog } from './log.ts'
import { startMailInbox, type RunningInbox } from './mail-inbox.ts'
import { createMinistry, DOMAIN, publish, timedFlow, type Ministry } from './ministry.fixture.ts'
import { caseWorkflowId, WORK } from './names.ts'
import { handOver } from './dispatcher.ts'
import { startWorker, type RunningWorker } from './worker.ts'

let ministry: Ministry
const log = createLog('test', 'silent')
let inbox: RunningInbox
let address: string
let connection: Connection
let client: Client
const taskQueue = `cases-${randomUUID()}`
const running: RunningWorker[] = []

let smtpPort = 0
const environment = () => ({
  databaseUrl: ministry.url,
  temporalAddress: address,
  namespace: 'default',
  filesFolder: path.join(ministry.folder, 'files'),
  smtp: { host: '127.0.0.1', port: smtpPort },
  mailDomain: DOMAIN,
  exchange: null,
  publicUrl: 'http://127.0.0.1:3000',
  organ: { id: '000.00.00.G02', name: 'Bộ Công Thương' },
})
const work = (over: Partial<ReturnType<typeof environment>> = {}) => {
  const worker = startWorker({ ...environment(), ...over }, { taskQueue, scheduleId: `sweep-${taskQueue}`, log })
  running.push(worker)
  return worker
}

beforeAll(async () => {
  ;[ministry, address] = await Promise.all([createMinistry(), temporalAddress()])
  inbox = await startMailInbox(environment(), log)
  smtpPort = inbox.port
  connection = await Connection.connect({ address })
  client = new Client({ connection })
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()))
})
afterAll(async () => {
  await inbox?.stop()
  await connection?.close()
  await ministry?.close()
})

const start = (flowId: string) =>
  startCase(ministry.db, {
    flowId,
    documentId: null,
    variables: { post: `post:${ministry.as.specialist.postId}` },
    key: null,
    actor: null,
  })
const subjects = async () =>
  (await mailbox(ministry.db, ministry.addressOf('specialist'))).letters.map(({ subject }) => subject)
const firedOf = async (caseId: string) =>
  (
    await ministry.db.sql<{ timer: string }[]>`
      select (select t ->> 'elementId' from jsonb_array_elements(data -> 'trace') t where t ->> 'elementId' like 'after%' limit 1) as timer
      from case_events where case_id = ${caseId} and type = 'timerFired' order by seq`
  ).map(({ timer }) => timer)
const isGone = (caseId: string) =>
  until(`the end of the workflow of ${caseId}`, async () => {
    const described = await client.workflow
      .getHandle(caseWorkflowId(caseId))
      .describe()
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return null // not handed over yet
        throw error
      })
    return described?.status.name === 'COMPLETED'
  })

describe('the workflow of a case', () => {
  it('sends the letter of a task and is gone when nothing is near', async () => {
    await publish(ministry.db, timedFlow('plain', []))
    work()

    const { caseId } = await start('plain')

    const [letter] = await until('a letter', async () => {
      const found = await mailbox(ministry.db, ministry.addressOf('specialist'))
      return found.letters.length > 0 && found.letters
    })
    expect(letter).toMatchObject({ subject: '[iMOIT] Việc thử: Việc thử', sender: 'iMOIT <imoit@moit.example>' })
    await isGone(caseId)
    expect(await ministry.db.sql`select state from calls where case_id = ${caseId}`).toEqual([{ state: 'done' }])
  })

  it('fires timers in their order while the clock travels over weeks', async () => {
    await publish(
      ministry.db,
      timedFlow('weeks', [
        ['afterMonth', 'P30D'],
        ['afterDay', 'P1D'],
        ['afterWeek', 'P7D'],
        ['afterDayAndHour', 'P1DT1H'],
      ]),
    )
    work()
    const { caseId } = await start('weeks')
    const { now } = await readClock(ministry.db)

    const journey = await travelTo(ministry.db, now + 31 * 86_400_000, {
      handOver: (cases) => handOver(client, taskQueue, cases),
    })

    expect(journey).toMatchObject({ done: true, fired: 4 })
    expect(await firedOf(caseId)).toEqual(['afterDay', 'afterDayAndHour', 'afterWeek', 'afterMonth'])
    expect((await readClock(ministry.db)).now).toBeGreaterThanOrEqual(now + 31 * 86_400_000)
  })

  it('wakes by itself for a timer that comes due soon', async () => {
    await publish(ministry.db, timedFlow('soon', [['afterAWhile', 'PT3S']]))
    work()
    const { caseId } = await start('soon')

    await until('the timer', async () => (await firedOf(caseId)).length === 1)

    await isGone(caseId)
  })

  it('misses no work that arrives while it is about to return', async () => {
    await publish(ministry.db, timedFlow('race', []))
    work()
    const { caseId } = await start('race')
    await isGone(caseId)

    for (let round = 1; round <= 15; round += 1) {
      // No sweep and no poll helps here: only the one signal that falls where it falls.
      await ministry.db.sql`
        insert into calls (case_id, channel, service_type, input, key, state, created_at, handed_at)
        select case_id, channel, service_type, input, ${`race:${caseId}:${round}`}, 'open', now() + interval '1 year', now()
        from calls where case_id = ${caseId} limit 1`
      await client.workflow.signalWithStart('caseWorkflow', {
        workflowId: caseWorkflowId(caseId),
        taskQueue,
        args: [caseId],
        signal: WORK,
      })
      await until(`call ${round}`, async () => {
        const [left] = await ministry.db.sql`select 1 from calls where case_id = ${caseId} and state <> 'done'`
        return left === undefined
      })
    }
    expect(await ministry.db.sql`select 1 from calls where case_id = ${caseId} and state = 'done'`).toHaveLength(16)
  })

  it('sends the letter later when the mail server is down, and once', async () => {
    await publish(ministry.db, timedFlow('outage', []))
    await inbox.stop()
    work()
    const { caseId } = await start('outage')
    const tried = await until('a failed try', async () => {
      const [call] = await ministry.db.sql<{ id: string }[]>`
        select id from calls where case_id = ${caseId} and attempts > 1 and error is not null`
      return call
    })

    inbox = await startMailInbox(environment(), log)

    await isGone(caseId)
    const letters = await ministry.db
      .sql`select mailbox from letters where message_id like ${`<${tried.id}.%@${DOMAIN}>`}`
    expect(letters).toEqual([{ mailbox: ministry.addressOf('specialist') }])
  })

  it('parks a timer whose step fails three times, tells so, and fires it when it is retried', async () => {
    await publish(ministry.db, timedFlow('poison', [['afterHour', 'PT1H']]))
    work()
    const { caseId } = await start('poison')
    await ministry.db.sql`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room for this event'; end $$`
    await ministry.db
      .sql`create trigger refuse before insert on case_events for each row when (new.type = 'timerFired') execute function refuse()`
    const { now } = await readClock(ministry.db)

    await travelTo(ministry.db, now + 3_700_000, { handOver: (cases) => handOver(client, taskQueue, cases) })

    const [incident] = await ministry.db.sql<{ id: string; code: string; message: string }[]>`
      select incident_id as id, code, message from incidents where case_id = ${caseId} and parked and resolved_at is null`
    expect(incident).toMatchObject({ code: 'step-failed', message: expect.stringContaining('no room for this event') })
    await isGone(caseId)

    await ministry.db.sql`drop trigger refuse on case_events`
    expect(await retryParked(ministry.db, caseId, incident?.id ?? '')).toBe(true)
    await until('the timer', async () => (await firedOf(caseId)).length === 1)
    expect(await ministry.db.sql`select 1 from timers where case_id = ${caseId}`).toHaveLength(0)
  })

  it('joins Temporal when its address becomes known', async () => {
    await publish(ministry.db, timedFlow('late', []))
    work({ temporalAddress: null as unknown as string })
    const before = (await subjects()).length
    await start('late')

    await ministry.db
      .sql`insert into settings (key, value) values ('temporal:address', ${JSON.stringify(address)}::text::jsonb)`

    await until('the letter', async () => (await subjects()).length > before)
    const [heartbeat] = await ministry.db
      .sql`select value ->> 'state' as state from settings where key = 'heartbeat:temporal'`
    expect(heartbeat).toEqual({ state: 'up' })
  })
})
