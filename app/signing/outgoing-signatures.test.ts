import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demonstrationKey } from '#app/demonstration/certificates.ts'
import { addAppendix, draftedAppendices } from '#db/appendices.ts'
import { draftVersions } from '#db/draft-versions.ts'
import { exchangedDocument } from '#db/exchange-messages.ts'
import { liveAppendices, liveSignature } from '#db/signatures.ts'
import { keptTrust } from '#db/trust.ts'
import { keyInMemory } from '#signing/keys/pkcs12.ts'
import { servicesOf } from '#signing/office-trust.ts'
import { rectangle } from '#signing/pdf/pages.ts'
import { PdfFile } from '#signing/pdf/pdf-file.ts'
import { signatureFields } from '#signing/pdf/signature-fields.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { wordFile } from '#test/journeys/papers.ts'
import { answerOf } from '#test/fixtures/office-at-work.ts'
import { pdfText } from '#test/fixtures/pdf-text.ts'
import { replyPaper, signingOffice, type SigningOffice } from '#test/fixtures/signing-office.ts'
import { action as agent } from '../routes/_app.signing.$listId_.agent.ts'
import { action as beginOutgoing } from '../routes/_app.outgoing.new.tsx'
import { action as beginList, loader as toSeal } from '../routes/_app.signing._index.tsx'
import { loader as listPage } from '../routes/_app.signing.$listId.tsx'
import { action as complete, loader as taskPage } from '../routes/_app.tasks.$taskId.tsx'
import { action as draftAction } from '../routes/_app.tasks.$taskId_.draft.tsx'
import type { SentBack } from '../tasks/entered.tsx'
import type { AgentOrders } from './agent-orders.ts'
import { isRunning } from './list-runner.ts'
import { beginAct, finishAct, signTask, signTogether, usualManner } from './sign-task.ts'
import { carryOn } from './stages.ts'

let signing: SigningOffice
let office: SigningOffice['office']

beforeAll(async () => {
  signing = await signingOffice()
  office = signing.office
}, 60_000)
afterAll(() => signing.close())

const refusalOf = (answer: { data: unknown }) => (answer.data as SentBack).refusal
const file = (content: Buffer, name: string, type = 'application/pdf') =>
  new File([new Uint8Array(content)], name, { type })

/** A draft of TMDT's specialist with appendices. @returns the document's id */
async function begun(subject: string, appendices: File[] = [], expected = 302): Promise<string> {
  const form = new FormData()
  const entered = {
    key: randomUUID(),
    kindCode: 'CV',
    subject,
    recipients: '- Như trên;\n- Lưu: VT, TMĐT.',
    recipientAgencies: '000.00.00.G22',
    recipientUnits: 'PC',
    leaderPost: office.who('deputy').viewer.postId,
    legalCheck: 'on',
  }
  for (const [name, value] of Object.entries(entered)) form.append(name, value)
  form.append('file', file(await replyPaper('Bộ Công Thương hướng dẫn.'), 'Dự thảo.pdf'))
  for (const appendix of appendices) form.append('appendix', appendix)
  const answer = await answerOf(beginOutgoing(office.asking('tmdtSpecialist', '/outgoing/new', {}, form)))
  expect(answer.status, JSON.stringify(answer.data)).toBe(expected)
  return answer.to?.split('/').at(-1) ?? ''
}

const newest = async (documentId: string) => (await draftVersions(office.db, documentId))[0]!
const send = (who: string, taskId: string, form: Record<string, string | string[]>) =>
  answerOf(complete(office.asking(who, `/tasks/${taskId}`, { taskId }, { key: randomUUID(), ...form })))

/** Passes a step on the newest version, with an initial where asked. */
async function pass(who: string, documentId: string, formKey: string, more: Record<string, string> = {}) {
  const { taskId } = await office.taskOf(who, documentId, formKey)
  const { sha256 } = await newest(documentId)
  const answer = await send(who, taskId, { outcome: 'approved', sha256, legalCheck: 'on', ...more })
  expect(answer.status, JSON.stringify(answer.data)).toBe(302)
}
const initial = { initial: 'on', pin: DEMONSTRATION_PIN }

/** Approved, checked and signed by the deputy. @returns the registry's task */
async function signed(documentId: string): Promise<string> {
  await pass('tmdtHead', documentId, 'outgoing.approve')
  await pass('chief', documentId, 'outgoing.checkFormat')
  await pass('pcSpecialist', documentId, 'outgoing.checkLaw')
  const { taskId } = await office.taskOf('deputy', documentId, 'incoming.signOff')
  const { sha256 } = await newest(documentId)
  const answer = await send('deputy', taskId, { outcome: 'signed', sha256, pin: DEMONSTRATION_PIN })
  expect(answer.status, JSON.stringify(answer.data)).toBe(302)
  return (await office.taskOf('clerk', documentId, 'incoming.dispatch')).taskId
}

const dispatch = async (documentId: string) => ({
  outcome: 'dispatched',
  sha256: (await newest(documentId)).sha256,
  kindCode: 'CV',
  subject: 'Hướng dẫn',
  recipients: '- Như trên;\n- Lưu: VT.',
  recipientAgencies: ['000.00.00.G22'],
  pin: DEMONSTRATION_PIN,
})

async function verified(sha256: string) {
  const opened = await office.files.open(sha256)
  const { trust, revocation } = servicesOf(await keptTrust(office.db))
  return verifyPdf(await buffer(opened!.stream), { trust, revocation })
}

const filesOf = (documentId: string) =>
  office.db.sql<{ id: string; role: string; name: string; version: number; sha256: string }[]>`
    select id, role, name, version, sha256 from document_files where document_id = ${documentId} order by role, name, version`
const textOf = async (sha256: string) => pdfText(await buffer((await office.files.open(sha256))!.stream))

describe('appendices in files of their own', () => {
  it('get the organisation’s signature with the seal, under its number, and go out sealed alone', async () => {
    const [one, two] = [await replyPaper('Phụ lục một.'), await replyPaper('Phụ lục hai.')]
    const documentId = await begun('Hướng dẫn có phụ lục', [file(one, 'Phụ lục.pdf'), file(two, 'Phụ lục.pdf')])
    const taskId = await signed(documentId)
    const page = await taskPage(office.asking('clerk', `/tasks/${taskId}`, { taskId }))
    expect(page.choices).toMatchObject({ appendices: [{ name: 'Phụ lục.pdf' }, { name: 'Phụ lục.pdf' }] })
    expect(await send('clerk', taskId, await dispatch(documentId))).toMatchObject({ status: 302 })

    const [{ code } = { code: '' }] = await office.db.sql<{ code: string }[]>`
      select code from documents where id = ${documentId} and state = 'issued'`
    const sealed = await draftedAppendices(office.db, documentId)
    expect(sealed.map(({ version }) => version)).toEqual([3, 4])
    for (const { sha256 } of sealed) {
      const report = await verified(sha256)
      expect(report).toMatchObject({ verdict: 'valid', signatures: [{ role: 'appendix' }] })
      expect(report.signatures[0]?.reason).toContain(code)
      expect(await textOf(sha256)).toContain(code)
    }
    const sent = await exchangedDocument(office.db, documentId)
    expect(sent?.files.map(({ role }) => role)).toEqual(['main', 'attachment', 'attachment'])
    expect(new Set(sent?.files.map(({ sha256 }) => sha256))).toEqual(
      new Set([
        ...sealed.map(({ sha256 }) => sha256),
        (await filesOf(documentId)).find(({ role }) => role === 'main')?.sha256,
      ]),
    )
  })

  it('hold the document back where one of them cannot be signed, and nothing is signed', async () => {
    const documentId = await begun('Phụ lục hỏng', [file(Buffer.from('%PDF-1.7 không phải'), 'Hỏng.pdf')])
    const taskId = await signed(documentId)
    const before = await filesOf(documentId)
    const refused = await send('clerk', taskId, await dispatch(documentId))
    expect(refusalOf(refused)).toMatchObject({ code: 'file-damaged' })
    expect(await filesOf(documentId)).toEqual(before)
    const states = await office.db.sql<
      { state: string }[]
    >`select distinct state from signatures where task_id = ${taskId} and value is not null`
    expect([...states]).toEqual([])
  })

  it('are signed once, whatever is killed between the stages', async () => {
    const documentId = await begun('Ngắt giữa chừng', [file(await replyPaper('Phụ lục ngắt.'), 'Phụ lục.pdf')])
    const taskId = await signed(documentId)
    const value = { ...(await dispatch(documentId)), copies: 1, recipientUnits: [] }
    const { viewer } = office.who('clerk')
    const filled = {
      task: { taskId, caseId: '', documentId, elementId: '', formKey: 'incoming.dispatch' },
      key: randomUUID(),
      value,
    }
    const act = await beginAct(signing.ground, viewer, filled, { role: 'organisation', fingerprint: null })
    // The server goes down when the seal is signed and its appendix is not.
    await signTogether(signing.ground, [act], DEMONSTRATION_PIN)
    await carryOn(signing.ground, act.id)
    await finishAct(signing.ground, act.id)
    expect((await liveSignature(office.db, taskId))?.state).toBe('ready')
    expect((await filesOf(documentId)).some(({ role }) => role === 'main')).toBe(false)

    expect(await send('clerk', taskId, await dispatch(documentId))).toMatchObject({ status: 302 })
    const main = (await filesOf(documentId)).find(({ role }) => role === 'main')!
    expect((await verified(main.sha256)).signatures.map(({ role }) => role)).toEqual(['person', 'organisation'])
    const acts = await office.db.sql<{ role: string; state: string }[]>`
      select role, state from signatures where task_id = ${taskId} and state <> 'dropped' order by role`
    expect([...acts]).toEqual([
      { role: 'appendix', state: 'embedded' },
      { role: 'organisation', state: 'embedded' },
    ])
  })

  it('are signed anew where the certificate that signed them was stopped before the seal', async () => {
    const documentId = await begun('Chứng thư bị thu hồi', [file(await replyPaper('Phụ lục ký lại.'), 'Phụ lục.pdf')])
    const taskId = await signed(documentId)
    const { viewer } = office.who('clerk')
    const filled = {
      task: { taskId, caseId: '', documentId, elementId: '', formKey: 'incoming.dispatch' },
      key: randomUUID(),
      value: { ...(await dispatch(documentId)), copies: 1, recipientUnits: [] },
    }
    await beginAct(signing.ground, viewer, filled, { role: 'organisation', fingerprint: null })
    const [first] = await liveAppendices(office.db, taskId)
    await signTogether(signing.ground, [first!], DEMONSTRATION_PIN)
    await carryOn(signing.ground, first!.id)
    // The token is lost, the ministry gets another certificate.
    await office.db.sql`update certificates set state = 'revoked' where id = ${first!.certificateId}`
    await signing.renewCertificates()
    expect(await send('clerk', taskId, await dispatch(documentId))).toMatchObject({ status: 302 })
    const made = await office.db.sql<{ certificateId: string; state: string }[]>`
      select certificate_id as "certificateId", state from signatures where task_id = ${taskId} and role = 'appendix' order by created_at`
    expect(made.map(({ state }) => state)).toEqual(['dropped', 'embedded'])
    expect(made[1]?.certificateId).not.toBe(first!.certificateId)
  })

  it('are added and taken away by whoever drafts, as PDF only', async () => {
    const documentId = await begun('Sửa phụ lục', [file(await replyPaper('Cũ.'), 'Cũ.pdf')])
    await begun('Không phải PDF', [file(await wordFile('Bảng'), 'Bảng.docx')], 422)
    const head = await office.taskOf('tmdtHead', documentId, 'outgoing.approve')
    await send('tmdtHead', head.taskId, { outcome: 'returned', reason: 'Thay phụ lục' })
    const { taskId } = await office.taskOf('tmdtSpecialist', documentId, 'outgoing.revise')
    const change = (name: string, value: string | File) => {
      const form = new FormData()
      form.append(name, value)
      return answerOf(draftAction(office.asking('tmdtSpecialist', `/tasks/${taskId}/draft`, { taskId }, form)))
    }
    const [old] = await draftedAppendices(office.db, documentId)
    expect(await change('appendix', file(await replyPaper('Mới.'), 'Mới.pdf'))).toMatchObject({ status: 302 })
    expect(await change('remove', old!.fileId)).toMatchObject({ status: 302 })
    expect(await change('remove', old!.fileId)).toMatchObject({ status: 302 })
    expect((await draftedAppendices(office.db, documentId)).map(({ name }) => name)).toEqual(['Mới.pdf'])
    const { viewer } = office.who('pcSpecialist')
    const other = { taskId, sha256: 'a'.repeat(64), size: 1, mediaType: 'application/pdf', name: 'x.pdf' }
    await expect(addAppendix(office.db, viewer, other)).rejects.toMatchObject({ code: 'draft-not-yours' })
  })
})

describe('initials (ký nháy) on an outgoing document', () => {
  it('of the head, the Office and the lawyers stand side by side under the signatures that follow', async () => {
    const documentId = await begun('Ba chữ ký nháy')
    await pass('tmdtHead', documentId, 'outgoing.approve', initial)
    await pass('chief', documentId, 'outgoing.checkFormat', initial)
    await pass('pcSpecialist', documentId, 'outgoing.checkLaw')
    const { taskId } = await office.taskOf('deputy', documentId, 'incoming.signOff')
    const { sha256 } = await newest(documentId)
    expect(await send('deputy', taskId, { outcome: 'signed', sha256, pin: DEMONSTRATION_PIN })).toMatchObject({
      status: 302,
    })
    const report = await verified((await newest(documentId)).sha256)
    expect(report.signatures.map(({ role, verdict }) => [role, verdict])).toEqual([
      ['initial', 'valid'],
      ['initial', 'valid'],
      ['person', 'valid'],
    ])
    // Each beside the other.
    const shown = await textOf((await newest(documentId)).sha256)
    for (const name of ['N. tmdtHead', 'N. chief']) expect(shown).toContain(name)
  })
})

describe('sealing many with one PIN', () => {
  it('numbers them in their order, with kind and recipients as they were drafted, appendices too', async () => {
    const first = await begun('Đóng dấu một', [file(await replyPaper('Kèm.'), 'Kèm theo.pdf')])
    const second = await begun('Đóng dấu hai')
    for (const documentId of [first, second]) await signed(documentId)
    const shown = await toSeal(office.asking('clerk', '/signing'))
    expect(shown.level).toBe('organisation')
    const tickOf = (documentId: string) => {
      const row = shown.tasks.find((task) => task.documentId === documentId)
      return `${row?.taskId}:${row?.sha256}`
    }
    const form = { tick: [tickOf(first), tickOf(second)], pin: DEMONSTRATION_PIN }
    const answer = await answerOf(beginList(office.asking('clerk', '/signing', {}, form)))
    const listId = answer.to?.split('/').at(-1) ?? ''
    await expect.poll(() => isRunning(listId), { timeout: 30_000 }).toBe(false)
    const { list } = await listPage(office.asking('clerk', `/signing/${listId}`, { listId }))
    expect(list.entries.map(({ role, state, fault }) => [role, state, fault])).toEqual([
      ['appendix', 'embedded', null],
      ['organisation', 'embedded', null],
      ['organisation', 'embedded', null],
    ])
    const documents = await office.db.sql<{ subject: string; state: string; number: number }[]>`
      select subject, state, register_number as number from documents where id in (${first}, ${second}) order by register_number`
    expect(documents.map(({ subject, state }) => [subject, state])).toEqual([
      ['Đóng dấu một', 'issued'],
      ['Đóng dấu hai', 'issued'],
    ])
    expect(documents[1]!.number - documents[0]!.number).toBe(1)
    // Leaders see what waits for them, not for the registry.
    expect((await toSeal(office.asking('deputy', '/signing'))).level).toBe('personal')
  })
})

describe('a key on the signer’s own machine', () => {
  /** What the signing program there does with what the page hands it. */
  async function signByToken(who: string, address: string): Promise<void> {
    const listId = address.split('/').at(-1) ?? ''
    const ask = async (body: object) => {
      const args = office.asking(who, `/signing/${listId}/agent`, { listId }, {})
      const headers = { ...Object.fromEntries(args.request.headers), 'content-type': 'application/json' }
      const request = new Request(args.request.url, { method: 'POST', headers, body: JSON.stringify(body) })
      return (await answerOf(agent({ ...args, request }))).data
    }
    const orders = (await ask({ ask: 'orders' })) as AgentOrders
    const { key, certificate } = await demonstrationKey(
      signing.ground.authorityFolder,
      orders.certificate,
      DEMONSTRATION_PIN,
    )
    const token = keyInMemory(certificate, key)
    const values = await Promise.all(
      orders.documents.map(async ({ id, name, toBeSigned, ...document }) => {
        const order = { ...document, documentName: name, toBeSigned: Buffer.from(toBeSigned, 'base64') }
        return { id, value: Buffer.from(await token.sign(order)).toString('base64') }
      }),
    )
    // One after another, the last first: whichever comes last ends the step.
    for (const value of values.toReversed()) {
      await ask({ ask: 'values', values: [value] })
      await expect.poll(() => isRunning(listId), { timeout: 30_000 }).toBe(false)
    }
    const { list } = await listPage(office.asking(who, `/signing/${listId}`, { listId }))
    expect(list.entries.map(({ state, fault }) => [state, fault])).toEqual(values.map(() => ['embedded', null]))
  }
  const movedToToken = (holder: 'person_id' | 'unit_id', id: string) =>
    office.db.sql`update certificates set kept_on = 'token' where ${office.db.sql(holder)} = ${id}`

  it('signs where the page was told to, and seals a document with its appendix', async () => {
    const documentId = await begun('Ký bằng thiết bị', [file(await replyPaper('Kèm theo.'), 'Kèm theo.pdf')])
    await pass('tmdtHead', documentId, 'outgoing.approve')
    await pass('chief', documentId, 'outgoing.checkFormat')
    await pass('pcSpecialist', documentId, 'outgoing.checkLaw')
    await movedToToken('person_id', office.who('deputy').viewer.personId)
    const { taskId } = await office.taskOf('deputy', documentId, 'incoming.signOff')
    const { sha256 } = await newest(documentId)
    const place = { placePage: '0', placeX: '60', placeY: '90' }
    const begunSignature = await send('deputy', taskId, { outcome: 'signed', sha256, ...place })
    await signByToken('deputy', begunSignature.to ?? '')
    const pdf = new PdfFile(await buffer((await office.files.open((await newest(documentId)).sha256))!.stream))
    const [field] = signatureFields(pdf)
    expect(rectangle(pdf, field?.dict.get('Rect'))?.slice(0, 2)).toEqual([60, 90])

    const [unit] = await office.db.sql<{ id: string }[]>`select id from units where code = 'LDB'`
    await movedToToken('unit_id', unit!.id)
    const seal = await office.taskOf('clerk', documentId, 'incoming.dispatch')
    const { pin: _pin, ...form } = await dispatch(documentId)
    await signByToken('clerk', (await send('clerk', seal.taskId, form)).to ?? '')
    const main = (await filesOf(documentId)).find(({ role }) => role === 'main')!
    expect(await verified(main.sha256)).toMatchObject({ verdict: 'valid' })
    const [appendix] = await draftedAppendices(office.db, documentId)
    expect(await verified(appendix!.sha256)).toMatchObject({ verdict: 'valid', signatures: [{ role: 'appendix' }] })
    await office.db.sql`update certificates set kept_on = 'demonstration'`
  })
})

describe('two who sign side by side', () => {
  it('sign one on top of the other, each what they were shown, and a third who was not asked signs nothing', async () => {
    const { documentId, taskId, sha256 } = await signing.waitingForSignature('Ký song song')
    // Two tasks of the same step, as a flow with several instances opens them.
    const { postId } = office.who('minister').viewer
    const [second] = await office.db.sql<{ id: string }[]>`
      insert into tasks select (jsonb_populate_record(t, jsonb_build_object('id', uuidv7(), 'token', t.token || '-2', 'assignee_post', ${postId}::uuid))).*
      from tasks t where t.id = ${taskId} returning id`
    expect(await send('minister', taskId, { outcome: 'signed', sha256, pin: DEMONSTRATION_PIN })).toMatchObject({
      status: 404,
    })
    const { viewer: minister } = office.who('minister')
    const filled = {
      task: { taskId: second!.id, caseId: '', documentId, elementId: 'signOff', formKey: 'incoming.signOff' },
      key: randomUUID(),
      value: { outcome: 'signed', note: null, sha256 },
    }
    // The minister's is signed when the deputy's comes in: it is no signature of what the document is now.
    const late = await beginAct(signing.ground, minister, filled, { role: 'person', fingerprint: null })
    await signTogether(signing.ground, [late], DEMONSTRATION_PIN)
    expect(await send('deputy', taskId, { outcome: 'signed', sha256, pin: DEMONSTRATION_PIN })).toMatchObject({
      status: 302,
    })
    const after = (await newest(documentId)).sha256
    // Sent once more with the version that was shown, it is made anew on top of the deputy's.
    const how = { role: 'person', pin: DEMONSTRATION_PIN, manner: usualManner } as const
    await signTask(signing.ground, minister, filled, how)
    const report = await verified((await newest(documentId)).sha256)
    expect(report.signatures.map(({ signer, verdict }) => [signer?.name, verdict])).toEqual([
      ['Người deputy', 'valid'],
      ['Người minister', 'valid'],
    ])
    const tries = await office.db.sql<{ sha256: string; state: string }[]>`
      select sha256, state from signatures where task_id = ${second!.id} order by created_at`
    expect([...tries]).toEqual([
      { sha256, state: 'failed' },
      { sha256: after, state: 'embedded' },
    ])
  })
})
