import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '#test/fixtures/until.ts'
import { expectWhole, namedOpenEnds, openEnds } from './aftermath.ts'
import { Killer, plan, type PlannedKill } from './killer.ts'
import { sendLetters } from './letters-of-the-office.ts'
import { MinistryProcesses } from './ministry-processes.ts'
import { PeopleAtWork } from './people-at-work.ts'
import { seededRandom } from './random.ts'

/** Another one tries other moments: `KILLS_SEED=7 npx vitest run test/kills`. */
const SEED = Number(process.env.KILLS_SEED ?? 20_261_122)
/** Forms that one case takes at least. */
const FORMS = 10
/** What the outside is owed may wait for its next try (a minute at most) and for the minute's sweep. */
const REST_LIMIT = 480_000

let ministry: MinistryProcesses
beforeAll(async () => {
  ministry = await MinistryProcesses.start()
}, 180_000)
afterAll(() => ministry?.close(), 60_000)

const numbersFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

/** Carries letters from their arrival to the closed case while parts are killed as planned, and waits until all is at rest. */
async function carryThrough(numbers: number[], plans: PlannedKill[]): Promise<Killer> {
  const people = new PeopleAtWork(ministry.db, ministry.staff)
  const killer = new Killer(ministry, plans, () => people.completed)
  const began = performance.now()
  try {
    await sendLetters(ministry.office, numbers)
    await until(
      'all cases are closed',
      async () => {
        // Looking costs the time of those who work.
        await wait(500)
        if (people.failed || ministry.deaths.length > 0) return true
        const { cases, documents } = await openEnds(ministry)
        const [row] = await ministry.db.sql<{ arrived: number }[]>`
          select count(*)::int as arrived from documents where direction = 'incoming' and number::int = any(${numbers}::int[])`
        return row?.arrived === numbers.length && cases === 0 && documents === 0
      },
      REST_LIMIT,
    )
    expect(ministry.deaths).toEqual([])
    await people.stop()
    const worked = performance.now()
    await killer.stop()
    await until(
      'nothing is owed any more',
      async () => Object.values(await openEnds(ministry)).every((left) => left === 0),
      REST_LIMIT,
    )
    const seconds = (ms: number) => (ms / 1000).toFixed(1)
    console.log(
      `${numbers.length} cases, ${people.completed} forms, ${people.repeats} sent again, killed ${JSON.stringify(killer.kills)}; ` +
        `worked ${seconds(worked - began)} s, at rest ${seconds(performance.now() - worked)} s later`,
    )
    expect(people.surprises).toEqual([])
    return killer
  } catch (error) {
    await killer.stop().catch(() => undefined)
    await people.stop().catch((cause: unknown) => {
      throw cause
    })
    throw new Error(`still open: ${JSON.stringify(await namedOpenEnds(ministry), null, 1)}`, { cause: error })
  }
}

it('carries fifty cases through while everything is killed', async () => {
  const random = seededRandom(SEED)
  const numbers = numbersFrom(101, 50)
  const forms = numbers.length * FORMS

  const { kills } = await carryThrough(numbers, [
    ...plan(random, { part: 'web', times: 6, from: 5, to: forms }),
    ...plan(random, { part: 'worker', times: 6, from: 0, to: forms }),
    ...plan(random, { part: 'postgres', times: 1, from: 0.35 * forms, to: 0.5 * forms }),
    ...plan(random, { part: 'temporal', times: 1, from: 0.55 * forms, to: 0.75 * forms }),
  ])

  expect(kills).toEqual({ web: 6, worker: 6, postgres: 1, temporal: 1 })
  await expectWhole(ministry, numbers)
}, 900_000)

it('carries twelve more through when Temporal loses all it has kept', async () => {
  const random = seededRandom(SEED + 1)
  const numbers = numbersFrom(151, 12)
  const forms = numbers.length * FORMS
  const wiped = plan(random, { part: 'temporal', times: 1, from: 0.3 * forms, to: 0.6 * forms })

  await carryThrough(numbers, [
    ...wiped.map((kill) => ({ ...kill, lose: () => ministry.wipeTemporal() })),
    ...plan(random, { part: 'worker', times: 2, from: 0.2 * forms, to: forms }),
  ])

  await expectWhole(ministry, numbersFrom(101, 62))
}, 900_000)
