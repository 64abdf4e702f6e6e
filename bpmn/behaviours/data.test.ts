import { describe, expect, it } from 'vitest'
import type { Json } from '../case.ts'
import { drawn, rehearse, task, throughDatabase, officeHours } from '../drawn.ts'
import { awaited, nextTasks } from '../explain.ts'
import { migrate } from '../migrate.ts'

const input = (id: string, from: string) =>
  `<dataInputAssociation><sourceRef>${from}</sourceRef><targetRef>${id}</targetRef></dataInputAssociation>`
const sets = (inputs: string[], ...inputSets: string[]) =>
  `<ioSpecification>${inputs.map((id) => `<dataInput id="${id}" name="${id}"/>`).join('')}${inputSets.map((refs) => `<inputSet>${refs}</inputSet>`).join('')}<outputSet/></ioSpecification>`
const needed = (id: string) => `<dataInputRefs>${id}</dataInputRefs>`
const optional = (id: string) => `<optionalInputRefs>${id}</optionalInputRefs>`

describe('input sets', () => {
  const flowWith = (inside: string) =>
    drawn(`<dataObject id="report"/><dataObject id="note"/><startEvent id="s"/><parallelGateway id="f"/>${task('write')}
      <userTask id="read" startQuantity="2">${inside}</userTask><task id="twice" completionQuantity="2"/><endEvent id="e"/>
      s -> f
      f -> write
      f -> twice
      twice -> read
      read -> e`)
  const two = [input('i1', 'report'), input('i2', 'note')].join('')

  it('are waited for until all of one is there', async () => {
    const flow = await flowWith(sets(['i1', 'i2'], needed('i1') + needed('i2')) + two)
    const played = rehearse(flow, {})
    expect(played.waiting).toEqual(['write'])
    expect(awaited(played.state)).toEqual([{ kind: 'data', elementId: 'read', from: 'read' }])
    expect(nextTasks(flow, played.state, played.context)).toContainEqual(expect.objectContaining({ elementId: 'read' }))
    played.complete('write', 'ok', { report: 'r' })
    expect(played.waiting).toEqual([])
    played.step({ type: 'caseModified', reason: 'late', changes: [{ do: 'setVariables', variables: { note: 'n' } }] })
    expect(played.waiting).toEqual(['read'])
    expect(played.task('read').input).toMatchObject({ i1: 'r', i2: 'n' })
    played.complete('read', 'ok')
    expect([played.ended, played.residue]).toEqual(['completed', []])
  })

  it.each<[string, string, Record<string, Json>, boolean]>([
    ['one of several sets is enough', sets(['i1', 'i2'], needed('i1'), needed('i2')), { note: 'n' }, true],
    ['none of several is not', sets(['i1', 'i2'], needed('i1'), needed('i2')), {}, false],
    [
      'an optional input is not waited for',
      sets(['i1', 'i2'], needed('i1') + needed('i2') + optional('i2')),
      { report: 'r' },
      true,
    ],
    [
      'what is there at the start is',
      sets(['i1', 'i2'], needed('i1') + needed('i2')),
      { report: 'r', note: 'n' },
      true,
    ],
    ['an empty set asks for nothing', sets(['i1', 'i2'], needed('i1'), ''), {}, true],
  ])('%s', async (_what, specification, variables, begins) => {
    const played = rehearse(await flowWith(specification + two), variables)
    expect(played.waiting).toEqual(begins ? ['read', 'write'] : ['write'])
  })

  it('are given up with their activity, and are those of the newer version after a move', async () => {
    const flow = await flowWith(sets(['i1', 'i2'], needed('i1') + needed('i2')) + two)
    const played = rehearse(flow, {})
    const relaxed = await flowWith('')
    const moved = migrate(played.state, flow, relaxed, { map: {} }, officeHours())
    expect(moved.ok && throughDatabase(moved.state).tasks).toHaveLength(2)
    expect(played.step({ type: 'caseCancelled' })).toBeNull()
    expect([played.ended, played.residue]).toEqual(['terminated', []])
    expect(played.state.conditions).toBeUndefined()
  })
})

describe('data objects and stores', () => {
  it('a state is written with the object; each sub-process has objects of its own', async () => {
    const flow =
      await drawn(`<dataObject id="letter"/><dataObjectReference id="signed" dataObjectRef="letter"><dataState id="st" name="signed"/></dataObjectReference>
      <startEvent id="s"/><scriptTask id="w"><extensionElements><zeebe:script expression="=&quot;text&quot;" resultVariable="out"/></extensionElements>
        <ioSpecification><dataOutput id="out"/><inputSet/><outputSet><dataOutputRefs>out</dataOutputRefs></outputSet></ioSpecification>
        <dataOutputAssociation><sourceRef>out</sourceRef><targetRef>signed</targetRef></dataOutputAssociation></scriptTask>
      <subProcess id="p"><dataObject id="letter2" name="letter"/><startEvent id="in"/>${task('t')}\n in -> t\n</subProcess>
      s -> w
      w -> p`)
    const played = rehearse(flow, {})
    expect(played.state.variables).toEqual({ letter: 'text', letter_state: 'signed' })
    played.step({ type: 'taskCompleted', taskId: played.task('t').taskId, variables: { letter: 'inner' } })
    expect(played.state.variables).toMatchObject({ letter: 'text' })
  })

  it('a store is read and written under its name, and never waited for', async () => {
    const flow = await drawn(
      `<dataStoreReference id="ref" dataStoreRef="store"/><startEvent id="s"/><userTask id="t">${sets(['i1'], needed('i1'))}
        <dataInputAssociation><sourceRef>ref</sourceRef><targetRef>i1</targetRef></dataInputAssociation></userTask>
      s -> t`,
      '<dataStore id="store" name="archive"/>',
    )
    expect(rehearse(flow, {}).waiting).toEqual(['t'])
    expect(rehearse(flow, { archive: 7 }).task('t').input).toEqual({ i1: 7 })
  })
})

describe('several instances', () => {
  it.each([
    ['plain names', 'units', 'given', 'answers'],
    ['names of several words', 'Danh sách đơn vị', 'Data Input', 'Các ý kiến'],
    ['ids that are no names', '', '', ''],
  ])('go over a data input, and give a data output: %s', async (_what, object, input, result) => {
    const named = (name: string) => (name === '' ? '' : `name="${name}"`)
    const flow =
      await drawn(`<dataObject id="_o-1" ${named(object)} isCollection="true"/><dataObject id="_o-2" ${named(result)} isCollection="true"/>
      <startEvent id="s"/><userTask id="t">
        <ioSpecification><dataInput id="_i-1" ${named(input)} isCollection="true"/><dataOutput id="_d-1" isCollection="true"/>
          <inputSet><dataInputRefs>_i-1</dataInputRefs></inputSet><outputSet><dataOutputRefs>_d-1</dataOutputRefs></outputSet></ioSpecification>
        <dataInputAssociation><sourceRef>_o-1</sourceRef><targetRef>_i-1</targetRef></dataInputAssociation>
        <dataOutputAssociation><sourceRef>_d-1</sourceRef><targetRef>_o-2</targetRef></dataOutputAssociation>
        <multiInstanceLoopCharacteristics><loopDataInputRef>_i-1</loopDataInputRef><loopDataOutputRef>_d-1</loopDataOutputRef>
          <inputDataItem id="unit"/><outputDataItem id="_a-1"/></multiInstanceLoopCharacteristics></userTask><endEvent id="e"/>
      s -> t
      t -> e`)
    const played = rehearse(flow, { [object || '_o-1']: ['A', 'B'] })
    const tasks = [...played.tasks.values()].map(({ taskId, input: given }) => ({ taskId, unit: given['unit'] }))
    expect(tasks.map(({ unit }) => unit)).toEqual(['A', 'B'])
    for (const { taskId, unit } of tasks)
      played.step({ type: 'taskCompleted', taskId, variables: { '_a-1': `of ${String(unit)}` } })
    expect(played.ended).toBe('completed')
    expect(played.state.variables[result || '_o-2']).toEqual(['of A', 'of B'])
  })
})
