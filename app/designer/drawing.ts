import { readXml, type XmlElement } from '#bpmn/xml-tree.ts'
import { Refusal } from '#db/refusal.ts'

const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL'
const BPMNDI = 'http://www.omg.org/spec/BPMN/20100524/DI'

/** Namespaces whose elements and attributes are read, or only paint. */
const known = new Set([
  BPMN,
  BPMNDI,
  'http://www.omg.org/spec/DD/20100524/DC',
  'http://www.omg.org/spec/DD/20100524/DI',
  'http://www.w3.org/2001/XMLSchema-instance',
  'http://www.w3.org/2001/XMLSchema',
  'http://www.w3.org/XML/1998/namespace',
  'http://camunda.org/schema/zeebe/1.0',
  'http://camunda.org/schema/modeler/1.0',
  'http://bpmn.io/schema/bpmn/biocolor/1.0',
  'http://www.omg.org/spec/BPMN/non-normative/color/1.0',
])

/** What a drawing holds, as far as drawing it is concerned. */
export interface DrawingFacts {
  /** The process that is published: the first executable one, else the first. */
  flowId: string
  name: string
  nameEn: string | null
  /** Ids of all processes of the file. */
  processes: string[]
  hasDiagram: boolean
  /** Namespaces of other tools: kept as they are, and not read. */
  foreign: string[]
}

/**
 * Reads what a BPMN file holds. Throws Refusal `not-bpmn` where it is none, is not well-formed, has no process, or brings a DOCTYPE.
 */
export function readDrawing(xml: string): DrawingFacts {
  const root = read(xml)
  if (root.name !== `{${BPMN}}definitions`) throw notBpmn(`<${local(root.name)}>`)
  const processes = root.children.filter(({ name, attributes }) => name === `{${BPMN}}process` && attributes['id'])
  const drawn = processes.find(({ attributes }) => attributes['isExecutable'] === 'true') ?? processes[0]
  const flowId = drawn?.attributes['id']
  if (!drawn || !flowId) throw noProcess()
  return {
    flowId,
    name: drawn.attributes['name'] || flowId,
    nameEn: property(drawn, 'imoit.name.en'),
    processes: processes.map(({ attributes }) => attributes['id'] ?? ''),
    hasDiagram: some(root, ({ name }) => name === `{${BPMNDI}}BPMNShape`),
    foreign: foreignOf(root),
  }
}

/** A zeebe:property of the element itself. */
function property(element: XmlElement, name: string): string | null {
  const extensions = element.children.find((child) => local(child.name) === 'extensionElements')
  const properties = extensions?.children.find((child) => local(child.name) === 'properties')
  const found = properties?.children.find((child) => child.attributes['name'] === name)
  return found?.attributes['value'] || null
}

function read(xml: string): XmlElement {
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw notBpmn('DOCTYPE')
  try {
    return readXml(xml, { qualified: true })
  } catch (error) {
    throw notBpmn(error instanceof Error ? error.message : String(error))
  }
}

const local = (name: string) => name.replace(/^\{.*\}/, '')

function foreignOf(root: XmlElement): string[] {
  const found = new Set<string>()
  const note = (name: string) => {
    const uri = /^\{(.*)\}/.exec(name)?.[1]
    if (uri !== undefined && uri !== '' && !known.has(uri) && !uri.startsWith('http://www.w3.org/2000/xmlns'))
      found.add(uri)
  }
  some(root, ({ name, attributes }) => {
    note(name)
    for (const attribute of Object.keys(attributes)) note(attribute)
    return false
  })
  return [...found].sort()
}

/** Whether one of the element and everything in it is so. */
function some(element: XmlElement, is: (element: XmlElement) => boolean): boolean {
  return is(element) || element.children.some((child) => some(child, is))
}

const notBpmn = (why: string) =>
  new Refusal('not-bpmn', 422, {
    vi: `Tệp không phải là sơ đồ BPMN 2.0 đọc được (${why}) nên chưa có gì được lưu. Hãy xuất lại tệp .bpmn từ công cụ vẽ rồi thử lại.`,
    en: `This is no BPMN 2.0 that can be read (${why}), so nothing was kept. Export the .bpmn file again and try once more.`,
  })

const noProcess = () =>
  new Refusal('not-bpmn', 422, {
    vi: 'Tệp là BPMN nhưng không có quy trình nào nên chưa có gì được lưu. Hãy chọn tệp có ít nhất một quy trình (process).',
    en: 'The file is BPMN but holds no process, so nothing was kept. Choose one with at least one process.',
  })

/** An empty flow: a start to draw on from. */
export function blankDrawing(flowId: string, name: string): string {
  const text = (value: string) =>
    value.replace(/[<>&"]/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[sign] ?? '')
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="${BPMN}" xmlns:bpmndi="${BPMNDI}" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions_${flowId}" targetNamespace="urn:imoit:${flowId}" exporter="iMOIT">
  <bpmn:process id="${flowId}" name="${text(name)}" isExecutable="true">
    <bpmn:startEvent id="start" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="${flowId}">
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
`
}

/** An id made of a name: "Xin ý kiến" → "xin-y-kien". XML wants a letter first. */
export function flowIdOf(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll('đ', 'd')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  return words.slice(0, 60) || 'flow'
}
