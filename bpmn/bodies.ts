import { isActivity, type Flow, type FlowNode } from './flow.ts'

/** What a process, a sub-process or a called flow consists of. */
export interface Body {
  startEvents: string[]
  eventSubProcesses?: string[]
  data?: string[]
}

/** The flow with the flows that its open call activities run, each under its prefix. Made anew from the state, never stored. */
export interface LinkedFlow extends Flow {
  linked?: Record<string, Body>
}

/** `elementId`: of the process itself, a sub-process, or a call activity's prefix. */
export function bodyOf(flow: LinkedFlow, elementId: string): Body | null {
  const node = flow.nodes[elementId]
  if (node?.kind === 'subProcess') return node
  const called = flow.linked?.[elementId]
  if (called) return called
  return elementId === flow.id ? flow : null
}

const implicit = new WeakMap<Flow, Map<string, string[]>>()

/**
 * Where a body without start events begins: at every element that no flow leads to (BPMN 2.0.2, 13.2.1 and 10.5.2), save
 * those that wait for a trigger of their own.
 */
export function implicitStarts(flow: Flow, parent: string): string[] {
  let known = implicit.get(flow)
  if (!known) implicit.set(flow, (known = new Map()))
  let starts = known.get(parent)
  if (!starts) {
    starts = Object.values(flow.nodes).flatMap((node) => (node.parent === parent && beginsAlone(node) ? [node.id] : []))
    known.set(parent, starts)
  }
  return starts
}

function beginsAlone(node: FlowNode): boolean {
  if (node.incoming.length > 0 || node.kind === 'boundaryEvent' || node.kind === 'startEvent') return false
  if (isActivity(node) && node.forCompensation) return false
  if (node.kind === 'receiveTask' && node.instantiate) return false
  if (node.kind === 'eventBasedGateway' && node.instantiate) return false
  if (node.kind === 'intermediateCatchEvent' && node.event.type === 'link') return false
  return !(node.kind === 'subProcess' && node.variant === 'event')
}

/** The start event without a trigger, or where there are no start events at all, what begins by itself. */
export function plainStarts(flow: LinkedFlow, elementId: string): string[] {
  const body = bodyOf(flow, elementId)
  if (!body) return []
  const none = body.startEvents.filter((id) => {
    const node = flow.nodes[id]
    return node?.kind === 'startEvent' && node.event.type === 'none'
  })
  if (none[0] !== undefined) return [none[0]]
  return body.startEvents.length === 0 ? implicitStarts(flow, elementId) : []
}
