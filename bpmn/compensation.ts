import { bodyOf } from './bodies.ts'
import { Failure } from './failure.ts'
import { isActivity, type EventDefinition, type FlowNode } from './flow.ts'
import { holderOf, type Done, type Scope, type Token, type Undo } from './state.ts'
import type { Step } from './step.ts'
import { triggerBoundary, boundariesOf } from './trigger.ts'

/** An activity leaves as completed, with the token as it is now: kept where it, or something in it, can be compensated. */
export function noteDone(step: Step, token: Token, node: FlowNode): void {
  if (!isActivity(node) || node.forCompensation) return
  if (node.kind === 'subProcess' && node.variant === 'event') return
  const { done: inner, vars } = token
  if (inner === undefined && handlerOf(step, node.id) === null) return
  const scope = step.editScope(token.scope)
  const done: Done = { elementId: node.id, ...(inner ? { inner } : {}), ...(vars ? { vars } : {}) }
  scope.done = [...(scope.done ?? []), done]
}

/** What compensates an activity: the handler of its boundary event, or an event sub-process inside it. */
function handlerOf(step: Step, elementId: string): string | null {
  const node = step.node(elementId)
  if (!node || !isActivity(node)) return null
  for (const id of node.boundaries) {
    const boundary = step.node(id)
    if (boundary?.kind === 'boundaryEvent' && boundary.handler !== undefined) return boundary.handler
  }
  if (node.kind !== 'subProcess') return null
  for (const id of bodyOf(step.flow, elementId)?.eventSubProcesses ?? []) {
    const body = step.node(id)
    const start = body?.kind === 'subProcess' ? step.node(body.startEvents[0] ?? '') : undefined
    if (start?.kind === 'startEvent' && start.event.type === 'compensation') return id
  }
  return null
}

/** Last done, first undone. A sub-process without a handler of its own is compensated by what was done inside it. */
function planUndo(step: Step, done: Done[], around: Undo['vars'] = {}): Undo[] {
  return done.toReversed().flatMap(({ elementId, inner, vars }) => {
    const seen = { ...around, ...vars }
    const handler = handlerOf(step, elementId)
    if (handler === null) return planUndo(step, inner ?? [], seen)
    const local = Object.keys(seen).length > 0 ? { vars: seen } : {}
    return { handler, ...(inner ? { inner } : {}), ...local }
  })
}

/** The scope whose activities are compensated from here: in an event sub-process, the one that it belongs to. */
function contextOf(step: Step, token: Token): Scope | undefined {
  let scope = step.scope(token.scope)
  for (;;) {
    const node = step.node(scope?.elementId ?? '')
    if (scope?.kind !== 'subProcess' || node?.kind !== 'subProcess' || node.variant !== 'event') return scope
    scope = step.scope(step.token(scope.token)?.scope)
  }
}

/** Takes what is to be compensated off the scope's list; one activity may also have been done in a scope further out. */
function takeDone(step: Step, token: Token, activity: string | null): Done[] {
  let scope = contextOf(step, token)
  if (activity === null) {
    const all = scope?.done ?? []
    if (scope && all.length > 0) delete step.editScope(scope.id).done
    return all
  }
  for (; scope; scope = step.scope(step.token(scope.token)?.scope)) {
    const chosen = scope.done?.filter(({ elementId }) => elementId === activity) ?? []
    if (chosen.length === 0) continue
    const rest = scope.done?.filter(({ elementId }) => elementId !== activity) ?? []
    const edited = step.editScope(scope.id)
    if (rest.length > 0) edited.done = rest
    else delete edited.done
    return chosen
  }
  return []
}

/** Runs the handlers one after the other; the token that throws waits for them unless the event says not to. */
export function compensate(
  step: Step,
  token: Token,
  event: Extract<EventDefinition, { type: 'compensation' }>,
): 'held' | Failure | null {
  const undo = planUndo(step, takeDone(step, token, event.activity))
  if (undo.length === 0) return null
  const full = step.room(1)
  if (full) return full
  const detached = event.wait === false
  const holder = detached ? step.newToken(token.scope, token.at) : token
  const scope = step.openScope(holder, 'compensation')
  scope.undo = undo
  if (detached) scope.detached = true
  nextUndo(step, scope.id)
  return detached ? null : 'held'
}

/** Starts the next handler of a compensation; false when there is none. */
export function nextUndo(step: Step, scopeId: string): boolean {
  const scope = step.editScope(scopeId)
  const [next, ...rest] = scope.undo ?? []
  if (!next) return false
  scope.undo = rest
  // what an event sub-process that compensates finds to compensate itself
  if (next.inner) scope.done = next.inner
  else delete scope.done
  step.arrive(step.newToken(scopeId, next.handler, next.vars ? { vars: next.vars } : {}).id)
  return true
}

/** A cancel end event: ends what still runs in the transaction, compensates what was done, and leaves by the cancel boundary. */
export function cancelTransaction(step: Step, token: Token): Failure | null {
  const scope = step.scope(token.scope)
  const node = step.node(scope?.elementId ?? '')
  if (!scope || node?.kind !== 'subProcess' || node.variant !== 'transaction')
    return new Failure('cancel', `"${token.at}" is in no transaction that it could cancel`)
  for (const other of step.tokensIn(scope.id)) if (other.id !== token.id) step.cancelToken(other.id)
  const undone = compensate(step, step.token(token.id) ?? token, { type: 'compensation', activity: null })
  if (undone instanceof Failure) return undone
  return undone === 'held' ? null : leaveCancelled(step, token.id)
}

/** After the compensation of a transaction. */
export function leaveCancelled(step: Step, tokenId: string): Failure | null {
  const token = step.token(tokenId)
  let host = token && holderOf(step.state, token)
  while (host && (host.instance !== undefined || host.iteration !== undefined)) host = holderOf(step.state, host)
  if (!token || !host) return null
  const boundary = boundariesOf(step, host).find(({ event }) => event.type === 'cancel')
  if (!boundary) return new Failure('uncaught-cancel', `Nothing catches that "${host.at}" was cancelled`)
  triggerBoundary(step, host, boundary, undefined, true)
  return null
}
