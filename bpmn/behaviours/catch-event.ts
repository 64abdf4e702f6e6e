import { Failure } from '../failure.ts'
import type { CatchEvent } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'

/** Waits for its timer or message. */
export const catchEvent: Behaviour<CatchEvent> = {
  enter(step, token, node) {
    switch (node.event.type) {
      case 'timer':
        return step.armFor(token, node.id, node.event.timer)
      case 'message':
        return step.subscribe(token, node.id, node.event)
      default:
        return new Failure('unsupported', `"${node.id}" waits for a ${node.event.type} event`)
    }
  },
}
