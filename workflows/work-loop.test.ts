import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { WAKE_CHANNEL } from '#db/wake.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { startWorkLoop } from './work-loop.ts'

let db: Database
beforeAll(async () => {
  ;({ db } = await openEmptyDatabase())
})
afterAll(() => db.close())

it('is woken again and again without its listeners adding up', async () => {
  const warnings: string[] = []
  const hear = (warning: Error) => void warnings.push(`${warning.name}: ${warning.message}`)
  process.on('warning', hear)
  let rounds = 0
  const loop = await startWorkLoop({
    db,
    round: () => {
      rounds += 1
      return Promise.resolve(false)
    },
    onError: (error) => expect.fail(String(error)),
  })
  // Each word comes while the loop rests, far within the second that a rest takes.
  for (let word = 1; word <= 40; word += 1) {
    await expect.poll(() => rounds, { interval: 2 }).toBeGreaterThanOrEqual(word)
    await db.sql.notify(WAKE_CHANNEL, '')
  }
  await expect.poll(() => rounds, { interval: 2 }).toBeGreaterThan(40)
  await loop.stop()
  process.off('warning', hear)
  expect(warnings.filter((warning) => warning.startsWith('MaxListeners'))).toEqual([])
})
