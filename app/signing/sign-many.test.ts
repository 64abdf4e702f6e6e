import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signaturesOfList } from '#db/signatures.ts'
import { keptTrust } from '#db/trust.ts'
import { servicesOf } from '#signing/office-trust.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { answerOf } from '#test/fixtures/office-at-work.ts'
import { signingOffice, type SigningOffice } from '#test/fixtures/signing-office.ts'
import { action as begin, loader as toSign } from '../routes/_app.signing._index.tsx'
import { action as goOn, loader as listPage } from '../routes/_app.signing.$listId.tsx'
import type { SentBack } from '../tasks/entered.tsx'
import { isRunning } from './list-runner.ts'

let signing: SigningOffice
let office: SigningOffice['office']

beforeAll(async () => {
  signing = await signingOffice()
  office = signing.office
}, 60_000)
afterAll(() => signing.close())

type Waiting = Awaited<ReturnType<SigningOffice['waitingForSignature']>>
const tick = ({ taskId, sha256 }: Waiting) => `${taskId}:${sha256}`
const send = (ticks: string[], pin = DEMONSTRATION_PIN) =>
  answerOf(begin(office.asking('deputy', '/signing', {}, { tick: ticks, pin })))
const page = (listId: string) => listPage(office.asking('deputy', `/signing/${listId}`, { listId }))
const listOf = (answer: { to: string | null }) => answer.to?.split('/').at(-1) ?? ''
const settled = async (listId: string) => {
  await expect.poll(() => isRunning(listId), { timeout: 30_000 }).toBe(false)
  return (await page(listId)).list.entries.map(({ state, fault }) => [state, fault?.code ?? null])
}
const refusalOf = (answer: { data: unknown }) => (answer.data as SentBack).refusal

async function several(count: number): Promise<Waiting[]> {
  const made: Waiting[] = []
  for (let index = 0; index < count; index += 1)
    made.push(await signing.waitingForSignature(`Văn bản ký nhiều ${index}`))
  return made
}

describe('signing many with one PIN', () => {
  it('signs what was ticked, each validly, and the rest of the list is as it was', async () => {
    const [one, two, three] = (await several(3)) as [Waiting, Waiting, Waiting]
    const shown = await toSign(office.asking('deputy', '/signing'))
    expect(shown.tasks.map(({ taskId }) => taskId)).toEqual([one.taskId, two.taskId, three.taskId])
    expect(shown.tasks[0]).toMatchObject({ version: 1, sha256: one.sha256, read: false })

    const answer = await send([tick(one), tick(two)])
    expect(answer.status).toBe(302)
    expect(await settled(listOf(answer))).toEqual([
      ['embedded', null],
      ['embedded', null],
    ])
    const { trust } = servicesOf(await keptTrust(office.db))
    for (const { signedSha256 } of await signaturesOfList(office.db, listOf(answer))) {
      const opened = await office.files.open(signedSha256 ?? '')
      expect(await verifyPdf(await buffer(opened!.stream), { trust })).toMatchObject({ verdict: 'valid' })
    }
    const left = await toSign(office.asking('deputy', '/signing'))
    expect(left.tasks.map(({ taskId }) => taskId)).toEqual([three.taskId])
  })

  it('begins nothing with a wrong PIN or nothing ticked', async () => {
    const [one] = (await several(1)) as [Waiting]
    const lists = async () => (await office.db.sql`select 1 from signing_lists`).length
    const before = await lists()
    expect(refusalOf(await send([tick(one)], 'sai'))).toMatchObject({ code: 'pin-wrong' })
    expect(refusalOf(await send([tick(one)], ''))).toMatchObject({ code: 'pin-missing' })
    expect(await lists()).toBe(before)
    expect(refusalOf(await send([]))).toMatchObject({ code: 'nothing-ticked' })
  })

  it('goes on past a document that was changed, one that is damaged and one that is gone', async () => {
    const [good, changed, damaged, gone, last] = (await several(5)) as [Waiting, Waiting, Waiting, Waiting, Waiting]
    const broken = await office.files.put(Buffer.from('%PDF-1.7 not really'), 1_000)
    await office.db.sql`insert into files values (${broken.sha256}, ${broken.size}, 'application/pdf', now())`
    await office.db.sql`update document_files set sha256 = ${broken.sha256} where sha256 = ${damaged.sha256}
      and document_id in (select document_id from document_relations where related_id = ${damaged.documentId})`
    await office.db
      .sql`update case_states set state = jsonb_set(state, '{variables,approvedSha256}', to_jsonb(${broken.sha256}::text))
      where case_id = (select case_id from tasks where id = ${damaged.taskId})`
    await office.db.sql`update tasks set state = 'cancelled' where id = ${gone.taskId}`
    const ticks = [
      tick(good),
      `${changed.taskId}:${'0'.repeat(64)}`,
      `${damaged.taskId}:${broken.sha256}`,
      tick(gone),
      tick(last),
    ]
    const answer = await send(ticks)
    expect(await settled(listOf(answer))).toEqual([
      ['embedded', null],
      ['failed', 'file-damaged'],
      ['embedded', null],
    ])
    const { list } = await page(listOf(answer))
    expect(list.refused.map(({ taskId, code }) => [taskId, code])).toEqual([
      [changed.taskId, 'draft-changed'],
      [gone.taskId, 'task-ended'],
    ])
  })

  it('waits for a time-stamp server that is down, and goes on without a PIN when it is back', async () => {
    const [one, two] = (await several(2)) as [Waiting, Waiting]
    const [service] = await office.db.sql<{ url: string }[]>`
      select url from trust_services where kind = 'time-stamp' and removed_at is null`
    await office.db.sql`update trust_services set url = 'http://127.0.0.1:9/' where kind = 'time-stamp'`
    const answer = await send([tick(one), tick(two)])
    expect(await settled(listOf(answer))).toEqual([
      ['signed', 'time-stamp-unavailable'],
      ['signed', 'time-stamp-unavailable'],
    ])
    await office.db.sql`update trust_services set url = ${service!.url} where kind = 'time-stamp'`
    const values = async () => (await signaturesOfList(office.db, listOf(answer))).map(({ value }) => value)
    const signedBefore = await values()
    const listId = listOf(answer)
    await answerOf(goOn(office.asking('deputy', `/signing/${listId}`, { listId }, { go: '' })))
    expect(await settled(listId)).toEqual([
      ['embedded', null],
      ['embedded', null],
    ])
    expect(await values()).toEqual(signedBefore)
  })

  it('is nobody else’s to see or to go on with', async () => {
    const [one] = (await several(1)) as [Waiting]
    const answer = await send([tick(one)])
    const listId = listOf(answer)
    await settled(listId)
    for (const name of ['minister', 'tmdtHead', 'clerk']) {
      expect(await answerOf(listPage(office.asking(name, `/signing/${listId}`, { listId })))).toMatchObject({
        status: 404,
      })
      const went = await answerOf(goOn(office.asking(name, `/signing/${listId}`, { listId }, { go: 'sign', pin: 'x' })))
      expect(refusalOf(went)).toMatchObject({ code: 'not-found' })
    }
    const forSpecialist = await answerOf(toSign(office.asking('tmdtSpecialist', '/signing')))
    expect(forSpecialist.status).toBe(403)
    const [two] = (await several(1)) as [Waiting]
    const stolen = await answerOf(
      begin(office.asking('minister', '/signing', {}, { tick: tick(two), pin: DEMONSTRATION_PIN })),
    )
    const entries = (await listPage(office.asking('minister', '/signing', { listId: listOf(stolen) }))).list
    expect(entries).toMatchObject({ entries: [], refused: [{ taskId: two.taskId, code: 'task-ended' }] })
  })
})

describe('the PIN', () => {
  it('is in no row of the database', async () => {
    const [one] = (await several(1)) as [Waiting]
    await send([tick(one)], `${randomUUID()}-sai`)
    const wrongPin = `khong-phai-${randomUUID()}`
    await send([tick(one)], wrongPin)
    const answer = await send([tick(one)])
    await settled(listOf(answer))
    const tables = await office.db.sql<{ name: string }[]>`
      select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`
    expect(tables.length).toBeGreaterThan(30)
    for (const { name } of tables) {
      const found = await office.db.sql.unsafe(
        `select 1 from ${name} r where r::text like $1 or r::text like $2 limit 1`,
        [`%${DEMONSTRATION_PIN}%`, `%${wrongPin}%`],
      )
      expect(found.length, name).toBe(0)
    }
  })
})
