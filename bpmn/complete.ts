import type { Json, Variables } from './case.ts'
import { Failure } from './failure.ts'
import { leaveCancelled, nextUndo, noteDone } from './compensation.ts'
import { endsAdHoc, startNextOf } from './behaviours/ad-hoc.ts'
import { completeInstance } from './behaviours/multi-instance.ts'
import { completeIteration } from './behaviours/standard-loop.ts'
import { feelNames } from './feel.ts'
import { isActivity, type FlowNode } from './flow.ts'
import { lookUp, ROOT_SCOPE, type Scope, type Token } from './state.ts'
import type { Step } from './step.ts'

/** The element has done its work: `variables` are its results. Maps them outwards and lets the token go. */
export function complete(step: Step, tokenId: string, variables?: Variables): void {
  const token = step.token(tokenId)
  const node = token && step.node(token.at)
  if (!token || !node) return
  const failure = mapOutputs(step, token, node, variables)
  if (failure) return step.raiseIncident(tokenId, failure, 'complete')
  step.disarm(tokenId)
  if (token.instance !== undefined) completeInstance(step, tokenId)
  else if (token.iteration !== undefined) completeIteration(step, tokenId)
  else leave(step, tokenId)
}

/** Without output mappings every result goes to the nearest scope that has it; with them, results stay local and only the mapped ones go out. */
function mapOutputs(step: Step, token: Token, node: FlowNode, variables: Variables | undefined): Failure | null {
  const mapped = node.outputs.length > 0
  for (const [name, value] of Object.entries(variables ?? {})) {
    if (mapped || isOwn(node, name)) step.writeLocal(token.id, name, value)
    else step.write(token.id, name, value)
  }
  const outside = token.instance === undefined ? step.scope(token.scope)?.token : token.id
  if (node.kind === 'callActivity' && node.propagateOut !== false) {
    const inputs = new Set([
      'loopCounter',
      node.multiInstance?.inputElement,
      ...node.inputs.map(({ target }) => target),
    ])
    for (const [name, value] of Object.entries(step.token(token.id)?.vars ?? {}))
      if (!inputs.has(name)) step.write(outside, name, value)
  }
  if (!mapped && !node.dataOut) return null
  const results: { target: string; value: Json }[] = []
  for (const { source, target } of node.outputs) {
    const value = step.evaluate(step.token(token.id) ?? token, source)
    if (value instanceof Failure) return value
    results.push({ target, value })
  }
  for (const { from, to } of node.dataOut ?? []) {
    if (token.instance !== undefined && isOfCollection(node, from)) continue
    const value = readData(step, step.token(token.id) ?? token, from)
    if (value instanceof Failure) return value
    results.push({ target: to, value })
  }
  for (const { target, value } of results) {
    if (target === 'outcome') step.carryOutcome(token.id, value)
    step.write(outside, target, value)
  }
  return null
}

/** Where a data association takes what all instances gave together, it goes by that; else the collection is a variable outside. */
export function mapCollection(step: Step, holderId: string, name: string, outputs: Json[]): Failure | null {
  const token = step.token(holderId)
  const node = token && step.node(token.at)
  if (!token || !node) return null
  const outside = step.scope(token.scope)?.token
  const copies = node.dataOut?.filter(({ from }) => isOfCollection(node, from)) ?? []
  if (copies.length === 0) step.write(outside, name, outputs)
  else step.writeLocal(holderId, name, outputs)
  for (const { from, to } of copies) {
    const value = readData(step, step.token(holderId) ?? token, from)
    if (value instanceof Failure) return value
    step.write(outside, to, value)
  }
  return null
}

function isOfCollection(node: FlowNode, from: string): boolean {
  const name = isActivity(node) ? node.multiInstance?.outputCollection : null
  if (!name) return false
  return from.startsWith('=') ? feelNames(from).includes(name) : from === name
}

/** A variable of the element itself, or one that it hands on under another name. */
function isOwn(node: FlowNode, name: string): boolean {
  return node.data?.includes(name) === true || node.dataOut?.some(({ from }) => from === name) === true
}

/** The end of a data association that is read: FEEL, or a variable by its name. */
export function readData(step: Step, token: Token, from: string): Json | Failure {
  return from.startsWith('=') ? step.evaluate(token, from) : (lookUp(step.state, token, from) ?? null)
}

/** Out of an activity or event, along the flows that are to be taken. */
export function leave(step: Step, tokenId: string): void {
  const token = step.token(tokenId)
  const node = token && step.node(token.at)
  if (!token || !node) return
  const flows = chooseFlows(step, token, node)
  if (flows instanceof Failure) return step.raiseIncident(tokenId, flows, 'leave')
  if (!isActivity(node)) return take(step, tokenId, flows)
  const over = endsAdHoc(step, token)
  if (over instanceof Failure) return step.raiseIncident(tokenId, over, 'leave')
  noteDone(step, token, node)
  const tokens = node.completionQuantity ?? 1
  take(step, tokenId, over ? [] : tokens === 1 ? flows : flows.flatMap((id) => Array<string>(tokens).fill(id)))
}

/** All outgoing flows whose condition holds or that have none, and the default where no condition holds (BPMN 2.0.2, 8.3.13). */
export function chooseFlows(step: Step, token: Token, node: FlowNode, extra?: Variables): string[] | Failure {
  if (node.outgoing.length === 0) return []
  const defaultFlow = isActivity(node) || 'default' in node ? node.default : null
  const chosen: string[] = []
  let conditionHolds = false
  for (const id of node.outgoing) {
    if (id === defaultFlow) continue
    const condition = step.flow.sequenceFlows[id]?.condition ?? null
    const holds = condition === null ? true : step.condition(token, condition, extra)
    if (holds instanceof Failure) return holds
    if (condition !== null && holds) conditionHolds = true
    if (holds) chosen.push(id)
  }
  if (defaultFlow !== null && !conditionHolds) chosen.push(defaultFlow)
  if (chosen.length > 0) return chosen
  return new Failure('no-flow', `No condition of the flows that leave "${node.id}" holds, and there is no default flow`)
}

/** Sends the token along these flows, a new one for each but the first; along none it ends. */
export function take(step: Step, tokenId: string, flowIds: string[]): void {
  const full = flowIds.length > 1 ? step.room(flowIds.length - 1) : null
  if (full) return step.raiseIncident(tokenId, full, 'leave')
  const token = step.edit(tokenId)
  step.effects.push({ kind: 'trace', elementId: token.at, act: 'left' })
  delete token.vars
  delete token.done
  delete token.isolated
  delete token.sealed
  const [first, ...others] = flowIds
  if (first === undefined) return end(step, tokenId)
  token.via = first
  token.at = targetOf(step, first)
  step.arrive(tokenId)
  const carried = token.outcome === undefined ? {} : { outcome: token.outcome }
  for (const id of others) step.arrive(step.newToken(token.scope, targetOf(step, id), { ...carried, via: id }).id)
}

function targetOf(step: Step, flowId: string): string {
  const flow = step.flow.sequenceFlows[flowId]
  if (!flow) throw new Error(`The flow has no sequence flow ${flowId}`)
  return flow.target
}

/** The token's path is at an end; the scope ends with its last. */
export function end(step: Step, tokenId: string): void {
  const token = step.token(tokenId)
  if (!token) return
  step.removeToken(token)
  const scope = step.scope(token.scope)
  if (!scope || scope.live > 0) return
  if (scope.id === ROOT_SCOPE) return endCase(step, 'completed')
  if (scope.waiting && startNextOf(step, scope)) return
  if (scope.undo && nextUndo(step, scope.id)) return
  endScope(step, scope, token.outcome)
}

/** Nothing is left in the scope: what waited for it goes on. */
function endScope(step: Step, scope: Scope, outcome: string | undefined): void {
  step.closeScope(scope)
  if (scope.token === undefined) return
  const holder = step.edit(scope.token)
  // as with a variable of the process: what ended the last task in it answers after it
  if (outcome !== undefined) holder.outcome = outcome
  if (scope.kind !== 'compensation') {
    if (scope.done) holder.done = scope.done
    return complete(step, holder.id)
  }
  if (scope.detached) return end(step, holder.id)
  const node = step.node(holder.at)
  if (node?.kind !== 'endEvent' || node.event.type !== 'cancel') return complete(step, holder.id)
  const failure = leaveCancelled(step, holder.id)
  if (failure) step.raiseIncident(holder.id, failure, 'start')
}

export function endCase(step: Step, outcome: 'completed' | 'terminated'): void {
  if (step.scope(ROOT_SCOPE)) step.cancelScope(ROOT_SCOPE)
  step.state.status = outcome
  step.effects.push({ kind: 'endCase', outcome })
}
