import { describe, expect, it } from 'vitest'
import { drawn, drawnXml, service, task } from './drawn.ts'
import { FlowRefused, MAX_XML_LENGTH, parseBpmn, parseFlow } from './parse.ts'

describe('reading a diagram', () => {
  it('gives the graph with its conditions in the order of the drawing', async () => {
    const flow = await drawn(`<startEvent id="s"/><exclusiveGateway id="g"/>${task('a')}${service('b', 'noop')}
      s -> g
      g -> a if x > 1
      g -> b otherwise`)
    expect(flow).toMatchObject({ format: 2, id: 'drawn', executable: true, startEvents: ['s'], unread: [] })
    const gateway = flow.nodes['g']
    expect(gateway?.outgoing.map((id) => flow.sequenceFlows[id])).toMatchObject([
      { target: 'a', condition: '=x > 1' },
      { target: 'b', condition: null },
    ])
    expect(gateway).toMatchObject({ default: gateway?.outgoing[1] })
    expect(JSON.parse(JSON.stringify(flow))).toEqual(flow)
  })

  it('keeps where elements are drawn', async () => {
    const flow = await parseFlow(`<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="d" targetNamespace="t">
      <bpmn:process id="p"><bpmn:startEvent id="s"/></bpmn:process>
      <bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p"><bpmndi:BPMNShape bpmnElement="s"><dc:Bounds x="10" y="20" width="36" height="36"/>
      </bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>`)
    expect(flow.shapes['s']).toEqual({ x: 10, y: 20, width: 36, height: 36 })
  })
})

describe('what is no flow is refused, with the reason in both languages', () => {
  it.each<[string, string, string]>([
    ['xml', 'not well-formed', '<definitions'],
    ['xml', 'something else', '<html/>'],
    ['doctype', 'an entity', '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'],
    ['no-process', 'no process', drawnXml('').replace(/<process.*<\/process>/s, '')],
    ['REF', 'a flow to nowhere', drawnXml('<startEvent id="s"/>\n s -> nowhere')],
    ['id', 'an id that is none', drawnXml('<startEvent id="__proto__"/>')],
    ['size', 'too long', ' '.repeat(MAX_XML_LENGTH + 1)],
  ])('%s: %s', async (rule, _what, xml) => {
    const parsed = await parseBpmn(xml)
    expect(parsed.ok ? [] : parsed.findings).toContainEqual(expect.objectContaining({ rule, severity: 'error' }))
    const refused = await parseFlow(xml).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(FlowRefused)
    expect(refused).toMatchObject({ code: 'flow-refused', status: 422 })
    if (refused instanceof FlowRefused) expect(refused.vi).not.toBe(refused.en)
  })
})
