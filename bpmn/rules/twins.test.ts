import { describe, expect, it } from 'vitest'
import { readXml } from '../xml-tree.ts'
import { brokenRules } from './rules.ts'

const arrow = (id: string, from: string, to: string) =>
  `<sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}"/>`
const around = (activity: string) =>
  `<startEvent id="s"/>${activity}<endEvent id="e"/>${arrow('f1', 's', 'a')}${arrow('f2', 'a', 'e')}`
const linked = (target: string, source: string, names = ['L', 'L']) =>
  `<startEvent id="s"/><intermediateThrowEvent id="t"><linkEventDefinition id="lt" name="${names[0]}">${target}</linkEventDefinition></intermediateThrowEvent>
   <intermediateCatchEvent id="c"><linkEventDefinition id="lc" name="${names[1]}">${source}</linkEventDefinition></intermediateCatchEvent><endEvent id="e"/>${arrow('f1', 's', 't')}${arrow('f2', 'c', 'e')}`
const TARGET = '<target>lc</target>'
const SOURCE = '<source>lt</source>'

/** An input and an output of the item, each in as many sets as are asked for. */
const io = (id: string, item: string, inputSets = 1) =>
  `<ioSpecification><dataInput id="${id}i" itemSubjectRef="${item}"/><dataOutput id="${id}o" itemSubjectRef="${item}"/>
   ${`<inputSet><dataInputRefs>${id}i</dataInputRefs></inputSet>`.repeat(inputSets)}<outputSet><dataOutputRefs>${id}o</dataOutputRefs></outputSet></ioSpecification>`
const calling = (sets: number) =>
  around(`<callActivity id="a" calledElement="g">${io('c', 'text', sets)}</callActivity>`)
const copying = (how: string) =>
  around(
    `<task id="a">${io('t', 'text')}<dataInputAssociation id="d"><sourceRef>r</sourceRef><targetRef>ti</targetRef>${how}</dataInputAssociation></task><dataStoreReference id="r" dataStoreRef="store"/>`,
  )
const compensated = (handler: string) =>
  `${around('<task id="a"/>')}<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>${handler}<association id="as" sourceRef="b" targetRef="h"/>`
const sending = (message: string) => around(`<sendTask id="a" messageRef="${message}">${io('t', 'text')}</sendTask>`)
const throwing = (sets: string) =>
  around(
    `<intermediateThrowEvent id="a"><dataInput id="i1"/><dataInput id="i2"/>${sets}<signalEventDefinition id="sd"/></intermediateThrowEvent>`,
  )
const looped = (event: string) =>
  `${throwing('')}<task id="l"><multiInstanceLoopCharacteristics behavior="None" noneBehaviorEventRef="${event}"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>`
const PAIR = '<task id="a"/><task id="x"/>'
const messages = (pools: string) =>
  `<collaboration id="k">${pools}<messageFlow id="mf" sourceRef="a" targetRef="x"/></collaboration>`
const drawing = (ids: [string, string]) =>
  `<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="${ids[0]}"><bpmndi:BPMNPlane id="${ids[1]}" bpmnElement="p"/></bpmndi:BPMNDiagram>`

const ROOTS = `<itemDefinition id="text" structureRef="String"/><itemDefinition id="number" structureRef="Integer"/><dataStore id="store" itemSubjectRef="number"/>
  <message id="full" itemRef="text"/><message id="empty"/><signalEventDefinition id="rd"/><globalTask id="g">${io('g', 'text')}</globalTask>`

function broken(body: string, roots = ''): string[] {
  const xml = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">${ROOTS}<process id="p" isExecutable="false">${body}</process>${roots}</definitions>`
  return brokenRules(readXml(xml), false).map(({ rule }) => rule)
}

describe('what breaks a rule, and its innocent twin', () => {
  it.each<[string, string, [string, string?], [string, string?]]>([
    ['EXT118', 'a link that nobody catches', [linked('', '', ['A', 'B'])], [linked('', '')]],
    ['EXT124', 'a link whose source is said by the other end alone', [linked(TARGET, '')], [linked(TARGET, SOURCE)]],
    ['EXT125', 'a link whose target is said by the other end alone', [linked('', SOURCE)], [linked('', '')]],
    ['EXT125', 'two targets', [linked(TARGET + TARGET, SOURCE)], [linked(TARGET, SOURCE, ['A', 'B'])]],
    ['EXT063', 'sets of data that the called element has not', [calling(2)], [calling(1)]],
    [
      'EXT091',
      'another item behind the reference to a store, an assignment or not',
      [copying('<assignment><from>a</from><to>b</to></assignment>')],
      [copying('<transformation>a</transformation>')],
    ],
    [
      'EXT144',
      'a call activity that compensates',
      [compensated('<callActivity id="h" isForCompensation="true"/>')],
      [compensated('<subProcess id="h" isForCompensation="true"/>')],
    ],
    ['EXT048', 'data for a message that carries none', [sending('empty')], [sending('full')]],
    [
      'EXT084',
      'data of an event that its set leaves out',
      [throwing('<inputSet><dataInputRefs>i1</dataInputRefs></inputSet>')],
      [throwing('')],
    ],
    ['EXT095', 'a loop that throws the definition of an event', [looped('sd')], [looped('rd')]],
    [
      'EXT031',
      'a message within a process that no pool is drawn around',
      [PAIR, messages('')],
      ['<task id="a"/>', `${messages('')}<process id="q"><task id="x"/></process>`],
    ],
    ['EXT002', 'a shape with the id of an element', [PAIR, drawing(['di', 'a'])], [PAIR, drawing(['di', 'plane'])]],
    ['EXT002', 'two shapes with one id', [PAIR, drawing(['di', 'di'])], [PAIR, drawing(['di', 'plane'])]],
  ])('%s: %s', (rule, _what, guilty, innocent) => {
    expect(broken(...guilty)).toContain(rule)
    expect(broken(...innocent)).not.toContain(rule)
  })
})
