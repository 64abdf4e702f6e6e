import { behaviours } from './behaviours/registry.ts'
import { enterMultiInstance } from './behaviours/multi-instance.ts'
import { enterLoop } from './behaviours/standard-loop.ts'
import { readData } from './complete.ts'
import { listen } from './event-sub-process.ts'
import { Failure } from './failure.ts'
import { isActivity, type Activity, type FlowNode } from './flow.ts'
import { mergeQuantity } from './joins.ts'
import type { Token } from './state.ts'
import type { Step } from './step.ts'
import { trigger } from './trigger.ts'
import { arm, hasInputs } from './waits.ts'

/** A token has come to an element. */
export function enter(step: Step, tokenId: string): void {
  const token = step.token(tokenId)
  if (!token || token.incident !== undefined) return
  if (token.listening) return listen(step, tokenId)
  const node = step.node(token.at)
  if (!node)
    return step.raiseIncident(tokenId, new Failure('element', `The flow has no element "${token.at}"`), 'enter')
  const quantity = isActivity(node) && !isInner(token) ? (node.startQuantity ?? 1) : 1
  const merged = quantity <= 1 ? tokenId : mergeQuantity(step, token, quantity)
  if (merged === null) return
  begin(step, merged)
}

/** Begins the element, or lets the token wait for the data that it needs. */
export function begin(step: Step, tokenId: string): void {
  const entered = step.token(tokenId)
  const node = entered && step.node(entered.at)
  if (!entered || !node) return
  if (!isInner(entered) && !hasInputs(step, entered)) {
    step.addCondition({ token: tokenId, elementId: node.id, data: true })
    return
  }
  step.effects.push({
    kind: 'trace',
    elementId: node.id,
    act: 'entered',
    ...(entered.via ? { flowId: entered.via } : {}),
  })
  const failure = isActivity(node) ? enterActivity(step, entered, node) : enterEvent(step, entered, node)
  if (failure) step.raiseIncident(tokenId, failure, 'enter')
}

/** What is thrown carries its inputs, as a call does. */
function enterEvent(step: Step, token: Token, node: FlowNode): Failure | null {
  const throws = node.kind === 'intermediateThrowEvent' || node.kind === 'endEvent'
  const failure = throws ? mapInputs(step, token, node) : null
  return failure ?? start(step, step.token(token.id) ?? token, node)
}

/** It runs one instance or one time of an activity, whose whole another token stands for. */
function isInner(token: Token): boolean {
  return token.instance !== undefined || token.iteration !== undefined
}

/** Does the element's own part: again after an incident of phase `start`. */
export function start(step: Step, token: Token, node: FlowNode): Failure | null {
  const behaviour = behaviours[node.kind]
  if (!behaviour) return new Failure('unsupported', `The engine cannot run "${node.id}" (${node.kind})`)
  return behaviour.enter(step, token, node)
}

/** Inputs, then the boundary events, then the activity itself. Of a loop the body has the boundaries, each time the inputs. */
function enterActivity(step: Step, token: Token, node: Activity): Failure | null {
  const whole = !isInner(token)
  const repeats = whole && (node.multiInstance !== null || node.loop !== undefined)
  const failure = repeats ? copyForAll(step, token, node) : mapInputs(step, token, node)
  if (failure) return failure
  if (whole && node.boundaries.length > 0) {
    const failure = armBoundaries(step, token.id, node)
    if (failure) return failure
    // a condition on its boundary held already
    if (step.token(token.id)?.at !== node.id) return null
  }
  const current = step.edit(token.id)
  if (repeats && node.multiInstance) return enterMultiInstance(step, current, node, node.multiInstance)
  if (repeats && node.loop) return enterLoop(step, current, node, node.loop)
  const stopped = start(step, current, node)
  if (stopped) step.raiseIncident(token.id, stopped, 'start')
  return null
}

const isCollection = (node: FlowNode, name: string) => isActivity(node) && node.multiInstance?.collection === name

/**
 * What a loop as a whole reads of the activity's data inputs: the list it goes over, and variables that its conditions may name.
 * A transformation may be about the item, which is there only in each instance.
 */
function copyForAll(step: Step, token: Token, node: Activity): Failure | null {
  for (const { from, to } of node.dataIn ?? []) {
    if (from.startsWith('=') && !isCollection(node, to)) continue
    const value = readData(step, step.token(token.id) ?? token, from)
    if (value instanceof Failure) return value
    step.writeLocal(token.id, to, value)
  }
  return null
}

function mapInputs(step: Step, token: Token, node: FlowNode): Failure | null {
  for (const name of node.data ?? []) step.writeLocal(token.id, name, null)
  for (const { from, to } of node.dataIn ?? []) {
    if (token.instance !== undefined && isCollection(node, to)) continue
    const value = readData(step, step.token(token.id) ?? token, from)
    if (value instanceof Failure) return value
    step.writeLocal(token.id, to, value)
  }
  for (const { source, target } of node.inputs) {
    const value = step.evaluate(step.token(token.id) ?? token, source)
    if (value instanceof Failure) return value
    step.writeLocal(token.id, target, value)
  }
  return null
}

function armBoundaries(step: Step, tokenId: string, node: Activity): Failure | null {
  const happened: string[] = []
  for (const id of node.boundaries) {
    const boundary = step.node(id)
    if (boundary?.kind !== 'boundaryEvent') continue
    const armed = arm(step, step.edit(tokenId), id, boundary.event)
    if (armed instanceof Failure) return armed
    if (armed) happened.push(id)
  }
  for (const id of happened) if (step.token(tokenId)?.at === node.id) trigger(step, tokenId, id)
  return null
}
