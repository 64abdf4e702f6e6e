import { complete } from '../complete.ts'
import { Failure } from '../failure.ts'
import type { ScriptTask } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'

/** FEEL, evaluated in the step. */
export const scriptTask: Behaviour<ScriptTask> = {
  enter(step, token, node) {
    if (node.script === null) return new Failure('script', `"${node.id}" has no script`)
    const value = step.evaluate(token, node.script)
    if (value instanceof Failure) return value
    complete(step, token.id, node.resultVariable === null ? {} : { [node.resultVariable]: value })
    return null
  },
}
