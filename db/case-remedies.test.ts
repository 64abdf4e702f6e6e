import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCaseView } from '#db/case-view.ts'
import { endCase, passJoin, skipIncident } from '#db/case-remedies.ts'
import { claimCall, failCall } from '#db/case-work.ts'
import { publishFlow } from '#db/flows.ts'
import { openIncidents, stuckCases } from '#db/incidents.ts'
import { outbox } from '#db/outbox.ts'
import { startCase, type Actor } from '#db/step.ts'
import { inboxCount } from '#db/tasks.ts'
import { calls, drawnFlow, end, start as begins } from '#test/fixtures/drawn-flow.ts'
import { officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'

const process = (id: string, body: string) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:test">
  <bpmn:process id="${id}" name="${id}" isExecutable="true">${body}</bpmn:process>
</bpmn:definitions>`
const flow = (id: string, from: string, to: string) =>
  `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}" />`

/** Only one of two ways is taken, and the join waits for both. */
const halfWay = process(
  'halfWay',
  `<bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>${flow('f1', 'begin', 'choose')}
  <bpmn:exclusiveGateway id="choose" default="f2"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing><bpmn:outgoing>f3</bpmn:outgoing></bpmn:exclusiveGateway>
  ${flow('f2', 'choose', 'join')}
  <bpmn:sequenceFlow id="f3" sourceRef="choose" targetRef="join"><bpmn:conditionExpression xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="bpmn:tFormalExpression">=false</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:parallelGateway id="join" name="Đủ ý kiến"><bpmn:incoming>f2</bpmn:incoming><bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing></bpmn:parallelGateway>
  ${flow('f4', 'join', 'after')}
  <bpmn:userTask id="after" name="Tổng hợp"><bpmn:extensionElements><zeebe:assignmentDefinition candidateGroups="role:ministry-clerk" /></bpmn:extensionElements>
    <bpmn:incoming>f4</bpmn:incoming><bpmn:outgoing>f5</bpmn:outgoing></bpmn:userTask>
  ${flow('f5', 'after', 'done')}<bpmn:endEvent id="done"><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>`,
)
const calling = process(
  'calling',
  `<bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>${flow('f1', 'begin', 'send')}
  <bpmn:serviceTask id="send" name="Gửi"><bpmn:extensionElements><zeebe:taskDefinition type="exchange.send" /></bpmn:extensionElements>
    <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:serviceTask>
  ${flow('f2', 'send', 'done')}<bpmn:endEvent id="done"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>`,
)

let office: OfficeAtWork
let db: OfficeAtWork['db']
let actor: Actor
const reason = 'Đơn vị đã giải thể'

beforeAll(async () => {
  office = await officeAtWork()
  db = office.db
  const { personId, postId } = office.who('admin').viewer
  actor = { personId, postId }
  for (const xml of [halfWay, calling]) await publishFlow(db, { xml })
})
afterAll(() => office.close())

const start = async (flowId: string) =>
  (await startCase(db, { flowId, documentId: null, variables: {}, key: randomUUID(), actor: null })).caseId
const statusOf = async (caseId: string) =>
  (await db.sql<{ status: string }[]>`select status from cases where id = ${caseId}`)[0]?.status
const lastEvent = async (caseId: string) =>
  (
    await db.sql<{ type: string; record: unknown; postId: string }[]>`
    select type, data->'record' as record, post_id as "postId" from case_events where case_id = ${caseId} order by seq desc limit 1`
  )[0]
const request = (caseId: string) => ({ caseId, reason, key: randomUUID() })

describe('a join whose branches cannot come', () => {
  it('says what it waits for, and is passed with those that have come', async () => {
    const caseId = await start('halfWay')
    const listed = async () =>
      (await stuckCases(db, office.who('admin').viewer)).find((stuck) => stuck.caseId === caseId)
    expect(await listed()).toMatchObject({ waitsAt: [{ elementId: 'join', name: 'Đủ ý kiến' }] })
    const before = await inboxCount(db, office.who('clerk').viewer)
    const passing = { ...request(caseId), elementId: 'join' }
    expect(await passJoin(db, actor, passing)).toMatchObject({ status: 'running', repeated: false })
    expect(await passJoin(db, actor, passing)).toMatchObject({ repeated: true })
    expect(await inboxCount(db, office.who('clerk').viewer)).toBe(before + 1)
    expect(await listed()).toBeUndefined()
    expect(await lastEvent(caseId)).toMatchObject({
      type: 'caseModified',
      record: { remedy: 'joinPassed', opinion: reason },
      postId: actor.postId,
    })
    await expect(passJoin(db, actor, { ...request(caseId), elementId: 'join' })).rejects.toMatchObject({
      code: 'trouble-gone',
      status: 409,
    })
  })
})

describe('what is inside a called flow', () => {
  it('has its own names on the lists, is drawn at the call, and can be passed as well', async () => {
    await publishFlow(db, { xml: drawnFlow('asks', { begin: begins(), ask: calls('halfWay'), done: end() }) })
    const caseId = await start('asks')

    const stuck = (await stuckCases(db, office.who('admin').viewer)).find((one) => one.caseId === caseId)
    expect(stuck?.waitsAt).toEqual([{ elementId: 'ask/join', name: 'Đủ ý kiến' }])
    expect(await passJoin(db, actor, { ...request(caseId), elementId: 'ask/join' })).toMatchObject({
      status: 'running',
    })

    const view = await readCaseView(db, office.who('clerk').viewer, caseId)
    expect(view).toMatchObject({ active: ['ask'], steps: [] })
    expect(view?.history.map(({ nameVi }) => nameVi)).not.toContainEqual(expect.stringContaining('/'))
  })
})

describe('an element that failed', () => {
  const failed = async () => {
    const caseId = await start('calling')
    const call = (await outbox(db, { state: 'waiting' })).calls.find((each) => each.caseId === caseId)
    await claimCall(db, call!.id)
    await failCall(db, call!.id, { code: 'unknown-organ', message: 'no such organ' })
    const [incident] = (await openIncidents(db, office.who('admin').viewer)).filter((each) => each.caseId === caseId)
    return { caseId, incident: incident! }
  }

  it('is skipped with a reason, and the case goes on', async () => {
    const { caseId, incident } = await failed()
    expect(incident).toMatchObject({ skippable: true, running: true })
    const { incidentId } = incident
    await expect(skipIncident(db, actor, { ...request(caseId), incidentId: 'i99' })).rejects.toMatchObject({
      status: 409,
    })
    await expect(skipIncident(db, actor, { ...request(caseId), incidentId, reason: '' })).rejects.toMatchObject({
      code: 'reason-missing',
    })
    expect(await skipIncident(db, actor, { ...request(caseId), incidentId })).toMatchObject({ status: 'completed' })
    expect(await lastEvent(caseId)).toMatchObject({ record: { remedy: 'skipped', opinion: reason } })
  })

  it('is off the list when its case is ended', async () => {
    const { caseId } = await failed()
    expect(await endCase(db, actor, request(caseId))).toMatchObject({ status: 'terminated' })
    expect((await openIncidents(db, office.who('admin').viewer)).filter((each) => each.caseId === caseId)).toEqual([])
  })
})

describe('a case that is ended', () => {
  it('leaves no task, timer or call, closes its document, and keeps what was done and why it ended', async () => {
    const documentId = await office.directed('Văn bản bị thu hồi')
    const { caseId } = await office.taskOf('tmdtHead', documentId)
    await endCase(db, actor, request(caseId))
    expect(await statusOf(caseId)).toBe('terminated')
    const [left] = await db.sql`
      select (select count(*)::int from tasks where case_id = ${caseId} and state = 'open') as tasks,
        (select count(*)::int from timers where case_id = ${caseId}) as timers,
        (select count(*)::int from subscriptions where case_id = ${caseId}) as subscriptions,
        (select count(*)::int from task_candidates c join tasks t on t.id = c.task_id where t.case_id = ${caseId}) as queued,
        (select state from documents where id = ${documentId}) as document`
    expect(left).toEqual({ tasks: 0, timers: 0, subscriptions: 0, queued: 0, document: 'closed' })
    expect(await lastEvent(caseId)).toMatchObject({
      type: 'caseCancelled',
      record: { remedy: 'ended', opinion: reason },
      postId: actor.postId,
    })
    await expect(endCase(db, actor, request(caseId))).rejects.toMatchObject({ code: 'case-ended', status: 409 })
    await expect(endCase(db, actor, request('no id'))).rejects.toMatchObject({ code: 'case-ended', status: 409 })
  })
})
