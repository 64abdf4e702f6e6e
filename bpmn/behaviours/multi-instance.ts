import type { Json, Variables } from '../case.ts'
import { leave, mapCollection, readData } from '../complete.ts'
import { Failure } from '../failure.ts'
import { isActivity, type Activity, type EventDefinition, type MultiInstance } from '../flow.ts'
import { holderOf, type Scope, type Token } from '../state.ts'
import type { Step } from '../step.ts'
import { throwDefinition } from '../throwing.ts'

/** A wrapper around any activity: its token waits for a body, in which a token runs each instance. */
export function enterMultiInstance(step: Step, token: Token, node: Activity, loop: MultiInstance): Failure | null {
  const items = readItems(step, token, node, loop)
  if (items instanceof Failure) return items
  const full = loop.sequential ? null : step.room(items.length - 1)
  if (full) return full
  const body = step.openScope(token, 'multiInstance')
  body.loop = {
    total: items.length,
    started: 0,
    completed: 0,
    ...(loop.outputCollection === null ? {} : { outputs: items.map(() => null) }),
    ...(loop.sequential ? { waiting: items } : {}),
  }
  if (items.length === 0) endBody(step, body, loop)
  else if (loop.sequential) startNext(step, body, loop)
  else for (const item of items) startInstance(step, body, loop, item)
  return null
}

function readItems(step: Step, token: Token, node: Activity, loop: MultiInstance): Json[] | Failure {
  if (loop.collection !== null) {
    const list = readData(step, token, loop.collection)
    if (list instanceof Failure || Array.isArray(list)) return list
    return new Failure('collection', `"${loop.collection}" of "${node.id}" gave ${JSON.stringify(list)}, not a list`)
  }
  const count = loop.cardinality === null ? null : step.evaluate(token, loop.cardinality)
  if (count instanceof Failure) return count
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > MAX_INSTANCES) {
    return new Failure('cardinality', `"${node.id}" is to run ${JSON.stringify(count)} times, which cannot be`)
  }
  return Array.from({ length: count }, () => null)
}

const MAX_INSTANCES = 100_000

function startInstance(step: Step, body: Scope, loop: MultiInstance, item: Json): void {
  const progress = editProgress(step, body.id)
  const instance = progress.started++
  const vars: Variables = { loopCounter: instance + 1 }
  if (loop.inputElement !== null) vars[loop.inputElement] = item
  // an output that is a plain name belongs to the instance, so that instances do not overwrite one another's
  const own = loop.outputElement?.startsWith('=')
    ? /^=\s*([\p{L}_][\p{L}\p{N}_]*)\s*$/u.exec(loop.outputElement)?.[1]
    : loop.outputElement
  if (own !== undefined && own !== null && !(own in vars) && own !== 'outcome') vars[own] = null
  step.arrive(step.newToken(body.id, body.elementId, { instance, vars }).id)
}

function startNext(step: Step, body: Scope, loop: MultiInstance): void {
  const progress = editProgress(step, body.id)
  const [item = null, ...waiting] = progress.waiting ?? []
  progress.waiting = waiting
  startInstance(step, body, loop, item)
}

function editProgress(step: Step, bodyId: string): NonNullable<Scope['loop']> {
  const body = step.editScope(bodyId)
  body.loop = { ...(body.loop ?? { total: 0, started: 0, completed: 0 }) }
  return body.loop
}

/** One instance has done its work. */
export function completeInstance(step: Step, tokenId: string): void {
  const token = step.token(tokenId)
  const node = token && step.node(token.at)
  const body = token && step.scope(token.scope)
  if (!token || !node || !body || !isActivity(node) || !node.multiInstance) return
  const loop = node.multiInstance

  const output = loop.outputElement === null ? null : readData(step, token, loop.outputElement)
  if (output instanceof Failure) return step.raiseIncident(tokenId, output, 'complete')
  const before = body.loop ?? { total: 0, started: 0, completed: 0 }
  const completed = before.completed + 1
  const counts = {
    numberOfInstances: before.total,
    numberOfActiveInstances: body.live - 1,
    numberOfCompletedInstances: completed,
    numberOfTerminatedInstances: 0,
  }
  const done = loop.completionCondition === null ? false : step.condition(token, loop.completionCondition, counts)
  if (done instanceof Failure) return step.raiseIncident(tokenId, done, 'complete')

  const cancels = throwBehaviour(step, token, node, loop, completed, counts)
  if (cancels instanceof Failure) return step.raiseIncident(tokenId, cancels, 'complete')
  // what it threw may have ended the whole
  if (!step.token(tokenId)) return

  const progress = editProgress(step, body.id)
  progress.completed = completed
  if (progress.outputs && token.instance !== undefined) {
    progress.outputs = progress.outputs.with(token.instance, output)
  }
  step.effects.push({ kind: 'trace', elementId: node.id, act: 'left' })
  const inner = step.token(tokenId)?.done
  if (inner) step.editScope(body.id).done = [...(step.scope(body.id)?.done ?? []), { elementId: node.id, inner }]
  step.removeToken(token)
  if (done || cancels || completed === progress.total) return endBody(step, body, loop)
  if (loop.sequential) startNext(step, body, loop)
}

/**
 * An event of the activity as a whole, at each completion, at the first, or as the complex behaviours say; its own boundary
 * events catch it without interrupting. True: a complex behaviour holds, and the instances that still run are given up.
 */
function throwBehaviour(
  step: Step,
  token: Token,
  node: Activity,
  loop: MultiInstance,
  completed: number,
  counts: Variables,
): boolean | Failure {
  const host = holderOf(step.state, token)
  if (!loop.behavior || !host) return false
  const thrown: (EventDefinition | null)[] = []
  let cancels = false
  if (loop.behavior !== 'complex')
    thrown.push(loop.behavior === 'none' || completed === 1 ? (loop.event ?? null) : null)
  for (const { condition, event } of loop.complex ?? []) {
    const holds = step.condition(token, condition, counts)
    if (holds instanceof Failure) return holds
    if (!holds) continue
    cancels = true
    thrown.push(event)
  }
  for (const event of thrown) {
    const failure = event && throwDefinition(step, step.token(host.id) ?? host, node, event, host.id)
    if (failure instanceof Failure) return failure
  }
  return cancels
}

function endBody(step: Step, body: Scope, loop: MultiInstance): void {
  const holder = body.token
  const { loop: progress, done } = step.scope(body.id) ?? body
  const outputs = progress?.outputs
  step.cancelScope(body.id)
  if (holder === undefined) return
  if (done) step.edit(holder).done = done
  const failure =
    loop.outputCollection === null ? null : mapCollection(step, holder, loop.outputCollection, outputs ?? [])
  step.disarm(holder)
  if (failure) return step.raiseIncident(holder, failure, 'leave')
  leave(step, holder)
}
