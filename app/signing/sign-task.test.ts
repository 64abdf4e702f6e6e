import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepCertificateImage, signingCertificates } from '#db/certificates.ts'
import { followsBySignatures } from '#db/begin-signature.ts'
import { completeTask } from '#db/tasks.ts'
import { keptTrust } from '#db/trust.ts'
import { servicesOf } from '#signing/office-trust.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { DEMONSTRATION_PIN } from '#signing/test-authority/kept-authority.ts'
import { answerOf } from '#test/fixtures/office-at-work.ts'
import { strokesPng } from '#test/fixtures/png.ts'
import { replyPaper, signingOffice, type SigningOffice } from '#test/fixtures/signing-office.ts'
import type { SentBack } from '../tasks/entered.tsx'
import { beginAct } from './sign-task.ts'
import { action as complete, loader as taskPage } from '../routes/_app.tasks.$taskId.tsx'

let signing: SigningOffice
let office: SigningOffice['office']

beforeAll(async () => {
  signing = await signingOffice()
  office = signing.office
}, 60_000)
afterAll(() => signing.close())

const send = (name: string, taskId: string, form: Record<string, string | string[]>) =>
  answerOf(complete(office.asking(name, `/tasks/${taskId}`, { taskId }, { key: randomUUID(), ...form })))
const refusalOf = (answer: { data: unknown }) => (answer.data as SentBack).refusal
const sign = (taskId: string, sha256: string, pin: string = DEMONSTRATION_PIN) =>
  send('deputy', taskId, { outcome: 'signed', sha256, pin })
const seal = (taskId: string, sha256: string, pin: string = DEMONSTRATION_PIN, kindCode = 'CV') =>
  send('clerk', taskId, {
    outcome: 'dispatched',
    sha256,
    kindCode,
    subject: 'V/v trả lời',
    recipients: 'Như trên; Lưu: VT, TMĐT.',
    recipientUnits: ['PC'],
    pin,
  })

async function versions(documentId: string) {
  return office.db.sql<{ role: string; version: number; sha256: string }[]>`
    select f.role, f.version, f.sha256 from document_relations r join document_files f on f.document_id = r.document_id
    where r.related_id = ${documentId} order by f.role desc, f.version desc`
}

async function verified(sha256: string) {
  const opened = await office.files.open(sha256)
  const { trust, revocation } = servicesOf(await keptTrust(office.db))
  return verifyPdf(await buffer(opened!.stream), { trust, revocation })
}

describe('a reply that a leader signs and the registry seals', () => {
  it('shows who signs with what, is signed with a PIN, sealed under its number, and both signatures are valid', async () => {
    const { documentId, taskId, sha256 } = await signing.waitingForSignature('Văn bản được ký số')
    const page = await taskPage(office.asking('deputy', `/tasks/${taskId}`, { taskId }))
    expect(page.signing).toMatchObject({
      role: 'person',
      competence: 'KT. MINISTER',
      refusal: null,
      certificates: [{ name: 'Người deputy', keyPlace: 'demonstration', isTest: true }],
    })

    const { personId, postId } = office.who('admin').viewer
    const [certificate] = await signingCertificates(office.db.sql, { personId: office.who('deputy').viewer.personId })
    await keepCertificateImage(office.db, { personId, postId }, certificate!.id, strokesPng(120, 60))
    const drawnImages = async (of: string) =>
      (await buffer((await office.files.open(of))!.stream)).toString('latin1').split('/Subtype /Image').length - 1

    expect(await sign(taskId, sha256)).toMatchObject({ status: 302 })
    const [signed] = await versions(documentId)
    expect(signed?.sha256).not.toBe(sha256)
    expect(await drawnImages(signed!.sha256)).toBeGreaterThan(await drawnImages(sha256))
    const byPerson = await verified(signed!.sha256)
    expect(byPerson).toMatchObject({ verdict: 'valid', isTest: true })
    expect(byPerson.signatures).toMatchObject([
      { role: 'person', level: 'LT', integrity: 'intact', signer: { name: 'Người deputy' } },
    ])

    const dispatch = await office.taskOf('clerk', documentId, 'incoming.dispatch')
    // Not the version before the signature, though that was shown once.
    expect(refusalOf(await seal(dispatch.taskId, 'f'.repeat(64)))).toMatchObject({ code: 'draft-changed' })
    expect(await seal(dispatch.taskId, signed!.sha256)).toMatchObject({ status: 302 })
    const [main] = await versions(documentId)
    expect(main?.role).toBe('main')
    const both = await verified(main!.sha256)
    expect(both.verdict).toBe('valid')
    const [reply] = await office.db.sql<{ state: string; code: string; competence: string; kinds: string[] }[]>`
      select d.state, d.code, d.signer_competence as competence,
        array(select kind from sign_offs s where s.document_id = d.id order by s.at, s.id) as kinds
      from document_relations r join documents d on d.id = r.document_id where r.related_id = ${documentId}`
    expect(reply).toMatchObject({ state: 'issued', competence: 'KT.', kinds: ['personal', 'organisation'] })
    expect(both.signatures.map(({ role, verdict, reason }) => [role, verdict, reason])).toEqual([
      ['person', 'valid', 'KT. MINISTER'],
      ['organisation', 'valid', expect.stringContaining(reply!.code) as string],
    ])
  })

  it('is not completed by a form alone, and a wrong PIN leaves nothing behind', async () => {
    const { documentId, taskId, sha256 } = await signing.waitingForSignature('Văn bản nhập sai PIN')
    const before = await versions(documentId)
    expect(refusalOf(await sign(taskId, sha256, ''))).toMatchObject({ code: 'pin-missing' })
    const wrong = await sign(taskId, sha256, 'sai-ma-pin')
    expect(refusalOf(wrong)).toMatchObject({
      code: 'pin-wrong',
      sentence: { vi: expect.stringContaining('sai') as string },
    })
    expect(JSON.stringify(wrong.data)).not.toContain('sai-ma-pin')
    await expect(
      office.fill('deputy', documentId, 'incoming.signOff', { outcome: 'signed', sha256 }),
    ).rejects.toMatchObject({ code: 'signature-needed' })
    // Nor by any other way into the step.
    await expect(
      completeTask(office.db, office.who('deputy').viewer, { taskId, key: randomUUID(), outcome: 'signed' }),
    ).rejects.toMatchObject({ code: 'signature-needed' })
    expect(await versions(documentId)).toEqual(before)
    expect(await office.taskOf('deputy', documentId, 'incoming.signOff')).toMatchObject({ taskId })
  })

  it('is refused with a reason, which needs no key', async () => {
    const { documentId, taskId } = await signing.waitingForSignature('Văn bản trả lại')
    const returned = { outcome: 'returned', reason: 'Cần bổ sung số liệu của Cục XNK' }
    expect(await send('deputy', taskId, returned)).toMatchObject({ status: 302 })
    expect(await office.taskOf('tmdtSpecialist', documentId, 'incoming.handle')).toBeDefined()
  })

  it('cannot be put on a Word file', async () => {
    const { documentId, taskId } = await signing.waitingForSignature('Văn bản Word')
    const word = await office.files.put(Buffer.from('PK a Word file'), 1_000)
    const media = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    await office.db.sql`insert into files values (${word.sha256}, ${word.size}, ${media}, now())`
    await office.db.sql`update document_files f set sha256 = ${word.sha256} from document_relations r
      where r.document_id = f.document_id and r.related_id = ${documentId}`
    expect(refusalOf(await sign(taskId, word.sha256))).toMatchObject({ code: 'not-a-pdf' })
  })

  it('takes the version that was shown and no other', async () => {
    const { taskId } = await signing.waitingForSignature('Văn bản đổi bản')
    const other = await replyPaper('Một bản khác.')
    const { sha256 } = await office.files.put(other, 10_000_000)
    expect(refusalOf(await sign(taskId, sha256))).toMatchObject({ code: 'draft-changed' })
  })

  it('is signed only by whoever has a delegation, and not with a certificate that was stopped', async () => {
    const { taskId, sha256 } = await signing.waitingForSignature('Văn bản hết ủy quyền')
    await office.db.sql`update delegations set withdrawn_at = now()`
    expect(refusalOf(await sign(taskId, sha256))).toMatchObject({ code: 'no-delegation' })
    await office.db.sql`update delegations set withdrawn_at = null`
    const { personId } = office.who('deputy').viewer
    await office.db.sql`update certificates set state = 'suspended' where person_id = ${personId}`
    expect(refusalOf(await sign(taskId, sha256))).toMatchObject({ code: 'no-certificate' })
    await office.db.sql`update certificates set state = 'active' where person_id = ${personId}`
    expect(await sign(taskId, sha256)).toMatchObject({ status: 302 })
  })

  it('keeps its number when the seal fails, and gets the seal later under the same', async () => {
    const { documentId, taskId, sha256 } = await signing.waitingForSignature('Văn bản đóng dấu lại')
    await sign(taskId, sha256)
    const [signed] = await versions(documentId)
    const dispatch = await office.taskOf('clerk', documentId, 'incoming.dispatch')
    expect(refusalOf(await seal(dispatch.taskId, signed!.sha256, 'sai'))).toMatchObject({ code: 'pin-wrong' })
    const code = async () =>
      (
        await office.db.sql<{ code: string }[]>`
          select d.code from document_relations r join documents d on d.id = r.document_id where r.related_id = ${documentId}`
      )[0]?.code
    const taken = await code()
    expect(taken).toMatch(/^\d+\/BCT-TMĐT$/)
    expect(refusalOf(await seal(dispatch.taskId, signed!.sha256, DEMONSTRATION_PIN, 'BC'))).toMatchObject({
      code: 'number-taken',
    })
    expect(await seal(dispatch.taskId, signed!.sha256)).toMatchObject({ status: 302 })
    expect(await code()).toBe(taken)
  })
})

describe('an initial (ký nháy)', () => {
  it('is put on the version that the head approves, the leader signs after it, and all are valid', async () => {
    const { documentId, taskId, sha256 } = await signing.waitingForSignature('Văn bản ký nháy', { initial: true })
    const [newest] = await versions(documentId)
    expect(newest).toMatchObject({ version: 2, sha256 })
    expect(await sign(taskId, sha256)).toMatchObject({ status: 302 })
    const [signed] = await versions(documentId)
    const report = await verified(signed!.sha256)
    expect(report.signatures.map(({ role, verdict, signer }) => [role, verdict, signer?.name])).toEqual([
      ['initial', 'valid', 'Người tmdtHead'],
      ['person', 'valid', 'Người deputy'],
    ])
  })

  it('leaves the approval standing for whoever signs next, in a row or side by side', async () => {
    const { documentId, taskId, sha256 } = await signing.waitingForSignature('Văn bản hai người ký')
    const { db } = office
    // A second signer of the same version: a task of the same form for the Minister.
    const { postId } = office.who('minister').viewer
    const [second] = await db.sql<{ id: string }[]>`
      insert into tasks select (jsonb_populate_record(t, jsonb_build_object('id', uuidv7(), 'token', t.token || '-2', 'assignee_post', ${postId}::uuid))).* from tasks t
      where t.id = ${taskId} returning id`
    expect(await sign(taskId, sha256)).toMatchObject({ status: 302 })
    const [signed] = await versions(documentId)
    const [reply] = await db.sql<{ id: string }[]>`
      select document_id as id from document_relations where related_id = ${documentId}`
    expect(await followsBySignatures(db.sql, reply!.id, sha256, signed!.sha256)).toBe(true)
    expect(await followsBySignatures(db.sql, reply!.id, signed!.sha256, sha256)).toBe(false)
    // What the Minister was shown has only the deputy's signature more by now.
    const { viewer } = office.who('minister')
    const filled = {
      task: { taskId: second!.id, caseId: '', documentId, elementId: 'signOff', formKey: 'incoming.signOff' },
      key: randomUUID(),
      value: { outcome: 'signed', note: null, sha256 },
    }
    const act = await beginAct(signing.ground, viewer, filled, { role: 'person', fingerprint: null })
    expect(act.sha256).toBe(signed!.sha256)
    await expect(
      beginAct(
        signing.ground,
        viewer,
        { ...filled, value: { ...filled.value, sha256: '0'.repeat(64) } },
        { role: 'person', fingerprint: null },
      ),
    ).rejects.toMatchObject({ code: 'draft-changed' })
  })

  it('falls with the approval when the document is another one since', async () => {
    const { documentId, taskId } = await signing.waitingForSignature('Văn bản đổi sau khi duyệt')
    const other = await replyPaper('Sửa sau khi duyệt.')
    const { sha256, size } = await office.files.put(other, 10_000_000)
    await office.db.sql`insert into files values (${sha256}, ${size}, 'application/pdf', now()) on conflict do nothing`
    await office.db.sql`insert into document_files (document_id, role, name, sha256, version, added_at)
      select document_id, 'draft', 'du-thao.pdf', ${sha256}, 9, now() from document_relations where related_id = ${documentId}`
    expect(refusalOf(await sign(taskId, sha256))).toMatchObject({ code: 'approval-fallen' })
  })
})
