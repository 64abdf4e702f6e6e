import { Failure } from '../failure.ts'
import type { Gateway } from '../flow.ts'
import { trigger } from '../trigger.ts'
import { arm } from '../waits.ts'
import type { Behaviour } from './behaviour.ts'

/** Waits for the first of the events behind it; the token stays here until then. */
export const eventBasedGateway: Behaviour<Gateway & { kind: 'eventBasedGateway' }> = {
  enter(step, token, node) {
    for (const flowId of node.outgoing) {
      const target = step.node(step.flow.sequenceFlows[flowId]?.target ?? '')
      if (target?.kind !== 'intermediateCatchEvent' && target?.kind !== 'receiveTask')
        return new Failure('event-gateway', `"${node.id}" leads to something that is no event to wait for`)
      const come = arm(step, step.token(token.id) ?? token, target.id, target.event)
      if (come instanceof Failure) return come
      if (!come) continue
      trigger(step, token.id, target.id)
      return null
    }
    return null
  },
}
