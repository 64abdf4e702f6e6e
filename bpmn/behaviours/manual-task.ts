import { complete } from '../complete.ts'
import type { ManualTask } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'

/** Work that no system sees: passes at once. */
export const manualTask: Behaviour<ManualTask> = {
  enter(step, token) {
    complete(step, token.id)
    return null
  },
}
