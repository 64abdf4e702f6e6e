import type { Variables } from './case.ts'
import { isActivity, type FlowNode } from './flow.ts'
import { holderOf, type Token } from './state.ts'
import type { Step } from './step.ts'

/** What a task or call is given: its mapped inputs, and the items of the multi-instance activities around it. */
export function localInput(step: Step, token: Token, node: FlowNode): Variables {
  const input: Variables = {}
  let at: Token | undefined = token
  while (at) {
    if (at.instance !== undefined) {
      const around = step.node(at.at)
      const name = around && isActivity(around) ? around.multiInstance?.inputElement : null
      for (const key of [name, 'loopCounter']) {
        const value = key ? at.vars?.[key] : undefined
        if (key && value !== undefined && !(key in input)) input[key] = value
      }
    }
    at = holderOf(step.state, at)
  }
  const vars = step.token(token.id)?.vars
  const targets = [...(node.dataIn ?? []).map(({ to }) => to), ...node.inputs.map(({ target }) => target)]
  for (const target of targets) {
    const value = vars?.[target]
    if (value !== undefined) input[target] = value
  }
  return input
}
