import type { ReservedSql } from 'postgres'
import { advance, type Advanced } from '#bpmn/advance.ts'
import type { AdvanceContext, CaseEvent, Effect, LateEvent } from '#bpmn/case.ts'
import type { Flow } from '#bpmn/flow.ts'
import { find } from '#bpmn/rows.ts'
import { visibleVariables, type CaseState } from '#bpmn/state.ts'
import type { WorkingCalendar } from '#bpmn/working-time.ts'
import type { Database } from './database.ts'
import { giveLanes } from './lanes.ts'
import { localServices } from './local-services.ts'
import { knowing } from './step-knowledge.ts'
import { planEffects, type PlannedEffects } from './step-plan.ts'
import type { Actor, LockedCase, OwedCall, StepScope } from './step.ts'

/** The scope with what was collected in it for the step's own writes. */
export interface WorkingScope extends StepScope {
  writes: (() => PromiseLike<unknown>)[]
  calls: OwedCall[]
}

export function stepScope(sql: ReservedSql, locked: LockedCase, actor: Actor | null): WorkingScope {
  const writes: WorkingScope['writes'] = []
  const calls: WorkingScope['calls'] = []
  return {
    sql,
    now: locked.now,
    caseId: locked.caseId,
    documentId: locked.documentId,
    variables:
      locked.state && locked.task ? visibleVariables(locked.state, locked.task.token) : (locked.state?.variables ?? {}),
    actor,
    task: locked.task,
    writes,
    calls,
    write: (statement) => void writes.push(statement),
    call: (call) => void calls.push(call),
  }
}

export interface Moved {
  state: CaseState
  plan: PlannedEffects
  /** The event changed nothing, and why. */
  late: LateEvent | null
}

/** What a case moves by, besides its event. */
export interface Ground {
  db: Database
  flow: Flow
  flowVersionId: string
  calendar: WorkingCalendar
}

/** Advances by the event, and by the answers of local services, until only the outside can move the case. */
export async function move(
  ground: Ground,
  state: CaseState | null,
  event: CaseEvent,
  scope: WorkingScope,
): Promise<Moved> {
  const first = await deciding(ground, scope, (context) => advance(ground.flow, state, event, context))
  if (!('late' in first)) return follow(ground, first, scope)
  if (!state) throw new Error(`a case cannot start late: ${first.reason}`)
  return { state, plan: planEffects([]), late: first }
}

/** Decides with what the step knows: its clock, its calendar, and what its own connection reads. */
export function deciding<T>(
  { calendar, ...asking }: Ground,
  { sql, now }: WorkingScope,
  decide: (context: AdvanceContext) => T,
): Promise<T> {
  return knowing({ ...asking, sql }, { now, calendar }, decide)
}

/** What a decision asks of local services is answered inside the step, and what they answer with is decided on in turn. */
export async function follow(ground: Ground, first: Advanced, scope: WorkingScope): Promise<Moved> {
  let current = first.state
  const effects: Effect[] = []
  const waiting = [...first.effects]
  for (let effect = waiting.shift(); effect; effect = waiting.shift()) {
    const service = effect.kind === 'callService' ? localServices.get(effect.serviceType) : undefined
    // what came after it in the same breath may have given the call up
    if (effect.kind !== 'callService' || !service || !find(current.calls, effect.callId)) {
      effects.push(effect)
      continue
    }
    const { callId, serviceType } = effect
    scope.variables = visibleVariables(current, callId)
    const variables = (await service(scope, effect)) ?? {}
    const before = current
    const next = await deciding(ground, scope, (context) =>
      advance(ground.flow, before, { type: 'callAnswered', callId, variables }, context),
    )
    if ('late' in next) throw new Error(`the answer of ${serviceType} came late inside its own step: ${next.reason}`)
    current = next.state
    waiting.push(...next.effects)
  }
  const plan = planEffects(effects)
  await giveLanes(scope.sql, plan)
  return { state: current, plan, late: null }
}
