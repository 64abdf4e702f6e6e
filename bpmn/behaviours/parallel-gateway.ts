import { take } from '../complete.ts'
import type { Gateway } from '../flow.ts'
import { firstOfEachFlow, merge, waitAtJoin, waitingAt } from '../joins.ts'
import type { Behaviour } from './behaviour.ts'

/** Joins one token of every incoming flow into one, then forks it along every outgoing flow. */
export const parallelGateway: Behaviour<Gateway & { kind: 'parallelGateway' }> = {
  enter(step, token, node) {
    if (node.incoming.length < 2) {
      take(step, token.id, node.outgoing)
      return null
    }
    waitAtJoin(step, token)
    const first = firstOfEachFlow(waitingAt(step, token.scope, node.id))
    if (!node.incoming.every((id) => first.has(id))) return null
    take(step, merge(step, token.scope, node.id, [...first.values()]), node.outgoing)
    return null
  },
}
