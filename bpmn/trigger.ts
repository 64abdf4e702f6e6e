import type { Variables } from './case.ts'
import { complete } from './complete.ts'
import { isActivity, type BoundaryEvent } from './flow.ts'
import { holderOf, type Token } from './state.ts'
import type { Step } from './step.ts'

/** What a token waited for has come: at the element it is at, or at a boundary event of that. */
export function trigger(step: Step, tokenId: string, elementId: string, variables?: Variables): void {
  const token = step.token(tokenId)
  if (!token) return
  const node = step.node(elementId)
  if (node?.kind === 'boundaryEvent') triggerBoundary(step, token, node, variables)
  else complete(step, tokenId, variables)
}

/** Interrupting: the activity is cancelled and its token leaves by the event. Else a new token does. */
function triggerBoundary(step: Step, host: Token, boundary: BoundaryEvent, variables?: Variables): void {
  let tokenId = host.id
  if (boundary.interrupting) {
    step.release(host.id)
    step.effects.push({ kind: 'trace', elementId: host.at, act: 'cancelled' })
    const token = step.edit(host.id)
    token.at = boundary.id
    delete token.vars
    delete token.via
  } else {
    const carried = host.outcome === undefined ? {} : { outcome: host.outcome }
    const full = step.room(1)
    tokenId = step.newToken(host.scope, boundary.id, carried).id
    if (full) return step.raiseIncident(tokenId, full, 'leave')
  }
  step.effects.push({ kind: 'trace', elementId: boundary.id, act: 'entered' })
  complete(step, tokenId, variables)
}

/** A BPMN error goes outwards to the nearest boundary event that catches its code. False where none does. */
export function throwError(step: Step, tokenId: string, code: string, variables?: Variables): boolean {
  let token = step.token(tokenId)
  while (token) {
    const catcher = errorCatcher(step, token, code)
    if (catcher) {
      triggerBoundary(step, token, catcher, variables)
      return true
    }
    token = holderOf(step.state, token)
  }
  return false
}

function errorCatcher(step: Step, token: Token, code: string): BoundaryEvent | null {
  const node = step.node(token.at)
  if (!node || !isActivity(node) || token.instance !== undefined) return null
  let catchAll: BoundaryEvent | null = null
  for (const id of node.boundaries) {
    const boundary = step.node(id)
    if (boundary?.kind !== 'boundaryEvent' || boundary.event.type !== 'error') continue
    if (boundary.event.code === code) return boundary
    if (boundary.event.code === null) catchAll ??= boundary
  }
  return catchAll
}
