import type { AdvanceContext, Json, Variables } from './case.ts'
import type { LinkedFlow } from './bodies.ts'
import { Failure } from './failure.ts'
import { evaluateFeel } from './feel.ts'
import type { Expression, Flow, FlowNode } from './flow.ts'
import { Holdings } from './holdings.ts'
import { link } from './links.ts'
import {
  lookUp,
  MAX_OPEN_TOKENS,
  ROOT_SCOPE,
  type CaseState,
  type IncidentPhase,
  type Scope,
  type Token,
} from './state.ts'

/** One step of a case: its tokens, scopes and variables. Knows what they are, not what any kind of element means. */
export class Step extends Holdings {
  /** Tokens that have come to an element and were not looked at yet. */
  readonly arrivals: string[] = []
  /** Variables written since the conditional events were last looked at; only where there are any. */
  changed: Set<string> | null = null
  /** `base` with the flows that its call activities run. */
  flow: LinkedFlow

  constructor(
    readonly base: Flow,
    before: CaseState,
    readonly context: AdvanceContext,
  ) {
    super(before)
    this.flow = before.called ? link(base, before.called, context) : base
  }

  /** A call activity has added a flow. */
  relink(flow: LinkedFlow): void {
    this.flow = flow
  }

  /** The element the token is at. The guard against a state that belongs to another version of the flow. */
  node(id: string): FlowNode | undefined {
    return this.flow.nodes[id]
  }

  /** Evaluates in the eyes of a token; `extra` goes before all variables. */
  evaluate(token: Token, expression: Expression, extra?: Variables): Json | Failure {
    return evaluateFeel(
      expression,
      (name) => (extra && Object.hasOwn(extra, name) ? extra[name] : lookUp(this.state, token, name)),
      this.context,
    )
  }

  /** A condition that is neither true nor false is a mistake of the flow or its data, not a "no". */
  condition(token: Token, expression: Expression, extra?: Variables): boolean | Failure {
    const value = this.evaluate(token, expression, extra)
    if (value instanceof Failure || typeof value === 'boolean') return value
    return new Failure('condition', `"${expression}" gave ${JSON.stringify(value)}, not true or false`)
  }

  // variables

  /**
   * To the nearest scope that has the variable; where none has it to the nearest instance of a multi-instance, else the process.
   * An outcome that no scope has as a local variable stays with the token, so that branches do not answer for one another.
   */
  write(tokenId: string | undefined, name: string, value: Json): void {
    this.noteChange(name)
    if (name === 'outcome' && this.token(tokenId)?.outcome !== undefined) this.carryOutcome(tokenId, value)
    let instance: string | undefined
    let id = tokenId
    while (id !== undefined) {
      const token: Token | undefined = this.token(id)
      if (!token) break
      if (token.vars && Object.hasOwn(token.vars, name)) return this.writeLocal(id, name, value)
      if (token.instance !== undefined) instance ??= id
      if (token.isolated) return this.writeLocal(instance ?? id, name, value)
      id = this.scope(token.scope)?.token
    }
    if (instance !== undefined && !Object.hasOwn(this.state.variables, name))
      return this.writeLocal(instance, name, value)
    if (name === 'outcome' && tokenId !== undefined) return this.carryOutcome(tokenId, value)
    this.state.variables = { ...this.state.variables, [name]: value }
  }

  /** The token alone answers with it, until its next task. */
  carryOutcome(tokenId: string | undefined, value: Json): void {
    if (tokenId === undefined) return
    const token = this.edit(tokenId)
    if (typeof value === 'string') token.outcome = value
    else delete token.outcome
  }

  private noteChange(name: string): void {
    if (this.state.conditions) (this.changed ??= new Set()).add(name)
  }

  writeLocal(tokenId: string, name: string, value: Json): void {
    this.noteChange(name)
    const token = this.edit(tokenId)
    token.vars = { ...token.vars, [name]: value }
  }

  // scopes and tokens

  openRoot(): void {
    this.add(this.own('scopes'), { id: ROOT_SCOPE, kind: 'process', elementId: this.flow.id, live: 0, joining: 0 })
  }

  /** A scope below the token, which from here on only waits for it. */
  openScope(token: Token, kind: Exclude<Scope['kind'], 'process'>): Scope {
    const scope: Scope = { id: this.nextId('s'), kind, elementId: token.at, token: token.id, live: 0, joining: 0 }
    this.add(this.own('scopes'), scope)
    this.edit(token.id).child = scope.id
    this.state.counters.open--
    return scope
  }

  /** The token of an empty scope goes on by itself. */
  closeScope(scope: Scope): void {
    const { listeners } = this.scope(scope.id) ?? scope
    if (listeners) for (const listener of listeners) this.dropListener(listener)
    this.drop(this.own('scopes'), scope.id)
    if (scope.token === undefined) return
    delete this.edit(scope.token).child
    this.state.counters.open++
  }

  room(more: number): Failure | null {
    if (this.state.counters.open + more <= MAX_OPEN_TOKENS) return null
    return new Failure('too-many-tokens', `A case may have ${MAX_OPEN_TOKENS} open tokens; this would make it more`)
  }

  newToken(scopeId: string, at: string, rest: Partial<Token> = {}): Token {
    const token: Token = { id: this.nextId('t'), scope: scopeId, at, ...rest }
    this.add(this.own('tokens'), token)
    this.editScope(scopeId).live++
    this.state.counters.open++
    return token
  }

  /** A token that only listens at the start of an event sub-process. */
  newListener(scopeId: string, at: string): Token {
    const token: Token = { id: this.nextId('t'), scope: scopeId, at, listening: true }
    this.add(this.own('tokens'), token)
    const scope = this.editScope(scopeId)
    scope.listeners = [...(scope.listeners ?? []), token.id]
    return token
  }

  dropListener(tokenId: string): void {
    const token = this.token(tokenId)
    if (!token) return
    this.disarm(tokenId)
    this.resolveIncident(tokenId)
    this.drop(this.own('tokens'), tokenId)
    const scope = this.editScope(token.scope)
    scope.listeners = scope.listeners?.filter((id) => id !== tokenId)
    if (scope.listeners?.length === 0) delete scope.listeners
  }

  /** Ends what the token does and the token itself, as something cancelled. */
  cancelToken(tokenId: string): void {
    const token = this.token(tokenId)
    if (!token) return
    if (token.listening) return this.dropListener(tokenId)
    this.release(tokenId)
    this.effects.push({ kind: 'trace', elementId: token.at, act: 'cancelled' })
    this.removeToken(this.token(tokenId) ?? token)
  }

  arrive(tokenId: string): void {
    this.arrivals.push(tokenId)
  }

  /** Takes the token away; what it held must be released before. */
  removeToken(token: Token): void {
    this.drop(this.own('tokens'), token.id)
    this.state.counters.open--
    const scope = this.editScope(token.scope)
    scope.live--
    if (token.joining) this.leaveJoin(scope, token)
  }

  /** No longer waits at a join. */
  leaveJoin(scope: Scope, token: Token): void {
    scope.joining--
    const joins = { ...scope.joins }
    const left = joins[token.at]?.filter((id) => id !== token.id) ?? []
    if (left.length > 0) joins[token.at] = left
    else delete joins[token.at]
    if (Object.keys(joins).length > 0) scope.joins = joins
    else delete scope.joins
  }

  /** Takes back everything the token holds, the scopes below it included. The token itself stays. */
  release(tokenId: string): void {
    this.closeTask(tokenId, 'cancelled')
    this.closeCall(tokenId, 'cancelled')
    this.disarm(tokenId)
    this.resolveIncident(tokenId)
    const child = this.token(tokenId)?.child
    if (child !== undefined) this.cancelScope(child)
  }

  /** Ends the scope with all tokens in it and below; its own token goes on by itself. */
  cancelScope(scopeId: string): void {
    const inScope = new Map<string, string[]>()
    for (const token of this.state.tokens) {
      const list = inScope.get(token.scope)
      if (list) list.push(token.id)
      else inScope.set(token.scope, [token.id])
    }
    this.cancelTree(scopeId, inScope)
  }

  private cancelTree(scopeId: string, inScope: Map<string, string[]>): void {
    for (const tokenId of inScope.get(scopeId) ?? []) {
      const child = this.token(tokenId)?.child
      if (child !== undefined) this.cancelTree(child, inScope)
      this.release(tokenId)
      const token = this.token(tokenId)
      if (!token) continue
      if (token.listening) {
        this.dropListener(tokenId)
        continue
      }
      this.effects.push({ kind: 'trace', elementId: token.at, act: 'cancelled' })
      this.removeToken(token)
    }
    const scope = this.scope(scopeId)
    if (scope) this.closeScope(scope)
  }

  raiseIncident(tokenId: string, failure: Failure, phase: IncidentPhase): void {
    if (phase === 'enter') this.release(tokenId)
    const token = this.edit(tokenId)
    const incidentId = this.nextId('i')
    this.add(this.own('incidents'), { id: incidentId, token: tokenId, elementId: token.at, code: failure.code, phase })
    token.incident = incidentId
    const { code, message } = failure
    this.effects.push({ kind: 'raiseIncident', incidentId, elementId: token.at, code, message })
  }
}
