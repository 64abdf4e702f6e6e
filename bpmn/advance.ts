import type { AdvanceContext, CaseEvent, Effect, LateEvent, Unfit } from './case.ts'
import { settleInclusiveJoins } from './behaviours/inclusive-gateway.ts'
import { settleComplexGateways } from './behaviours/complex-gateway.ts'
import { complete, endCase, leave } from './complete.ts'
import { begin, enter, start } from './enter.ts'
import { Failure } from './failure.ts'
import type { EventDefinition, Flow } from './flow.ts'
import { applyChanges } from './modify.ts'
import { find } from './rows.ts'
import { applyStart } from './starting.ts'
import { newCase, ROOT_SCOPE, type CaseState } from './state.ts'
import { Step } from './step.ts'
import { nextDue } from './timers.ts'
import { deliverSignal, throwError } from './throwing.ts'
import { trigger } from './trigger.ts'
import { conditionsMet, stillWatched } from './waits.ts'

export interface Advanced {
  state: CaseState
  /** In the order in which they came about. */
  effects: Effect[]
}

/** Elements one step may enter before it counts as going in circles. */
const MAX_ENTRIES = 20_000

/**
 * The decision: what happened, on what stood before, gives what stands now and what is to be done. Pure; `state` is left as it
 * was (parts of it are shared with the result). Null starts a new case. What names something that is gone is a LateEvent and
 * changes nothing.
 */
export function advance(
  flow: Flow,
  state: CaseState | null,
  event: CaseEvent,
  context: AdvanceContext,
): Advanced | LateEvent {
  const step = new Step(flow, state ?? newCase(flow), context)
  const late = apply(step, event)
  if (typeof late === 'string') return { late: true, reason: late }
  if (late !== null) return { late: true, reason: late.en, sentence: late }
  settle(step)
  return { state: step.state, effects: step.effects }
}

/** Lets every token come to rest, and says what has become of the case. */
export function settle(step: Step): void {
  run(step)
  settleStatus(step)
  forgetCalled(step.state)
}

/** Gives the reason when the event is late. */
function apply(step: Step, event: CaseEvent): string | Unfit | null {
  const { state } = step
  if (event.type === 'start') return applyStart(step, event)
  if (!find(state.scopes, ROOT_SCOPE))
    return state.status === 'running' ? 'the case has not started' : 'the case has ended'
  switch (event.type) {
    case 'taskCompleted': {
      const entry = find(state.tasks, event.taskId)
      if (!entry) return `the task ${event.taskId} is not open`
      const { outcome } = event
      if (outcome === undefined) delete step.edit(entry.token).outcome
      else step.edit(entry.token).outcome = outcome
      step.closeTask(entry.token, 'completed')
      complete(step, entry.token, event.variables)
      return null
    }
    case 'timerFired':
      return applyTimer(step, event.timerId, event.occurrence)
    case 'callAnswered': {
      const entry = find(state.calls, event.callId)
      if (!entry) return `the call ${event.callId} is not open`
      step.closeCall(entry.token, 'answered')
      complete(step, entry.token, event.variables)
      return null
    }
    case 'callFailed': {
      const entry = find(state.calls, event.callId)
      if (!entry) return `the call ${event.callId} is not open`
      step.closeCall(entry.token, 'answered')
      if (throwError(step, entry.token, event.code)) return null
      step.raiseIncident(entry.token, new Failure(event.code, event.message), 'start')
      return null
    }
    case 'messageReceived':
      return applyMessage(step, event)
    case 'signalReceived':
      return applySignal(step, event)
    case 'incidentRetried':
      return applyRetry(step, event)
    case 'incidentSkipped': {
      const incident = find(state.incidents, event.incidentId)
      if (!incident) return `the incident ${event.incidentId} is not open`
      step.resolveIncident(incident.token)
      complete(step, incident.token, event.variables)
      return null
    }
    case 'caseModified':
      return applyChanges(step, event.changes)
    case 'caseCancelled':
      endCase(step, 'terminated')
      return null
  }
}

function applyTimer(step: Step, timerId: string, occurrence: number): string | null {
  const entry = find(step.state.timers, timerId)
  if (!entry || entry.occurrence !== occurrence) return `the timer ${timerId} is not armed for occurrence ${occurrence}`
  const { token, elementId, purpose, cycle, part } = entry
  if (purpose !== 'flow') {
    const taskId = step.token(token)?.task
    step.dropTimer(timerId)
    if (taskId !== undefined) {
      step.effects.push({ kind: 'notifyTask', taskId, about: purpose === 'due' ? 'overdue' : 'reminder' })
    }
    return null
  }
  const next =
    cycle && cycle.left !== 0 ? nextDue(step.context, entry.dueAt, cycle.every, cycle.workingTime === true) : null
  const node = step.node(elementId)
  // an event behind a gateway decides once; what listens goes on as long as it does not interrupt
  const emits =
    node?.kind === 'intermediateCatchEvent' && node.event.type === 'timer' && step.token(token)?.at === node.id
  const repeats = emits || ((node?.kind === 'boundaryEvent' || node?.kind === 'startEvent') && !node.interrupting)
  if (cycle && next !== null && repeats) {
    const timer = step.editTimer(timerId)
    timer.occurrence++
    timer.dueAt = next
    timer.cycle = { ...cycle, left: cycle.left < 0 ? -1 : cycle.left - 1 }
    step.effects.push({
      kind: 'armTimer',
      timerId,
      occurrence: timer.occurrence,
      dueAt: next,
      elementId,
      purpose,
      taskId: step.token(token)?.task ?? null,
    })
    if (emits) emitFrom(step, token)
    else trigger(step, token, elementId, { part })
    return null
  }
  step.dropTimer(timerId)
  trigger(step, token, elementId, { part })
  return null
}

/** A cycle on an intermediate event sends a token on at each occurrence, and waits on with its own. */
function emitFrom(step: Step, tokenId: string): void {
  const waiting = step.token(tokenId)
  if (!waiting) return
  const full = step.room(1)
  const carried = waiting.outcome === undefined ? {} : { outcome: waiting.outcome }
  const made = step.newToken(waiting.scope, waiting.at, carried)
  if (full) step.raiseIncident(made.id, full, 'leave')
  else complete(step, made.id)
}

function applyMessage(step: Step, event: Extract<CaseEvent, { type: 'messageReceived' }>): string | null {
  const { subscriptions } = step.state
  const aimed = event.subscriptionId
  const caught = subscriptions.filter((entry) => {
    if (entry.signal || entry.name !== event.name) return false
    return aimed !== undefined ? entry.id === aimed : entry.key === null || entry.key === (event.correlationKey ?? null)
  })
  if (caught.length === 0) return `nothing waits for the message ${event.name}`
  for (const { id } of caught) {
    // a catcher before it may have cancelled this one
    const entry = find(step.state.subscriptions, id)
    if (entry) trigger(step, entry.token, entry.elementId, { variables: event.variables, part: entry.part })
  }
  return null
}

function applySignal(step: Step, event: Extract<CaseEvent, { type: 'signalReceived' }>): string | null {
  const { name, subscriptionId, variables } = event
  const late = `nothing waits for the signal ${name}`
  if (subscriptionId === undefined) return deliverSignal(step, name, variables) ? null : late
  const entry = find(step.state.subscriptions, subscriptionId)
  if (!entry?.signal || entry.name !== name) return late
  trigger(step, entry.token, entry.elementId, { variables, part: entry.part })
  return null
}

function applyRetry(step: Step, event: Extract<CaseEvent, { type: 'incidentRetried' }>): string | null {
  const incident = find(step.state.incidents, event.incidentId)
  if (!incident) return `the incident ${event.incidentId} is not open`
  step.resolveIncident(incident.token)
  for (const [name, value] of Object.entries(event.variables ?? {})) step.write(incident.token, name, value)
  const token = step.token(incident.token)
  const node = token && step.node(token.at)
  switch (incident.phase) {
    case 'enter':
      step.arrive(incident.token)
      return null
    case 'start': {
      const failure = token && node ? start(step, token, node) : null
      if (failure) step.raiseIncident(incident.token, failure, 'start')
      return null
    }
    case 'complete':
      complete(step, incident.token)
      return null
    case 'leave':
      leave(step, incident.token)
      return null
  }
}

/** Until every token waits for something. */
function run(step: Step): void {
  let entries = 0
  // allocated only where something is held back
  const held: string[] = []
  for (;;) {
    settleConditions(step)
    for (let next = step.arrivals.shift(); next !== undefined; next = step.arrivals.shift()) {
      if (letsOthersFirst(step, next, held)) step.arrive(next)
      else if (++entries <= MAX_ENTRIES) enter(step, next)
      else if (step.token(next)) {
        const failure = new Failure(
          'endless',
          `More than ${MAX_ENTRIES} elements in one step: the flow goes in circles`,
        )
        step.raiseIncident(next, failure, 'enter')
      }
      settleConditions(step)
    }
    if (!settleInclusiveJoins(step) && !settleComplexGateways(step)) return
  }
}

/**
 * Tokens that come out of a fork are at their elements at once: what catches is there before one of them throws to the others. So
 * a throwing event lets those go first that have arrived with it.
 */
function letsOthersFirst(step: Step, tokenId: string, held: string[]): boolean {
  if (step.arrivals.length === 0) return false
  const token = step.token(tokenId)
  const node = token && step.node(token.at)
  if (node?.kind !== 'intermediateThrowEvent' && node?.kind !== 'endEvent') return false
  if (!isBroadcast(node.event) || held.includes(tokenId)) return false
  held.push(tokenId)
  return true
}

function isBroadcast(event: EventDefinition): boolean {
  return (
    event.type === 'signal' ||
    event.type === 'message' ||
    (event.type === 'multiple' && event.definitions.some(isBroadcast))
  )
}

/** Conditional events that what has just been written makes true. */
function settleConditions(step: Step): void {
  if (!step.changed) return
  for (const entry of conditionsMet(step)) {
    if (!stillWatched(step, entry)) continue
    if (entry.data) {
      step.dropCondition(entry.id)
      begin(step, entry.token)
    } else trigger(step, entry.token, entry.elementId, { part: entry.part })
  }
}

/** Flows that no call activity runs any more. */
function forgetCalled(state: CaseState): void {
  if (!state.called) return
  const open = new Set(state.scopes.map(({ elementId }) => elementId))
  const called = state.called.filter(({ prefix }) => open.has(prefix))
  if (called.length > 0) state.called = called
  else delete state.called
}

/** Stuck: in some scope every token waits at a join, so none can come that would open it. */
function settleStatus(step: Step): void {
  const { state } = step
  if (state.status !== 'running' && state.status !== 'stuck') return
  const stuck = state.scopes.some((scope) => scope.live > 0 && scope.live === scope.joining)
  if (stuck && state.status === 'running') step.effects.push({ kind: 'caseStuck' })
  state.status = stuck ? 'stuck' : 'running'
}
