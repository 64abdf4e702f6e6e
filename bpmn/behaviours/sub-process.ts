import { Failure } from '../failure.ts'
import type { SubProcess } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'

/** A scope of its own, begun at its none start event. */
export const subProcess: Behaviour<SubProcess> = {
  enter(step, token, node) {
    if (node.variant !== 'embedded')
      return new Failure('unsupported', `"${node.id}" is a sub-process of kind ${node.variant}`)
    const first = node.startEvents.find((id) => {
      const start = step.node(id)
      return start?.kind === 'startEvent' && start.event.type === 'none'
    })
    if (first === undefined) return new Failure('no-start', `"${node.id}" has no start event without a trigger`)
    const scope = step.openScope(token, 'subProcess')
    step.arrive(step.newToken(scope.id, first).id)
    return null
  },
}
