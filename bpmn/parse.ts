import type { ModdleElement } from 'bpmn-moddle'
import type { Finding } from './finding.ts'
import { FLOW_FORMAT, isActivity, type Bounds, type Broken, type Flow, type FlowNode } from './flow.ts'
import { openBpmn } from './open-bpmn.ts'
import type { Reader } from './parse-event.ts'
import { readNode } from './parse-node.ts'
import { ownData } from './parse-data.ts'
import { elements, embeddedForms, extension, properties, text } from './parse-extensions.ts'
import { bundle, readGlobalTask } from './parse-called.ts'
import { brokenRules } from './rules/rules.ts'
import { readXml } from './xml-tree.ts'

/** Characters; the largest diagram of the interchange set has 140,000. */
export const MAX_XML_LENGTH = 5_000_000

/** Sub-processes within one another. */
const MAX_NESTING = 50

const ZEEBE = 'http://camunda.org/schema/zeebe/1.0'

export type Parsed = { ok: true; flows: Flow[] } | { ok: false; findings: Finding[] }

/**
 * BPMN XML → one IR per process of the file. What is not well-formed or not BPMN comes back as findings that bar publishing;
 * what BPMN allows and the engine cannot run is left to `check`.
 */
export async function parseBpmn(xml: string): Promise<Parsed> {
  if (xml.length > MAX_XML_LENGTH) {
    return refuse(
      'size',
      null,
      `Tệp sơ đồ lớn hơn ${MAX_XML_LENGTH} ký tự.`,
      `The diagram has over ${MAX_XML_LENGTH} characters.`,
    )
  }
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) {
    return refuse(
      'doctype',
      null,
      'Sơ đồ không được chứa DOCTYPE hay ENTITY.',
      'A diagram must not hold a DOCTYPE or ENTITY.',
    )
  }
  let root
  let result
  try {
    root = readXml(xml)
    result = await openBpmn(xml)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return refuse('xml', null, `Không đọc được sơ đồ: ${message}`, `The diagram cannot be read: ${message}`)
  }
  const broken = brokenRules(root, xml.includes(ZEEBE))
  // the text has been decoded by whoever read it
  const warnings = result.warnings.filter(({ message }) => !message.startsWith('unsupported document encoding'))
  const findings: Finding[] = warnings.map((warning) => ({
    rule: warning.message.startsWith('unresolved reference') ? 'REF' : 'xml',
    severity: 'error',
    elementId: warning.element?.id ?? null,
    vi: `Sơ đồ có phần không đọc được: ${warning.message}`,
    en: `Part of the diagram cannot be read: ${warning.message}`,
  }))
  if (findings.length > 0) return { ok: false, findings: [...broken.map(asFinding), ...findings] }

  const reserved = Object.keys(result.elementsById).find((id) => id in Object.prototype)
  if (reserved !== undefined) {
    return refuse(
      'id',
      reserved,
      `Không thể dùng "${reserved}" làm mã phần tử.`,
      `"${reserved}" cannot be the id of an element.`,
    )
  }
  const drawing = readDrawing(result.rootElement)
  const roots = elements(result.rootElement, 'rootElements')
  const flows = roots.filter((root) => root.$type === 'bpmn:Process').map((process) => readProcess(process, drawing))
  bundle(
    flows,
    roots.flatMap((root) => readGlobalTask(root, newFlow(root)) ?? []),
  )
  if (flows.length === 0) {
    const none = refuse('no-process', null, 'Sơ đồ không có quy trình nào.', 'The diagram holds no process.')
    return { ok: false, findings: [...broken.map(asFinding), ...none.findings] }
  }
  for (const flow of flows) {
    const own = broken.filter(({ processId }) => processId === null || processId === flow.id)
    if (own.length > 0) flow.broken = own.map(({ processId: _processId, ...rest }) => rest)
  }
  return { ok: true, flows }
}

/** A diagram that is no flow. `findings` say what is wrong with which element; nothing has been stored. */
export class FlowRefused extends Error {
  readonly code = 'flow-refused'
  readonly status = 422
  readonly vi: string
  readonly en: string

  constructor(readonly findings: Finding[]) {
    const first = findings[0]
    super(first?.en ?? 'The diagram is no flow.')
    this.name = 'FlowRefused'
    this.vi = `${first?.vi ?? 'Sơ đồ không phải là quy trình.'} Chưa có gì được lưu; hãy sửa sơ đồ rồi thử lại.`
    this.en = `${first?.en ?? 'The diagram is no flow.'} Nothing has been stored; correct the diagram and try again.`
  }
}

/** The executable process of a file (or the one of that id, or else the first). Throws FlowRefused. */
export async function parseFlow(xml: string, processId?: string): Promise<Flow> {
  const parsed = await parseBpmn(xml)
  if (!parsed.ok) throw new FlowRefused(parsed.findings)
  const { flows } = parsed
  const flow =
    processId === undefined
      ? (flows.find((one) => one.executable) ?? flows[0])
      : flows.find((one) => one.id === processId)
  if (flow) return flow
  throw new FlowRefused([
    {
      rule: 'no-process',
      severity: 'error',
      elementId: processId ?? null,
      vi: `Sơ đồ không có quy trình "${processId ?? ''}".`,
      en: `The diagram holds no process "${processId ?? ''}".`,
    },
  ])
}

function asFinding({ rule, elementId, vi, en }: Broken): Finding {
  return { rule, severity: 'error', elementId, vi, en }
}

function refuse(rule: string, elementId: string | null, vi: string, en: string): Extract<Parsed, { ok: false }> {
  return { ok: false, findings: [{ rule, severity: 'error', elementId, vi, en }] }
}

function newFlow(process: ModdleElement): Flow {
  const data = ownData(process)
  const forms = embeddedForms(process)
  const versionTag = text(extension(process, 'zeebe:VersionTag')?.['value'])
  return {
    format: FLOW_FORMAT,
    id: process.id ?? '',
    name: text(process.name) ?? process.id ?? '',
    executable: process['isExecutable'] === true,
    properties: properties(process),
    startEvents: [],
    nodes: {},
    sequenceFlows: {},
    shapes: {},
    edges: {},
    unread: [],
    ...(data.length > 0 ? { data } : {}),
    ...(Object.keys(forms).length > 0 ? { forms } : {}),
    ...(versionTag === null ? {} : { versionTag }),
  }
}

function readProcess(process: ModdleElement, drawing: Pick<Flow, 'shapes' | 'edges'>): Flow {
  const flow = newFlow(process)
  readContainer(flow, process, flow)
  attachBoundaries(flow)
  for (const id of [...Object.keys(flow.nodes), ...Object.keys(flow.sequenceFlows)]) {
    const shape = drawing.shapes[id]
    if (shape) flow.shapes[id] = shape
    const edge = drawing.edges[id]
    if (edge) flow.edges[id] = edge
  }
  return flow
}

function readContainer(
  flow: Flow,
  container: ModdleElement,
  body: Pick<Flow, 'startEvents' | 'eventSubProcesses'>,
  depth = 0,
): void {
  if (depth > MAX_NESTING) {
    flow.unread.push({ elementId: container.id ?? '', what: `nested deeper than ${MAX_NESTING}` })
    return
  }
  const reader: Reader = {
    parent: container.id ?? '',
    unread: (elementId, what) => flow.unread.push({ elementId, what }),
  }
  for (const element of elements(container, 'flowElements')) {
    if (element.$type === 'bpmn:SequenceFlow') {
      readSequenceFlow(flow, element)
      continue
    }
    const node = readNode(element, reader)
    if (!node) continue
    flow.nodes[node.id] = node
    if (node.kind === 'startEvent') body.startEvents.push(node.id)
    if (node.kind !== 'subProcess') continue
    if (node.variant === 'event') body.eventSubProcesses = [...(body.eventSubProcesses ?? []), node.id]
    readContainer(flow, element, node, depth + 1)
  }
  readHandlers(flow, container)
  readLanes(flow, container)
}

/** An association from a compensation boundary event (or to it) names the activity that compensates. */
function readHandlers(flow: Flow, container: ModdleElement): void {
  for (const association of elements(container, 'artifacts')) {
    if (association.$type !== 'bpmn:Association') continue
    const ends = [association['sourceRef'], association['targetRef']].map(
      (end) => (end as ModdleElement | undefined)?.id,
    )
    for (const [from, to] of [ends, ends.toReversed()]) {
      const boundary = flow.nodes[from ?? '']
      const handler = flow.nodes[to ?? '']
      if (boundary?.kind !== 'boundaryEvent' || boundary.event.type !== 'compensation') continue
      if (handler && isActivity(handler)) boundary.handler ??= handler.id
    }
  }
}

function readLanes(flow: Flow, container: ModdleElement): void {
  const visit = (set: ModdleElement | undefined): void => {
    for (const lane of set ? elements(set, 'lanes') : []) {
      const name = text(lane.name)
      for (const member of elements(lane, 'flowNodeRef')) {
        const node = flow.nodes[member.id ?? '']
        if (node?.kind === 'userTask' && name !== null) node.lane = name
      }
      visit(lane['childLaneSet'] as ModdleElement | undefined)
    }
  }
  for (const set of elements(container, 'laneSets')) visit(set)
}

/** Order of the sequence flows is the order in which a gateway asks them: `outgoing` where the file has it, else that of the file. */
function readSequenceFlow(flow: Flow, element: ModdleElement): void {
  const source = (element['sourceRef'] as ModdleElement | undefined)?.id
  const target = (element['targetRef'] as ModdleElement | undefined)?.id
  const id = element.id ?? ''
  if (!source || !target) {
    flow.unread.push({ elementId: id, what: 'sequence flow without source or target' })
    return
  }
  const condition = text((element['conditionExpression'] as ModdleElement | undefined)?.['body'])
  flow.sequenceFlows[id] = {
    id,
    name: text(element.name) ?? '',
    source,
    target,
    condition: condition === null ? null : condition.startsWith('=') ? condition : `=${condition}`,
  }
}

function attachBoundaries(flow: Flow): void {
  for (const edge of Object.values(flow.sequenceFlows)) {
    const source = flow.nodes[edge.source]
    const target = flow.nodes[edge.target]
    if (source && !source.outgoing.includes(edge.id)) source.outgoing.push(edge.id)
    if (target && !target.incoming.includes(edge.id)) target.incoming.push(edge.id)
  }
  for (const node of Object.values(flow.nodes)) {
    node.outgoing = node.outgoing.filter((id) => flow.sequenceFlows[id]?.source === node.id)
    node.incoming = node.incoming.filter((id) => flow.sequenceFlows[id]?.target === node.id)
    if (node.kind !== 'boundaryEvent') continue
    const host: FlowNode | undefined = flow.nodes[node.attachedTo]
    if (host && isActivity(host)) host.boundaries.push(node.id)
    else flow.unread.push({ elementId: node.id, what: 'boundary event that is attached to no activity' })
  }
}

function readDrawing(definitions: ModdleElement): Pick<Flow, 'shapes' | 'edges'> {
  const shapes: Record<string, Bounds> = {}
  const edges: Flow['edges'] = {}
  for (const diagram of elements(definitions, 'diagrams')) {
    const plane = diagram['plane'] as ModdleElement | undefined
    if (!plane) continue
    for (const drawn of elements(plane, 'planeElement')) {
      const id = (drawn['bpmnElement'] as ModdleElement | undefined)?.id
      if (!id) continue
      const bounds = drawn['bounds'] as ModdleElement | undefined
      if (bounds) {
        const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((side) => Number(bounds[side] ?? 0))
        shapes[id] = { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 }
      }
      const waypoints = elements(drawn, 'waypoint')
      if (waypoints.length > 0) edges[id] = waypoints.map((point) => ({ x: Number(point['x']), y: Number(point['y']) }))
    }
  }
  return { shapes, edges }
}
