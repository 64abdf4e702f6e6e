import type { Effect } from './case.ts'
import { find, positionOf, type Row } from './rows.ts'
import type { CaseState, ConditionEntry, Scope, TimerEntry, Token } from './state.ts'

type Tables = Pick<CaseState, 'scopes' | 'tokens' | 'tasks' | 'calls' | 'timers' | 'subscriptions' | 'incidents'>

/** The state while one step works on it: copy on write, so that the caller's state stays as it was and what is not touched is shared. */
export class WorkingState {
  readonly effects: Effect[] = []
  readonly state: CaseState
  private readonly owned = new Set<object>()

  constructor(before: CaseState) {
    this.state = { ...before, counters: { ...before.counters } }
  }

  token(id: string | undefined): Token | undefined {
    return find(this.state.tokens, id)
  }

  scope(id: string | undefined): Scope | undefined {
    return find(this.state.scopes, id)
  }

  tokensIn(scopeId: string): Token[] {
    return this.state.tokens.filter((token) => token.scope === scopeId)
  }

  // writing: first a copy of the table, then of the row

  protected own<K extends keyof Tables>(name: K): Tables[K] {
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

  editCondition(id: string): ConditionEntry {
    return this.editRow(this.ownConditions(), id)
  }

  protected ownConditions(): ConditionEntry[] {
    const table = this.state.conditions
    if (table && this.owned.has(table)) return table
    const copy = table?.slice() ?? []
    this.owned.add(copy)
    this.state.conditions = copy
    return copy
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

  protected add<R extends Row>(table: R[], row: R): void {
    table.push(row)
    this.owned.add(row)
  }

  protected drop(table: Row[], id: string): void {
    const position = positionOf(table, id)
    if (position >= 0) table.splice(position, 1)
  }

  nextId(prefix: string): string {
    return `${prefix}${++this.state.counters.id}`
  }
}
