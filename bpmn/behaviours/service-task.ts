import { Failure } from '../failure.ts'
import type { ServiceTask } from '../flow.ts'
import { localInput } from '../local-input.ts'
import type { Behaviour } from './behaviour.ts'

const DEFAULT_RETRIES = 3

/** Service, send and business rule tasks: a call, answered inside the step or from outside. */
export const serviceTask: Behaviour<ServiceTask> = {
  enter(step, token, node) {
    if (node.serviceType === null) return new Failure('service', `"${node.id}" says no service type`)
    const serviceType = step.evaluate(token, node.serviceType)
    if (serviceType instanceof Failure) return serviceType
    if (typeof serviceType !== 'string' || serviceType === '') {
      return new Failure('service', `"${node.serviceType}" of "${node.id}" gave no service type`)
    }
    const retries = node.retries === null ? DEFAULT_RETRIES : step.evaluate(token, node.retries)
    if (retries instanceof Failure) return retries
    const count = Number(retries)
    if (!Number.isInteger(count) || count < 0)
      return new Failure('service', `"${node.retries ?? ''}" of "${node.id}" is no count`)
    step.effects.push({
      kind: 'callService',
      callId: step.openCall(token.id),
      elementId: node.id,
      serviceType,
      input: localInput(step, token, node),
      headers: node.headers,
      retries: count,
    })
    return null
  },
}
