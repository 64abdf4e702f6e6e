import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Refusal } from '#db/refusal.ts'
import { inbox, inboxCount } from '#db/tasks.ts'
import { takeBack, takeBackOffers } from '#db/take-back.ts'
import { officeAtWork, registration, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { completeForm, taskForms } from './complete-form.ts'

let office: OfficeAtWork
let db: OfficeAtWork['db']
let who: OfficeAtWork['who']
let arrive: OfficeAtWork['arrive']
let fill: OfficeAtWork['fill']
let draft: OfficeAtWork['draft']
let directed: (number: string) => Promise<string>

beforeAll(async () => {
  office = await officeAtWork()
  ;({ db, who, arrive, fill, draft } = office)
  directed = (number) =>
    office.directed(`Văn bản ${number}`, {
      source: 'exchange',
      register: { number },
      direct: { coordinatingUnits: ['PC', 'XNK'], informationUnits: ['VP'], opinion: 'Đồng ý' },
    })
})
afterAll(() => office.close())

const state = async (documentId: string) =>
  (await db.sql<{ state: string }[]>`select state from documents where id = ${documentId}`)[0]?.state

describe('an incoming document', () => {
  it('goes from the registry to the leader, the units, the sign-off and the reply', async () => {
    const documentId = await directed('101')
    expect(await state(documentId)).toBe('directed')
    await fill('tmdtHead', documentId, 'incoming.assign', {
      outcome: 'assigned',
      specialistPost: who('tmdtSpecialist').viewer.postId,
      handlingDeadline: '3 ngày',
    })
    await draft(documentId, 'b'.repeat(64))
    await draft(documentId, 'c'.repeat(64))
    await fill('pcHead', documentId, 'incoming.coordinate', { outcome: 'given', opinionText: 'Nhất trí.' })
    await fill('xnkHead', documentId, 'incoming.coordinate', {
      outcome: 'assigned',
      opinionPost: who('xnkSpecialist').viewer.postId,
    })
    await fill('tmdtSpecialist', documentId, 'incoming.handle', { outcome: 'submitted', sha256: 'c'.repeat(64) })
    expect(await inboxCount(db, who('tmdtHead').viewer)).toBe(0)
    await fill('xnkSpecialist', documentId, 'incoming.giveOpinion', {
      outcome: 'given',
      opinionText: 'Bổ sung số liệu C/O.',
    })

    await fill('tmdtHead', documentId, 'incoming.approve', {
      outcome: 'returned',
      reason: 'Cần bổ sung số liệu của Cục XNK',
    })
    await draft(documentId, 'd'.repeat(64))
    await fill('tmdtSpecialist', documentId, 'incoming.handle', { outcome: 'submitted', sha256: 'd'.repeat(64) })
    await fill('tmdtHead', documentId, 'incoming.approve', { outcome: 'approved', sha256: 'd'.repeat(64) })

    await expect(
      fill('deputy', documentId, 'incoming.signOff', { outcome: 'signed', sha256: 'c'.repeat(64) }),
    ).rejects.toMatchObject({
      code: 'draft-changed',
    })
    await fill('deputy', documentId, 'incoming.signOff', { outcome: 'signed', sha256: 'd'.repeat(64) })
    await fill('clerk', documentId, 'incoming.dispatch', {
      outcome: 'dispatched',
      kindCode: 'CV',
      subject: 'V/v trả lời',
      recipients: 'Như trên; Lưu: VT, TMĐT.',
      recipientAgencies: [],
      recipientUnits: ['PC', 'XNK'],
    })
    expect(await state(documentId)).toBe('closed')
    const [reply] =
      await db.sql`select d.code, d.state, d.signer_competence, (select sha256 from document_files f where f.document_id = d.id and f.role = 'main') as sha
      from document_relations r join documents d on d.id = r.document_id where r.related_id = ${documentId}`
    expect(reply).toMatchObject({ code: '01/BCT-TMĐT', state: 'issued', signer_competence: 'KT.', sha: 'd'.repeat(64) })
    const statuses = await db.sql<{ status: string }[]>`
      select input->>'status' as status from calls where service_type = 'exchange.reportStatus' and input->>'documentId' = ${documentId} order by seq`
    expect(statuses.map((row) => row.status)).toEqual(['01', '03', '04', '05', '06'])
    const [kase] = await db.sql`select status from cases where document_id = ${documentId}`
    expect(kase).toMatchObject({ status: 'completed' })
    const [left] =
      await db.sql`select (select count(*)::int from tasks t join cases c on c.id = t.case_id where c.document_id = ${documentId} and t.state = 'open') as tasks,
      (select count(*)::int from timers t join cases c on c.id = t.case_id where c.document_id = ${documentId}) as timers,
      (select count(*)::int from subscriptions t join cases c on c.id = t.case_id where c.document_id = ${documentId}) as subscriptions`
    expect(left).toEqual({ tasks: 0, timers: 0, subscriptions: 0 })
  })

  it('is returned by a lead unit that is not concerned, and the opinions asked for are withdrawn', async () => {
    const documentId = await directed('102')
    await fill('tmdtHead', documentId, 'incoming.assign', {
      outcome: 'returned',
      reason: 'Không thuộc chức năng của Cục',
    })
    expect((await inbox(db, who('pcHead').viewer, { limit: 50 })).some((line) => line.documentId === documentId)).toBe(
      false,
    )
    expect((await inbox(db, who('deputy').viewer, { limit: 50 })).some((line) => line.documentId === documentId)).toBe(
      true,
    )
  })

  it('is taken back while nobody has begun, and not afterwards', async () => {
    const documentId = await directed('103')
    const [kase] = await db.sql<{ id: string }[]>`select id from cases where document_id = ${documentId}`
    const { viewer } = who('deputy')
    const [offer] = await takeBackOffers(db, viewer, kase!.id)
    expect(offer).toMatchObject({ attachedTo: 'settle', begun: false })
    expect(await takeBackOffers(db, who('chief').viewer, kase!.id)).toEqual([])
    await takeBack(db, viewer, {
      caseId: kase!.id,
      subscriptionId: offer!.subscriptionId,
      key: randomUUID(),
      reason: null,
    })
    expect((await inbox(db, viewer, { limit: 50 })).some((line) => line.documentId === documentId)).toBe(true)

    await fill('deputy', documentId, 'incoming.direct', { outcome: 'directed', leadUnit: 'PC', deadline: 'ngày mai' })
    await fill('pcHead', documentId, 'incoming.assign', {
      outcome: 'assigned',
      specialistPost: who('pcSpecialist').viewer.postId,
      handlingDeadline: 'ngày mai',
    })
    const [late] = await takeBackOffers(db, viewer, kase!.id)
    await expect(
      takeBack(db, viewer, { caseId: kase!.id, subscriptionId: late!.subscriptionId, key: randomUUID(), reason: null }),
    ).rejects.toMatchObject({
      code: 'take-back-begun',
    })
  })

  it('is warned of as a duplicate, refused as a secret, and its number has no gap after either', async () => {
    const documentId = await arrive('Văn bản trùng')
    const before = await lastNumber()
    await expect(fill('clerk', documentId, 'incoming.register', registration({ number: '101' }))).rejects.toMatchObject(
      {
        code: 'possible-duplicate',
        status: 409,
      },
    )
    await expect(
      fill('clerk', documentId, 'incoming.register', { ...registration({ number: '900' }), secrecy: 1 }),
    ).rejects.toMatchObject({ code: 'secret-document' })
    await fill('clerk', documentId, 'incoming.register', {
      ...registration({ number: '101' }),
      confirmDuplicate: 'true',
    })
    expect(await lastNumber()).toBe(before + 1)
  })

  it('is registered once, whether the form is sent twice or by two clerks', async () => {
    const documentId = await arrive('Văn bản hai người cùng vào sổ')
    const before = await lastNumber()
    const key = randomUUID()
    const line = (await inbox(db, who('clerk').viewer, { limit: 100 })).find((each) => each.documentId === documentId)!
    const value = taskForms.get('incoming.register')!.schema.parse(registration({ number: '777' }))
    const send = (name: string, formId: string) =>
      completeForm(db, who(name).viewer, who(name).signer, {
        task: { ...line, formKey: 'incoming.register' },
        key: formId,
        value,
      })
    const [first, twice, second] = await Promise.allSettled([
      send('clerk', key),
      send('clerk', key),
      send('clerk2', randomUUID()),
    ])
    const outcomes = [first, twice, second].map((result) =>
      result.status === 'fulfilled' ? 'done' : (result.reason as Refusal).code,
    )
    // One of the two clerks was first; the other reads who it was.
    expect([
      ['done', 'done', 'task-ended'],
      ['task-ended', 'task-ended', 'done'],
    ]).toContainEqual(outcomes)
    expect(await lastNumber()).toBe(before + 1)
  })

  it('cannot be completed by somebody it does not wait for', async () => {
    const documentId = await arrive('Văn bản của văn thư')
    const line = (await inbox(db, who('clerk').viewer, { limit: 100 })).find((each) => each.documentId === documentId)!
    const value = taskForms.get('incoming.register')!.schema.parse(registration({ number: '888' }))
    const { viewer, signer } = who('pcHead')
    await expect(
      completeForm(db, viewer, signer, { task: { ...line, formKey: 'incoming.register' }, key: randomUUID(), value }),
    ).rejects.toMatchObject({
      status: 403,
    })
  })
})

async function lastNumber(): Promise<number> {
  const [row] = await db.sql<{ last: number; count: number }[]>`
    select coalesce(max(last_number), 0) as last, (select count(*)::int from register_entries where book = 'incoming') as count from register_series where book = 'incoming'`
  expect(row!.last).toBe(row!.count)
  return row!.last
}
