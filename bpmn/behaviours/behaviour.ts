import type { Failure } from '../failure.ts'
import type { FlowNode } from '../flow.ts'
import type { Token } from '../state.ts'
import type { Step } from '../step.ts'

/**
 * What a kind of element does with a token that has come in: it lets it wait (opens a task, a call, a timer, a scope) or sends
 * it on. A Failure becomes an incident at the token; therefore evaluate first, then act.
 *
 * The rest of an element's life is the same for all kinds: `trigger` wakes it, `complete` maps its results and lets it go,
 * `Step.release` takes back what it holds.
 */
export interface Behaviour<N extends FlowNode = FlowNode> {
  enter(step: Step, token: Token, node: N): Failure | null
}
