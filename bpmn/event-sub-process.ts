import { bodyOf } from './bodies.ts'
import type { Variables } from './case.ts'
import { complete } from './complete.ts'
import { Failure } from './failure.ts'
import type { StartEvent } from './flow.ts'
import type { Scope, Token } from './state.ts'
import type { Step } from './step.ts'
import { trigger } from './trigger.ts'
import { arm } from './waits.ts'

/** What starts the event sub-processes of a scope. A body of instances or handlers is no scope of a drawing's own. */
export function startsOfEventSubProcesses(step: Step, scope: Scope): StartEvent[] {
  if (scope.kind !== 'process' && scope.kind !== 'subProcess') return []
  const ids = bodyOf(step.flow, scope.elementId)?.eventSubProcesses ?? []
  return ids.flatMap((id) => {
    const body = step.node(id)
    const start = body?.kind === 'subProcess' ? step.node(body.startEvents[0] ?? '') : undefined
    return start?.kind === 'startEvent' ? start : []
  })
}

/** A scope begins: its data, its listeners, then a token at each of `starts`, unless a listener interrupts it at once. */
export function openBody(step: Step, scopeId: string, starts: string[]): void {
  const scope = step.scope(scopeId)
  if (!scope) return
  // made before the listeners are armed: a condition that holds already interrupts what has begun
  const begun = starts.map((at) => step.newToken(scopeId, at).id)
  for (const start of startsOfEventSubProcesses(step, scope)) {
    if (!isAwaited(start)) continue
    const listener = step.newListener(scopeId, start.id)
    listen(step, listener.id)
  }
  for (const tokenId of begun) step.arrive(tokenId)
}

/** Errors, escalations and compensation are not waited for: whoever throws them looks for the event sub-process. */
function isAwaited({ event }: StartEvent): boolean {
  const awaited = ['message', 'timer', 'signal', 'conditional', 'multiple']
  return awaited.includes(event.type)
}

/** Arms a listener; again after an incident. */
export function listen(step: Step, listenerId: string): void {
  const token = step.token(listenerId)
  const start = token && step.node(token.at)
  if (!token || start?.kind !== 'startEvent') return
  const happened = arm(step, token, start.id, start.event)
  if (happened instanceof Failure) return step.raiseIncident(token.id, happened, 'enter')
  if (happened) trigger(step, token.id, start.id)
}

export function triggerListener(step: Step, listener: Token, variables?: Variables): void {
  const start = step.node(listener.at)
  if (start?.kind === 'startEvent') beginEventSubProcess(step, listener.scope, start, variables)
}

/** Runs an event sub-process in the scope that holds it; an interrupting one ends everything else there. */
export function beginEventSubProcess(step: Step, scopeId: string, start: StartEvent, variables?: Variables): void {
  if (start.interrupting) {
    for (const other of step.tokensIn(scopeId)) step.cancelToken(other.id)
    // of an ad-hoc sub-process: what was still to be started
    if (step.scope(scopeId)?.waiting) step.editScope(scopeId).waiting = []
  }
  const full = step.room(1)
  const token = step.newToken(scopeId, start.parent)
  step.effects.push({ kind: 'trace', elementId: start.parent, act: 'entered' })
  if (full) return step.raiseIncident(token.id, full, 'enter')
  runEventSubProcess(step, token, start, variables)
}

/** The token is at the event sub-process already. */
export function runEventSubProcess(step: Step, token: Token, start: StartEvent, variables?: Variables): void {
  const node = step.node(token.at)
  for (const name of node?.data ?? []) step.writeLocal(token.id, name, null)
  const scope = step.openScope(step.token(token.id) ?? token, 'subProcess')
  const first = step.newToken(scope.id, start.id)
  openBody(step, scope.id, [])
  if (!step.token(first.id)) return
  step.effects.push({ kind: 'trace', elementId: start.id, act: 'entered' })
  complete(step, first.id, variables)
}
