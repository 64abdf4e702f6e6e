import type { Token } from './state.ts'
import type { Step } from './step.ts'

/** Lets the token wait at the join it has come to. */
export function waitAtJoin(step: Step, token: Token): void {
  const waiting = step.edit(token.id)
  waiting.joining = true
  const scope = step.editScope(token.scope)
  scope.joining++
  scope.joins = { ...scope.joins, [token.at]: [...(scope.joins?.[token.at] ?? []), token.id] }
}

export function waitingAt(step: Step, scopeId: string, gatewayId: string): Token[] {
  const ids = step.scope(scopeId)?.joins?.[gatewayId] ?? []
  return ids.flatMap((id) => step.token(id) ?? [])
}

/** Of each incoming flow the token that came first; they are the ones a join takes. */
export function firstOfEachFlow(tokens: Token[]): Map<string, Token> {
  const first = new Map<string, Token>()
  for (const token of tokens) if (token.via !== undefined && !first.has(token.via)) first.set(token.via, token)
  return first
}

/** A start quantity: of that many tokens one, whose id it gives; null while too few have come. */
export function mergeQuantity(step: Step, token: Token, quantity: number): string | null {
  waitAtJoin(step, token)
  const waiting = waitingAt(step, token.scope, token.at)
  return waiting.length < quantity ? null : merge(step, token.scope, token.at, waiting.slice(0, quantity))
}

/** Makes one token of several: the last to come goes on and carries its outcome. Gives its id. */
export function merge(step: Step, scopeId: string, gatewayId: string, tokens: Token[]): string {
  const scope = step.editScope(scopeId)
  const gone = new Set(tokens.map((token) => token.id))
  const left = (scope.joins?.[gatewayId] ?? []).filter((id) => !gone.has(id))
  const joins = { ...scope.joins }
  if (left.length > 0) joins[gatewayId] = left
  else delete joins[gatewayId]
  if (Object.keys(joins).length > 0) scope.joins = joins
  else delete scope.joins

  const last = tokens[tokens.length - 1]
  if (!last) throw new Error(`Nothing waits at the join ${gatewayId}`)
  for (const token of tokens) if (token.id !== last.id) step.removeToken(token)
  delete step.edit(last.id).joining
  scope.joining--
  return last.id
}
