import type { Json } from '../case.ts'
import { Failure } from '../failure.ts'
import { asJson } from '../feel-values.ts'
import { lookUp, type Token } from '../state.ts'
import type { Step } from '../step.ts'
import { evaluateDecision } from './evaluate.ts'

/** The decision that a business rule task names, on the variables that the token sees. */
export function runDecision(step: Step, token: Token, decisionId: string): Json | Failure {
  const model = step.context.decision?.(decisionId)
  if (!model) return new Failure('decision', `There is no decision "${decisionId}"`)
  const value = evaluateDecision(model, decisionId, (name) => lookUp(step.state, token, name), step.context)
  return value instanceof Failure ? value : asJson(value)
}
