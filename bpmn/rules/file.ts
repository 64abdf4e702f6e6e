import { childrenOf, type XmlElement } from '../xml-tree.ts'

/** A rule of the standard: what breaks it, and the sentence, in which {id} stands for the element. */
export interface Rule {
  rule: string
  vi: string
  en: string
  broken: (file: BpmnFile) => XmlElement[]
}

const TASKS = [
  'task',
  'userTask',
  'manualTask',
  'serviceTask',
  'sendTask',
  'receiveTask',
  'scriptTask',
  'businessRuleTask',
]
const SUB_PROCESSES = ['subProcess', 'transaction', 'adHocSubProcess']
const GATEWAYS = ['exclusiveGateway', 'parallelGateway', 'inclusiveGateway', 'eventBasedGateway', 'complexGateway']
const INTERMEDIATE = ['intermediateCatchEvent', 'intermediateThrowEvent']
const EVENTS = ['startEvent', 'endEvent', 'boundaryEvent', 'implicitThrowEvent', ...INTERMEDIATE]
const CHOREOGRAPHY = ['choreographyTask', 'subChoreography', 'callChoreography']
const ARTIFACTS = ['textAnnotation', 'group', 'association']

const among = (names: string[]) => {
  const set = new Set(names)
  return (element: XmlElement) => set.has(element.name)
}
export const isTask = among(TASKS)
export const isSubProcess = among(SUB_PROCESSES)
export const isActivity = among([...TASKS, ...SUB_PROCESSES, 'callActivity'])
export const isGateway = among(GATEWAYS)
export const isEvent = among(EVENTS)
export const isIntermediate = among(INTERMEDIATE)
export const isChoreographyActivity = among(CHOREOGRAPHY)
export const isArtifact = among(ARTIFACTS)
export const isFlowNode = among([...TASKS, ...SUB_PROCESSES, 'callActivity', ...GATEWAYS, ...EVENTS, ...CHOREOGRAPHY])
export const isEventSubProcess = (element: XmlElement) =>
  isSubProcess(element) && element.attributes['triggeredByEvent'] === 'true'

/** A BPMN file as its XML says it, with an index of ids. References are followed by the part after the prefix. */
export class BpmnFile {
  readonly all: XmlElement[] = []
  private readonly ids = new Map<string, XmlElement>()
  readonly doubled: XmlElement[] = []
  private readonly leaving = new Map<string, XmlElement[]>()
  private readonly coming = new Map<string, XmlElement[]>()
  private readonly byName = new Map<string, XmlElement[]>()
  private readonly joined = new Map<XmlElement, XmlElement[]>()
  private readonly attached = new Map<XmlElement, XmlElement[]>()

  constructor(
    readonly root: XmlElement,
    /** The file speaks the engine's own dialect: what that says need not be said the standard's way as well. */
    readonly ownDialect: boolean,
  ) {
    this.visit(root)
    for (const flow of this.named('sequenceFlow')) {
      add(this.leaving, local(flow.attributes['sourceRef']), flow)
      add(this.coming, local(flow.attributes['targetRef']), flow)
    }
    for (const association of this.named('association')) {
      const [source, target] = [this.refer(association, 'sourceRef'), this.refer(association, 'targetRef')]
      if (!source || !target) continue
      add(this.joined, source, target)
      add(this.joined, target, source)
    }
    for (const event of this.named('boundaryEvent')) {
      const host = this.refer(event, 'attachedToRef')
      if (host) add(this.attached, host, event)
    }
  }

  private visit(element: XmlElement): void {
    if (element.name === 'extensionElements') return
    if (element.name === 'BPMNDiagram') return this.visitDrawing(element)
    this.all.push(element)
    add(this.byName, element.name, element)
    const { id } = element.attributes
    if (id !== undefined && this.ids.has(id)) this.doubled.push(element)
    else if (id !== undefined) this.ids.set(id, element)
    for (const child of element.children) this.visit(child)
  }

  /** Shapes are none of the elements, but share their ids. */
  private visitDrawing(element: XmlElement, drawn = new Set<string>()): void {
    const { id } = element.attributes
    if (id !== undefined && (this.ids.has(id) || drawn.has(id))) this.doubled.push(element)
    else if (id !== undefined) drawn.add(id)
    for (const child of element.children) this.visitDrawing(child, drawn)
  }

  named(...names: string[]): XmlElement[] {
    return names.flatMap((name) => this.byName.get(name) ?? [])
  }

  where(test: (element: XmlElement) => boolean): XmlElement[] {
    return this.all.filter(test)
  }

  /** What a reference names; undefined where there is none. */
  find(reference: string | undefined): XmlElement | undefined {
    return reference === undefined ? undefined : (this.ids.get(reference.trim()) ?? this.ids.get(local(reference)))
  }

  /** Of an attribute or, where it is written so, of a child element. */
  refer(element: XmlElement, name: string): XmlElement | undefined {
    return this.find(referenceOf(element, name))
  }

  outgoing(element: XmlElement): XmlElement[] {
    return this.leaving.get(element.attributes['id'] ?? '') ?? []
  }

  incoming(element: XmlElement): XmlElement[] {
    return this.coming.get(element.attributes['id'] ?? '') ?? []
  }

  /** What associations join an element to, in either direction. */
  associated(element: XmlElement): XmlElement[] {
    return this.joined.get(element) ?? []
  }

  boundaries(activity: XmlElement): XmlElement[] {
    return this.attached.get(activity) ?? []
  }

  /** The definitions of an event, its own and those that it refers to. */
  definitions(event: XmlElement): XmlElement[] {
    const own = event.children.filter(({ name }) => name.endsWith('EventDefinition'))
    return [...own, ...childrenOf(event, 'eventDefinitionRef').flatMap(({ text }) => this.find(text) ?? [])]
  }

  /** Is the element part of a process that says it is executable? */
  isExecutable(element: XmlElement): boolean {
    for (let at: XmlElement | undefined = element; at; at = at.parent)
      if (at.name === 'process') return at.attributes['isExecutable'] === 'true'
    // a definition of the file as a whole, which an executable process may use
    return this.named('process').some(({ attributes }) => attributes['isExecutable'] === 'true')
  }

  processOf(element: XmlElement): XmlElement | undefined {
    for (let at: XmlElement | undefined = element; at; at = at.parent) if (at.name === 'process') return at
    return undefined
  }
}

function add<K>(map: Map<K, XmlElement[]>, key: K, element: XmlElement): void {
  const list = map.get(key)
  if (list) list.push(element)
  else map.set(key, [element])
}

export function local(reference: string | undefined): string {
  const text = reference?.trim() ?? ''
  return text.slice(text.lastIndexOf(':') + 1)
}

export function referenceOf(element: XmlElement, name: string): string | undefined {
  const child = element.children.find((one) => one.name === name)
  return element.attributes[name] ?? child?.text.trim()
}

export function typeOf(definition: XmlElement): string {
  return definition.name.replace(/EventDefinition$/, '').replace(/^compensate$/, 'compensation')
}
