import type { AdvanceContext } from './case.ts'
import type { Body, LinkedFlow } from './bodies.ts'
import type { EventDefinition, Flow, FlowNode, SequenceFlow } from './flow.ts'
import type { CalledEntry } from './state.ts'

type FlowsKnown = Pick<AdvanceContext, 'flowOf'>

const made = new WeakMap<Flow, Map<string, LinkedFlow>>()

/** The flow with what the state's call activities run. A flow that cannot be found leaves its elements unknown. */
export function link(flow: Flow, called: CalledEntry[] | undefined, context: FlowsKnown): LinkedFlow {
  if (!called || called.length === 0) return flow
  let known = made.get(flow)
  if (!known) made.set(flow, (known = new Map()))
  const key = JSON.stringify(called)
  const before = known.get(key)
  if (before) return before
  const linked: LinkedFlow = { ...flow, nodes: { ...flow.nodes }, sequenceFlows: { ...flow.sequenceFlows }, linked: {} }
  let complete = true
  for (const { prefix, ref } of called) {
    const inner = flowOfRef(flow, ref, context)
    if (inner) embed(linked, inner, prefix)
    else complete = false
  }
  if (complete) {
    if (known.size >= MAX_KEPT) known.clear()
    known.set(key, linked)
  }
  return linked
}

const MAX_KEPT = 50

/** "#id" is bundled with the flow itself, "ref#id" with the one of that ref, anything else the context knows. */
export function flowOfRef(flow: Flow, ref: string, context: FlowsKnown): Flow | undefined {
  const at = ref.lastIndexOf('#')
  if (at < 0) return context.flowOf?.(ref)
  const outer = at === 0 ? flow : flowOfRef(flow, ref.slice(0, at), context)
  return outer?.bundled?.[ref.slice(at + 1)]
}

function embed(into: LinkedFlow, flow: Flow, prefix: string): void {
  const inside = (id: string) => prefix + id
  for (const node of Object.values(flow.nodes)) into.nodes[inside(node.id)] = moved(node, flow, prefix, inside)
  for (const edge of Object.values(flow.sequenceFlows)) {
    const copy: SequenceFlow = {
      ...edge,
      id: inside(edge.id),
      source: inside(edge.source),
      target: inside(edge.target),
    }
    into.sequenceFlows[copy.id] = copy
  }
  const body: Body = { startEvents: flow.startEvents.map(inside) }
  if (flow.eventSubProcesses) body.eventSubProcesses = flow.eventSubProcesses.map(inside)
  if (flow.data) body.data = flow.data
  into.linked = { ...into.linked, [prefix]: body }
}

function moved(node: FlowNode, flow: Flow, prefix: string, inside: (id: string) => string): FlowNode {
  const copy: FlowNode = {
    ...node,
    id: inside(node.id),
    parent: node.parent === flow.id ? prefix : inside(node.parent),
    incoming: node.incoming.map(inside),
    outgoing: node.outgoing.map(inside),
  }
  if ('default' in copy && copy.default !== null) copy.default = inside(copy.default)
  if ('boundaries' in copy) copy.boundaries = copy.boundaries.map(inside)
  if ('attachedTo' in copy) copy.attachedTo = inside(copy.attachedTo)
  if ('handler' in copy && copy.handler !== undefined) copy.handler = inside(copy.handler)
  if ('event' in copy && copy.event) copy.event = movedEvent(copy.event, inside)
  if (copy.kind === 'subProcess') {
    copy.startEvents = copy.startEvents.map(inside)
    if (copy.eventSubProcesses) copy.eventSubProcesses = copy.eventSubProcesses.map(inside)
  }
  return copy
}

function movedEvent(event: EventDefinition, inside: (id: string) => string): EventDefinition {
  if (event.type === 'compensation' && event.activity !== null) return { ...event, activity: inside(event.activity) }
  if (event.type !== 'multiple') return event
  return { ...event, definitions: event.definitions.map((one) => movedEvent(one, inside)) }
}
