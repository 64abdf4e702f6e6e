import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerCall, fireTimer } from '#db/case-work.ts'
import { addOwnDraftVersion } from '#db/drafted-documents.ts'
import { draftVersions } from '#db/draft-versions.ts'
import { takeBackOfferOf } from '#db/case-view.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { action as takeBack } from '../routes/_app.cases.$caseId_.take-back.tsx'
import { loader as documentPage } from '../routes/_app.documents.$documentId.tsx'
import { action as begin, loader as newOutgoing } from '../routes/_app.outgoing.new.tsx'
import { loader as taskPage } from '../routes/_app.tasks.$taskId.tsx'
import { action as addDraft } from '../routes/_app.tasks.$taskId_.draft.tsx'
import type { SentBack } from '../tasks/entered.tsx'

let office: OfficeAtWork
let db: OfficeAtWork['db']
let fill: OfficeAtWork['fill']
let taskOf: OfficeAtWork['taskOf']
beforeAll(async () => {
  office = await officeAtWork()
  ;({ db, fill, taskOf } = office)
})
afterAll(() => office.close())

const pdf = (text: string) => new File([`%PDF-1.7\n${text}`], 'Dự thảo.pdf', { type: 'application/pdf' })

/** What a specialist of TMDT enters on the page, and what the page answers. */
function handIn(more: Record<string, string | string[]> = {}, file: File | null = pdf(randomUUID())) {
  const form = new FormData()
  const entered = {
    key: randomUUID(),
    kindCode: 'CV',
    subject: 'Hướng dẫn đăng ký sàn giao dịch',
    recipients: '- Như trên;\r\n- Lưu: VT, TMĐT.',
    recipientAgencies: ['000.00.00.G22'],
    recipientUnits: ['PC'],
    leaderPost: office.who('deputy').viewer.postId,
    ...more,
  }
  for (const [name, values] of Object.entries(entered)) for (const one of [values].flat()) form.append(name, one)
  if (file) form.append('file', file)
  return answerOf(begin(office.asking('tmdtSpecialist', '/outgoing/new', {}, form)))
}
async function begun(more?: Record<string, string | string[]>): Promise<string> {
  const { to } = await handIn(more)
  return /^\/documents\/(.+)$/.exec(to ?? '')![1]!
}
const stateOf = async (id: string) =>
  (await db.sql<{ state: string }[]>`select state from documents where id = ${id}`)[0]!.state
const shaOf = async (id: string) => (await draftVersions(db, id))[0]!.sha256
const pass = async (who: string, id: string, formKey: string, more: Record<string, unknown> = {}) =>
  fill(who, id, formKey, { outcome: 'approved', sha256: await shaOf(id), ...more })
const caseOf = async (id: string) =>
  (await db.sql<{ id: string }[]>`select case_id as id from documents where id = ${id}`)[0]!.id

describe('an outgoing document', () => {
  it('goes from its draft over opinions, every check and the leader to a number of the outgoing book', async () => {
    const id = await begun({ opinionUnits: ['PC', 'XNK'], opinionDeadline: '3 ngày', legalCheck: 'on' })
    await fill('pcHead', id, 'opinion.answer', { outcome: 'agreed' })
    await fill('xnkHead', id, 'opinion.answer', {
      outcome: 'assigned',
      opinionPost: office.who('xnkSpecialist').viewer.postId,
    })
    await fill('xnkSpecialist', id, 'opinion.write', { outcome: 'commented', opinionText: 'Bổ sung biểu mẫu C/O' })

    const { taskId } = await taskOf('tmdtHead', id, 'outgoing.approve')
    const page = await taskPage(office.asking('tmdtHead', `/tasks/${taskId}`, { taskId }))
    expect(page.opinions.given.map(({ outcome, opinion }) => [outcome, opinion])).toEqual([
      ['agreed', null],
      ['commented', 'Bổ sung biểu mẫu C/O'],
    ])
    expect(page.choices).toMatchObject({ key: 'outgoing.approve', legalCheck: true, drafts: [{ version: 1 }] })
    expect(page.files[0]).toMatchObject({ role: 'draft', name: 'Dự thảo.pdf' })

    await pass('tmdtHead', id, 'outgoing.approve', { legalCheck: true })
    await pass('chief', id, 'outgoing.checkFormat')
    await pass('pcSpecialist', id, 'outgoing.checkLaw')
    await fill('deputy', id, 'incoming.signOff', { outcome: 'signed', sha256: await shaOf(id) })
    expect(await stateOf(id)).toBe('signed')
    await fill('clerk', id, 'incoming.dispatch', {
      outcome: 'dispatched',
      kindCode: 'CV',
      subject: 'Hướng dẫn đăng ký sàn giao dịch',
      recipients: '- Như trên;\n- Lưu: VT, TMĐT.',
      recipientAgencies: ['000.00.00.G22'],
      recipientUnits: ['PC'],
    })
    const [sent] = await db.sql<{ id: string }[]>`
      update calls set state = 'claimed' where case_id = ${await caseOf(id)} and service_type = 'exchange.send' returning id`
    await answerCall(db, sent!.id, {})

    const { facts, files } = await documentPage(office.asking('clerk', `/documents/${id}`, { documentId: id }))
    expect(facts).toMatchObject({ direction: 'outgoing', state: 'issued', registerNumber: 1, code: '01/BCT-TMĐT' })
    expect(files.map(({ role }) => role)).toEqual(['main', 'draft'])
    const [ended] = await db.sql<{ status: string }[]>`select status from cases where id = ${await caseOf(id)}`
    expect(ended?.status).toBe('completed')
  })

  it('keeps each version of the draft, and decides on the newest only', async () => {
    const id = await begun()
    const first = await shaOf(id)
    await fill('tmdtHead', id, 'outgoing.approve', { outcome: 'returned', reason: 'Thiếu căn cứ pháp lý' })
    const { taskId } = await taskOf('tmdtSpecialist', id, 'outgoing.revise')
    const form = new FormData()
    form.append('draft', pdf('bản hai'))
    const added = await answerOf(addDraft(office.asking('tmdtSpecialist', `/tasks/${taskId}/draft`, { taskId }, form)))
    expect(added.to).toBe(`/tasks/${taskId}`)
    expect((await draftVersions(db, id)).map(({ version }) => version)).toEqual([2, 1])

    await expect(
      fill('tmdtSpecialist', id, 'outgoing.revise', { outcome: 'submitted', sha256: first }),
    ).rejects.toMatchObject({
      code: 'draft-changed',
    })
    await fill('tmdtSpecialist', id, 'outgoing.revise', { outcome: 'submitted', sha256: await shaOf(id) })
    await expect(pass('tmdtHead', id, 'outgoing.approve', { sha256: first })).rejects.toMatchObject({
      code: 'draft-changed',
    })
    await pass('tmdtHead', id, 'outgoing.approve')
  })

  it('names the parts of its form that are wrong when the Office returns it', async () => {
    const id = await begun()
    await pass('tmdtHead', id, 'outgoing.approve')
    await fill('chief', id, 'outgoing.checkFormat', {
      outcome: 'returned',
      faults: ['recipients', 'layout'],
      reason: 'Xem lại theo Phụ lục I',
    })
    const { taskId } = await taskOf('tmdtSpecialist', id, 'outgoing.revise')
    const page = await taskPage(office.asking('tmdtSpecialist', `/tasks/${taskId}`, { taskId }))
    expect(page.view?.history.at(-1)).toMatchObject({
      outcome: 'returned',
      opinion: 'Chưa đúng thể thức ở: kính gửi, nơi nhận; khổ giấy, lề, phông chữ.\nXem lại theo Phụ lục I',
    })
  })

  it('takes no draft from whoever does not revise it', async () => {
    const id = await begun()
    const { taskId } = await taskOf('tmdtHead', id, 'outgoing.approve')
    const file = { name: 'x.pdf', sha256: 'f'.repeat(64), size: 3, mediaType: 'application/pdf' }
    await expect(addOwnDraftVersion(db, office.who('tmdtHead').viewer, { taskId, ...file })).rejects.toMatchObject({
      code: 'draft-not-yours',
    })
  })

  it('waits for no unit beyond the deadline and a working day', async () => {
    const id = await begun({ opinionUnits: ['PC'], opinionDeadline: '1 ngày' })
    const caseId = await caseOf(id)
    const fire = async (elementId: string) => {
      const [timer] = await db.sql<{ caseId: string; timerId: string; occurrence: number }[]>`
        select case_id as "caseId", timer_id as "timerId", occurrence from timers where case_id = ${caseId} and element_id = ${elementId}`
      await db.sql`update timers set due_at = now() - interval '1 minute' where case_id = ${caseId} and element_id = ${elementId}`
      await fireTimer(db, timer!)
    }
    await fire('opinionsDue')
    const owed = await db.sql`select 1 from calls where case_id = ${caseId} and service_type = 'letter.chase'`
    expect(owed).toHaveLength(1)
    await taskOf('pcHead', id, 'opinion.answer')
    await fire('opinionsClosed')
    await expect(taskOf('pcHead', id)).rejects.toThrow('has no task')
    await taskOf('tmdtHead', id, 'outgoing.approve')
  })

  it('is taken back by its author while nobody has begun, not by anybody else, and not afterwards', async () => {
    const id = await begun({ opinionUnits: ['PC'] })
    const caseId = await caseOf(id)
    const offer = await takeBackOfferOf(db, office.who('tmdtSpecialist').viewer, caseId)
    const back = (name: string) =>
      answerOf(
        takeBack(office.asking(name, '/', { caseId }, { key: randomUUID(), subscriptionId: offer!.subscriptionId })),
      )
    expect((await back('tmdtHead')).status).toBe(409)
    expect((await back('tmdtSpecialist')).status).toBe(302)
    await expect(taskOf('pcHead', id)).rejects.toThrow('has no task')

    const { taskId } = await taskOf('tmdtSpecialist', id, 'outgoing.revise')
    const page = await taskPage(office.asking('tmdtSpecialist', `/tasks/${taskId}`, { taskId }))
    expect(page.choices).toMatchObject({ owing: ['PC'] })
    await fill('tmdtSpecialist', id, 'outgoing.revise', {
      outcome: 'submitted',
      sha256: await shaOf(id),
      opinionUnits: ['PC'],
    })
    await fill('pcHead', id, 'opinion.answer', { outcome: 'agreed' })
    expect(await takeBackOfferOf(db, office.who('tmdtSpecialist').viewer, caseId)).toBeNull()
  })

  it('is withdrawn by its author, and stays to be seen', async () => {
    const id = await begun()
    await fill('tmdtHead', id, 'outgoing.approve', { outcome: 'returned', reason: 'Không cần ban hành nữa' })
    await fill('tmdtSpecialist', id, 'outgoing.revise', { outcome: 'withdrawn', reason: 'Đã trao đổi trực tiếp' })
    expect(await stateOf(id)).toBe('withdrawn')
  })

  it('is seen by those who have part in it, and by nobody else', async () => {
    const id = await begun({ opinionUnits: ['PC'] })
    const seen = async (name: string) =>
      (await answerOf(documentPage(office.asking(name, `/documents/${id}`, { documentId: id })))).status
    expect([await seen('tmdtHead'), await seen('pcHead')]).toEqual([200, 200])
    expect(await seen('xnkHead')).toBe(404)
  })
})

describe('the page that begins it', () => {
  it('offers what there is to choose, and other units than one’s own for their opinion', async () => {
    const page = await newOutgoing(office.asking('tmdtSpecialist', '/outgoing/new'))
    expect(page.opinionUnits.map(({ code }) => code)).toEqual(['VP', 'PC', 'XNK'])
    expect(page.leaders.map(({ role }) => role)).toEqual(['minister', 'deputy-minister'])
    expect(page.kinds.map(({ code }) => code)).toContain('CV')
  })

  it('is not there for whoever drafts nothing', async () => {
    expect((await answerOf(newOutgoing(office.asking('clerk', '/outgoing/new')))).status).toBe(403)
  })

  it.each([
    ['no file', {}, null, 'file'],
    ['a level of secrecy', { secrecy: '1' }, undefined, 'secrecy'],
    [
      'a deadline that nobody can read',
      { opinionUnits: ['PC'], opinionDeadline: 'bao giờ xong' },
      undefined,
      'opinionDeadline',
    ],
    ['one’s own unit asked', { opinionUnits: ['TMDT'] }, undefined, 'opinionUnits'],
    ['a kind that is not there', { kindCode: 'XX' }, undefined, 'kindCode'],
    ['a leader who is none', { leaderPost: randomUUID() }, undefined, 'leaderPost'],
  ])('says beside the field what is wrong: %s', async (_what, more, file, field) => {
    const before = await db.sql`select 1 from documents`
    const { status, data } = await handIn(more, file)
    expect(status).toBe(422)
    expect(Object.keys((data as SentBack).refusal?.fields ?? {})).toEqual([field])
    expect(await db.sql`select 1 from documents`).toHaveLength(before.length)
  })

  it('begins one document however often it is sent', async () => {
    const key = randomUUID()
    const [first, second] = [await handIn({ key }), await handIn({ key })]
    expect(second.to).toBe(first.to)
  })
})
