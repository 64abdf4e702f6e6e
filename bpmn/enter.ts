import { behaviours } from './behaviours/registry.ts'
import { enterMultiInstance } from './behaviours/multi-instance.ts'
import { Failure } from './failure.ts'
import { isActivity, type Activity, type FlowNode } from './flow.ts'
import type { Token } from './state.ts'
import type { Step } from './step.ts'

/** A token has come to an element. */
export function enter(step: Step, tokenId: string): void {
  const token = step.token(tokenId)
  if (!token || token.incident !== undefined) return
  const node = step.node(token.at)
  if (!node)
    return step.raiseIncident(tokenId, new Failure('element', `The flow has no element "${token.at}"`), 'enter')
  step.effects.push({ kind: 'trace', elementId: node.id, act: 'entered', ...(token.via ? { flowId: token.via } : {}) })
  const failure = isActivity(node) ? enterActivity(step, token, node) : start(step, token, node)
  if (failure) step.raiseIncident(tokenId, failure, 'enter')
}

/** Does the element's own part: again after an incident of phase `start`. */
export function start(step: Step, token: Token, node: FlowNode): Failure | null {
  const behaviour = behaviours[node.kind]
  if (!behaviour) return new Failure('unsupported', `The engine cannot run "${node.id}" (${node.kind})`)
  return behaviour.enter(step, token, node)
}

/** Inputs, then the boundary events, then the activity itself. Of a multi-instance the body has the boundaries, each instance the inputs. */
function enterActivity(step: Step, token: Token, node: Activity): Failure | null {
  const loop = token.instance === undefined ? node.multiInstance : null
  if (!loop) {
    const failure = mapInputs(step, token, node)
    if (failure) return failure
  }
  if (token.instance === undefined) {
    const failure = armBoundaries(step, token.id, node)
    if (failure) return failure
  }
  const current = step.edit(token.id)
  if (!loop) {
    const failure = start(step, current, node)
    if (failure) step.raiseIncident(token.id, failure, 'start')
    return null
  }
  return enterMultiInstance(step, current, node, loop)
}

function mapInputs(step: Step, token: Token, node: Activity): Failure | null {
  for (const { source, target } of node.inputs) {
    const value = step.evaluate(step.token(token.id) ?? token, source)
    if (value instanceof Failure) return value
    step.writeLocal(token.id, target, value)
  }
  return null
}

function armBoundaries(step: Step, tokenId: string, node: Activity): Failure | null {
  for (const id of node.boundaries) {
    const boundary = step.node(id)
    if (boundary?.kind !== 'boundaryEvent') continue
    const token = step.edit(tokenId)
    let failure: Failure | null = null
    if (boundary.event.type === 'timer') failure = step.armFor(token, id, boundary.event.timer)
    if (boundary.event.type === 'message') failure = step.subscribe(token, id, boundary.event)
    if (failure) return failure
  }
  return null
}
