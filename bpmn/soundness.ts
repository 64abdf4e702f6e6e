import { implicitStarts } from './bodies.ts'
import { isActivity, type Flow, type FlowNode } from './flow.ts'
import { linkTarget } from './throwing.ts'

/** What can go wrong with the tokens of a body, whatever its data: a join that waits for ever, and what runs more than once. */
export interface Soundness {
  /** Joins at which a token may wait for another that never comes. */
  deadlocks: string[]
  /** Elements where branches that run side by side come together without being joined. */
  repeated: string[]
}

const MAX_MARKINGS = 4_000
/** Beyond these, a body is not looked at: too many ways to choose among. */
const MAX_WAYS = 5

/** How many tokens are on each sequence flow; what is absent has none. */
type Marking = ReadonlyMap<string, number>

/**
 * Plays the tokens of a process or sub-process in all ways that its choices allow, without asking its conditions. Null where there are
 * too many ways to see the end of, or where numbers of tokens are part of the drawing (quantities, complex gateways).
 */
export function soundnessOf(flow: Flow, parent: string): Soundness | null {
  const net = new Net(flow, parent)
  return net.isPlayable() ? net.explore() : null
}

class Net {
  private readonly nodes: FlowNode[]
  /** Where several flows lead to and none goes on, without an end event. */
  private readonly lasts: FlowNode[]
  private readonly reach = new Map<string, Set<string>>()
  private readonly found = { deadlocks: new Set<string>(), repeated: new Set<string>() }

  constructor(
    private readonly flow: Flow,
    private readonly parent: string,
  ) {
    this.nodes = Object.values(flow.nodes).filter((node) => node.parent === parent)
    this.lasts = this.nodes.filter(
      (node) => node.incoming.length > 1 && node.outgoing.length === 0 && node.kind !== 'endEvent' && !isJoin(node),
    )
  }

  isPlayable(): boolean {
    return this.nodes.every((node) => {
      if (node.kind === 'complexGateway' || node.outgoing.length > MAX_WAYS) return false
      return !isActivity(node) || (node.startQuantity === undefined && node.completionQuantity === undefined)
    })
  }

  explore(): Soundness | null {
    const open = this.beginnings().map((flows) => this.settle(put(new Map(), flows)))
    const seen = new Set<string>()
    for (let marking = open.pop(); marking; marking = open.pop()) {
      const key = keyOf(marking)
      if (seen.has(key)) continue
      seen.add(key)
      if (seen.size > MAX_MARKINGS) return null
      this.noteRepeated(marking)
      // what doubles again goes on doubling
      if ([...marking.values()].some((count) => count > 2)) continue
      const next = this.successors(marking)
      if (next.length === 0) this.noteDeadlocks(marking)
      open.push(...next.map((one) => this.settle(one)))
    }
    return { deadlocks: [...this.found.deadlocks], repeated: [...this.found.repeated] }
  }

  /** Each start event begins by itself; without any, everything that no flow leads to begins together. */
  private beginnings(): string[][] {
    const starts = this.nodes.filter(({ kind }) => kind === 'startEvent')
    if (starts.length > 0) return starts.map(({ outgoing }) => outgoing)
    const implicit = implicitStarts(this.flow, this.parent).map((id) => this.flow.nodes[id])
    return [implicit.flatMap((node) => (node ? (this.ways(node)[0] ?? []) : []))]
  }

  /** Lets go on what has only one way to: in which order tokens do so makes no difference. */
  private settle(marking: Marking): Marking {
    let current = marking
    for (let moved = true, steps = 0; moved && steps < 1_000; steps++) {
      moved = false
      for (const [flowId] of current) {
        const node = this.target(flowId)
        if (!node || node.kind === 'endEvent' || isJoin(node)) continue
        const [only, ...more] = this.ways(node)
        if (!only || more.length > 0 || only.length === 0 || only.some((id) => current.has(id))) continue
        current = put(take(current, [flowId]), only)
        moved = true
        break
      }
    }
    return current
  }

  /** A token at an end is left there: two of them have both been there. */
  private successors(marking: Marking): Marking[] {
    const next: Marking[] = []
    const joins = new Set<FlowNode>()
    for (const [flowId] of marking) {
      const node = this.target(flowId)
      if (!node) continue
      if (isJoin(node)) joins.add(node)
      else if (node.kind === 'endEvent') {
        if (endsAll(node)) next.push(new Map())
      } else for (const way of this.ways(node)) if (way.length > 0) next.push(put(take(marking, [flowId]), way))
    }
    for (const node of joins) {
      const filled = node.incoming.filter((id) => marking.has(id))
      const ready =
        node.kind === 'parallelGateway' ? filled.length === node.incoming.length : !this.waits(marking, node, filled)
      if (ready) for (const way of this.ways(node)) next.push(put(take(marking, filled), way))
    }
    return next
  }

  /** An inclusive join waits for whatever can still come to it, by the standard's condition. */
  private waits(marking: Marking, node: FlowNode, filled: string[]): boolean {
    const empty = node.incoming.filter((id) => !filled.includes(id))
    for (const [flowId] of marking) {
      const target = this.target(flowId)
      if (!target || target === node) continue
      const flows = this.reachable(target.id, node.id)
      if (empty.some((id) => flows.has(id)) && !filled.some((id) => flows.has(id))) return true
    }
    return false
  }

  private reachable(from: string, without: string): Set<string> {
    const key = `${from} ${without}`
    const known = this.reach.get(key)
    if (known) return known
    const flows = new Set<string>()
    const visited = new Set([without])
    const open = [from]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const node = this.flow.nodes[id]
      if (!node || visited.has(id)) continue
      visited.add(id)
      for (const way of this.ways(node).flat()) {
        flows.add(way)
        open.push(this.flow.sequenceFlows[way]?.target ?? '')
      }
    }
    this.reach.set(key, flows)
    return flows
  }

  /** The sets of flows along which tokens may leave an element. Boundary events that interrupt are a way out as well. */
  private ways(node: FlowNode): string[][] {
    if (node.kind === 'intermediateThrowEvent' && node.event.type === 'link') {
      const target = this.flow.nodes[linkTarget(this.flow.nodes, node.parent, node.event.name) ?? '']
      return [target?.outgoing ?? []]
    }
    if (node.kind === 'parallelGateway') return [node.outgoing]
    if (node.kind === 'exclusiveGateway' || node.kind === 'eventBasedGateway')
      return node.outgoing.length > 0 ? node.outgoing.map((id) => [id]) : [[]]
    const ways = this.conditionalWays(node)
    if (!isActivity(node)) return ways
    const aside = node.boundaries.flatMap((id) => {
      const boundary = this.flow.nodes[id]
      const leaves =
        boundary?.kind === 'boundaryEvent' && boundary.interrupting && boundary.event.type !== 'compensation'
      return leaves ? [boundary.outgoing] : []
    })
    return [...ways, ...aside]
  }

  /** Each conditional flow alone, and all of them together, beside those without a condition. */
  private conditionalWays(node: FlowNode): string[][] {
    const standard = 'default' in node ? node.default : null
    const chosen = node.outgoing.filter((id) => id !== standard && this.flow.sequenceFlows[id]?.condition != null)
    const always = node.outgoing.filter((id) => id !== standard && !chosen.includes(id))
    if (chosen.length === 0) return [standard === null || always.length > 0 ? always : [standard]]
    const alone = chosen.map((id) => [...always, id])
    const none = standard === null ? [] : [[...always, standard]]
    return [...alone, ...(chosen.length > 1 ? [[...always, ...chosen]] : []), ...none]
  }

  private target(flowId: string): FlowNode | undefined {
    return this.flow.nodes[this.flow.sequenceFlows[flowId]?.target ?? '']
  }

  /** Two tokens on one flow: of branches that came together in the nearest element before it that several flows lead to. */
  private noteRepeated(marking: Marking): void {
    for (const node of this.lasts) {
      if (node.incoming.filter((id) => marking.has(id)).length > 1) this.found.repeated.add(node.id)
    }
    const doubled = [...marking].filter(([, count]) => count > 1)
    for (const [flowId] of doubled) {
      const seen = new Set<string>()
      let node = this.flow.nodes[this.flow.sequenceFlows[flowId]?.source ?? '']
      while (node && node.incoming.length === 1 && !seen.has(node.id)) {
        seen.add(node.id)
        node = this.flow.nodes[this.flow.sequenceFlows[node.incoming[0] ?? '']?.source ?? '']
      }
      if (node && node.incoming.length > 1 && !isJoin(node)) this.found.repeated.add(node.id)
    }
  }

  private noteDeadlocks(marking: Marking): void {
    for (const [flowId] of marking) {
      const node = this.target(flowId)
      if (node && isJoin(node)) this.found.deadlocks.add(node.id)
    }
  }
}

function isJoin(node: FlowNode): boolean {
  return (node.kind === 'parallelGateway' || node.kind === 'inclusiveGateway') && node.incoming.length > 1
}

function endsAll({ event }: Extract<FlowNode, { kind: 'endEvent' }>): boolean {
  return event.type === 'terminate' || event.type === 'error' || event.type === 'cancel'
}

function put(marking: Marking, flows: string[]): Marking {
  const next = new Map(marking)
  for (const id of flows) next.set(id, (next.get(id) ?? 0) + 1)
  return next
}

function take(marking: Marking, flows: string[]): Map<string, number> {
  const next = new Map(marking)
  for (const id of flows) {
    const left = (next.get(id) ?? 0) - 1
    if (left > 0) next.set(id, left)
    else next.delete(id)
  }
  return next
}

function keyOf(marking: Marking): string {
  return [...marking]
    .map(([id, count]) => `${id}=${count}`)
    .sort()
    .join()
}
