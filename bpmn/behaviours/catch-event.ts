import { complete } from '../complete.ts'
import { Failure } from '../failure.ts'
import type { CatchEvent } from '../flow.ts'
import { arm } from '../waits.ts'
import type { Behaviour } from './behaviour.ts'

/** Waits for its event. A link is reached only from where it is thrown, and does not wait. */
export const catchEvent: Behaviour<CatchEvent> = {
  enter(step, token, node) {
    const come = node.event.type === 'link' || node.event.type === 'none' || arm(step, token, node.id, node.event)
    if (come instanceof Failure) return come
    if (come) complete(step, token.id)
    return null
  },
}
