import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCallsOf } from './calls.fixture.ts'
import {
  letter as letterOfGovernment,
  governmentOffice,
  ministry as ministryCode,
} from '#exchange/edxml/sample.fixture.ts'
import { readEdxml } from '#exchange/edxml/read.ts'
import { writeEdxml } from '#exchange/edxml/write.ts'
import { createGatewayClient, type GatewayClient } from '#exchange/client.ts'
import { startGovernmentNode, type GovernmentNode } from '#exchange/node/start.ts'
import { completeTask } from '#db/tasks.ts'
import { startMailInbox, type RunningInbox } from './mail-inbox.ts'
import { pollOnce } from './exchange-poll.ts'
import { letter as openLetter, mailbox } from '#db/letters.ts'
import { createMinistry, DOMAIN, openTask, type Ministry, type Somebody } from './ministry.fixture.ts'
import { createLog } from './log.ts'
import type { Outside } from './outside.ts'

let ministry: Ministry
const log = createLog('test', 'silent')
let node: GovernmentNode
let inbox: RunningInbox
let office: GatewayClient
let outside: Outside

beforeAll(async () => {
  ministry = await createMinistry()
  node = await startGovernmentNode({
    port: 0,
    folder: path.join(ministry.folder, 'node'),
    systems: [
      { systemId: 'office', secret: 'office-secret', organCode: governmentOffice, name: 'Văn phòng Chính phủ' },
      { systemId: 'ministry', secret: 'ministry-secret', organCode: ministryCode, name: 'Bộ Công Thương' },
    ],
  })
  const gatewayOf = (systemId: string, organCode: string) =>
    createGatewayClient({ baseUrl: node.url, systemId, secret: `${systemId}-secret`, organCode })
  office = gatewayOf('office', governmentOffice)
  inbox = await startMailInbox(
    {
      databaseUrl: ministry.url,
      filesFolder: path.join(ministry.folder, 'files'),
      smtp: { host: '127.0.0.1', port: 0 },
      mailDomain: DOMAIN,
    },
    log,
  )
  outside = {
    db: ministry.db,
    files: ministry.files,
    gateway: gatewayOf('ministry', ministryCode),
    smtp: { host: '127.0.0.1', port: inbox.port },
    environment: {
      publicUrl: 'http://127.0.0.1:3000',
      mailDomain: DOMAIN,
      organ: { id: ministryCode, name: 'Bộ Công Thương' },
    },
  }
})
afterAll(async () => {
  await inbox?.stop()
  await node?.close()
  await ministry?.close()
})

const complete = async (
  caseId: string,
  elementId: string,
  somebody: Somebody,
  outcome: string,
  variables: Record<string, string | string[] | null> = {},
) => {
  const task = await openTask(ministry.db, caseId, elementId)
  return completeTask(ministry.db, ministry.as[somebody], {
    taskId: task.id,
    key: `form:${task.id}`,
    outcome,
    variables,
  })
}
const poll = () =>
  pollOnce({ db: ministry.db, files: ministry.files, gateway: outside.gateway ?? expect.fail('no gateway'), log })
const statusesAt = async (documentId: string) =>
  (await office.listSent({ documentId })).flatMap((sent) => sent.statuses.map(({ statusCode }) => statusCode))

describe('a letter of the Government Office', () => {
  it('stands in the registry with its fields and file, and the sender hears status 01', async () => {
    const sent = letterOfGovernment()
    await office.send(await writeEdxml(sent), { messageType: 'edoc' })

    expect(await poll()).toEqual({ taken: 1, refused: 0, faulty: 0 })

    const [document] = await ministry.db.sql`
      select d.state, d.direction, d.source, d.code, d.number, d.notation, d.subject, d.agency_name as agency, d.kind_code as kind,
        d.urgency, d.signer_name as signer, d.page_count as pages, to_char(d.issued_on, 'YYYY-MM-DD') as issued,
        to_char(d.due_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI') as due, d.recipients, d.case_id as "caseId",
        (select jsonb_agg(jsonb_build_object('role', f.role, 'name', f.name, 'type', c.media_type)) from document_files f
          join files c on c.sha256 = f.sha256 where f.document_id = d.id) as files
      from documents d`
    expect(document).toMatchObject({
      state: 'received',
      direction: 'incoming',
      source: 'exchange',
      code: '7816/VPCP-KSTT',
      number: '7816',
      notation: 'VPCP-KSTT',
      subject: sent.subject,
      agency: 'Văn phòng Chính phủ',
      kind: 'CV',
      urgency: 1,
      signer: 'Người Ký Trình Diễn',
      pages: 2,
      issued: '2022-04-15',
      due: '2022-05-15 17:00',
      recipients: 'Bộ Công Thương; Lưu: VT',
      files: [{ role: 'main', name: 'Công văn 7816.pdf', type: 'application/pdf' }],
    })
    await makeCallsOf(outside, String(document?.caseId))
    expect(await statusesAt(sent.documentId)).toEqual(['01'])
    expect(await office.listReceived({ messageType: 'status' })).toHaveLength(1)
  })

  it('is registered once however often it comes, and acknowledged each time', async () => {
    const sent = letterOfGovernment({
      documentId: `${governmentOffice},2022/04/15,9/VPCP`,
      code: { number: '9', notation: 'VPCP' },
    })
    await office.send(await writeEdxml(sent), { messageType: 'edoc' })
    const gateway = outside.gateway ?? expect.fail('no gateway')
    const [entry] = await gateway.listReceived()
    await poll()
    // The acknowledgement got lost: the gateway offers it again.
    await gateway.acknowledge(entry?.docId ?? '', 'processing')
    expect(await gateway.listReceived()).toHaveLength(1)

    expect(await poll()).toEqual({ taken: 1, refused: 0, faulty: 0 })

    expect(await gateway.listReceived()).toHaveLength(0)
    const rows = await ministry.db.sql`select state from documents where exchange_document_id = ${sent.documentId}`
    expect(rows).toHaveLength(1)
    expect(
      await ministry.db
        .sql`select 1 from exchange_messages where exchange_document_id = ${sent.documentId} and direction = 'in'`,
    ).toHaveLength(1)
  })

  it('is answered: the reply goes out as edXML and as letters, statuses 03 to 06 follow', async () => {
    const sent = letterOfGovernment({
      documentId: `${governmentOffice},2022/04/15,10/VPCP`,
      code: { number: '10', notation: 'VPCP' },
    })
    await office.send(await writeEdxml(sent), { messageType: 'edoc' })
    await poll()
    const [row] = await ministry.db.sql<{ id: string; caseId: string }[]>`
      select id, case_id as "caseId" from documents where exchange_document_id = ${sent.documentId}`
    const { id: documentId, caseId } = row ?? expect.fail('not received')
    const { as } = ministry

    await complete(caseId, 'register', 'clerk', 'registered')
    await complete(caseId, 'submit', 'chief', 'submitted', { leaderPost: `post:${as.leader.postId}` })
    // Letters about tasks go while the tasks are open; later they are not needed any more.
    await makeCallsOf(outside, caseId)
    await complete(caseId, 'direct', 'leader', 'directed', {
      leadUnit: 'TMDT',
      coordinatingUnits: [],
      informationUnits: ['KHCN'],
      deadline: new Date(Date.now() + 5 * 86_400_000).toISOString(),
      opinion: 'Xử lý',
    })
    await makeCallsOf(outside, caseId)
    await complete(caseId, 'assign', 'head', 'assigned', {
      specialistPost: `post:${as.specialist.postId}`,
      handlingDeadline: new Date(Date.now() + 3 * 86_400_000).toISOString(),
    })
    const replyId = await issuedReply(documentId)
    await complete(caseId, 'handle', 'specialist', 'submitted', { draftDocumentId: replyId })
    await complete(caseId, 'approve', 'head', 'approved')
    await complete(caseId, 'signOff', 'leader', 'signed')
    await complete(caseId, 'dispatch', 'clerk', 'dispatched', {
      replyDocumentId: replyId,
      recipientAgencies: [governmentOffice],
      recipientUnits: ['KHCN'],
    })
    await makeCallsOf(outside, caseId)

    expect(await statusesAt(sent.documentId)).toEqual(['01', '03', '04', '05', '06'])
    const [arrived] = await office.listReceived({ messageType: 'edoc' })
    const { message } = await readEdxml(await office.download(arrived?.docId ?? ''))
    expect(message).toMatchObject({
      kind: 'document',
      documentId: `${ministryCode},2026/11/20,12/BCT-TMĐT`,
      code: { number: '12', notation: 'BCT-TMĐT' },
      responseFor: [{ organId: governmentOffice, documentId: sent.documentId, code: '10/VPCP' }],
      attachments: [{ name: 'Trả lời.pdf' }],
    })
    expect(await subjectsOf('specialist')).toContain('[iMOIT] Văn bản đã phát hành: 12/BCT-TMĐT, Trả lời')
    expect(await subjectsOf('otherHead')).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Văn bản đã phát hành'),
        expect.stringContaining('Văn bản để biết'),
      ]),
    )
    expect(await subjectsOf('leader')).toContain(
      '[iMOIT] Bút phê: V/v báo cáo tình hình cung cấp dịch vụ công trực tuyến',
    )
    // The deputy reads English.
    expect(await subjectsOf('deputy')).toEqual(expect.arrayContaining([expect.stringContaining('[iMOIT] Assign:')]))
    const received = await mailbox(ministry.db, ministry.addressOf('specialist'))
    const dispatched = received.letters.find(({ attachments }) => attachments.length > 0)
    const page = await openLetter(ministry.db, ministry.addressOf('specialist'), dispatched?.id ?? '')
    expect(page?.attachments).toMatchObject([{ name: 'Trả lời.pdf', mediaType: 'application/pdf' }])
    expect(await openLetter(ministry.db, ministry.addressOf('clerk'), dispatched?.id ?? '')).toBeNull()
    const [ended] = await ministry.db.sql`select status from cases where id = ${caseId}`
    expect(ended).toEqual({ status: 'completed' })
  })
})

async function issuedReply(answersId: string): Promise<string> {
  const { db, files, as } = ministry
  const stored = await files.put(Buffer.from('%PDF-1.4 reply'), 1_000)
  await db.sql`insert into files values (${stored.sha256}, ${stored.size}, 'application/pdf', now())`
  const [reply] = await db.sql<{ id: string }[]>`
    insert into documents (direction, state, source, kind_code, number, notation, code, subject, agency_code, agency_name, issued_on, received_at,
      recipients, search, created_by_post, created_at)
    values ('outgoing', 'issued', 'internal', 'CV', '12', 'BCT-TMĐT', '12/BCT-TMĐT', 'Trả lời', ${ministryCode}, 'Bộ Công Thương', '2026-11-20', now(),
      'Như trên; Lưu: VT', '', ${as.specialist.postId}, now()) returning id`
  const id = reply?.id ?? ''
  await db.sql`insert into document_files (document_id, role, name, sha256, added_by_post, added_at)
    values (${id}, 'main', 'Trả lời.pdf', ${stored.sha256}, ${as.specialist.postId}, now())`
  await db.sql`insert into document_relations values (${id}, ${answersId}, 'answers')`
  return id
}

const subjectsOf = async (somebody: Somebody) =>
  (await mailbox(ministry.db, ministry.addressOf(somebody))).letters.map(({ subject }) => subject)
