import { complete } from '../complete.ts'
import { Failure } from '../failure.ts'
import type { ThrowEvent } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'

/** None: a milestone on the way. */
export const throwEvent: Behaviour<ThrowEvent> = {
  enter(step, token, node) {
    if (node.event.type !== 'none') return new Failure('unsupported', `"${node.id}" throws a ${node.event.type} event`)
    complete(step, token.id)
    return null
  },
}
