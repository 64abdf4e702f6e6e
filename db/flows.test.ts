import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import type { Database } from './database.ts'
import { drawnFlow, drawnMessage, drawnSignal, end, task } from '#test/fixtures/drawn-flow.ts'
import { publishFlow } from './flows.ts'

let db: Database
beforeAll(async () => {
  ;({ db } = await openEmptyDatabase({ max: 2 }))
})
afterAll(() => db.close())

const drawing = (middle: string, definitions = '') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:imoit:test">
  ${definitions}
  <bpmn:process id="tried" name="Thử" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="middle"/>
    ${middle}
    <bpmn:sequenceFlow id="f2" sourceRef="middle" targetRef="end"/>
    <bpmn:endEvent id="end"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>`
const ways = '<bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>'
const service = (type: string) =>
  drawing(
    `<bpmn:serviceTask id="middle" name="Gửi"><bpmn:extensionElements><zeebe:taskDefinition type="${type}"/></bpmn:extensionElements>${ways}</bpmn:serviceTask>`,
  )
const published = async () => (await db.sql`select version from flow_versions where flow_id = 'tried'`).length

describe('publishing a flow', () => {
  it('keeps it once, however often it is published', async () => {
    const first = await publishFlow(db, { xml: service('noop') })
    expect(await publishFlow(db, { xml: service('noop') })).toEqual(first)
    expect(await published()).toBe(1)
  })

  it.each([
    ['a service that nobody offers', service('coffee.make'), 'middle'],
    [
      'a called flow that is not there',
      drawing(
        `<bpmn:callActivity id="middle" name="Gọi"><bpmn:extensionElements><zeebe:calledElement processId="other"/></bpmn:extensionElements>${ways}</bpmn:callActivity>`,
      ),
      'middle',
    ],
    [
      'a decision that is not there',
      drawing(
        `<bpmn:businessRuleTask id="middle" name="Tính"><bpmn:extensionElements><zeebe:calledDecision decisionId="other" resultVariable="r"/></bpmn:extensionElements>${ways}</bpmn:businessRuleTask>`,
      ),
      'middle',
    ],
    [
      'a start at a time that cannot be read',
      drawing(
        `<bpmn:task id="middle">${ways}</bpmn:task><bpmn:startEvent id="daily"><bpmn:outgoing>f3</bpmn:outgoing><bpmn:timerEventDefinition id="t"><bpmn:timeCycle>=hour</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent><bpmn:sequenceFlow id="f3" sourceRef="daily" targetRef="end"/>`,
      ).replace(
        '<bpmn:incoming>f2</bpmn:incoming>',
        '<bpmn:incoming>f2</bpmn:incoming><bpmn:incoming>f3</bpmn:incoming>',
      ),
      'daily',
    ],
  ])('refuses %s, naming the element, and changes nothing', async (_what, xml, elementId) => {
    const before = await published()
    await expect(publishFlow(db, { xml })).rejects.toMatchObject({
      code: 'flow-refused',
      sentence: { en: expect.stringContaining(elementId) as string },
    })
    expect(await published()).toBe(before)
  })

  it('makes a flow of each executable process of a file, at once', async () => {
    const two = service('noop').replace(
      '</bpmn:definitions>',
      `<bpmn:process id="second" name="Hai" isExecutable="true"><bpmn:task id="only"/></bpmn:process>
       <bpmn:process id="sketch" name="Phác"><bpmn:task id="drawn"/></bpmn:process></bpmn:definitions>`,
    )
    const { flows } = await publishFlow(db, { xml: two })
    expect(Object.keys(flows)).toEqual(['tried', 'second'])
  })

  it('warns of tasks that nobody can take today', async () => {
    const xml = drawing(
      `<bpmn:userTask id="middle" name="Việc"><bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="role:astronaut"/></bpmn:extensionElements>${ways}</bpmn:userTask>`,
    )
    const { warnings } = await publishFlow(db, { xml })
    expect(warnings.map(({ rule, elementId }) => [rule, elementId])).toContainEqual(['not-staffed', 'middle'])
  })

  it('refuses a start by what cannot be known before there is a case, and doubts one by another’s message', async () => {
    const begins = (id: string, events: string, parallel = false) =>
      drawnFlow(
        id,
        {
          begin: (begin, ways) =>
            `<bpmn:startEvent id="${begin}" parallelMultiple="${parallel}">${ways}${events}</bpmn:startEvent>`,
          work: task(),
          done: end(),
        },
        { definitions: drawnMessage('a') + drawnSignal('b') },
      )
    const both =
      '<bpmn:messageEventDefinition id="a" messageRef="message_a"/><bpmn:signalEventDefinition id="b" signalRef="signal_b"/>'
    const when = (condition: string) =>
      `<bpmn:conditionalEventDefinition id="c"><bpmn:condition xsi:type="bpmn:tFormalExpression">${condition}</bpmn:condition></bpmn:conditionalEventDefinition>`
    const doubts = async (xml: string) => (await publishFlow(db, { xml })).warnings.map(({ rule }) => rule)

    for (const xml of [begins('together', both + when('=heat &gt; 30'), true), begins('hot', when('=heat &gt; 30'))]) {
      const refused = expect(publishFlow(db, { xml })).rejects
      await refused.toMatchObject({ code: 'flow-refused', message: expect.stringContaining('heat') as string })
    }
    expect(await doubts(begins('either', both))).not.toContain('shared-message')
    expect(await doubts(begins('other', both))).toContain('shared-message')
    expect(await doubts(begins('late', when('=time(now()) &gt; time("17:00:00")')))).not.toContain('starter')
    expect(await doubts(begins('all', both, true))).not.toContain('starter')
  })
})
