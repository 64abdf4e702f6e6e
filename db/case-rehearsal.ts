import { advance } from '#bpmn/advance.ts'
import type { AdvanceContext, CaseChange, CaseEvent, Effect, LateEvent } from '#bpmn/case.ts'
import type { Flow } from '#bpmn/flow.ts'
import { link } from '#bpmn/links.ts'
import { find } from '#bpmn/rows.ts'
import type { CaseState } from '#bpmn/state.ts'
import { workingCalendar } from './calendar.ts'
import type { Holder } from './case-view.ts'
import { readClock } from './clock.ts'
import type { Database } from './database.ts'
import { elementName } from './element-name.ts'
import { flowOfVersion } from './flow-versions.ts'
import { holdersOf } from './holders.ts'
import { localServices } from './local-services.ts'
import type { Sentence } from './refusal.ts'
import { knowing } from './step-knowledge.ts'
import { planEffects, type PlannedEffects } from './step-plan.ts'

/** Something that a step would do. Instants are epoch ms. */
export interface Consequence {
  kind:
    | 'taskCloses'
    | 'taskOpens'
    | 'timerDropped'
    | 'timerSet'
    | 'callDropped'
    | 'callMade'
    | 'serviceRuns'
    | 'waitDropped'
    | 'waits'
    | 'thrown'
    | 'incidentResolved'
    | 'incident'
    | 'variableSet'
    | 'caseEnds'
    | 'caseStuck'
  element: Sentence | null
  /** A service's type, a message's or variable's name, an incident's code. */
  detail: string | null
  holder: Holder | null
  dueAt: number | null
}

/** What would come of it, nothing of which has been done; or why it cannot be done. */
export type Rehearsed = { ok: true; consequences: Consequence[]; standsAt: Sentence[] } | { ok: false; late: LateEvent }

/**
 * Plays changes of a case through the same function that makes them, and writes nothing. A service that runs inside the step is
 * named and taken to answer with nothing.
 */
export async function rehearseChanges(
  db: Database,
  { flowVersionId, state }: { flowVersionId: string; state: CaseState },
  changes: CaseChange[],
): Promise<Rehearsed> {
  const [flow, calendar, { now }] = await Promise.all([
    flowOfVersion(db, flowVersionId),
    workingCalendar(db),
    readClock(db),
  ])
  const event: CaseEvent = { type: 'caseModified', changes, reason: '' }
  const played = await knowing({ db, sql: db.sql, flowVersionId }, { now, calendar }, (context) =>
    play(flow, state, event, context),
  )
  if ('late' in played) return { ok: false, late: played }
  const { whole } = played
  const active = [
    ...new Set(played.state.tokens.flatMap(({ at, child, listening }) => ((child ?? listening) ? [] : [at]))),
  ]
  return {
    ok: true,
    consequences: await consequencesOf(db, { before: state, played, changes }),
    standsAt:
      played.state.status === 'running' || played.state.status === 'stuck'
        ? active.map((id) => elementName(whole, id))
        : [],
  }
}

interface Played {
  state: CaseState
  effects: Effect[]
  /** Of services inside the step. */
  services: Extract<Effect, { kind: 'callService' }>[]
  /** The flow with those it calls, before and after. */
  whole: Pick<Flow, 'nodes'>
}

function play(flow: Flow, before: CaseState, event: CaseEvent, context: AdvanceContext): Played | LateEvent {
  const first = advance(flow, before, event, context)
  if ('late' in first) return first
  let { state } = first
  const [effects, services]: [Effect[], Played['services']] = [[], []]
  const waiting = [...first.effects]
  for (let effect = waiting.shift(); effect; effect = waiting.shift()) {
    if (effect.kind !== 'callService' || !localServices.has(effect.serviceType) || !find(state.calls, effect.callId)) {
      effects.push(effect)
      continue
    }
    services.push(effect)
    const next = advance(flow, state, { type: 'callAnswered', callId: effect.callId, variables: {} }, context)
    if ('late' in next) return next
    state = next.state
    waiting.push(...next.effects)
  }
  const nodes = { ...link(flow, before.called, context).nodes, ...link(flow, state.called, context).nodes }
  return { state, effects, services, whole: { nodes } }
}

async function consequencesOf(
  db: Database,
  { before, played, changes }: { before: CaseState; played: Played; changes: CaseChange[] },
): Promise<Consequence[]> {
  const { whole, state } = played
  const plan = planEffects(played.effects)
  const named = (id: string | undefined) => (id === undefined ? null : elementName(whole, id))
  const line = (
    kind: Consequence['kind'],
    elementId: string | undefined,
    more: Partial<Consequence> = {},
  ): Consequence => ({
    kind,
    element: named(elementId),
    detail: null,
    holder: null,
    dueAt: null,
    ...more,
  })
  const holders = await holdersOf(db.sql, plan.opened)
  const variables = changes.flatMap((change) => (change.do === 'setVariables' ? Object.keys(change.variables) : []))
  return [
    ...variables.map((detail) => line('variableSet', undefined, { detail })),
    ...plan.closed.map(({ taskId }) => line('taskCloses', holderAt(before, 'tasks', taskId))),
    ...droppedTimers(before, plan).map(({ elementId, dueAt }) => line('timerDropped', elementId, { dueAt })),
    ...plan.cancelledCalls.map((id) => line('callDropped', holderAt(before, 'calls', id))),
    ...plan.unsubscribed.flatMap((id) => {
      const entry = find(before.subscriptions, id)
      return entry && !isOwn(entry.name) ? [line('waitDropped', entry.elementId, { detail: entry.name })] : []
    }),
    ...plan.resolvedIncidents.map((id) => line('incidentResolved', find(before.incidents, id)?.elementId)),
    ...played.services.map(({ elementId, serviceType }) => line('serviceRuns', elementId, { detail: serviceType })),
    ...plan.opened.map(({ elementId, dueAt }, index) =>
      line('taskOpens', elementId, { dueAt, holder: holders[index] ?? null }),
    ),
    ...plan.armed
      .filter(({ purpose }) => purpose === 'flow')
      .map(({ elementId, dueAt }) => line('timerSet', elementId, { dueAt })),
    ...plan.calls.map(({ elementId, serviceType }) => line('callMade', elementId, { detail: serviceType })),
    ...plan.subscribed
      .filter(({ name }) => !isOwn(name))
      .map(({ elementId, name }) => line('waits', elementId, { detail: name })),
    ...plan.thrown.map((effect) =>
      line('thrown', effect.elementId, {
        detail: effect.kind === 'throwMessage' ? effect.messageName : effect.signalName,
      }),
    ),
    ...plan.incidents.map(({ elementId, code }) => line('incident', elementId, { detail: code })),
    ...(state.status === 'stuck' ? [line('caseStuck', undefined)] : []),
    ...(state.status === 'running' || state.status === 'stuck' ? [] : [line('caseEnds', undefined)]),
  ]
}

/** Messages that the office's own forms answer to: taking back is offered again wherever it can be. */
const isOwn = (name: string) => name.startsWith('imoit.')

const holderAt = (state: CaseState, rows: 'tasks' | 'calls', id: string) =>
  find(state.tokens, find(state[rows], id)?.token)?.at

const droppedTimers = (before: CaseState, { cancelledTimers }: PlannedEffects) =>
  before.timers.filter(({ id, purpose }) => purpose === 'flow' && cancelledTimers.includes(id))
