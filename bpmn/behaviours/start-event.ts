import { complete } from '../complete.ts'
import type { StartEvent } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'

/** Whatever triggered it has happened already. */
export const startEvent: Behaviour<StartEvent> = {
  enter(step, token) {
    complete(step, token.id)
    return null
  },
}
