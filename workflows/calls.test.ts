import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { travelTo } from '#db/clock-travel.ts'
import { readClock } from '#db/clock.ts'
import { mailbox } from '#db/letters.ts'
import { startCase } from '#db/step.ts'
import { claimTask, completeTask } from '#db/tasks.ts'
import { createGatewayClient } from '#exchange/client.ts'
import { startGovernmentNode, type GovernmentNode } from '#exchange/node/start.ts'
import { makeCall } from './activities.ts'
import { fireTimersOf, makeCallsOf } from './calls.fixture.ts'
import { createLog } from './log.ts'
import { startMailInbox, type RunningInbox } from './mail-inbox.ts'
import {
  createMinistry,
  DOMAIN,
  openTask,
  publish,
  timedFlow,
  type Ministry,
  type Somebody,
} from './ministry.fixture.ts'
import type { Outside } from './outside.ts'

const ministryCode = '000.00.00.G02'
const day = 86_400_000
let ministry: Ministry
let inbox: RunningInbox
let node: GovernmentNode
let outside: Outside

beforeAll(async () => {
  ministry = await createMinistry()
  node = await startGovernmentNode({
    port: 0,
    folder: path.join(ministry.folder, 'node'),
    systems: [{ systemId: 'ministry', secret: 'a-secret', organCode: ministryCode, name: 'Bộ Công Thương' }],
    agencies: [{ code: '000.00.00.G22', name: 'Văn phòng Chính phủ' }],
  })
  const filesFolder = path.join(ministry.folder, 'files')
  const smtp = { host: '127.0.0.1', port: 0 }
  inbox = await startMailInbox(
    { databaseUrl: ministry.url, filesFolder, smtp, mailDomain: DOMAIN },
    createLog('test', 'silent'),
  )
  outside = {
    db: ministry.db,
    files: ministry.files,
    gateway: createGatewayClient({
      baseUrl: node.url,
      systemId: 'ministry',
      secret: 'a-secret',
      organCode: ministryCode,
    }),
    smtp: { host: '127.0.0.1', port: inbox.port },
    environment: {
      publicUrl: 'https://imoit.example',
      mailDomain: DOMAIN,
      organ: { id: ministryCode, name: 'Bộ Công Thương' },
    },
  }
})
beforeEach(() => ministry.db.sql`delete from letters`)
afterAll(async () => {
  await inbox?.stop()
  await node?.close()
  await ministry?.close()
})

const subjectsOf = async (somebody: Somebody) =>
  (await mailbox(ministry.db, ministry.addressOf(somebody))).letters.map(({ subject }) => subject).sort()
const startOn = async (flowId: string, post = ministry.as.specialist.postId, documentId: string | null = null) =>
  (await startCase(ministry.db, { flowId, documentId, variables: { post: `post:${post}` }, key: null, actor: null }))
    .caseId
const travel = async (caseId: string, ms: number) =>
  travelTo(ministry.db, (await readClock(ministry.db)).now + ms, { handOver: () => fireTimersOf(ministry.db, caseId) })
const sla = (duration: string, escalate = 'heads') =>
  `<zeebe:properties><zeebe:property name="imoit.sla" value="${duration}" /><zeebe:property name="imoit.escalate" value="${escalate}" /><zeebe:property name="imoit.ask.en" value="Try it" /></zeebe:properties>`

async function document(direction: 'incoming' | 'outgoing' | 'internal'): Promise<string> {
  const [row] = await ministry.db.sql<{ id: string }[]>`
    insert into documents (direction, state, source, number, notation, code, subject, agency_name, issued_on, received_at, search, created_at)
    values (${direction}, 'issued', 'internal', '55', 'TB-BCT', '55/TB-BCT', 'Kết luận', 'Bộ Công Thương', '2026-11-20', now(), '', now()) returning id`
  return row?.id ?? ''
}
async function callOf(caseId: string, serviceType: string, input: Record<string, unknown>): Promise<string> {
  const [row] = await ministry.db.sql<{ id: string }[]>`
    insert into calls (case_id, channel, service_type, input, key, state, created_at)
    values (${caseId}, ${serviceType.startsWith('exchange') ? 'exchange' : 'mail'}, ${serviceType}, ${JSON.stringify(input)}::text::jsonb,
      ${`test:${Math.random()}`}, 'open', now()) returning id`
  return row?.id ?? ''
}

describe('letters about a task', () => {
  it('remind the person, then tell the person and their heads that it is overdue', async () => {
    await publish(ministry.db, timedFlow('sla', [], sla('P4D')))
    const caseId = await startOn('sla')
    await makeCallsOf(outside, caseId)
    expect(await subjectsOf('specialist')).toEqual(['[iMOIT] Việc thử: Việc thử'])

    await travel(caseId, 3.5 * day)
    await makeCallsOf(outside, caseId)
    expect(await subjectsOf('specialist')).toContain('[iMOIT] Sắp đến hạn: Việc thử')
    expect(await subjectsOf('head')).toEqual([])

    await travel(caseId, day)
    await makeCallsOf(outside, caseId)
    expect(await subjectsOf('specialist')).toContain('[iMOIT] Quá hạn: Việc thử')
    expect(await subjectsOf('head')).toEqual(['[iMOIT] Đơn vị có việc quá hạn: Việc thử'])
    expect(await subjectsOf('deputy')).toEqual(['[iMOIT] Overdue in your unit: Việc thử'])
    expect(await subjectsOf('otherHead')).toEqual([])
  })

  it('tell the Office of what is overdue, or nobody above, where the step says so', async () => {
    await publish(ministry.db, timedFlow('chased', [], sla('P1D', 'office')))
    await publish(ministry.db, timedFlow('quiet', [], sla('P1D', 'nobody')))
    const overdue = async (flowId: string) => {
      const caseId = await startOn(flowId)
      await travel(caseId, 2 * day)
      await makeCallsOf(outside, caseId)
    }
    await overdue('quiet')
    expect(await subjectsOf('specialist')).toContain('[iMOIT] Quá hạn: Việc thử')
    for (const name of ['head', 'deputy', 'monitor'] as const) expect(await subjectsOf(name), name).toEqual([])
    await overdue('chased')
    for (const name of ['head', 'monitor'] as const)
      expect(await subjectsOf(name), name).toEqual(['[iMOIT] Đơn vị có việc quá hạn: Việc thử'])
  })

  it('are not sent when the task has ended meanwhile', async () => {
    await publish(ministry.db, timedFlow('ended', [], sla('P4D')))
    const caseId = await startOn('ended')
    const task = await openTask(ministry.db, caseId, 'work')
    await completeTask(ministry.db, ministry.as.specialist, { taskId: task.id, key: 'ended', outcome: 'done' })

    await makeCallsOf(outside, caseId)

    expect(await subjectsOf('specialist')).toEqual([])
    expect(await ministry.db.sql`select state, answer from calls where case_id = ${caseId}`).toEqual([
      { state: 'done', answer: { letters: 0 } },
    ])
  })

  it('carry the same Message-ID when the task was taken between a try and its repeat', async () => {
    await publish(ministry.db, timedFlow('taken', []).replace('assignee="=post"', 'candidateGroups="unit:TMDT:head"'))
    const caseId = await startOn('taken')
    const [call] = await ministry.db.sql<{ id: string }[]>`select id from calls where case_id = ${caseId}`
    // The worker died after the mail server had taken the letters: nothing of that is on record.
    await makeCall(outside, call?.id ?? '')
    await ministry.db.sql`update calls set state = 'claimed', answer = null, ended_at = null where case_id = ${caseId}`
    await claimTask(ministry.db, ministry.as.head, (await openTask(ministry.db, caseId, 'work')).id)

    await makeCall(outside, call?.id ?? '')

    expect(await subjectsOf('head')).toHaveLength(1)
    expect(await subjectsOf('deputy')).toHaveLength(1)
  })

  it('about a deputy’s task go to the head, about a head’s to nobody above', async () => {
    await publish(ministry.db, timedFlow('ranks', [], sla('P1D')))
    const ofDeputy = await startOn('ranks', ministry.as.deputy.postId)
    const ofHead = await startOn('ranks', ministry.as.head.postId)
    for (const caseId of [ofDeputy, ofHead]) {
      await travel(caseId, 0)
      await ministry.db.sql`update calls set state = 'done' where case_id = ${caseId}`
    }
    for (const caseId of [ofDeputy, ofHead]) {
      const [task] = await ministry.db.sql<{ token: string }[]>`select token from tasks where case_id = ${caseId}`
      await makeCall(outside, await callOf(caseId, 'letter.task', { about: 'overdue', token: task?.token ?? '' }))
    }
    expect(await subjectsOf('head')).toEqual(['[iMOIT] Quá hạn: Việc thử', '[iMOIT] Đơn vị có việc quá hạn: Việc thử'])
    expect(await subjectsOf('deputy')).toEqual(['[iMOIT] Overdue: Việc thử'])
  })
})

describe('letters about a document', () => {
  it('tell the Office which units have not opened it, and nobody when all have', async () => {
    const documentId = await document('internal')
    await ministry.db.sql`insert into document_parts (document_id, unit_id, part, since, opened_at)
      select ${documentId}, id, 'information', now(), case when code = 'TMDT' then now() end from units where code in ('TMDT', 'KHCN', 'TC')`
    const caseId = await startOn('ended')

    await makeCall(outside, await callOf(caseId, 'letter.chase', { documentId, about: 'unopened' }))

    expect(await subjectsOf('monitor')).toEqual(['[iMOIT] 2 đơn vị chưa mở: Kết luận'])
    expect(await subjectsOf('chief')).toHaveLength(1)
    await ministry.db.sql`update document_parts set opened_at = now() where document_id = ${documentId}`
    await makeCall(outside, await callOf(caseId, 'letter.chase', { documentId, about: 'unopened' }))
    expect(await subjectsOf('monitor')).toHaveLength(1)
  })

  it('reach the others when one address is refused, which becomes an incident', async () => {
    const documentId = await document('internal')
    const caseId = await startOn('ended')
    await ministry.db.sql`update persons set email = 'head@elsewhere.example' where username = 'head'`
    const id = await callOf(caseId, 'letter.notice', { documentId, units: ['TMDT', 'KHCN'] })

    await makeCall(outside, id)

    await ministry.db.sql`update persons set email = 'head@moit.example' where username = 'head'`
    expect(await subjectsOf('otherHead')).toEqual(['[iMOIT] Thông báo mới: 55/TB-BCT, Kết luận'])
    expect(await subjectsOf('deputy')).toEqual(['[iMOIT] New notice: 55/TB-BCT, Kết luận'])
    const [incident] = await ministry.db
      .sql`select code, message from incidents where case_id = ${caseId} and incident_id = ${`call:${id}`}`
    expect(incident).toMatchObject({
      code: 'recipient-unknown',
      message: expect.stringContaining('head@elsewhere.example'),
    })
  })
})

describe('letters about opinions and slips', () => {
  it('chase the units that owe their opinion and tell whoever asked; nobody when all have answered', async () => {
    const documentId = await document('internal')
    const caseId = await startOn('ended')
    const owing = (unit: string, state: string) => ministry.db.sql`
      insert into tasks (case_id, token, element_id, name, form_key, document_id, state, candidate_groups, properties, input, scope, opened_at)
      values (${caseId}, ${unit}, 'answer', 'x', 'opinion.answer', ${documentId}, ${state}, ${[`unit:${unit}:head`]}::text[], '{}',
        ${JSON.stringify({ unit })}::text::jsonb, '{}', now())`
    await owing('KHCN', 'open')
    await owing('TMDT', 'completed')
    const { postId } = ministry.as.specialist
    const chase = { documentId, to: `post:${postId}`, about: 'opinions-late' }
    const subject = '[iMOIT] Quá hạn cho ý kiến: 55/TB-BCT, Kết luận'

    await makeCall(outside, await callOf(caseId, 'letter.chase', chase))

    const told = async (who: 'otherHead' | 'specialist' | 'head') =>
      (await subjectsOf(who)).filter((each) => each === subject).length
    expect([await told('otherHead'), await told('specialist'), await told('head')]).toEqual([1, 1, 0])
    await ministry.db.sql`update tasks set state = 'completed' where case_id = ${caseId}`
    await makeCall(outside, await callOf(caseId, 'letter.chase', chase))
    expect(await told('otherHead')).toBe(1)
  })

  it('tell who submitted a slip what the leader decided, and the units what became of their opinions', async () => {
    const documentId = await document('internal')
    const caseId = await startOn('ended')
    const [to, by] = [ministry.as.specialist, ministry.as.leader].map(({ postId }) => `post:${postId}`)
    await makeCall(
      outside,
      await callOf(caseId, 'letter.decided', { documentId, to, by, outcome: 'disagreed', opinion: 'Chưa phù hợp' }),
    )
    expect(await subjectsOf('specialist')).toContain('[iMOIT] Kết quả phiếu trình (Không đồng ý): 55/TB-BCT, Kết luận')
    await makeCall(
      outside,
      await callOf(caseId, 'letter.concluded', { documentId, units: ['KHCN'], synthesis: 'Tiếp thu' }),
    )
    expect(await subjectsOf('otherHead')).toContain('[iMOIT] Kết quả xin ý kiến: 55/TB-BCT, Kết luận')
  })
})

describe('a document that is sent to agencies', () => {
  it('reaches those that the exchange knows; one that it does not know is an incident', async () => {
    const documentId = await document('outgoing')
    const file = await ministry.files.put(Buffer.from('%PDF-1.4'), 100)
    await ministry.db.sql`insert into files values (${file.sha256}, ${file.size}, 'application/pdf', now())`
    await ministry.db
      .sql`insert into document_files (document_id, role, name, sha256, added_at) values (${documentId}, 'main', 'a.pdf', ${file.sha256}, now())`
    const caseId = await startOn('ended')
    const id = await callOf(caseId, 'exchange.send', {
      documentId,
      recipientAgencies: ['000.00.00.G22', '000.00.00.G77'],
    })

    await makeCall(outside, id)
    await makeCall(outside, id)

    expect(
      await ministry.db.sql`select peer, state from exchange_messages where document_id = ${documentId} order by peer`,
    ).toEqual([
      { peer: '000.00.00.G22', state: 'sent' },
      { peer: '000.00.00.G77', state: 'refused' },
    ])
    const [call] = await ministry.db.sql`select state, error, attempts from calls where id = ${id}`
    expect(call).toMatchObject({ state: 'failed', attempts: 1, error: expect.stringContaining('000.00.00.G77') })
    expect(await ministry.db.sql`select code from incidents where incident_id = ${`call:${id}`}`).toEqual([
      { code: 'exchange-refused' },
    ])
  })

  it('waits while the gateway is down, and is sent once it is back', async () => {
    const documentId = await document('incoming')
    await ministry.db
      .sql`update documents set exchange_document_id = 'theirs', agency_code = '000.00.00.G22' where id = ${documentId}`
    const caseId = await startOn('ended')
    const id = await callOf(caseId, 'exchange.reportStatus', { documentId, status: '03' })
    const down = createGatewayClient({
      baseUrl: 'http://127.0.0.1:9',
      systemId: 'ministry',
      secret: '-',
      organCode: ministryCode,
    })

    await expect(makeCall({ ...outside, gateway: down }, id)).rejects.toThrow()
    await expect(makeCall({ ...outside, gateway: null }, id)).rejects.toThrow('not configured')
    expect(await ministry.db.sql`select state from calls where id = ${id}`).toEqual([{ state: 'claimed' }])

    await makeCall(outside, id)
    expect(
      await ministry.db
        .sql`select state, status_code as status, error from exchange_messages where exchange_document_id = 'theirs'`,
    ).toEqual([{ state: 'sent', status: '03', error: null }])
  })
})

describe('an answer that comes after its case has gone on', () => {
  it('is recorded, changes nothing, and is put on the list of incidents', async () => {
    const caseId = await startOn('sla')
    const id = await callOf(caseId, 'letter.chase', { documentId: await document('internal'), about: 'unopened' })
    await ministry.db.sql`update calls set token = 'gone' where id = ${id}`
    const before = await ministry.db.sql`select state from case_states where case_id = ${caseId}`

    await makeCall(outside, id)

    expect(await ministry.db.sql`select state from calls where id = ${id}`).toEqual([{ state: 'done' }])
    expect(await ministry.db.sql`select state from case_states where case_id = ${caseId}`).toEqual(before)
    expect(await ministry.db.sql`select code, parked from incidents where case_id = ${caseId}`).toEqual([
      { code: 'answer-late', parked: true },
    ])
  })
})
