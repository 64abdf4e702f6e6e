/** Start events that need several events together: gathered before there is a case, by carriers that may be many and may die. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Variables } from '#bpmn/case.ts'
import { moveClock, readClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'
import { claimDeliveries, deliver, matchMessages, type Delivery } from '#db/deliveries.ts'
import { publishFlow } from '#db/flows.ts'
import { dueStarters, fireStarter } from '#db/starters.ts'
import { startCase } from '#db/step.ts'
import {
  drawnFlow,
  drawnMessage,
  drawnSignal,
  end,
  service,
  start,
  task,
  throwsMessage,
  throwsSignal,
  type Drawn,
} from '#test/fixtures/drawn-flow.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import { carry } from './carrier.ts'

let db: Database

beforeAll(async () => {
  ;({ db } = await openOfficeDatabase())
})
afterAll(() => db.close())

type Part = { message: string } | { signal: string } | { cycle: string }

/** A flow that begins when all the parts have come, with a task behind it. */
function together(id: string, parts: Part[], next: Record<string, Drawn> = { work: task() }) {
  const events = parts.map((part, index) => {
    if ('message' in part)
      return `<bpmn:messageEventDefinition id="part${index}" messageRef="message_${part.message}"/>`
    if ('signal' in part) return `<bpmn:signalEventDefinition id="part${index}" signalRef="signal_${part.signal}"/>`
    return `<bpmn:timerEventDefinition id="part${index}"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">${part.cycle}</bpmn:timeCycle></bpmn:timerEventDefinition>`
  })
  const named = parts.map((part) =>
    'message' in part ? drawnMessage(part.message) : 'signal' in part ? drawnSignal(part.signal) : '',
  )
  const begin: Drawn = (element, ways) =>
    `<bpmn:startEvent id="${element}" parallelMultiple="true">${ways}${events.join('')}</bpmn:startEvent>`
  return drawnFlow(id, { begin, ...next, done: end() }, { definitions: [...new Set(named)].join('') })
}

const publish = (xml: string) => publishFlow(db, { xml })
const begin = async (flowId: string, variables: Variables = {}) =>
  (await startCase(db, { flowId, documentId: null, variables, key: randomUUID(), actor: null })).caseId
const settle = async () => {
  while ((await carry(db)) > 0);
}
/** Flows that throw the events, each with the variables of its case. */
const thrower = async (name: string, given: Record<string, string> = {}) =>
  publish(drawnFlow(`says-${name}`, { begin: start(), tell: throwsMessage(name, '', given), done: end() }))
const ringer = async (name: string) =>
  publish(drawnFlow(`rings-${name}`, { begin: start(), ring: throwsSignal(name), done: end() }))
const casesOf = (flowId: string) =>
  db.sql<{ variables: Variables; version: number; record: unknown }[]>`
    select s.state -> 'variables' as variables, v.version, (select e.data -> 'record' from case_events e where e.case_id = c.id and e.seq = 1) as record
    from cases c join flow_versions v on v.id = c.flow_version_id join case_states s on s.case_id = c.id where v.flow_id = ${flowId} order by c.id`
const gathered = async (flowId: string) =>
  (await db.sql<{ part: number }[]>`select part from gathered_starts where flow_id = ${flowId} order by part, seq`).map(
    ({ part }) => part,
  )
const openDeliveries = async () => (await db.sql`select 1 from deliveries where state = 'open'`).length

describe('a start by several events together', () => {
  it.each([
    ['first', 'second', { same: 'second', one: 'first', two: 'second' }],
    ['second', 'first', { same: 'first', one: 'first', two: 'second' }],
  ])('waits for both messages, %s before %s, and carries what both say, the later over the earlier', async (...row) => {
    const [earlier, later, expected] = row
    const of = (name: string) => `${name}-${earlier}`
    await publish(together(`both-${earlier}`, [{ message: of('first') }, { message: of('second') }]))
    await thrower(of('first'), { same: '"first"', one: '"first"' })
    await thrower(of('second'), { same: '"second"', two: '"second"' })

    const from = await begin(`says-${of(earlier)}`)
    await settle()
    expect(await casesOf(`both-${earlier}`)).toHaveLength(0)
    expect(await gathered(`both-${earlier}`)).toHaveLength(1)
    await begin(`says-${of(later)}`)
    await settle()

    const made = await casesOf(`both-${earlier}`)
    expect(made.map(({ variables }) => variables)).toEqual([expected])
    expect(made[0]!.record).toMatchObject({ message: of(later), gathered: [{ message: of(earlier), from }] })
    expect(await gathered(`both-${earlier}`)).toEqual([])
    expect(await openDeliveries()).toBe(0)
  })

  it('takes a message and a signal, and begins a second case with a second set, the oldest of each first', async () => {
    await publish(together('mixed', [{ message: 'paper' }, { signal: 'opened' }]))
    await thrower('paper', { sheet: 'number' })
    await ringer('opened')

    await begin('says-paper', { number: 1 })
    await settle()
    await begin('says-paper', { number: 2 })
    await settle()
    expect(await gathered('mixed')).toEqual([0, 0])
    await begin('rings-opened')
    await settle()
    expect((await casesOf('mixed')).map(({ variables }) => variables.sheet)).toEqual([1])
    await begin('rings-opened')
    await settle()

    expect((await casesOf('mixed')).map(({ variables }) => variables.sheet)).toEqual([1, 2])
    await begin('rings-opened')
    await settle()
    expect(await casesOf('mixed')).toHaveLength(2)
    expect(await gathered('mixed')).toEqual([1])
  })

  it('needs two arrivals where two of its events have the same name', async () => {
    await publish(together('twice', [{ signal: 'knock' }, { signal: 'knock' }, { message: 'door' }]))
    await ringer('knock')
    await thrower('door')

    await begin('rings-knock')
    await begin('says-door')
    await settle()
    expect([await gathered('twice'), await casesOf('twice')]).toEqual([[0, 2], []])
    for (let knock = 0; knock < 3; knock += 1) await begin('rings-knock')
    await settle()
    expect([await gathered('twice'), (await casesOf('twice')).length]).toEqual([[0, 1], 1])
    await begin('says-door')
    await settle()

    expect([await gathered('twice'), (await casesOf('twice')).length]).toEqual([[], 2])
  })

  it.each(['message first', 'timer first'])('takes a message and a time, %s, each time once', async (order) => {
    const id = order.replace(' ', '-')
    await publish(together(id, [{ cycle: 'R3/P1D' }, { message: `due-${id}` }]))
    await thrower(`due-${id}`)
    const tellOne = async () => {
      await begin(`says-due-${id}`)
      await settle()
    }
    const first = (await readClock(db)).now + 86_400_000 + 1000
    const messageFirst = order === 'message first'

    if (messageFirst) await tellOne()
    await moveClock(db, first)
    const due = (await dueStarters(db, 10)).filter(({ flowId }) => flowId === id)
    expect(due).toHaveLength(1)
    await Promise.all([settle(), settle(), fireStarter(db, due[0]!)])
    await fireStarter(db, due[0]!)
    if (!messageFirst) {
      expect([await gathered(id), (await casesOf(id)).length]).toEqual([[0], 0])
      await tellOne()
    }

    expect([await gathered(id), (await casesOf(id)).length]).toEqual([[], 1])
    const next = await db.sql`select occurrence from starters where flow_id = ${id} and kind = 'timer'`
    expect(next).toEqual([{ occurrence: 2 }])
  })

  it('counts a delivery once, however often it is brought', async () => {
    await publish(together('repeated', [{ message: 'left' }, { message: 'right' }]))
    await thrower('left')
    await thrower('right')
    const claimOne = async () => {
      await matchMessages(db)
      const [delivery] = await claimDeliveries(db, 1)
      return delivery!
    }
    await begin('says-left')
    const left = await claimOne()
    await Promise.all([deliver(db, left), deliver(db, left), deliver(db, left)])
    expect(await gathered('repeated')).toEqual([0])

    await begin('says-right')
    const right = await claimOne()
    await Promise.all([deliver(db, right), deliver(db, right)])
    expect([await gathered('repeated'), (await casesOf('repeated')).length]).toEqual([[], 1])
    await begin('says-right')
    await settle()
    // when: what was kept, and what was used, come again where the other part is there
    await deliver(db, left)
    await deliver(db, right)

    expect([await gathered('repeated'), (await casesOf('repeated')).length]).toEqual([[1], 1])
  })

  it('begins exactly one case for each set when several carriers bring them, one of which died', async () => {
    const sets = 12
    await publish(together('busy', [{ message: 'ink' }, { signal: 'press' }, { message: 'sheet' }]))
    await thrower('ink', { ink: 'number' })
    await thrower('sheet', { sheet: 'number' })
    await ringer('press')
    for (let number = 0; number < sets; number += 1) {
      await begin('says-ink', { number })
      await begin('rings-press')
      await begin('says-sheet', { number })
    }
    await matchMessages(db)
    expect((await claimDeliveries(db, 10)).length).toBe(10)
    await db.sql`update deliveries set claimed_until = clock_timestamp() where state = 'open' and claimed_until is not null`

    const claims = [await claimDeliveries(db, 12), await claimDeliveries(db, 12), await claimDeliveries(db, 100)]
    expect(claims.map((claim) => claim.length > 0)).toEqual([true, true, true])
    const carryAll = async (claim: Delivery[]) => {
      for (const delivery of claim) await deliver(db, delivery)
    }
    await Promise.all([...claims.map(carryAll), settle(), settle()])
    await settle()

    const made = await casesOf('busy')
    expect(made).toHaveLength(sets)
    for (const part of ['ink', 'sheet']) expect(new Set(made.map(({ variables }) => variables[part])).size).toBe(sets)
    expect([await gathered('busy'), await openDeliveries()]).toEqual([[], 0])
  })

  it('loses nothing of what was gathered when the case cannot begin', async () => {
    const parts = [{ message: 'half' }, { message: 'other-half' }]
    await publish(together('broken', parts, { close: service('document.close') }))
    await thrower('half')
    await thrower('other-half')
    await begin('says-half')
    await settle()
    const from = await begin('says-other-half')
    await settle()

    expect([await gathered('broken'), (await casesOf('broken')).length]).toEqual([[0], 0])
    const incidents = await db.sql`select code from incidents where case_id = ${from} and resolved_at is null`
    expect(incidents).toEqual([{ code: 'step-failed' }])
  })
})

describe('a newer version of a flow that gathers', () => {
  it('goes on with what has come where its start event needs the same events', async () => {
    const parts = [{ message: 'kept-a' }, { signal: 'kept-b' }]
    await publish(together('same', parts))
    await thrower('kept-a', { said: '"a"' })
    await ringer('kept-b')
    await begin('says-kept-a')
    await settle()
    // given: a signal on its way to the older version
    await begin('rings-kept-b')

    await publish(together('same', parts, { work: task(), more: task() }))
    await settle()

    expect(await casesOf('same')).toMatchObject([{ version: 2, variables: { said: 'a' } }])
    expect(await gathered('same')).toEqual([])
  })

  it('may come while events do: each set begins one case all the same', async () => {
    const parts = [{ message: 'mid-a' }, { signal: 'mid-b' }]
    const works: Record<string, Drawn>[] = [{}, { more: task() }, { more: task(), again: task() }]
    const newest = async (round: number) => publish(together('moving', parts, { work: task(), ...works[round % 3] }))
    await newest(0)
    await thrower('mid-a', { said: 'number' })
    await ringer('mid-b')

    for (let number = 1; number <= 6; number += 1) {
      await Promise.all([
        begin('says-mid-a', { number }).then(settle),
        begin('rings-mid-b').then(settle),
        newest(number),
      ])
      await settle()
    }

    const said = (await casesOf('moving')).map(({ variables }) => variables.said)
    expect(said.toSorted()).toEqual([1, 2, 3, 4, 5, 6])
    expect(await gathered('moving')).toEqual([])
  })

  it('begins anew where its start event needs other events', async () => {
    await publish(together('other', [{ message: 'old-a' }, { signal: 'old-b' }]))
    await thrower('old-a')
    await ringer('old-b')
    await begin('says-old-a')
    await settle()
    expect(await gathered('other')).toEqual([0])

    await publish(together('other', [{ message: 'old-a' }, { signal: 'old-b' }, { signal: 'new-c' }]))
    expect(await gathered('other')).toEqual([])
    await begin('rings-old-b')
    await settle()

    expect([await gathered('other'), (await casesOf('other')).length]).toEqual([[1], 0])
  })
})
