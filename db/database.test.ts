import { createServer, connect, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test/servers.ts'
import { openDatabase, type Database } from './database.ts'

let testDatabase: TestDatabase
/** Stands between the pool and PostgreSQL, so that a test can take the network away. */
let wire: Server
const sockets = new Set<Socket>()
let refusing = false

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  const { hostname, port } = new URL(testDatabase.url)
  wire = createServer((here) => {
    if (refusing) return void here.destroy()
    const there = connect(Number(port), hostname)
    for (const [one, other] of [
      [here, there],
      [there, here],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => (sockets.delete(one), other.destroy()))
    }
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  cut()
  wire.close()
  await testDatabase.drop()
})

const cut = (how: 'resetAndDestroy' | 'destroy' = 'destroy') => sockets.forEach((socket) => socket[how]())
function pool(max: number): Database {
  const url = new URL(testDatabase.url)
  url.port = String((wire.address() as AddressInfo).port)
  return openDatabase(url.href, { max })
}
const answers = async ({ sql }: Database, count: number) =>
  expect(await Promise.all(Array.from({ length: count }, (_, n) => sql`select ${n}::int as n`))).toHaveLength(count)

describe('a pool that loses its connections', () => {
  it('refuses a reserved one that is gone, and goes on with new ones', async () => {
    const db = pool(2)
    const reserved = await db.sql.reserve()
    await reserved`begin`
    cut()
    await wait(100)

    await expect(reserved`rollback`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    reserved.release()

    await answers(db, 20)
    await db.close()
  })

  it('ends every query that was under way or waiting, in whatever moment it is cut, and answers again afterwards', async () => {
    const db = pool(4)
    let ended = 0
    const transaction = async () => {
      const reserved = await db.sql.reserve()
      try {
        await Promise.all([reserved`begin`, reserved`select ${'x'}::text as x`])
        await Promise.all([reserved`select ${1}::int as one`, reserved`select ${2}::int as two`, reserved`commit`])
      } catch {
        await reserved`rollback`.catch(() => undefined)
      } finally {
        reserved.release()
      }
    }
    const others = [
      () => db.sql`select ${1}::int`,
      () => db.sql.begin((sql) => sql`select ${1}::int`),
      transaction,
      transaction,
    ]
    const busy = async (lane: number) => {
      for (let round = 0; round < 150; round += 1) {
        // What is refused in an outage is asked again at once: that is when the next connection goes.
        await others[lane % others.length]?.().catch(() => undefined)
        ended += 1
        if (round % 10 === 0) await wait(1)
      }
    }
    const lanes = Promise.all(Array.from({ length: 12 }, (_, lane) => busy(lane)))
    for (let round = 0; round < 40; round += 1) {
      await wait(5)
      refusing = round % 3 === 0
      cut(round % 2 === 0 ? 'destroy' : 'resetAndDestroy')
    }
    refusing = false

    await lanes
    expect(ended).toBe(12 * 150)
    await answers(db, 20)
    // All of them can be had at once: none was lost.
    const all = await Promise.all(Array.from({ length: 4 }, () => db.sql.reserve()))
    for (const one of all) await one`select 1`
    for (const one of all) one.release()
    await db.close()
  }, 60_000)
})
