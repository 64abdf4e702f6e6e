import { implicitStarts } from '../bodies.ts'
import { openBody } from '../event-sub-process.ts'
import { Failure } from '../failure.ts'
import type { AdHoc, SubProcess } from '../flow.ts'
import type { Scope, Token } from '../state.ts'
import type { Step } from '../step.ts'

/** All activities that no flow leads to are to be done: at once, or one path after the other in the order of the file. */
export function enterAdHoc(step: Step, token: Token, node: SubProcess, adHoc: AdHoc): Failure | null {
  const ready = chosenActivities(step, token, node, adHoc)
  if (ready instanceof Failure) return ready
  const full = adHoc.sequential ? null : step.room(ready.length)
  if (full) return full
  if (ready.length === 0) return new Failure('ad-hoc', `"${node.id}" holds no activity that could be started`)
  const scope = step.openScope(token, 'subProcess')
  const [first = '', ...rest] = ready
  if (adHoc.sequential) scope.waiting = rest
  openBody(step, scope.id, adHoc.sequential ? [first] : ready)
  return null
}

function chosenActivities(step: Step, token: Token, node: SubProcess, adHoc: AdHoc): string[] | Failure {
  if (adHoc.active === undefined) return implicitStarts(step.flow, node.id)
  const list = step.evaluate(token, adHoc.active)
  if (list instanceof Failure) return list
  if (!Array.isArray(list)) return new Failure('ad-hoc', `"${adHoc.active}" of "${node.id}" gave no list of activities`)
  const prefix = node.id.slice(0, node.id.lastIndexOf('/') + 1)
  const ids = list.map((id) => prefix + String(id))
  const strange = ids.find((id) => step.node(id)?.parent !== node.id)
  return strange === undefined ? ids : new Failure('ad-hoc', `"${node.id}" holds no activity "${strange}"`)
}

/** Sequential: the path before has come to its end. False when there is none left. */
export function startNextOf(step: Step, scope: Scope): boolean {
  const [next, ...waiting] = scope.waiting ?? []
  if (next === undefined) return false
  step.editScope(scope.id).waiting = waiting
  step.arrive(step.newToken(scope.id, next).id)
  return true
}

/** An activity inside an ad-hoc sub-process is done: does that complete the whole? Then nothing more is started in it. */
export function endsAdHoc(step: Step, token: Token): boolean | Failure {
  const scope = step.scope(token.scope)
  const node = scope?.kind === 'subProcess' ? step.node(scope.elementId) : undefined
  const adHoc = node?.kind === 'subProcess' ? node.adHoc : undefined
  if (!scope || !adHoc || adHoc.completionCondition === null) return false
  const over = step.condition(token, adHoc.completionCondition)
  if (over !== true) return over
  if (scope.waiting) step.editScope(scope.id).waiting = []
  if (adHoc.cancelRemaining)
    for (const other of step.tokensIn(scope.id)) if (other.id !== token.id) step.cancelToken(other.id)
  return true
}
