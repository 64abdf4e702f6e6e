import { complete } from '../complete.ts'
import { Failure } from '../failure.ts'
import type { EndEvent, ThrowEvent } from '../flow.ts'
import type { Token } from '../state.ts'
import type { Step } from '../step.ts'
import { throwDefinition } from '../throwing.ts'
import type { Behaviour } from './behaviour.ts'
import { callService } from './service-task.ts'

/** None: a milestone on the way. */
export const throwEvent: Behaviour<ThrowEvent> = {
  enter: throwAndGoOn,
}

export function throwAndGoOn(step: Step, token: Token, node: ThrowEvent | EndEvent): Failure | null {
  if (node.service && node.event.type === 'message') return callService(step, token, node, node.service)
  const thrown = throwDefinition(step, token, node, node.event)
  if (thrown instanceof Failure) return thrown
  if (thrown === null) complete(step, token.id)
  return null
}
