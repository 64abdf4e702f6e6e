import { randomUUID } from 'node:crypto'
import { createServer, connect, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linkHash } from '#db/chain.ts'
import { openDatabase, type Database } from '#db/database.ts'
import { runStep, startCase } from '#db/step.ts'
import { claimTask, completeTask, inbox, inboxCount, releaseTask, takeableTasks } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'

/** A wire that counts round trips: each time the client speaks after the server has answered is one. */
async function countingProxy(
  url: string,
): Promise<{ url: string; trips(): number; reset(): void; close(): Promise<void> }> {
  const target = new URL(url)
  let trips = 0
  const sockets = new Set<{ destroy(): void }>()
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    sockets.add(client).add(upstream)
    let answered = true
    client.on('data', (chunk) => {
      if (answered) trips++
      answered = false
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      answered = true
      client.write(chunk)
    })
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(address.port)
  return {
    url: through.toString(),
    trips: () => trips,
    reset: () => (trips = 0),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

let db: Database
let url: string
let clerk: Viewer
const groups = (...keys: string[]): Viewer => ({ ...clerk, groups: keys })

beforeAll(async () => {
  const opened = await openOfficeDatabase()
  db = opened.db
  url = opened.url
  clerk = opened.office.clerk!.viewer
})
afterAll(() => db.close())

const start = (using: Database = db, key: string = randomUUID()) =>
  startCase(using, {
    flowId: 'approval',
    documentId: null,
    variables: { subject: 'x', sender: 'y', urgency: 0, dueDate: '2026-12-31', needsReply: true },
    key,
    actor: null,
  })
const registry = () => groups('registry')

describe('a step', () => {
  it('takes at most four round trips to the database, its start included', async () => {
    const proxy = await countingProxy(url)
    const counted = openDatabase(proxy.url, { max: 1 })
    try {
      // given: statements prepared, flow and calendar read, as in a process that has run for a while. What is sent together may
      // reach the wire in two pieces and then counts as two: the fewest of several tries is what a step needs.
      const fewest = new Map<string, number>()
      const counting = async (step: string, act: () => Promise<unknown>) => {
        proxy.reset()
        await act()
        fewest.set(step, Math.min(proxy.trips(), fewest.get(step) ?? Infinity))
      }
      for (let tries = 0; tries < 4; tries++) {
        let caseId = ''
        await counting('start', async () => ({ caseId } = await start(counted)))
        for (const [nth, group] of ['registry', 'management', 'officers', 'management'].entries()) {
          const viewer = groups(group)
          const [task] = await takeableTasks(counted, viewer, caseId)
          const completion = { taskId: task!.taskId, key: randomUUID(), outcome: 'done' }
          await counting(`${nth} ${group}`, () => completeTask(counted, viewer, completion))
        }
      }
      expect(fewest.size).toBe(5)
      for (const [step, trips] of fewest) {
        expect(trips, step).toBeLessThanOrEqual(4)
        expect(trips, step).toBeGreaterThan(0)
      }
    } finally {
      await counted.close()
      await proxy.close()
    }
  })

  it('is done once for each key, at the start and at a completion', async () => {
    const key = randomUUID()
    const answers = await Promise.all([start(db, key), start(db, key), start(db, key)])
    expect(new Set(answers.map((answer) => answer.caseId)).size).toBe(1)
    expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1)

    const { caseId } = answers[0]
    const [task] = await takeableTasks(db, registry(), caseId)
    const form = randomUUID()
    const sent = await Promise.all(
      [1, 2, 3].map(() => completeTask(db, registry(), { taskId: task!.taskId, key: form, outcome: 'done' })),
    )
    expect(sent.filter((answer) => !answer.repeated)).toHaveLength(1)
    const [events] = await db.sql`select count(*)::int as count from case_events where case_id = ${caseId}`
    expect(events).toEqual({ count: 2 })
  })

  it('writes nothing when what the person does beside it is refused', async () => {
    const { caseId } = await start()
    const [task] = await takeableTasks(db, registry(), caseId)
    const before = await everything(caseId)
    await expect(
      completeTask(db, registry(), {
        taskId: task!.taskId,
        key: randomUUID(),
        outcome: 'done',
        act: async (scope) => {
          await scope.sql`insert into once_keys (key, case_id) values (${`half:${caseId}`}, ${caseId})`
          throw new Error('the printer is on fire')
        },
      }),
    ).rejects.toThrow('the printer is on fire')
    expect(await everything(caseId)).toEqual(before)
    await completeTask(db, registry(), { taskId: task!.taskId, key: randomUUID(), outcome: 'done' })
  })

  it('chains every event to the one before', async () => {
    const { caseId } = await start()
    const [task] = await takeableTasks(db, registry(), caseId)
    await completeTask(db, registry(), {
      taskId: task!.taskId,
      key: randomUUID(),
      outcome: 'done',
      opinion: 'Đã xem “kỹ”',
    })
    const events = await db.sql<
      {
        seq: number
        at: number
        type: string
        personId: string | null
        postId: string | null
        data: unknown
        hash: string
      }[]
    >`
      select seq, floor(extract(epoch from at) * 1000)::float8 as at, type, person_id as "personId", post_id as "postId", data, hash from case_events
      where case_id = ${caseId} order by seq`
    let previous = ''
    for (const { hash, ...event } of events) {
      expect(linkHash(previous, event)).toBe(hash)
      previous = hash
    }
    expect(events).toHaveLength(2)
  })

  it('records an event whose token is gone and changes nothing', async () => {
    const { caseId } = await start()
    const before = await everything(caseId)
    const answer = await runStep(db, {
      of: { caseId },
      key: randomUUID(),
      actor: null,
      decide: () => ({ type: 'timerFired', timerId: 'none', occurrence: 1 }),
    })
    expect(answer.late).toBeTruthy()
    expect(await everything(caseId)).toEqual({ ...before, events: before.events + 1 })
  })
})

describe('a queue', () => {
  it('holds a task until somebody claims it, and gets it back when it is released', async () => {
    const me: Viewer = { ...registry(), groups: ['registry', 'management'] }
    const other = groups('registry')
    const before = await inboxCount(db, other, 'group')
    const { caseId } = await start()
    const [task] = await takeableTasks(db, me, caseId)
    expect(await inboxCount(db, other, 'group')).toBe(before + 1)

    await claimTask(db, me, task!.taskId)
    await claimTask(db, me, task!.taskId)
    expect(await inboxCount(db, other, 'group')).toBe(before)
    expect((await inbox(db, me, { scope: 'assigned', limit: 100 })).some((line) => line.taskId === task!.taskId)).toBe(
      true,
    )

    await releaseTask(db, me, task!.taskId)
    expect(await inboxCount(db, other, 'group')).toBe(before + 1)
  })

  it('gives a task to one of two who reach for it', async () => {
    const { caseId } = await start()
    const [task] = await takeableTasks(db, registry(), caseId)
    const posts = await db.sql<{ id: string; personId: string }[]>`
      select id, person_id as "personId" from posts where id <> ${clerk.postId} order by id limit 1`
    const second = posts[0]!
    const results = await Promise.allSettled([
      claimTask(db, registry(), task!.taskId),
      claimTask(db, { ...registry(), postId: second.id, personId: second.personId }, task!.taskId),
    ])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('hides a task from those it is not for, as if it were not there', async () => {
    const { caseId } = await start()
    const [task] = await takeableTasks(db, registry(), caseId)
    await expect(claimTask(db, groups('officers'), task!.taskId)).rejects.toMatchObject({ status: 404 })
    await expect(
      completeTask(db, groups('officers'), { taskId: task!.taskId, key: randomUUID(), outcome: 'done' }),
    ).rejects.toMatchObject({ status: 404 })
  })
})

async function everything(caseId: string) {
  const [row] = await db.sql<{ state: string; tasks: number; timers: number; events: number; keys: number }[]>`
    select (select md5(state::text) from case_states where case_id = ${caseId}) as state, (select count(*)::int from tasks where case_id = ${caseId}) as tasks,
      (select count(*)::int from timers where case_id = ${caseId}) as timers, (select count(*)::int from case_events where case_id = ${caseId}) as events,
      (select count(*)::int from once_keys where key = ${`half:${caseId}`}) as keys`
  return row!
}
