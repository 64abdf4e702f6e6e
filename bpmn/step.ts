import type { AdvanceContext, Effect, Json, TimerPurpose, Variables } from './case.ts'
import { Failure } from './failure.ts'
import { evaluateFeel } from './feel.ts'
import type { Expression, Flow, FlowNode, TimerDefinition } from './flow.ts'
import { find, positionOf, type Row } from './rows.ts'
import {
  lookUp,
  MAX_OPEN_TOKENS,
  ROOT_SCOPE,
  type CaseState,
  type IncidentPhase,
  type Scope,
  type TimerEntry,
  type Token,
} from './state.ts'
import { readTimer } from './timers.ts'

type Tables = Pick<CaseState, 'scopes' | 'tokens' | 'tasks' | 'calls' | 'timers' | 'subscriptions' | 'incidents'>

/**
 * The state while one step works on it: copy on write, so that the caller's state stays as it was and what is not touched is
 * shared. Knows tokens and scopes and what they hold, not what any kind of element means.
 */
export class Step {
  readonly effects: Effect[] = []
  /** Tokens that have come to an element and were not looked at yet. */
  readonly arrivals: string[] = []
  readonly state: CaseState
  private readonly owned = new Set<object>()

  constructor(
    readonly flow: Flow,
    before: CaseState,
    readonly context: AdvanceContext,
  ) {
    this.state = { ...before, counters: { ...before.counters } }
  }

  // reading

  token(id: string | undefined): Token | undefined {
    return find(this.state.tokens, id)
  }

  scope(id: string | undefined): Scope | undefined {
    return find(this.state.scopes, id)
  }

  /** The element the token is at. The guard against a state that belongs to another version of the flow. */
  node(id: string): FlowNode | undefined {
    return this.flow.nodes[id]
  }

  tokensIn(scopeId: string): Token[] {
    return this.state.tokens.filter((token) => token.scope === scopeId)
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

  // writing: first a copy of the table, then of the row

  private own<K extends keyof Tables>(name: K): Tables[K] {
    const tables: Tables = this.state
    const table = tables[name]
    if (this.owned.has(table)) return table
    const copy = table.slice() as Tables[K]
    this.owned.add(copy)
    tables[name] = copy
    return copy
  }

  edit(tokenId: string): Token {
    return this.editRow(this.own('tokens'), tokenId)
  }

  editScope(scopeId: string): Scope {
    return this.editRow(this.own('scopes'), scopeId)
  }

  editTimer(timerId: string): TimerEntry {
    return this.editRow(this.own('timers'), timerId)
  }

  private editRow<R extends Row>(table: R[], id: string): R {
    const position = positionOf(table, id)
    const row = table[position]
    if (!row) throw new Error(`The state has no ${id}`)
    if (this.owned.has(row)) return row
    const copy = { ...row }
    this.owned.add(copy)
    table[position] = copy
    return copy
  }

  private add<R extends Row>(table: R[], row: R): void {
    table.push(row)
    this.owned.add(row)
  }

  private drop(table: Row[], id: string): void {
    const position = positionOf(table, id)
    if (position >= 0) table.splice(position, 1)
  }

  private nextId(prefix: string): string {
    return `${prefix}${++this.state.counters.id}`
  }

  /**
   * To the nearest scope that has the variable; where none has it to the nearest instance of a multi-instance, else the process.
   * An outcome that no scope has as a local variable stays with the token, so that branches do not answer for one another.
   */
  write(tokenId: string | undefined, name: string, value: Json): void {
    if (name === 'outcome' && this.token(tokenId)?.outcome !== undefined) this.carryOutcome(tokenId, value)
    let instance: string | undefined
    let id = tokenId
    while (id !== undefined) {
      const token: Token | undefined = this.token(id)
      if (!token) break
      if (token.vars && Object.hasOwn(token.vars, name)) return this.writeLocal(id, name, value)
      if (token.instance !== undefined) instance ??= id
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

  writeLocal(tokenId: string, name: string, value: Json): void {
    const token = this.edit(tokenId)
    token.vars = { ...token.vars, [name]: value }
  }

  // scopes and tokens

  openRoot(): void {
    this.add(this.own('scopes'), { id: ROOT_SCOPE, kind: 'process', elementId: this.flow.id, live: 0, joining: 0 })
  }

  /** A scope below the token, which from here on only waits for it. */
  openScope(token: Token, kind: 'subProcess' | 'multiInstance'): Scope {
    const scope: Scope = { id: this.nextId('s'), kind, elementId: token.at, token: token.id, live: 0, joining: 0 }
    this.add(this.own('scopes'), scope)
    this.edit(token.id).child = scope.id
    this.state.counters.open--
    return scope
  }

  /** The token of an empty scope goes on by itself. */
  closeScope(scope: Scope): void {
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

  arrive(tokenId: string): void {
    this.arrivals.push(tokenId)
  }

  /** Takes the token away; what it held must be released before. */
  removeToken(token: Token): void {
    this.drop(this.own('tokens'), token.id)
    this.state.counters.open--
    const scope = this.editScope(token.scope)
    scope.live--
    if (token.joining) scope.joining--
  }

  // what a token holds

  openTask(tokenId: string): string {
    const id = this.nextId('u')
    this.add(this.own('tasks'), { id, token: tokenId })
    this.edit(tokenId).task = id
    return id
  }

  openCall(tokenId: string): string {
    const id = this.nextId('c')
    this.add(this.own('calls'), { id, token: tokenId })
    this.edit(tokenId).call = id
    return id
  }

  /** Evaluates and arms the timer of an event. */
  armFor(token: Token, elementId: string, timer: TimerDefinition): Failure | null {
    const value = this.evaluate(token, timer.value)
    if (value instanceof Failure) return value
    const due = typeof value === 'string' ? readTimer(this.context, value, timer.workingTime) : null
    if (!due)
      return new Failure('timer', `"${timer.value}" gave ${JSON.stringify(value)}, which is no date, duration or cycle`)
    const cycle = due.cycle && { ...due.cycle, ...(timer.workingTime ? { workingTime: true as const } : {}) }
    this.arm(token.id, elementId, 'flow', due.dueAt, cycle)
    return null
  }

  arm(tokenId: string, elementId: string, purpose: TimerPurpose, dueAt: number, cycle?: TimerEntry['cycle']): void {
    const timerId = this.nextId('m')
    this.add(this.own('timers'), {
      id: timerId,
      token: tokenId,
      elementId,
      purpose,
      occurrence: 1,
      dueAt,
      ...(cycle ? { cycle } : {}),
    })
    const token = this.edit(tokenId)
    token.timers = [...(token.timers ?? []), timerId]
    this.effects.push({
      kind: 'armTimer',
      timerId,
      occurrence: 1,
      dueAt,
      elementId,
      purpose,
      taskId: token.task ?? null,
    })
  }

  /** Forgets a timer that has fired for the last time. */
  dropTimer(timerId: string): void {
    const entry = find(this.state.timers, timerId)
    if (!entry) return
    this.drop(this.own('timers'), timerId)
    const token = this.edit(entry.token)
    const rest = token.timers?.filter((id) => id !== timerId) ?? []
    if (rest.length > 0) token.timers = rest
    else delete token.timers
  }

  subscribe(
    token: Token,
    elementId: string,
    event: { name: Expression; correlationKey: Expression | null },
  ): Failure | null {
    const name = this.evaluate(token, event.name)
    if (name instanceof Failure) return name
    const key = event.correlationKey === null ? null : this.evaluate(token, event.correlationKey)
    if (key instanceof Failure) return key
    if (typeof name !== 'string' || name === '')
      return new Failure('message', `"${event.name}" is no name of a message`)
    if (event.correlationKey !== null && (key === null || typeof key === 'object')) {
      return new Failure(
        'message',
        `"${event.correlationKey}" gave ${JSON.stringify(key)}, which is no correlation key`,
      )
    }
    const subscriptionId = this.nextId('b')
    const correlationKey = key === null ? null : String(key)
    this.add(this.own('subscriptions'), { id: subscriptionId, token: token.id, elementId, name, key: correlationKey })
    const held = this.edit(token.id)
    held.subscriptions = [...(held.subscriptions ?? []), subscriptionId]
    const attachedTo = elementId === token.at ? null : token.at
    this.effects.push({ kind: 'subscribe', subscriptionId, elementId, messageName: name, correlationKey, attachedTo })
    return null
  }

  /** Cancels the timers and subscriptions of a token. */
  disarm(tokenId: string): void {
    const { timers, subscriptions } = this.token(tokenId) ?? {}
    if (!timers && !subscriptions) return
    const token = this.edit(tokenId)
    for (const timerId of timers ?? []) {
      this.drop(this.own('timers'), timerId)
      this.effects.push({ kind: 'cancelTimer', timerId })
    }
    for (const subscriptionId of subscriptions ?? []) {
      this.drop(this.own('subscriptions'), subscriptionId)
      this.effects.push({ kind: 'unsubscribe', subscriptionId })
    }
    delete token.timers
    delete token.subscriptions
  }

  closeTask(tokenId: string, reason: 'completed' | 'cancelled'): void {
    const taskId = this.token(tokenId)?.task
    if (taskId === undefined) return
    this.drop(this.own('tasks'), taskId)
    delete this.edit(tokenId).task
    this.effects.push({ kind: 'closeTask', taskId, reason })
  }

  /** The call has been answered, or is no longer wanted. */
  closeCall(tokenId: string, reason: 'answered' | 'cancelled'): void {
    const callId = this.token(tokenId)?.call
    if (callId === undefined) return
    this.drop(this.own('calls'), callId)
    delete this.edit(tokenId).call
    if (reason === 'cancelled') this.effects.push({ kind: 'cancelCall', callId })
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
      this.effects.push({ kind: 'trace', elementId: token.at, act: 'cancelled' })
      this.removeToken(token)
    }
    const scope = this.scope(scopeId)
    if (scope) this.closeScope(scope)
  }

  // incidents

  raiseIncident(tokenId: string, failure: Failure, phase: IncidentPhase): void {
    if (phase === 'enter') this.release(tokenId)
    const token = this.edit(tokenId)
    const incidentId = this.nextId('i')
    this.add(this.own('incidents'), { id: incidentId, token: tokenId, elementId: token.at, code: failure.code, phase })
    token.incident = incidentId
    const { code, message } = failure
    this.effects.push({ kind: 'raiseIncident', incidentId, elementId: token.at, code, message })
  }

  resolveIncident(tokenId: string): void {
    const incidentId = this.token(tokenId)?.incident
    if (incidentId === undefined) return
    this.drop(this.own('incidents'), incidentId)
    delete this.edit(tokenId).incident
    this.effects.push({ kind: 'resolveIncident', incidentId })
  }
}
