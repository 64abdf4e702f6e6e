import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Variables } from '#bpmn/case.ts'
import { fireTimer, pendingWork } from '#db/case-work.ts'
import { travelTo } from '#db/clock-travel.ts'
import { moveClock, readClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'
import { claimDeliveries, matchMessages } from '#db/deliveries.ts'
import { publishFlow } from '#db/flows.ts'
import { retryParked } from '#db/parking.ts'
import { failedStarters } from '#db/starters.ts'
import { startCase } from '#db/step.ts'
import { TIME_TO_LIVE_MS } from '#db/thrown-events.ts'
import { completeTask } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'
import {
  catchesMessage,
  catchesSignal,
  drawnFlow,
  drawnGraph,
  end,
  messageOn,
  service,
  start,
  startsByMessage,
  startsBySignal,
  startsByTimer,
  task,
  throwsMessage,
  throwsSignal,
  waits,
  type Drawn,
} from '#test/fixtures/drawn-flow.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import { until } from '#test/fixtures/until.ts'
import { carry, startCarrier } from './carrier.ts'

let db: Database
let clerk: Viewer

beforeAll(async () => {
  const opened = await openOfficeDatabase()
  db = opened.db
  clerk = opened.office.clerk!.viewer
})
afterAll(() => db.close())

const publish = (xml: string) => publishFlow(db, { xml })
const begin = async (flowId: string, variables: Variables = {}) =>
  (await startCase(db, { flowId, documentId: null, variables, key: randomUUID(), actor: null })).caseId
const settle = async () => {
  while ((await carry(db)) > 0);
}
const statusOf = async (caseId: string) => (await db.sql`select status from cases where id = ${caseId}`)[0]?.status
const variablesOf = async (caseId: string) =>
  (await db.sql`select state -> 'variables' as variables from case_states where case_id = ${caseId}`)[0]?.variables
const casesOf = async (flowId: string) =>
  (
    await db.sql<{ id: string }[]>`
      select c.id from cases c join flow_versions v on v.id = c.flow_version_id where v.flow_id = ${flowId} order by c.id`
  ).map(({ id }) => id)
const complete = async (caseId: string) => {
  const [open] = await db.sql<{ id: string }[]>`select id from tasks where case_id = ${caseId} and state = 'open'`
  await completeTask(db, clerk, { taskId: open!.id, key: randomUUID(), outcome: 'done' })
}
const later = async (ms: number) => moveClock(db, (await readClock(db)).now + ms)

describe('a message to another case', () => {
  it('reaches the one that waits with its key, with what it carries, and is not handed out twice', async () => {
    await publish(
      drawnFlow('asker', { begin: start(), ask: throwsMessage('question', 'number', { text: '"Sao?"' }), done: end() }),
    )
    await publish(drawnFlow('answerer', { begin: start(), wait: catchesMessage('question', 'number'), done: end() }))
    const [one, two] = [await begin('answerer', { number: 1 }), await begin('answerer', { number: 2 })]
    const again = await begin('answerer', { number: 2 })

    await begin('asker', { number: 2 })
    await settle()

    expect([await statusOf(one), await statusOf(two), await statusOf(again)]).toEqual([
      'running',
      'completed',
      'running',
    ])
    expect(await variablesOf(two)).toMatchObject({ text: 'Sao?' })
  })

  it('finds one that begins to wait while it lives', async () => {
    await publish(drawnFlow('early', { begin: start(), tell: throwsMessage('news', 'topic'), done: end() }))
    await publish(drawnFlow('late', { begin: start(), wait: catchesMessage('news', 'topic'), done: end() }))
    await begin('early', { topic: 'thuế' })
    await settle()
    await later(TIME_TO_LIVE_MS - 60_000)

    const waiting = await begin('late', { topic: 'thuế' })
    await settle()

    expect(await statusOf(waiting)).toBe('completed')
  })

  it('is an incident of its thrower when nobody took it in its time, and looks again when it is retried', async () => {
    await publish(drawnFlow('lonely', { begin: start(), tell: throwsMessage('unheard', 'topic'), done: end() }))
    await publish(drawnFlow('listener', { begin: start(), wait: catchesMessage('unheard', 'topic'), done: end() }))
    const thrower = await begin('lonely', { topic: 'x' })
    await settle()
    expect(await db.sql`select 1 from incidents where case_id = ${thrower}`).toHaveLength(0)
    await later(TIME_TO_LIVE_MS + 1)

    await settle()
    const waiting = await begin('listener', { topic: 'x' })
    await settle()

    const [incident] = await db.sql<{ id: string; code: string; elementId: string }[]>`
      select incident_id as id, code, element_id as "elementId" from incidents where case_id = ${thrower} and resolved_at is null`
    expect(incident).toMatchObject({ code: 'message-unmatched', elementId: 'tell' })
    expect(await statusOf(waiting)).toBe('running')

    expect(await retryParked(db, thrower, incident!.id)).toBe(true)
    await settle()
    expect(await statusOf(waiting)).toBe('completed')
  })

  it('begins a case of the flow that starts with it where nobody waits, once', async () => {
    await publish(
      drawnFlow('sender', { begin: start(), order: throwsMessage('order', '', { item: '"giấy"' }), done: end() }),
    )
    await publish(drawnFlow('made', { begin: startsByMessage('order'), work: task(), done: end() }))

    await begin('sender')
    await settle()
    await settle()

    const made = await casesOf('made')
    expect(made).toHaveLength(1)
    expect(await variablesOf(made[0]!)).toMatchObject({ item: 'giấy' })
  })

  it('goes to another who waits when the first one stopped waiting before it came', async () => {
    const elements = { begin: start(), work: task(), stop: messageOn('work', 'stop', '1'), done: end() }
    await publish(drawnGraph('stoppable', elements, ['begin > work', 'work > done', 'stop > done']))
    await publish(drawnFlow('stopper', { begin: start(), tell: throwsMessage('stop', '1'), done: end() }))
    const [first, second] = [await begin('stoppable'), await begin('stoppable')]

    await begin('stopper')
    expect(await matchMessages(db)).toBe(1)
    await complete(first)
    await settle()

    expect([await statusOf(first), await statusOf(second)]).toEqual(['completed', 'completed'])
    const [events] =
      await db.sql`select count(*)::int as count from case_events where case_id = ${first} and type = 'messageReceived'`
    expect(events).toEqual({ count: 0 })
  })
})

describe('a signal', () => {
  it('reaches every case that waits at that moment and begins those that start with it', async () => {
    await publish(drawnFlow('alarm', { begin: start(), ring: throwsSignal('alarm'), done: end() }))
    await publish(drawnFlow('sleeper', { begin: start(), sleep: catchesSignal('alarm'), done: end() }))
    await publish(drawnFlow('watch', { begin: startsBySignal('alarm'), work: task(), done: end() }))
    const sleepers = [await begin('sleeper'), await begin('sleeper')]

    await begin('alarm')
    const late = await begin('sleeper')
    await settle()

    expect(await Promise.all(sleepers.map(statusOf))).toEqual(['completed', 'completed'])
    expect(await statusOf(late)).toBe('running')
    expect(await casesOf('watch')).toHaveLength(1)
  })

  it('is lost by nobody who began to wait before it, however close they come', async () => {
    await publish(drawnFlow('bell', { begin: start(), ring: throwsSignal('bell'), done: end() }))
    await publish(drawnFlow('ear', { begin: start(), hear: catchesSignal('bell'), done: end() }))
    const name = db.sql`hashtextextended('signal:bell', 0)`
    const holder = await db.sql.reserve()
    await holder`select pg_advisory_lock(${name})`
    const waiting = (count: number) =>
      until(`${count} steps to wait`, async () => {
        const rows = await db.sql`select 1 from pg_locks where locktype = 'advisory' and not granted`
        return rows.length === count
      })

    // when: somebody has begun to wait, and before that is written the throw comes
    const ear = begin('ear')
    await waiting(1)
    const throwing = begin('bell')
    await waiting(2)
    await holder`select pg_advisory_unlock(${name})`
    holder.release()
    await throwing
    await settle()
    expect(await statusOf(await ear)).toBe('completed')

    const ears = []
    // and: both at once, in whatever order they come
    for (let round = 0; round < 20; round += 1) ears.push((await Promise.all([begin('ear'), begin('bell')]))[0])
    await settle()

    for (const id of ears) {
      const sent = await db.sql`select 1 from deliveries where case_id = ${id}`
      expect(await statusOf(id)).toBe(sent.length > 0 ? 'completed' : 'running')
    }
    await begin('bell')
    await settle()
    for (const id of ears) expect(await statusOf(id)).toBe('completed')
  })
})

describe('several carriers', () => {
  it('carry each thing once, though one of them dies in the middle', async () => {
    await publish(drawnFlow('many', { begin: start(), tell: throwsMessage('many', 'number'), done: end() }))
    await publish(
      drawnFlow('one', { begin: start(), wait: catchesMessage('many', 'number'), work: task(), done: end() }),
    )
    const receivers = []
    for (let number = 0; number < 20; number += 1) receivers.push(await begin('one', { number }))
    for (let number = 0; number < 20; number += 1) await begin('many', { number })
    await matchMessages(db)
    // given: one that claimed and was killed, long enough ago
    expect((await claimDeliveries(db, 10)).length).toBe(10)
    await db.sql`update deliveries set claimed_until = clock_timestamp() where state = 'open' and claimed_until is not null`

    await Promise.all([settle(), settle(), settle()])
    await settle()

    const events = await db.sql<{ count: number }[]>`
      select count(*)::int as count from case_events where case_id = any(${receivers}::uuid[]) and type = 'messageReceived' group by case_id`
    expect(events.map(({ count }) => count)).toEqual(receivers.map(() => 1))
  })
})

describe('a start by condition', () => {
  const minute = 60_000
  const from = async (ms: number) => {
    const { now } = await readClock(db)
    const begin: Drawn = (element, ways) =>
      `<bpmn:startEvent id="${element}">${ways}<bpmn:conditionalEventDefinition id="when"><bpmn:condition xsi:type="bpmn:tFormalExpression">=now() &gt; date and time("${new Date(now + ms).toISOString()}")</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>`
    return { now, begin }
  }

  it('begins a case when it becomes true, and no other while it stays so', async () => {
    const { now, begin } = await from(2 * minute)
    await publish(drawnFlow('after-hours', { begin, work: task(), done: end() }))

    await moveClock(db, now + 1.5 * minute)
    await settle()
    expect(await casesOf('after-hours')).toHaveLength(0)
    await moveClock(db, now + 4 * minute)
    await Promise.all([settle(), settle()])
    expect(await casesOf('after-hours')).toHaveLength(1)
    await moveClock(db, now + 9 * minute)
    await settle()
    await publish(drawnFlow('after-hours', { begin, work: task(), more: task(), done: end() }))
    await moveClock(db, now + 12 * minute)
    await settle()

    expect(await casesOf('after-hours')).toHaveLength(1)
  })

  it('that has held before the publishing begins nothing', async () => {
    const { now, begin } = await from(-minute)
    await publish(drawnFlow('before', { begin, work: task(), done: end() }))

    await moveClock(db, now + 5 * minute)
    await settle()

    expect(await casesOf('before')).toHaveLength(0)
  })
})

describe('a start by timer', () => {
  const day = 86_400_000

  it('begins a case at each time of its cycle, once, without drift and without piling up', async () => {
    await publish(drawnFlow('daily', { begin: startsByTimer('Cycle', 'R5/P1D'), work: task(), done: end() }))
    const { dueAt: first } = (
      await db.sql<{ dueAt: number }[]>`
      select floor(extract(epoch from due_at) * 1000)::float8 as "dueAt" from starters where flow_id = 'daily'`
    )[0]!

    await settle()
    expect(await casesOf('daily')).toHaveLength(0)
    await moveClock(db, first + 1)
    await Promise.all([settle(), settle()])
    expect(await casesOf('daily')).toHaveLength(1)
    // an outage of two and a half days
    await moveClock(db, first + 2.5 * day)
    await settle()

    expect(await casesOf('daily')).toHaveLength(3)
    const [next] = await db.sql`
      select floor(extract(epoch from due_at) * 1000)::float8 as "dueAt" from starters where flow_id = 'daily'`
    expect(next).toEqual({ dueAt: first + 3 * day })
  })

  it('belongs to the newest version alone, and a date that has passed begins nothing', async () => {
    const { now } = await readClock(db)
    const at = (ms: number) => new Date(now + ms).toISOString()
    await publish(drawnFlow('dated', { begin: startsByTimer('Date', at(3_600_000)), work: task(), done: end() }))
    await publish(drawnFlow('dated', { begin: startsByTimer('Date', at(7_200_000)), work: task(), done: end() }))
    await publish(drawnFlow('past', { begin: startsByTimer('Date', at(-3_600_000)), work: task(), done: end() }))

    await moveClock(db, now + 3_700_000)
    await settle()
    expect(await casesOf('dated')).toHaveLength(0)
    await moveClock(db, now + 7_300_000)
    await settle()

    expect(await casesOf('dated')).toHaveLength(1)
    expect(await casesOf('past')).toHaveLength(0)
    expect(await db.sql`select 1 from starters where flow_id = 'dated'`).toHaveLength(0)
  })

  it('is met in its order by a journey in time, and so is what follows from it', async () => {
    await publish(
      drawnFlow('weekly', { begin: startsByTimer('Cycle', 'R3/P7D'), tell: throwsMessage('week'), done: end() }),
    )
    await publish(
      drawnFlow('counted', {
        begin: startsByMessage('week'),
        wait: waits('Duration', 'P1D'),
        work: task(),
        done: end(),
      }),
    )
    const { now } = await readClock(db)
    const carrier = await startCarrier({ db, onError: (error) => expect(error).toBeUndefined() })
    const fireDue = async (work: { caseId: string }[]) => {
      for (const { caseId } of work) {
        for (const timer of (await pendingWork(db, caseId))?.dueTimers ?? []) await fireTimer(db, { caseId, ...timer })
      }
    }

    await travelTo(db, now + 30 * day, { handOver: fireDue })
    await carrier.stop()

    const days = await db.sql<{ day: number; type: string }[]>`
      select round((extract(epoch from e.at) * 1000 - ${now}) / ${day})::int as day, e.type from case_events e
      join cases c on c.id = e.case_id join flow_versions v on v.id = c.flow_version_id where v.flow_id = 'counted' order by e.at`
    expect(days.map(({ day, type }) => `${type} ${day}`)).toEqual([
      'start 7',
      'timerFired 8',
      'start 14',
      'timerFired 15',
      'start 21',
      'timerFired 22',
    ])
  })

  it('that fails three times waits for a person, and is made when it is retried', async () => {
    await publish(
      drawnFlow('failing', { begin: startsByTimer('Cycle', 'R2/P1D'), close: service('document.close'), done: end() }),
    )
    await later(day + 1000)
    await settle()

    const [failed] = await failedStarters(db)
    expect(failed).toMatchObject({ flowId: 'failing', elementId: 'begin', occurrence: 1 })
    expect(failed?.error).toContain('needs a document')
    expect(await casesOf('failing')).toHaveLength(0)

    await publish(
      drawnFlow('failing', { begin: startsByTimer('Cycle', 'R2/P1D'), close: service('noop'), done: end() }),
    )
    expect(await failedStarters(db)).toHaveLength(0)
  })
})
