import { leave } from '../complete.ts'
import { Failure } from '../failure.ts'
import { isActivity, type Activity, type StandardLoop } from '../flow.ts'
import type { Token } from '../state.ts'
import type { Step } from '../step.ts'

/** A wrapper around any activity: its token waits for a body, in which one token runs it again and again. */
export function enterLoop(step: Step, token: Token, node: Activity, loop: StandardLoop): Failure | null {
  const again = loop.testBefore ? goesOn(step, token, loop, 0) : loop.maximum === null || loop.maximum > 0
  if (again instanceof Failure) return again
  if (!again) {
    step.disarm(token.id)
    leave(step, token.id)
    return null
  }
  const body = step.openScope(token, 'loop')
  step.arrive(step.newToken(body.id, node.id, { iteration: 0, vars: { loopCounter: 1 } }).id)
  return null
}

/** Without a condition only the maximum ends it. */
function goesOn(step: Step, token: Token, loop: StandardLoop, done: number): boolean | Failure {
  if (loop.maximum !== null && done >= loop.maximum) return false
  return loop.condition === null ? true : step.condition(token, loop.condition, { loopCounter: done })
}

/** It ran once more. */
export function completeIteration(step: Step, tokenId: string): void {
  const token = step.token(tokenId)
  const node = token && step.node(token.at)
  const body = token && step.scope(token.scope)
  if (!token || !body || !node || !isActivity(node) || !node.loop) return
  const done = (token.iteration ?? 0) + 1
  const again = goesOn(step, token, node.loop, done)
  if (again instanceof Failure) return step.raiseIncident(tokenId, again, 'complete')
  step.effects.push({ kind: 'trace', elementId: node.id, act: 'left' })
  const { outcome, done: inner } = token
  const before = body.done ?? []
  const kept = inner ? [...before, { elementId: node.id, inner }] : before
  if (again) {
    const edited = step.edit(tokenId)
    edited.iteration = done
    edited.vars = { loopCounter: done + 1 }
    for (const of of ['done', 'isolated', 'sealed', 'via'] as const) delete edited[of]
    if (kept.length > 0) step.editScope(body.id).done = kept
    step.arrive(tokenId)
    return
  }
  step.removeToken(token)
  step.closeScope(body)
  if (body.token === undefined) return
  const holder = step.edit(body.token)
  if (outcome !== undefined) holder.outcome = outcome
  if (kept.length > 0) holder.done = kept
  step.disarm(holder.id)
  leave(step, holder.id)
}
