import { chooseFlows, take } from '../complete.ts'
import { Failure } from '../failure.ts'
import { isActivity, type Flow, type Gateway } from '../flow.ts'
import { firstOfEachFlow, merge, waitAtJoin, waitingAt } from '../joins.ts'
import type { Step } from '../step.ts'
import { linkTarget } from '../throwing.ts'
import type { Behaviour } from './behaviour.ts'

/** Forks along every flow whose condition holds; joins when no token that can still come is missing. */
export const inclusiveGateway: Behaviour<Gateway & { kind: 'inclusiveGateway' }> = {
  enter(step, token, node) {
    if (node.incoming.length < 2) {
      const flows = chooseFlows(step, token, node)
      if (flows instanceof Failure) return flows
      take(step, token.id, flows)
      return null
    }
    // whether others can still come is known only when every token of the step has come to rest: see settleInclusiveJoins
    waitAtJoin(step, token)
    return null
  },
}

/** Lets go the inclusive joins that wait for nobody any more. True when one went. */
export function settleInclusiveJoins(step: Step): boolean {
  for (const scope of step.state.scopes) {
    for (const gatewayId of scope.joins ? Object.keys(scope.joins) : []) {
      const node = step.node(gatewayId)
      if (node?.kind !== 'inclusiveGateway' || !isReady(step, scope.id, gatewayId, node.incoming)) continue
      const first = firstOfEachFlow(waitingAt(step, scope.id, gatewayId))
      const tokenId = merge(step, scope.id, gatewayId, [...first.values()])
      const token = step.token(tokenId)
      const flows = token && chooseFlows(step, token, node)
      if (flows instanceof Failure) step.raiseIncident(tokenId, flows, 'leave')
      else if (flows) take(step, tokenId, flows)
      return true
    }
  }
  return false
}

/** Ready when no token is missing that can still come. */
function isReady(step: Step, scopeId: string, gatewayId: string, incoming: string[]): boolean {
  const filled = [...firstOfEachFlow(waitingAt(step, scopeId, gatewayId)).keys()]
  const empty = incoming.filter((id) => !filled.includes(id))
  return !canStillCome(step, scopeId, gatewayId, empty, filled)
}

/**
 * BPMN 2.0.2, 13.4.3: some other token can come to an `empty` incoming flow, by a path not through the gateway, and cannot also
 * come to one of those that have a token (`filled`).
 */
export function canStillCome(
  step: Step,
  scopeId: string,
  gatewayId: string,
  empty: string[],
  filled: string[] = [],
): boolean {
  if (empty.length === 0) return false
  const seen = new Set<string>()
  for (const token of step.tokensIn(scopeId)) {
    if (token.listening || token.at === gatewayId || seen.has(token.at)) continue
    seen.add(token.at)
    const reach = flowsReachableFrom(step.flow, token.at, gatewayId)
    if (empty.some((id) => reach.has(id)) && !filled.some((id) => reach.has(id))) return true
  }
  return false
}

const reachable = new WeakMap<Flow, Map<string, ReadonlySet<string>>>()

/** Sequence flows that a token at the element may yet go along, without passing the gateway. */
function flowsReachableFrom(flow: Flow, elementId: string, gatewayId: string): ReadonlySet<string> {
  let known = reachable.get(flow)
  if (!known) reachable.set(flow, (known = new Map()))
  const key = `${elementId} ${gatewayId}`
  const before = known.get(key)
  if (before) return before
  const flows = new Set<string>()
  const visited = new Set<string>([gatewayId])
  const open = [elementId]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = flow.nodes[id]
    if (!node || visited.has(id)) continue
    visited.add(id)
    if (isActivity(node)) open.push(...node.boundaries)
    if (node.kind === 'intermediateThrowEvent' && node.event.type === 'link') {
      const target = linkTarget(flow.nodes, node.parent, node.event.name)
      if (target !== null) open.push(target)
    }
    for (const flowId of node.outgoing) {
      flows.add(flowId)
      const target = flow.sequenceFlows[flowId]?.target
      if (target !== undefined) open.push(target)
    }
  }
  known.set(key, flows)
  return flows
}
