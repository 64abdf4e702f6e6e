/** What the engine runs and a step carries: called flows, decisions, lanes, and each event that moves a case. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseEvent, Variables } from '#bpmn/case.ts'
import {
  calls,
  catchesMessage,
  catchesSignal,
  decides,
  drawnFile,
  drawnFlow,
  drawnGraph,
  end,
  gateway,
  plainTask,
  service,
  start,
  task,
  terminates,
  waits,
  whenOn,
  type Drawn,
} from '#test/fixtures/drawn-flow.ts'
import type { OfficeMember } from '#test/fixtures/small-office.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import { fireTimer } from './case-work.ts'
import type { Database } from './database.ts'
import { publishDecisions } from './decisions.ts'
import { publishFlow } from './flows.ts'
import { mendIncident } from './incidents.ts'
import { runStep, startCase } from './step.ts'
import { completeTask, inbox } from './tasks.ts'

let db: Database
let office: Record<string, OfficeMember>

beforeAll(async () => {
  ;({ db, office } = await openOfficeDatabase())
})
afterAll(() => db.close())

const publish = (xml: string) => publishFlow(db, { xml })
const begin = async (flowId: string, variables: Variables = {}) =>
  (await startCase(db, { flowId, documentId: null, variables, key: randomUUID(), actor: null })).caseId
const step = (caseId: string, event: CaseEvent) =>
  runStep(db, { of: { caseId }, key: randomUUID(), actor: null, decide: () => event })
const openTasks = async (caseId: string) =>
  db.sql<{ id: string; elementId: string; name: string; groups: string[]; scope: string[] }[]>`
    select id, element_id as "elementId", name, candidate_groups as groups, scope from tasks where case_id = ${caseId} and state = 'open' order by element_id`
const waiting = async (caseId: string) => (await openTasks(caseId)).map(({ elementId }) => elementId)
const complete = async (caseId: string, elementId: string, variables: Variables = {}) => {
  const open = (await openTasks(caseId)).find((one) => one.elementId === elementId)
  await completeTask(db, office.clerk!.viewer, { taskId: open!.id, key: randomUUID(), outcome: 'done', variables })
}
const statusOf = async (caseId: string) => (await db.sql`select status from cases where id = ${caseId}`)[0]?.status
const variablesOf = async (caseId: string) =>
  (await db.sql<{ v: Variables }[]>`select state -> 'variables' as v from case_states where case_id = ${caseId}`)[0]!.v
const timersOf = (caseId: string) =>
  db.sql<{ timerId: string; occurrence: number; elementId: string }[]>`
    select timer_id as "timerId", occurrence, element_id as "elementId" from timers where case_id = ${caseId}`
const left = async (caseId: string) =>
  (
    await db.sql<{ rows: number }[]>`
      select (select count(*) from tasks where case_id = ${caseId} and state = 'open')::int + (select count(*) from timers where case_id = ${caseId})::int
        + (select count(*) from subscriptions where case_id = ${caseId})::int
        + (select count(*) from calls where case_id = ${caseId} and token is not null and state in ('open', 'claimed'))::int as rows`
  )[0]!.rows

describe('a called flow', () => {
  it('runs in the case, by the version there was when it was entered, with its tasks and timers', async () => {
    await publish(drawnFlow('inner', { begin: start(), review: task(), done: end() }))
    await publish(drawnFlow('outer', { begin: start(), call: calls('inner'), after: task(), done: end() }))
    const caseId = await begin('outer')
    await publish(drawnFlow('inner', { begin: start(), wait: waits('Duration', 'P1D'), done: end() }))

    const [open] = await openTasks(caseId)
    expect(open).toMatchObject({ elementId: 'call/review', name: 'Việc review', scope: ['call'] })
    await complete(caseId, 'call/review')
    expect(await waiting(caseId)).toEqual(['after'])

    const later = await begin('outer')
    const [timer] = await timersOf(later)
    expect(timer).toMatchObject({ elementId: 'call/wait' })
    await fireTimer(db, { caseId: later, ...timer! })
    expect(await waiting(later)).toEqual(['after'])
  })

  it('is the one its caller was published with, or of its tag, where that is asked for', async () => {
    const tagged = (tag: string) => ({
      beside: `<bpmn:extensionElements><zeebe:versionTag value="${tag}"/></bpmn:extensionElements>`,
    })
    const inner = (element: string, tag: string) =>
      drawnFlow('bound', { begin: start(), [element]: task(), done: end() }, tagged(tag))
    await publish(inner('first', 'one'))
    await publish(
      drawnFlow('deployed', { begin: start(), call: calls('bound', 'bindingType="deployment"'), done: end() }),
    )
    await publish(inner('second', 'two'))
    await publish(drawnFlow('nested', { begin: start(), call: calls('deployed'), done: end() }))
    await publish(
      drawnFlow('pinned', {
        begin: start(),
        call: calls('bound', 'bindingType="versionTag" versionTag="two"'),
        done: end(),
      }),
    )
    await publish(inner('third', 'three'))

    expect(await waiting(await begin('deployed'))).toEqual(['call/first'])
    expect(await waiting(await begin('nested'))).toEqual(['call/call/first'])
    expect(await waiting(await begin('pinned'))).toEqual(['call/second'])
  })

  it('that an expression names and that is not there is an incident, and runs when it is retried after it was published', async () => {
    await publish(drawnFlow('chooser', { begin: start(), call: calls('=which'), done: end() }))
    const caseId = await begin('chooser', { which: 'yet-to-come' })
    const [incident] = await db.sql<{ id: string; message: string }[]>`
      select incident_id as id, message from incidents where case_id = ${caseId}`
    expect(incident?.message).toContain('yet-to-come')

    await publish(drawnFlow('yet-to-come', { begin: start(), work: task(), done: end() }))
    await mendIncident(db, office.admin!.viewer, { caseId, incidentId: incident!.id, key: randomUUID() })
    expect(await waiting(caseId)).toEqual(['call/work'])
  })
})

describe('a decision', () => {
  const table = (small: string) => `<?xml version="1.0" encoding="UTF-8"?>
    <definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="levels" name="levels" namespace="urn:test">
      <inputData id="i" name="amount"><variable name="amount"/></inputData>
      <decision id="level" name="Level"><variable name="Level"/>
        <informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
        <decisionTable id="t" hitPolicy="FIRST"><input id="in"><inputExpression id="e"><text>amount</text></inputExpression></input><output id="out"/>
          <rule id="r1"><inputEntry id="a"><text>&lt; 10</text></inputEntry><outputEntry id="b"><text>"${small}"</text></outputEntry></rule>
          <rule id="r2"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="d"><text>"high"</text></outputEntry></rule>
        </decisionTable></decision></definitions>`

  it('is made inside the step, by the newest table published', async () => {
    const first = await publishDecisions(db, { xml: table('low') })
    expect(await publishDecisions(db, { xml: table('low') })).toEqual({ ...first, isNew: false })
    await publish(
      drawnFlow('deciding', { begin: start(), decide: decides('level', 'level'), work: task(), done: end() }),
    )

    expect(await variablesOf(await begin('deciding', { amount: 5 }))).toMatchObject({ level: 'low' })
    expect(await variablesOf(await begin('deciding', { amount: 50 }))).toMatchObject({ level: 'high' })
    expect(await publishDecisions(db, { xml: table('tiny') })).toMatchObject({ version: 2 })
    expect(await variablesOf(await begin('deciding', { amount: 5 }))).toMatchObject({ level: 'tiny' })
  })

  it.each([
    ['what is no DMN', '<nothing/>'],
    ['what cannot be evaluated', table('x').replace(/<decisionTable[^]*<\/decisionTable>/, '<invocation/>')],
  ])('is not published from %s', async (_what, xml) => {
    await expect(publishDecisions(db, { xml })).rejects.toMatchObject({ code: 'decision-refused', status: 422 })
  })
})

describe('a lane', () => {
  const laned = (id: string, lane: string) =>
    drawnFile(`<bpmn:process id="${id}" isExecutable="true">
      <bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="${lane}"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef><bpmn:flowNodeRef>work</bpmn:flowNodeRef><bpmn:flowNodeRef>done</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
      ${start()('begin', '<bpmn:outgoing>a</bpmn:outgoing>')}<bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="work"/>
      ${plainTask()('work', '<bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>')}<bpmn:sequenceFlow id="b" sourceRef="work" targetRef="done"/>
      ${end()('done', '<bpmn:incoming>b</bpmn:incoming>')}</bpmn:process>`)

  it.each([
    ['Cục Thương mại điện tử và Kinh tế số', ['unit:TMDT:clerk', 'unit:TMDT:head', 'unit:TMDT:specialist']],
    ['tmđt', ['unit:TMDT:clerk', 'unit:TMDT:head', 'unit:TMDT:specialist']],
    ['PC', ['unit:PC:clerk', 'unit:PC:head', 'unit:PC:specialist']],
    ['ministry-clerk', ['role:ministry-clerk']],
    ['role:leader', ['role:leader']],
    ['minister', ['role:leader']],
  ])('named %s gives its tasks to whom it says', async (lane, groups) => {
    const id = `lane-${lane.replace(/[^a-z]/gi, '')}`
    const { warnings } = await publish(laned(id, lane))
    const caseId = await begin(id)
    expect((await openTasks(caseId))[0]!.groups.toSorted()).toEqual(groups)
    expect(warnings.map(({ rule }) => rule)).not.toContain('not-staffed')
    const candidates =
      await db.sql`select 1 from task_candidates c join tasks t on t.id = c.task_id where t.case_id = ${caseId}`
    expect(candidates).toHaveLength(groups.length)
  })

  it('that names nobody is on the administrators’ list, and gives the task when the unit is there', async () => {
    const { warnings } = await publish(laned('lane-nobody', 'Vụ Vũ trụ'))
    expect(warnings.map(({ rule }) => rule)).toContain('not-staffed')
    const caseId = await begin('lane-nobody')
    const mend = { caseId, incidentId: '' }
    const [incident] = await db.sql<{ id: string; code: string }[]>`
      select incident_id as id, code from incidents where case_id = ${caseId}`
    expect(incident?.code).toBe('nobody')
    mend.incidentId = incident!.id
    await expect(mendIncident(db, office.admin!.viewer, { ...mend, key: randomUUID() })).rejects.toMatchObject({
      code: 'still-nobody',
    })

    await db.sql`update units set name = 'Vụ Vũ trụ' where code = 'XNK'`
    await mendIncident(db, office.admin!.viewer, { ...mend, key: randomUUID() })

    const lines = await inbox(db, office.xnkSpecialist!.viewer, { limit: 100 })
    expect(lines.map((line) => line.caseId)).toContain(caseId)
  })
})

describe('a case', () => {
  it('looks at its conditions again when a person sets variables', async () => {
    const elements = {
      begin: start(),
      work: task(),
      done: end(),
      hot: whenOn('work', 'heat > 30', true),
      cool: task(),
      cooled: end(),
    }
    await publish(drawnGraph('watched', elements, ['begin > work', 'work > done', 'hot > cool', 'cool > cooled']))
    const caseId = await begin('watched', { heat: 20 })
    await step(caseId, {
      type: 'caseModified',
      changes: [{ do: 'setVariables', variables: { heat: 25 } }],
      reason: 'đo lại',
    })
    expect(await waiting(caseId)).toEqual(['work'])

    await step(caseId, {
      type: 'caseModified',
      changes: [{ do: 'setVariables', variables: { heat: 35 } }],
      reason: 'đo lại',
    })

    expect(await waiting(caseId)).toEqual(['cool'])
  })

  it('waits for the first of several events and gives up the others', async () => {
    const events = { time: waits('Duration', 'P1D'), signal: catchesSignal('go'), word: catchesMessage('go', '1') }
    const after = { afterTime: task(), afterSignal: task(), afterWord: task() }
    await publish(
      drawnGraph('race', { begin: start(), gate: gateway('eventBased'), ...events, ...after, done: end() }, [
        ...['begin > gate', 'gate > time', 'gate > signal', 'gate > word'],
        ...['time > afterTime', 'signal > afterSignal', 'word > afterWord'],
        ...['afterTime > done', 'afterSignal > done', 'afterWord > done'],
      ]),
    )
    const byTimer = await begin('race')
    expect(await db.sql`select kind from subscriptions where case_id = ${byTimer} order by kind`).toEqual([
      { kind: 'message' },
      { kind: 'signal' },
    ])
    const [timer] = await timersOf(byTimer)
    await fireTimer(db, { caseId: byTimer, ...timer! })
    expect([await waiting(byTimer), await left(byTimer)]).toEqual([['afterTime'], 1])

    const bySignal = await begin('race')
    await step(bySignal, { type: 'signalReceived', name: 'go' })
    expect([await waiting(bySignal), await left(bySignal)]).toEqual([['afterSignal'], 1])
  })

  it('lets a person start an activity of an ad-hoc sub-process once more, and ends it by its condition', async () => {
    const hoc: Drawn = (
      id,
      ways,
    ) => `<bpmn:adHocSubProcess id="${id}" ordering="Parallel">${ways}${task()('call', '')}${task()('write', '')}
        <bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=enough = true</bpmn:completionCondition></bpmn:adHocSubProcess>`
    await publish(drawnFlow('free', { begin: start(), work: task(), hoc, done: end() }))
    const caseId = await begin('free', { enough: false })
    await complete(caseId, 'work')
    await complete(caseId, 'call')
    await step(caseId, { type: 'caseModified', changes: [{ do: 'addToken', at: 'call' }], reason: 'gọi lại' })
    expect(await waiting(caseId)).toEqual(['call', 'write'])

    await complete(caseId, 'call', { enough: true })

    expect([await statusOf(caseId), await left(caseId)]).toEqual(['completed', 0])
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const elements = {
      begin: start(),
      work: task(),
      hot: whenOn('work', 'heat > 30', false),
      cool: task(),
      call: calls('inner'),
      done: end(),
    }
    await publish(
      drawnGraph('cancelled', elements, ['begin > work', 'work > call', 'call > done', 'hot > cool', 'cool > done']),
    )
    const caseId = await begin('cancelled', { heat: 40 })
    expect(await waiting(caseId)).toEqual(['cool', 'work'])
    await complete(caseId, 'work')
    expect(await timersOf(caseId)).toHaveLength(1)

    await step(caseId, { type: 'caseCancelled' })

    expect([await statusOf(caseId), await left(caseId)]).toEqual(['terminated', 0])
  })

  it('does not ask a service that was given up in the same breath', async () => {
    const elements = {
      begin: start(),
      fork: gateway('parallel'),
      serve: service('document.close'),
      stop: terminates(),
      done: end(),
    }
    await publish(drawnGraph('breath', elements, ['begin > fork', 'fork > serve', 'fork > stop', 'serve > done']))
    expect(await statusOf(await begin('breath'))).toBe('terminated')
  })
})
