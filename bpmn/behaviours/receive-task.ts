import { Failure } from '../failure.ts'
import type { ReceiveTask } from '../flow.ts'
import { arm } from '../waits.ts'
import type { Behaviour } from './behaviour.ts'

export const receiveTask: Behaviour<ReceiveTask> = {
  enter(step, token, node) {
    if (node.event.type !== 'message') return new Failure('unsupported', `"${node.id}" waits for no message`)
    const armed = arm(step, token, node.id, node.event)
    return armed instanceof Failure ? armed : null
  },
}
