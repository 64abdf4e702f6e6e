import { describe, expect, it } from 'vitest'
import { readXml } from '../xml-tree.ts'
import { brokenRules, rules } from './rules.ts'

const formal = (tag: string, text: string) => `<${tag} xsi:type="tFormalExpression">${text}</${tag}>`
const arrow = (id: string, from: string, to: string, inside = '') =>
  `<sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${inside}</sequenceFlow>`

/** Rules that a process breaks; `roots` stand beside it in the file. */
function broken(body: string, roots = '', attributes = 'isExecutable="true"'): string[] {
  const xml = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d">${roots}
    <process id="p" ${attributes}>${body}</process></definitions>`
  return [...new Set(brokenRules(readXml(xml), false).map(({ rule }) => rule))]
}

const around = (activity: string) =>
  `<startEvent id="s"/>${activity}<endEvent id="e"/>${arrow('f1', 's', 'a')}${arrow('f2', 'a', 'e')}`
const event = (inside: string, tag = 'intermediateCatchEvent') => around(`<${tag} id="a">${inside}</${tag}>`)

describe('rules of the standard', () => {
  it('say nothing of what others write on an element', () => {
    const others = 'xmlns:v="urn:others" v:id="s" v:default="nowhere" v:startQuantity="0" v:type="mail"'
    expect(broken(around(`<task id="a" ${others}/>`))).toEqual([])
    const duration = formal('timeDuration', 'PT1H').replace('>', ' xmlns:v="urn:others" v:type="short">')
    expect(broken(event(`<timerEventDefinition>${duration}</timerEventDefinition>`))).toEqual([])
  })

  it('are kept by a sound process', () => {
    expect(broken(around('<task id="a"/>'))).toEqual([])
    expect(broken(event(`<timerEventDefinition>${formal('timeDuration', 'PT1H')}</timerEventDefinition>`))).toEqual([])
  })

  it.each<[string, string, string?, string?]>([
    ['EXT002', `${around('<task id="a"/>')}<task id="e"/>`],
    ['EXT006', `${around('<task id="a"/>')}<group id="n"/>${arrow('f', 'a', 'n')}`],
    ['EXT007', `${around('<task id="a"/>')}<textAnnotation id="n"/>${arrow('f', 'n', 'a')}`],
    [
      'EXT010',
      around('<task id="a"/>').replace('<endEvent id="e"/>', '<endEvent id="e"><errorEventDefinition/></endEvent>'),
    ],
    [
      'EXT010',
      around('<task id="a"/>').replace(
        '<endEvent id="e"/>',
        '<endEvent id="e"><errorEventDefinition errorRef="er"/></endEvent>',
      ),
      '<error id="er"/>',
    ],
    ['EXT011', event('<escalationEventDefinition/>', 'intermediateThrowEvent')],
    ['EXT012', event('<conditionalEventDefinition><condition>when ready</condition></conditionalEventDefinition>')],
    [
      'EXT012',
      around(
        '<task id="a"><multiInstanceLoopCharacteristics><loopCardinality>a few</loopCardinality></multiInstanceLoopCharacteristics></task>',
      ),
    ],
    [
      'EXT012',
      `${around('<task id="a"/>')}<complexGateway id="g"><activationCondition>some</activationCondition></complexGateway>`,
    ],
    [
      'EXT013',
      around(
        `<task id="a"><multiInstanceLoopCharacteristics behavior="Complex">${formal('loopCardinality', '2')}<complexBehaviorDefinition><condition/></complexBehaviorDefinition></multiInstanceLoopCharacteristics></task>`,
      ),
    ],
    ['EXT013', `${around('<task id="a"/>')}${arrow('f', 'a', 'e', formal('conditionExpression', ' '))}`],
    ['EXT017', around(`<inclusiveGateway id="a" gatewayDirection="Converging"/>${arrow('f', 'a', 'e')}`)],
    ['EXT018', around(`<complexGateway id="a" gatewayDirection="Diverging"/>${arrow('f', 's', 'a')}`)],
    ['EXT019', around(`<exclusiveGateway id="a" gatewayDirection="Mixed"/>${arrow('f', 'a', 'e')}`)],
    ['EXT021', `${around('<task id="a"/>')}<dataObject id="o"/>${arrow('f', 'o', 'e')}`],
    ['EXT022', `${around('<task id="a"/>')}<subProcess id="o" triggeredByEvent="true"/>${arrow('f', 'a', 'o')}`],
    ['EXT026', around(`<task id="a" default="f1"/>${arrow('f', 'a', 'e')}`)],
    [
      'EXT029',
      around('<task id="a"/>'),
      '<collaboration id="c"><participant id="x"><participantMultiplicity minimum="-2" maximum="3"/></participant></collaboration>',
    ],
    [
      'EXT030',
      around('<task id="a"/>'),
      '<collaboration id="c"><participant id="x"><participantMultiplicity minimum="4" maximum="3"/></participant></collaboration>',
    ],
    ['EXT035', around('<task id="a"/>'), '', 'isExecutable="true" processType="Public"'],
    ['EXT037', around('<subProcess id="a" startQuantity="-1"/>')],
    ['EXT038', around('<callActivity id="a" completionQuantity="0"/>')],
    ['EXT041', around('<task id="a"><standardLoopCharacteristics/><multiInstanceLoopCharacteristics/></task>')],
    ['EXT049', around('<receiveTask id="a" instantiate="true"/>')],
    ['EXT053', around('<scriptTask id="a"><script>1 + 1</script></scriptTask>')],
    ['EXT057', around('<subProcess id="a" triggeredByEvent="true"/>')],
    ['EXT058', `${around('<task id="a"/>')}<subProcess id="w" triggeredByEvent="true"><task id="x"/></subProcess>`],
    [
      'EXT059',
      `${around('<task id="a"/>')}<subProcess id="w" triggeredByEvent="true"><startEvent id="x"><cancelEventDefinition/></startEvent></subProcess>`,
    ],
    ['EXT061', around('<adHocSubProcess id="a"><dataObject id="o"/></adHocSubProcess>')],
    ['EXT062', around('<adHocSubProcess id="a"><task id="x"/><endEvent id="y"/></adHocSubProcess>')],
    [
      'EXT063',
      around('<callActivity id="a" calledElement="q"/>'),
      '<process id="q"><ioSpecification><dataInput id="i"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet/></ioSpecification></process>',
    ],
    ['EXT067', around('<task id="a"><multiInstanceLoopCharacteristics/></task>')],
    [
      'EXT084',
      around('<task id="a"><ioSpecification><dataInput id="i"/><inputSet/><outputSet/></ioSpecification></task>'),
    ],
    ['EXT096', `${around('<task id="a"/>')}${arrow('f', 'a', 's')}`],
    ['EXT097', '<task id="a"/><endEvent id="e"/>' + arrow('f', 'a', 'e')],
    [
      'EXT098',
      around('<task id="a"/>').replace(
        '<startEvent id="s"/>',
        '<startEvent id="s"><errorEventDefinition/></startEvent>',
      ),
    ],
    [
      'EXT099',
      around('<callActivity id="a" calledElement="q"/>'),
      '<process id="q"><startEvent id="qs"><timerEventDefinition/></startEvent></process>',
    ],
    ['EXT100', around('<subProcess id="a"><startEvent id="x"><signalEventDefinition/></startEvent></subProcess>')],
    ['EXT101', `${around('<task id="a"/>')}<startEvent id="t"/>`],
    ['EXT104', `${around('<task id="a"/>')}${arrow('f', 'e', 'a')}`],
    ['EXT105', '<startEvent id="s"/><task id="a"/>' + arrow('f', 's', 'a')],
    [
      'EXT106',
      around('<task id="a"/>').replace('<endEvent id="e"/>', '<endEvent id="e"><cancelEventDefinition/></endEvent>'),
    ],
    ['EXT107', `${around('<task id="a"/>')}<endEvent id="t"/>`],
    ['EXT110', `${around('<task id="a"/>')}<boundaryEvent id="b" attachedToRef="a"/>${arrow('f', 'b', 'e')}`],
    [
      'EXT111',
      `${around('<task id="a"/>')}<boundaryEvent id="b" attachedToRef="a"><cancelEventDefinition/></boundaryEvent>${arrow('f', 'b', 'e')}`,
    ],
    [
      'EXT112',
      `${around('<task id="a"/>')}<boundaryEvent id="b" attachedToRef="a"><timerEventDefinition/></boundaryEvent>${arrow('f', 'b', 'e')}${arrow('g', 'a', 'b')}`,
    ],
    [
      'EXT113',
      `${around('<task id="a"/>')}<boundaryEvent id="b" attachedToRef="a"><timerEventDefinition/></boundaryEvent>`,
    ],
    [
      'EXT115',
      `${around('<task id="a"/>')}<intermediateCatchEvent id="c"><signalEventDefinition/></intermediateCatchEvent>${arrow('f', 'c', 'e')}`,
    ],
    ['EXT116', `${around('<task id="a"/>')}<intermediateThrowEvent id="c"/>${arrow('f', 'a', 'c')}`],
    ['EXT117', event('<linkEventDefinition name="L"/>', 'intermediateThrowEvent')],
    [
      'EXT124',
      `${around('<task id="a"/>')}<intermediateCatchEvent id="c"><linkEventDefinition name="L"/></intermediateCatchEvent>${arrow('f', 'c', 'e')}`,
    ],
    [
      'EXT125',
      `${around('<task id="a"/>')}<intermediateThrowEvent id="c"><linkEventDefinition name="L"/></intermediateThrowEvent>${arrow('f', 'a', 'c')}`,
    ],
    ['EXT127', event('<messageEventDefinition/>', 'intermediateThrowEvent')],
    ['EXT128', event('<messageEventDefinition messageRef="m"/>'), '<message id="m"/>'],
    ['EXT135', around('<parallelGateway id="a"/>')],
    ['EXT136', around('<eventBasedGateway id="a"/>')],
    ['EXT138', around('<eventBasedGateway id="a"/>')],
    [
      'EXT143',
      `${around('<task id="a"/>')}<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>`,
    ],
    [
      'EXT144',
      `${around('<task id="a"/>')}<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><association id="as" sourceRef="b" targetRef="a"/>`,
    ],
    [
      'EXT146',
      around('<task id="a"/>').replace(
        '<endEvent id="e"/>',
        '<endEvent id="e"><linkEventDefinition name="L"/></endEvent>',
      ),
    ],
    ['EXT148', event('<terminateEventDefinition/>')],
    ['EXT149', event('<timerEventDefinition/>', 'intermediateThrowEvent')],
    ['EXT150', `${around('<task id="a"/>')}<task id="b"/>${arrow('f', 'b', 'e')}`],
    ['EXT151', `${around('<task id="a"/>')}<task id="b"/>${arrow('f', 'a', 'b')}`],
    ['EXT152', around('<subProcess id="a"><task id="x"/></subProcess>') + arrow('f', 'a', 'x')],
    ['REF', around('<callActivity id="a" calledElement="nothing"/>')],
    ['REF', around('<callActivity id="a" calledElement="e"/>')],
    ['REF', `${around('<task id="a"/>')}<association id="as" sourceRef="a" targetRef="nowhere"/>`],
    [
      'REF',
      `${around('<task id="a"/>')}<boundaryEvent id="b" attachedToRef="e"><timerEventDefinition/></boundaryEvent>`,
    ],
    ['REF', event('<signalEventDefinition signalRef="a"/>')],
  ])('%s is named where it is broken another way', (rule, body, roots, attributes) => {
    expect(broken(body, roots, attributes)).toContain(rule)
  })

  it('each have a sentence in both languages, and one name', () => {
    for (const { rule, vi, en } of rules) {
      expect(rule).toMatch(/^(EXT\d{3}|REF)$/)
      expect(vi).not.toBe(en)
    }
    expect(new Set(rules.map(({ rule }) => rule)).size).toBe(rules.length)
  })
})
