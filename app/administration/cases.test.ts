import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimCall, failCall } from '#db/case-work.ts'
import { publishFlow } from '#db/flows.ts'
import { outbox } from '#db/outbox.ts'
import { moveCases } from '#workflows/case-mover.ts'
import { drawnCases } from '#test/fixtures/drawn-cases.ts'
import { drawnFlow, end, service, start, task } from '#test/fixtures/drawn-flow.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { refusalIn } from '../refusal.ts'
import * as casePage from '../routes/_app.administration.cases.$caseId.tsx'
import * as caseList from '../routes/_app.administration.cases._index.tsx'
import * as incidents from '../routes/_app.administration.incidents.tsx'
import * as migration from '../routes/_app.administration.migrations.$migrationId.tsx'
import * as migrations from '../routes/_app.administration.migrations._index.tsx'
import * as ordinaryCase from '../routes/_app.cases.$caseId.tsx'

let office: OfficeAtWork
let db: OfficeAtWork['db']
let cases: ReturnType<typeof drawnCases>
const reason = 'Đơn vị đã sáp nhập'

const row = (...names: string[]) =>
  drawnFlow('road', { s: start(), ...Object.fromEntries(names.map((name) => [name, task()])), e: end() })

beforeAll(async () => {
  office = await officeAtWork()
  db = office.db
  cases = drawnCases(db)
  await publishFlow(db, { xml: row('a', 'b') })
  await publishFlow(db, {
    xml: drawnFlow('calling', { s: start(), send: service('exchange.send'), after: task(), e: end() }),
  })
})
afterAll(() => office.close())

type Handler = (args: ReturnType<OfficeAtWork['asking']>) => unknown
const ask = (
  handler: Handler,
  by: string | null,
  {
    url = '/',
    params = {},
    form,
  }: { url?: string; params?: Record<string, string>; form?: Record<string, string | string[]> } = {},
) => answerOf((async () => handler(office.asking(by, url, params, form)))())

describe('cases, migrations and what is done to them', () => {
  it.each(Object.entries({ casePage, caseList, migration, migrations }))(
    '%s is the administrator’s alone',
    async (_name, { loader }) => {
      const caseId = await cases.start('road')
      for (const by of ['clerk', 'minister', 'tmdtHead'])
        expect((await ask(loader, by, { params: { caseId } })).status).toBe(403)
      expect((await ask(loader, null, { params: { caseId } })).status).toBe(302)
    },
  )

  it('nobody else changes, ends or moves a case, and its rehearsal says nothing to them', async () => {
    const caseId = await cases.start('road')
    const form = { do: 'addToken', place: 's0 b', reason, seen: '1', form: randomUUID() }
    for (const intent of ['rehearse', 'change', 'end', 'skip', 'retryWith', 'retry'])
      expect((await ask(casePage.action, 'clerk', { params: { caseId }, form: { ...form, intent } })).status).toBe(403)
    expect((await ask(migrations.action, 'clerk', { form: { move: 'road 1 2' } })).status).toBe(403)
    expect(
      (await ask(migration.action, 'clerk', { params: { migrationId: randomUUID() }, form: { act: 'move' } })).status,
    ).toBe(403)
    expect(
      (await ask(incidents.action, 'clerk', { form: { bulk: 'end', incident: `${caseId} x`, reason } })).status,
    ).toBe(403)
    expect(await cases.open(caseId)).toEqual(['a'])
  })

  it('what is not there is not found', async () => {
    for (const caseId of [randomUUID(), 'x'])
      expect((await ask(casePage.loader, 'admin', { params: { caseId } })).status).toBe(404)
    for (const migrationId of [randomUUID(), 'x'])
      expect((await ask(migration.loader, 'admin', { params: { migrationId } })).status).toBe(404)
    for (const move of ['', 'road 1 9', 'none 1 2', 'road 1 2; drop'])
      expect((await ask(migrations.action, 'admin', { form: { move } })).status).toBe(404)
    const known = { params: { migrationId: randomUUID() } }
    expect((await ask(migration.action, 'admin', { ...known, form: { act: 'pause' } })).status).toBe(404)
    expect((await ask(migration.action, 'admin', { ...known, form: { act: 'nothing' } })).status).toBe(404)
  })
})

describe('an administrator', () => {
  it('sees what a change would do, does it, and finds it in the audit and the history', async () => {
    const caseId = await cases.start('road')
    const params = { caseId }
    const shown = (await ask(casePage.loader, 'admin', { params })).data as { shown: { tokens: { tokenId: string }[] } }
    const fields = { do: 'moveToken', tokenId: shown.shown.tokens[0]!.tokenId, to: 'b', reason }
    const said = await ask(casePage.action, 'admin', { params, form: { ...fields, intent: 'rehearse' } })
    expect(said.data).toMatchObject({
      rehearsed: {
        consequences: [
          { kind: 'taskCloses', element: { vi: 'Việc a' } },
          { kind: 'taskOpens', element: { vi: 'Việc b' }, holder: { group: 'role:ministry-clerk' } },
        ],
        standsAt: [{ vi: 'Việc b' }],
      },
    })
    expect(await cases.open(caseId)).toEqual(['a'])
    const { fields: again } = (said.data as { rehearsed: { fields: Record<string, string> } }).rehearsed
    const form = { ...again, intent: 'change', form: randomUUID() }
    // twice, from one window
    for (const _time of [1, 2])
      expect((await ask(casePage.action, 'admin', { params, form })).to).toBe(
        `/administration/cases/${caseId}?done=changed`,
      )
    expect(await cases.open(caseId)).toEqual(['b'])
    expect(
      await db.sql`select 1 from audit_events where act = 'case.changed' and data ->> 'caseId' = ${caseId}`,
    ).toHaveLength(1)
    // from another window, which had seen it before
    const late = await ask(casePage.action, 'admin', { params, form: { ...form, form: randomUUID() } })
    expect(late.status).toBe(409)
    expect(refusalIn(late.data)?.code).toBe('case-moved-on')
    const page = await ask(ordinaryCase.loader, 'clerk', { params })
    expect(page.data).toMatchObject({
      view: { history: [{}, { act: 'modified', opinion: reason }] },
      outlook: { steps: [] },
    })
  })

  it('is told beside the field what is wrong, and what was entered is still there', async () => {
    const caseId = await cases.start('road')
    const params = { caseId }
    for (const [form, field] of [
      [{ do: 'moveToken', tokenId: 't1', to: '', reason }, 'to'],
      [{ do: 'addToken', place: '', reason }, 'place'],
      [{ do: 'setVariables', name: '1x', kind: 'text', value: 'y', reason }, 'name'],
      [{ do: 'setVariables', name: 'x', kind: 'number', value: 'y', reason }, 'value'],
      [{ do: 'addToken', place: 's0 b', reason: ' ' }, 'reason'],
    ] as const) {
      const answer = await ask(casePage.action, 'admin', { params, form: { ...form, intent: 'rehearse' } })
      expect(answer.status).toBe(422)
      expect(Object.keys(refusalIn(answer.data)?.fields ?? {})).toEqual([field])
      expect(answer.data).toMatchObject({ sent: form })
    }
  })

  it('mends incidents in bulk, each by itself, with a result for each', async () => {
    const failing = await Promise.all([1, 2, 3].map(() => cases.start('calling')))
    for (const caseId of failing) {
      const call = (await outbox(db, { state: 'waiting' })).calls.find((one) => one.caseId === caseId)
      await claimCall(db, call!.id)
      await failCall(db, call!.id, { code: 'unknown-organ', message: 'no such organ' })
    }
    const listed = (await ask(incidents.loader, 'admin')).data as {
      incidents: { caseId: string; incidentId: string }[]
    }
    const of = (caseId: string) => {
      const found = listed.incidents.find((incident) => incident.caseId === caseId)
      return `${caseId} ${found!.incidentId}`
    }
    const bulk = async (remedy: string, some: string[], more = {}) =>
      (
        await ask(incidents.action, 'admin', {
          form: { bulk: remedy, incident: some.map(of), form: randomUUID(), ...more },
        })
      ).data
    expect(refusalIn(await bulk('retry', []))?.code).toBe('nothing-chosen')
    expect(refusalIn(await bulk('skip', failing))?.code).toBe('reason-missing')
    const [one, two, three] = failing as [string, string, string]
    expect(await bulk('skip', [one], { reason })).toMatchObject({ results: [{ caseId: one, refused: null }] })
    expect(await cases.open(one)).toEqual(['after'])
    const { results } = (await bulk('skip', [one, two, three], { reason })) as { results: { refused: unknown }[] }
    expect(results.map(({ refused }) => refused === null)).toEqual([false, true, true])
    expect(await cases.open(three)).toEqual(['after'])
  })

  it('corrects a variable and has a step tried again', async () => {
    const caseId = await cases.start('calling')
    const call = (await outbox(db, { state: 'waiting' })).calls.find((one) => one.caseId === caseId)
    await claimCall(db, call!.id)
    await failCall(db, call!.id, { code: 'unknown-organ', message: 'no such organ' })
    const [incident] = await db.sql<{ id: string }[]>`select incident_id as id from incidents where case_id = ${caseId}`
    const form = {
      intent: 'retryWith',
      incidentId: incident!.id,
      name: 'organ',
      kind: 'text',
      value: 'G22',
      reason,
      form: randomUUID(),
    }
    expect((await ask(casePage.action, 'admin', { params: { caseId }, form })).to).toContain('done=retried')
    expect((await ask(casePage.loader, 'admin', { params: { caseId } })).data).toMatchObject({
      shown: { variables: { organ: 'G22' }, incidentLines: [], tokens: [{ elementId: 'send', waits: 'call' }] },
    })
  })

  it('moves the running cases of an older version: checked, mapped, begun, done', async () => {
    const caseId = await cases.start('road')
    await publishFlow(db, { xml: row('c', 'b') })
    const begun = await ask(migrations.action, 'admin', { form: { move: 'road 1 2' } })
    const migrationId = begun.to!.split('/').at(-1)!
    const params = { migrationId }
    await moveCases(db)
    await moveCases(db)
    expect((await ask(migration.loader, 'admin', { params })).data).toMatchObject({
      migration: { state: 'checked' },
      shown: 'unfit',
      misfits: [{ elementId: 'a', reason: 'removed' }],
      elements: [{ elementId: 'a', choices: [{ elementId: 'b' }, { elementId: 'c' }] }],
    })
    const act = async (form: Record<string, string>) => {
      const answer = await ask(migration.action, 'admin', { params, form })
      for (let moved = 1; moved > 0;) moved = await moveCases(db)
      return answer
    }
    expect((await act({ act: 'move', reason })).status).toBe(200)
    expect(await cases.open(caseId)).toEqual(['a'])
    const late = await act({ act: 'map', 'map:a': 'c' })
    expect(refusalIn(late.data)?.code).toBe('migration-under-way')
    // a second one, mapped before it is begun
    const second = await ask(migrations.action, 'admin', { form: { move: 'road 1 2' } })
    params.migrationId = second.to!.split('/').at(-1)!
    expect((await act({ act: 'map', 'map:a': 'c' })).status).toBe(200)
    expect((await act({ act: 'move', reason })).status).toBe(200)
    expect((await ask(migration.loader, 'admin', { params })).data).toMatchObject({
      migration: { state: 'done', reason },
      shown: 'moved',
    })
    expect(await cases.open(caseId)).toEqual(['c'])
    expect((await ask(migrations.loader, 'admin')).data).toMatchObject({ migrations: [{ state: 'done' }, {}] })
    expect(await cases.completeAll(caseId)).toEqual(['c', 'b'])
  })
})
