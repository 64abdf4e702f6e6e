import { complete } from '../complete.ts'
import { runDecision } from '../dmn/run.ts'
import { Failure } from '../failure.ts'
import type { Expression, FlowNode, ServiceTask } from '../flow.ts'
import { localInput } from '../local-input.ts'
import type { Token } from '../state.ts'
import type { Step } from '../step.ts'
import { throwDefinition } from '../throwing.ts'
import type { Behaviour } from './behaviour.ts'

const DEFAULT_RETRIES = 3

/**
 * Service, send and business rule tasks: a call, answered inside the step or from outside. A send task that names no service sends
 * its message itself; a business rule task that names a decision evaluates it.
 */
export const serviceTask: Behaviour<ServiceTask> = {
  enter(step, token, node) {
    if (node.decision && node.serviceType === null) return decide(step, token, node, node.decision)
    if (node.message && node.serviceType === null) {
      const thrown = throwDefinition(step, token, node, node.message)
      if (thrown instanceof Failure) return thrown
      if (thrown === null) complete(step, token.id)
      return null
    }
    if (node.serviceType === null) return new Failure('service', `"${node.id}" says no service type`)
    return callService(step, token, node, { type: node.serviceType, retries: node.retries, headers: node.headers })
  },
}

export function callService(
  step: Step,
  token: Token,
  node: FlowNode,
  service: { type: Expression; retries: Expression | null; headers: Record<string, string> },
): Failure | null {
  const serviceType = step.evaluate(token, service.type)
  if (serviceType instanceof Failure) return serviceType
  if (typeof serviceType !== 'string' || serviceType === '') {
    return new Failure('service', `"${service.type}" of "${node.id}" gave no service type`)
  }
  const retries = service.retries === null ? DEFAULT_RETRIES : step.evaluate(token, service.retries)
  if (retries instanceof Failure) return retries
  const count = Number(retries)
  if (!Number.isInteger(count) || count < 0)
    return new Failure('service', `"${service.retries ?? ''}" of "${node.id}" is no count`)
  step.effects.push({
    kind: 'callService',
    callId: step.openCall(token.id),
    elementId: node.id,
    serviceType,
    input: localInput(step, token, node),
    headers: service.headers,
    retries: count,
  })
  return null
}

function decide(
  step: Step,
  token: Token,
  node: ServiceTask,
  { id, resultVariable }: NonNullable<ServiceTask['decision']>,
): Failure | null {
  const decisionId = step.evaluate(token, id)
  if (decisionId instanceof Failure) return decisionId
  const result = runDecision(step, token, String(decisionId))
  if (result instanceof Failure) return result
  complete(step, token.id, resultVariable === null ? {} : { [resultVariable]: result })
  return null
}
