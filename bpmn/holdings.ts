import { find } from './rows.ts'
import type { ConditionEntry, SubscriptionEntry, TimerEntry } from './state.ts'
import { WorkingState } from './working-state.ts'

/** What tokens hold while they wait: tasks, calls, timers, subscriptions, conditions, incidents. Each is told to the world as an effect. */
export class Holdings extends WorkingState {
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

  addTimer(entry: Omit<TimerEntry, 'id' | 'occurrence'>): void {
    const timerId = this.nextId('m')
    const { elementId, purpose, dueAt } = entry
    this.add(this.own('timers'), { id: timerId, occurrence: 1, ...entry })
    const token = this.edit(entry.token)
    token.timers = [...(token.timers ?? []), timerId]
    const taskId = token.task ?? null
    this.effects.push({ kind: 'armTimer', timerId, occurrence: 1, dueAt, elementId, purpose, taskId })
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

  addSubscription(entry: Omit<SubscriptionEntry, 'id'>): void {
    const subscriptionId = this.nextId('b')
    this.add(this.own('subscriptions'), { id: subscriptionId, ...entry })
    const held = this.edit(entry.token)
    held.subscriptions = [...(held.subscriptions ?? []), subscriptionId]
    const { elementId, name, key } = entry
    const attachedTo = elementId === held.at ? null : held.at
    this.effects.push(
      entry.signal
        ? { kind: 'subscribeSignal', subscriptionId, elementId, signalName: name, attachedTo }
        : { kind: 'subscribe', subscriptionId, elementId, messageName: name, correlationKey: key, attachedTo },
    )
  }

  dropSubscription(subscriptionId: string): void {
    const entry = find(this.state.subscriptions, subscriptionId)
    if (!entry) return
    this.drop(this.own('subscriptions'), subscriptionId)
    this.effects.push({ kind: 'unsubscribe', subscriptionId })
    const token = this.edit(entry.token)
    const rest = token.subscriptions?.filter((id) => id !== subscriptionId) ?? []
    if (rest.length > 0) token.subscriptions = rest
    else delete token.subscriptions
  }

  addCondition(entry: Omit<ConditionEntry, 'id'>): void {
    const id = this.nextId('d')
    this.add(this.ownConditions(), { id, ...entry })
    const token = this.edit(entry.token)
    token.conditions = [...(token.conditions ?? []), id]
  }

  dropCondition(id: string): void {
    const entry = find(this.state.conditions ?? [], id)
    if (!entry) return
    this.drop(this.ownConditions(), id)
    if (this.state.conditions?.length === 0) delete this.state.conditions
    const token = this.edit(entry.token)
    const rest = token.conditions?.filter((one) => one !== id) ?? []
    if (rest.length > 0) token.conditions = rest
    else delete token.conditions
  }

  /** Cancels the timers, subscriptions and conditions of a token. */
  disarm(tokenId: string): void {
    const { timers, subscriptions, conditions, got } = this.token(tokenId) ?? {}
    if (got) delete this.edit(tokenId).got
    for (const id of conditions ?? []) this.dropCondition(id)
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

  resolveIncident(tokenId: string): void {
    const incidentId = this.token(tokenId)?.incident
    if (incidentId === undefined) return
    this.drop(this.own('incidents'), incidentId)
    delete this.edit(tokenId).incident
    this.effects.push({ kind: 'resolveIncident', incidentId })
  }
}
