import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishFlow } from '#db/flows.ts'
import { drawnFile } from '#test/fixtures/drawn-flow.ts'
import { drawnCases } from '#test/fixtures/drawn-cases.ts'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import * as route from '../routes/_app.tasks.$taskId_.form.ts'

let office: OfficeAtWork
let cases: ReturnType<typeof drawnCases>

const fields = [
  { type: 'textfield', key: 'place', label: 'Nơi họp', validate: { required: true, maxLength: 20 } },
  { type: 'number', key: 'seats', label: 'Số ghế', validate: { max: '=most' } },
  {
    type: 'radio',
    key: 'outcome',
    values: [
      { label: 'Có', value: 'yes' },
      { label: 'Không', value: 'no' },
    ],
  },
]
const flow = (name: string, components: object[]) =>
  drawnFile(`<bpmn:process id="${name}" name="${name}" isExecutable="true"><bpmn:extensionElements>
      <zeebe:userTaskForm id="f_${name}">${JSON.stringify({ type: 'default', components })}</zeebe:userTaskForm></bpmn:extensionElements>
    <bpmn:startEvent id="s"><bpmn:outgoing>s_a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="a" name="Đặt phòng"><bpmn:extensionElements><zeebe:formDefinition formKey="camunda-forms:bpmn:f_${name}"/>
      <zeebe:assignmentDefinition candidateGroups="role:ministry-clerk"/></bpmn:extensionElements>
      <bpmn:incoming>s_a</bpmn:incoming><bpmn:outgoing>a_e</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="e"><bpmn:incoming>a_e</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="s_a" sourceRef="s" targetRef="a"/><bpmn:sequenceFlow id="a_e" sourceRef="a" targetRef="e"/></bpmn:process>`)

beforeAll(async () => {
  office = await officeAtWork()
  cases = drawnCases(office.db)
  await publishFlow(office.db, { xml: flow('meeting', fields) })
})
afterAll(() => office.close())

async function opened(variables = {}) {
  const caseId = await cases.start('meeting', variables)
  const [task] = await office.db.sql<{ id: string }[]>`select id from tasks where case_id = ${caseId}`
  return { caseId, taskId: task!.id }
}
const load = (by: string, taskId: string) => answerOf(route.loader(office.asking(by, '/', { taskId })))
const send = (by: string, taskId: string, body: unknown) => {
  const asked = office.asking(by, '/', { taskId })
  const headers = new Headers(asked.request.headers)
  headers.set('content-type', 'application/json')
  const request = new Request(asked.request.url, { method: 'POST', headers, body: JSON.stringify(body) })
  return answerOf(Promise.resolve(route.action({ ...asked, request })))
}

describe('a step with a form of its own', () => {
  it('shows the form to whoever may fill it in, with no more of the case than it names', async () => {
    const { taskId } = await opened({ place: 'Phòng 201', secretOfOthers: 'x' })
    expect((await load('clerk', taskId)).data).toMatchObject({
      schema: { components: fields },
      values: { place: 'Phòng 201' },
    })
    expect((await load('clerk', taskId)).data).not.toHaveProperty('values.secretOfOthers')
    expect((await load('tmdtHead', taskId)).status).toBe(404)
    expect((await send('tmdtHead', taskId, { key: randomUUID(), data: { place: 'x' } })).status).toBe(404)
  })

  it('is answered once, and its answers are variables and outcome of the step', async () => {
    const { caseId, taskId } = await opened({ most: 50 })
    const body = { key: randomUUID(), data: { place: 'Hội trường', seats: '40', outcome: 'yes', leadUnit: 'PC' } }
    // twice, from one window
    for (const _time of [1, 2]) expect((await send('clerk', taskId, body)).to).toBe(`/?done=${taskId}`)
    const [row] = await office.db.sql<{ variables: object; outcome: string }[]>`
      select s.state->'variables' as variables, t.outcome from case_states s join tasks t on t.case_id = s.case_id where s.case_id = ${caseId}`
    expect(row).toEqual({
      outcome: 'yes',
      variables: expect.objectContaining({ place: 'Hội trường', seats: 40 }) as object,
    })
    expect(row?.variables).not.toHaveProperty('leadUnit')
  })

  it('is held to its rules by the server, whatever the page has let through', async () => {
    const { caseId, taskId } = await opened({ most: 50 })
    const refused = await send('clerk', taskId, { key: randomUUID(), data: { seats: 51, outcome: 'maybe' } })
    expect(refused.status).toBe(422)
    expect(refused.data).toEqual({
      errors: [
        { label: 'Nơi họp', error: { is: 'required' } },
        { label: 'Số ghế', error: { is: 'tooLarge', limit: 50 } },
        { label: 'outcome', error: { is: 'notAChoice' } },
      ],
    })
    expect((await send('clerk', taskId, { data: {} })).status).toBe(400)
    expect(await cases.open(caseId)).toEqual(['a'])
  })

  it('keeps its form when its case is moved to a version without it', async () => {
    const { caseId, taskId } = await opened()
    const { id } = await publishFlow(office.db, { xml: flow('meeting', fields).replaceAll('f_meeting', 'f_other') })
    await office.db.sql`update cases set flow_version_id = ${id} where id = ${caseId}`
    expect((await load('clerk', taskId)).data).toMatchObject({ schema: { components: fields } })
  })
})
