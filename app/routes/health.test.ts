import { afterAll, beforeAll, expect, it } from 'vitest'
import { parts, writeHeartbeat } from '#db/heartbeats.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { loader as health } from './health.ts'

let office: OfficeAtWork
beforeAll(async () => {
  office = await officeAtWork()
})
afterAll(() => office.close())

const ask = async () => (await answerOf(health(office.asking(null, '/health')))).data

it('is well when every part is up or was never asked for, and says of each which it is', async () => {
  expect(await ask()).toMatchObject({ ok: false, parts: { worker: { state: 'unknown' } } })
  for (const part of parts) await writeHeartbeat(office.db, part, { state: 'up', detail: 'here' })
  expect(await ask()).toMatchObject({ ok: true, parts: { database: { state: 'up' }, mail: { detail: 'here' } } })

  await writeHeartbeat(office.db, 'exchange', { state: 'off', detail: 'not configured' })
  expect(await ask()).toMatchObject({ ok: true, parts: { exchange: { state: 'off', detail: 'not configured' } } })

  for (const state of ['down', 'starting'] as const) {
    await writeHeartbeat(office.db, 'temporal', { state, detail: '' })
    expect(await ask()).toMatchObject({ ok: false, parts: { temporal: { state } } })
  }
})

it('says how long a part has been silent', async () => {
  await office.db
    .sql`update settings set value = jsonb_set(value, '{at}', to_jsonb(${Date.now() - 60_000}::float8)) where key = 'heartbeat:mail'`
  expect(await ask()).toMatchObject({ parts: { mail: { state: 'late', detail: 'last heard 60 s ago' } } })
})
