import { complete } from '../complete.ts'
import type { BoundaryEvent } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'

/** Reached only when it was triggered: goes on at once. */
export const boundaryEvent: Behaviour<BoundaryEvent> = {
  enter(step, token) {
    complete(step, token.id)
    return null
  },
}
