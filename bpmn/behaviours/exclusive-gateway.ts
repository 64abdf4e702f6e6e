import { take } from '../complete.ts'
import { Failure } from '../failure.ts'
import type { Gateway } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'

/** The first flow whose condition holds, in the order of the file; else the default. Every token passes by itself. */
export const exclusiveGateway: Behaviour<Gateway & { kind: 'exclusiveGateway' }> = {
  enter(step, token, node) {
    for (const id of node.outgoing) {
      if (id === node.default) continue
      const condition = step.flow.sequenceFlows[id]?.condition ?? null
      const holds = condition === null ? true : step.condition(token, condition)
      if (holds instanceof Failure) return holds
      if (!holds) continue
      take(step, token.id, [id])
      return null
    }
    if (node.default !== null) {
      take(step, token.id, [node.default])
      return null
    }
    if (node.outgoing.length === 0) {
      take(step, token.id, [])
      return null
    }
    return new Failure(
      'no-flow',
      `No condition of the flows that leave "${node.id}" holds, and there is no default flow`,
    )
  },
}
