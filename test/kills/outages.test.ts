import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '#test/fixtures/until.ts'
import { expectWhole, openEnds } from './aftermath.ts'
import { sendLetters } from './letters-of-the-office.ts'
import { MinistryProcesses, type Part } from './ministry-processes.ts'
import { PeopleAtWork } from './people-at-work.ts'

/** Until a part that says nothing any more counts as late, its last word is trusted (20 s). */
const HEARD_LIMIT = 60_000
const REST_LIMIT = 300_000

let ministry: MinistryProcesses
let people: PeopleAtWork
beforeAll(async () => {
  ministry = await MinistryProcesses.start()
  people = new PeopleAtWork(ministry.db, ministry.staff)
}, 240_000)
afterAll(async () => {
  await people?.stop()
  await ministry?.close()
}, 60_000)

const isUp = (part: string) =>
  until(`${part} is up`, async () => (await ministry.health())[part]?.state === 'up', HEARD_LIMIT)
const isNotUp = (part: string) =>
  until(
    `the health page says that ${part} is not up`,
    async () => (await ministry.health())[part]?.state !== 'up',
    HEARD_LIMIT,
  )
const isDispatched = async (number: number) => {
  const [row] = await ministry.db.sql`select 1 from tasks t join documents d on d.id = t.document_id
    where d.number = ${String(number)} and d.direction = 'incoming' and t.element_id = 'dispatch' and t.state = 'completed'`
  return row !== undefined
}

/** What the parts are on the health page, and how each goes away. */
const outages: [Part, shownAs: string, how: 'down' | 'kill'][] = [
  ['inbox', 'mail', 'down'],
  ['node', 'exchange', 'kill'],
  ['temporal', 'temporal', 'kill'],
  ['worker', 'worker', 'down'],
]

it('works on while one part after the other is away, says so, and catches up', async () => {
  let number = 100
  const numbers: number[] = []
  for (const part of ['database', 'temporal', 'worker', 'mail', 'exchange']) await isUp(part)
  for (const [part, shownAs, how] of outages) {
    // A letter that has arrived before the outage, and is worked on during it.
    number += 1
    numbers.push(number)
    await sendLetters(ministry.office, [number])
    await until('its arrival', async () => {
      const [row] = await ministry.db
        .sql`select 1 from documents where direction = 'incoming' and number = ${String(number)}`
      return row !== undefined
    })

    await ministry[how](part)

    await isNotUp(shownAs)
    // Everything that people have to do for it, up to the reply on its way.
    await until('people have done their part', () => isDispatched(number), REST_LIMIT)
    await ministry.up(part)
    await isUp(shownAs)
  }

  await until(
    'everything has caught up',
    async () => Object.values(await openEnds(ministry)).every((left) => left === 0),
    REST_LIMIT,
  )
  expect(people.surprises).toEqual([])
  expect(ministry.deaths).toEqual([])
  await expectWhole(ministry, numbers)
}, 600_000)
