import type { ReservedSql } from 'postgres'
import { advance } from '#bpmn/advance.ts'
import type { CaseEvent, Effect } from '#bpmn/case.ts'
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
  /** Why the event changed nothing. */
  late: string | null
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
  const { flow, calendar } = ground
  const decide = (before: CaseState | null, coming: CaseEvent) =>
    knowing({ ...ground, sql: scope.sql }, { now: scope.now, calendar }, (context) =>
      advance(flow, before, coming, context),
    )
  const first = await decide(state, event)
  if ('late' in first) {
    if (!state) throw new Error(`a case cannot start late: ${first.reason}`)
    return { state, plan: planEffects([]), late: first.reason }
  }
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
    scope.variables = visibleVariables(current, effect.callId)
    const variables = await service(scope, effect)
    const next = await decide(current, { type: 'callAnswered', callId: effect.callId, variables: variables ?? {} })
    if ('late' in next)
      throw new Error(`the answer of ${effect.serviceType} came late inside its own step: ${next.reason}`)
    current = next.state
    waiting.push(...next.effects)
  }
  const plan = planEffects(effects)
  await giveLanes(scope.sql, plan)
  return { state: current, plan, late: null }
}
