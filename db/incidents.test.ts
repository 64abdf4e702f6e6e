import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimCall, failCall } from '#db/case-work.ts'
import type { Database } from '#db/database.ts'
import { publishFlow } from '#db/flows.ts'
import { countTrouble, mendIncident, openIncidents } from '#db/incidents.ts'
import { outbox, tryCallAgain } from '#db/outbox.ts'
import { parkStep } from '#db/parking.ts'
import { startCase } from '#db/step.ts'
import type { Actor } from '#db/step.ts'
import type { Viewer } from '#db/visibility.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'

/** Calls the exchange and waits for its answer. */
const calling = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:test">
  <bpmn:process id="calling" name="Gọi ra ngoài" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="send" />
    <bpmn:serviceTask id="send" name="Gửi lên trục">
      <bpmn:extensionElements><zeebe:taskDefinition type="exchange.send" /></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f2" sourceRef="send" targetRef="done" />
    <bpmn:endEvent id="done"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>`

let db: Database
let admin: Viewer
let actor: Actor

beforeAll(async () => {
  const opened = await openOfficeDatabase()
  db = opened.db
  admin = opened.office.admin!.viewer
  actor = { personId: admin.personId, postId: admin.postId }
  await publishFlow(db, { xml: calling })
})
afterAll(() => db.close())

const start = async () =>
  (await startCase(db, { flowId: 'calling', documentId: null, variables: {}, key: randomUUID(), actor: null })).caseId
const waiting = async (caseId: string) =>
  (await outbox(db, { state: 'waiting' })).calls.filter((call) => call.caseId === caseId)
const incidentsOf = async (caseId: string) =>
  (await openIncidents(db, admin)).filter((incident) => incident.caseId === caseId)

describe('an incident of a case', () => {
  it('is listed with its element and cause, and retried once for a form that was sent twice', async () => {
    const caseId = await start()
    const [call] = await waiting(caseId)
    await claimCall(db, call!.id)
    await failCall(db, call!.id, { code: 'unknown-organ', message: 'no such organ' })
    const [incident] = await incidentsOf(caseId)
    expect(incident).toMatchObject({
      elementId: 'send',
      elementName: 'Gửi lên trục',
      remedy: 'retry',
      flowId: 'calling',
    })
    expect(incident!.message).toContain('no such organ')

    const request = { caseId, incidentId: incident!.incidentId, key: randomUUID() }
    await mendIncident(db, actor, request)
    expect(await incidentsOf(caseId)).toEqual([])
    // The case asks anew, with a call of its own.
    const again = await waiting(caseId)
    expect(again).toHaveLength(1)
    expect(again[0]!.id).not.toBe(call!.id)
    await mendIncident(db, actor, request)
    await expect(mendIncident(db, actor, { ...request, key: randomUUID() })).rejects.toMatchObject({
      code: 'incident-gone',
      status: 409,
    })
    expect(await waiting(caseId)).toHaveLength(1)
  })

  it('is gone for whoever asks for what is not there', async () => {
    for (const caseId of [randomUUID(), 'not an id'])
      await expect(mendIncident(db, actor, { caseId, incidentId: 'i1', key: randomUUID() })).rejects.toMatchObject({
        status: 409,
      })
  })
})

describe('a letter that was refused', () => {
  const letterOf = async (caseId: string) => {
    const [row] = await db.sql<{ id: string }[]>`
      insert into calls (case_id, channel, service_type, input, key, state, created_at)
      values (${caseId}, 'mail', 'letter.task', '{}', ${randomUUID()}, 'open', clock_timestamp()) returning id`
    return row!.id
  }
  const refuse = async (callId: string) => {
    await claimCall(db, callId)
    await failCall(db, callId, { code: 'refused', message: '550 no such mailbox' })
  }

  it('is on the list, is tried again from the outbox, and is on the list again when it is refused again', async () => {
    const caseId = await start()
    const callId = await letterOf(caseId)
    await refuse(callId)
    const before = await countTrouble(db)
    expect(await incidentsOf(caseId)).toMatchObject([
      { incidentId: `call:${callId}`, elementName: null, remedy: 'retry' },
    ])
    const failed = (await outbox(db, { state: 'failed', channel: 'mail' })).calls.find((call) => call.id === callId)
    expect(failed).toMatchObject({ canBeTriedAgain: true, error: 'refused: 550 no such mailbox' })

    expect(await tryCallAgain(db, callId)).toEqual({ caseId })
    expect(await incidentsOf(caseId)).toEqual([])
    expect(await countTrouble(db)).toMatchObject({
      incidents: before.incidents - 1,
      failedCalls: before.failedCalls - 1,
    })
    await expect(tryCallAgain(db, callId)).rejects.toMatchObject({ code: 'call-gone' })

    await refuse(callId)
    expect(await incidentsOf(caseId)).toHaveLength(1)
    await mendIncident(db, actor, { caseId, incidentId: `call:${callId}`, key: randomUUID() })
    expect((await waiting(caseId)).map((call) => call.id)).toContain(callId)
  })

  it('is made by nobody while its answer is parked, until somebody says so', async () => {
    const caseId = await start()
    const callId = await letterOf(caseId)
    await parkStep(db, caseId, { of: { callId }, elementId: 'letter.task', message: 'answer: no such function' })
    expect((await waiting(caseId)).find((call) => call.id === callId)).toMatchObject({ canBeTriedAgain: true })
    await tryCallAgain(db, callId)
    expect((await waiting(caseId)).find((call) => call.id === callId)).toMatchObject({ canBeTriedAgain: false })
    expect(await incidentsOf(caseId)).toEqual([])
  })
})
