import type { Variables } from '../case.ts'
import { chooseFlows, end, take } from '../complete.ts'
import { Failure } from '../failure.ts'
import { feelNames } from '../feel.ts'
import type { Gateway } from '../flow.ts'
import { firstOfEachFlow, merge, waitAtJoin, waitingAt } from '../joins.ts'
import type { Scope, Token } from '../state.ts'
import type { Step } from '../step.ts'
import type { Behaviour } from './behaviour.ts'
import { canStillCome } from './inclusive-gateway.ts'

type ComplexGateway = Gateway

/**
 * BPMN 2.0.2, 13.4.5. With one incoming flow it forks as an inclusive gateway. With several it fires as soon as its activation
 * condition holds, and then waits for what can still come, which it swallows, before it can fire again.
 */
export const complexGateway: Behaviour<ComplexGateway & { kind: 'complexGateway' }> = {
  enter(step, token, node) {
    if (node.incoming.length < 2) {
      const flows = chooseFlows(step, token, node, { waitingForStart: true })
      if (flows instanceof Failure) return flows
      take(step, token.id, flows)
      return null
    }
    waitAtJoin(step, token)
    if (node.activationCondition === undefined) return null
    const scope = step.scope(token.scope)
    return scope && !scope.fired?.[node.id] ? activate(step, scope, node, node.activationCondition) : null
  },
}

function activate(step: Step, scope: Scope, node: ComplexGateway, condition: string): Failure | null {
  const waiting = waitingAt(step, scope.id, node.id)
  const first = firstOfEachFlow(waiting)
  const counts: Variables = { activationCount: waiting.length, waitingForStart: true }
  for (const id of node.incoming) counts[id] = waiting.filter(({ via }) => via === id).length
  const [any] = waiting
  const holds = any ? step.condition(any, condition, counts) : false
  if (holds instanceof Failure) return failAtJoin(step, scope, node, holds)
  if (holds) fire(step, scope, node, first)
  return null
}

/** The incident takes the token out of the join: a retry comes in again. */
function failAtJoin(step: Step, scope: Scope, node: ComplexGateway, failure: Failure): null {
  const last = waitingAt(step, scope.id, node.id).at(-1)
  if (last) step.raiseIncident(merge(step, scope.id, node.id, [last]), failure, 'enter')
  return null
}

function fire(step: Step, scope: Scope, node: ComplexGateway, first: ReturnType<typeof firstOfEachFlow>): void {
  const taken = [...first.keys()]
  const tokenId = merge(step, scope.id, node.id, [...first.values()])
  const token = step.token(tokenId)
  const flows = token && chooseFlows(step, token, node, { waitingForStart: true })
  const edited = step.editScope(scope.id)
  if (taken.length < node.incoming.length) edited.fired = { ...edited.fired, [node.id]: taken }
  if (flows instanceof Failure) step.raiseIncident(tokenId, flows, 'leave')
  else if (flows) take(step, tokenId, flows)
}

/** After every token of a step has come to rest: fires what waits for nobody any more, and resets what has fired. True when one did. */
export function settleComplexGateways(step: Step): boolean {
  for (const scope of step.state.scopes) {
    if (!scope.joins && !scope.fired) continue
    for (const gatewayId of new Set([...Object.keys(scope.joins ?? {}), ...Object.keys(scope.fired ?? {})])) {
      const node = step.node(gatewayId)
      if (node?.kind !== 'complexGateway') continue
      const fired = scope.fired?.[gatewayId]
      const waiting = waitingAt(step, scope.id, gatewayId)
      const first = firstOfEachFlow(waiting)
      if (!fired) {
        // without a condition it waits as an inclusive join does
        if (
          node.activationCondition !== undefined ||
          canStillCome(step, scope.id, gatewayId, missing(node, first.keys()))
        )
          continue
        fire(step, scope, node, first)
        return true
      }
      if (
        canStillCome(step, scope.id, gatewayId, missing(node, [...fired, ...first.keys()]), [...fired, ...first.keys()])
      )
        continue
      reset(step, scope, node, fired, first)
      return true
    }
  }
  return false
}

function missing(node: ComplexGateway, there: Iterable<string>): string[] {
  const come = new Set(there)
  return node.incoming.filter((id) => !come.has(id))
}

/** Swallows the late tokens. Only flows whose condition asks for it (`not(waitingForStart)`) are taken at this moment. */
function reset(
  step: Step,
  scope: Scope,
  node: ComplexGateway,
  fired: string[],
  first: ReturnType<typeof firstOfEachFlow>,
): void {
  const edited = step.editScope(scope.id)
  const rest = { ...edited.fired }
  delete rest[node.id]
  if (Object.keys(rest).length > 0) edited.fired = rest
  else delete edited.fired
  const late = [...first].flatMap(([flowId, token]) => (fired.includes(flowId) ? [] : [token]))
  if (late.length > 0) letLateGo(step, scope, node, late)
  // tokens of the next round, which have come by flows that were taken already
  const next = step.scope(scope.id)
  if (next?.joins?.[node.id] && node.activationCondition !== undefined)
    activate(step, next, node, node.activationCondition)
}

function letLateGo(step: Step, scope: Scope, node: ComplexGateway, late: Token[]): void {
  const tokenId = merge(step, scope.id, node.id, late)
  const token = step.token(tokenId)
  if (!token) return
  const flows: string[] = []
  for (const id of node.outgoing) {
    const condition = step.flow.sequenceFlows[id]?.condition ?? null
    if (condition === null || !feelNames(condition).includes('waitingForStart')) continue
    const holds = step.condition(token, condition, { waitingForStart: false })
    if (holds instanceof Failure) return step.raiseIncident(tokenId, holds, 'leave')
    if (holds) flows.push(id)
  }
  if (flows.length > 0) take(step, tokenId, flows)
  else end(step, tokenId)
}
