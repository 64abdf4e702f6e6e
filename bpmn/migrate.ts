import type { AdvanceContext, Effect } from './case.ts'
import { Failure } from './failure.ts'
import { isActivity, type EventDefinition, type Flow, type FlowNode } from './flow.ts'
import { settle } from './advance.ts'
import { begin } from './enter.ts'
import { startsOfEventSubProcesses } from './event-sub-process.ts'
import { ROOT_SCOPE, type CaseState, type Done, type Scope } from './state.ts'
import { Step } from './step.ts'
import { arm } from './waits.ts'

/** From elements of the older version to those of the newer. What is not named keeps its id. */
export interface MigrationPlan {
  map: Record<string, string>
}

/** Why one case cannot move: each thing it holds that has no place in the newer version. */
export interface Misfit {
  elementId: string
  reason: 'removed' | 'otherKind' | 'otherParent' | 'calledFlow'
  vi: string
  en: string
}

/** `moved`: the elements that the case was at whose ids have changed; what is stored beside the state is to follow. */
export type Migrated =
  { ok: true; state: CaseState; effects: Effect[]; moved: Record<string, string> } | { ok: false; misfits: Misfit[] }

/** Elements that can hold a token and are gone, or are something else, in the newer version: to be mapped by hand. */
export function unmapped(from: Flow, to: Flow, plan: MigrationPlan = { map: {} }): string[] {
  return Object.values(from.nodes).flatMap((node) => {
    const target = to.nodes[plan.map[node.id] ?? node.id]
    return target?.kind === node.kind ? [] : node.id
  })
}

/**
 * Moves a running case to another version of its flow: tokens keep what they hold, boundary events and event sub-processes become
 * those of the newer version, and what a case waits for is waited for anew only where it changed. Nothing is moved unless all of it
 * fits. The same function is the dry run: leave the result alone.
 */
export function migrate(
  state: CaseState,
  from: Flow,
  to: Flow,
  plan: MigrationPlan,
  context: AdvanceContext,
): Migrated {
  const target = (id: string) => plan.map[id] ?? id
  const misfits = misfitsOf(state, from, to, target)
  if (misfits.length > 0) return { ok: false, misfits }
  const step = new Step(to, { ...mapState(state, from, to, target), flowId: to.id }, context)
  for (const { id } of step.state.tokens) rearm(step, id, from, to, state)
  rearmListeners(step, from, to)
  settle(step)
  const moved = Object.entries(plan.map).filter(([old, now]) => old !== now && from.nodes[old])
  return { ok: true, state: step.state, effects: step.effects, moved: Object.fromEntries(moved) }
}

/** Elements of a called flow are not of this one: they stay as they are. */
function isCalled(state: CaseState, elementId: string): boolean {
  return (state.called ?? []).some(({ prefix }) => elementId.startsWith(prefix))
}

function misfitsOf(state: CaseState, from: Flow, to: Flow, target: (id: string) => string): Misfit[] {
  const found = new Map<string, Misfit>()
  const note = (elementId: string, reason: Misfit['reason'], vi: string, en: string) =>
    found.set(`${elementId} ${reason}`, { elementId, reason, vi, en })
  for (const token of state.tokens) {
    // a listener goes with its event sub-process: where that is gone, so is what it waited for
    if (isCalled(state, token.at) || token.listening) continue
    const [old, now] = [from.nodes[token.at], to.nodes[target(token.at)]]
    const scope = state.scopes.find(({ id }) => id === token.scope)
    if (!now)
      note(
        token.at,
        'removed',
        `Bản mới không có ${named(old, token.at)}.`,
        `The newer version has no ${named(old, token.at)}.`,
      )
    else if (old && (old.kind !== now.kind || repeats(old) !== repeats(now) || variant(old) !== variant(now)))
      note(
        token.at,
        'otherKind',
        `Ở bản mới ${named(now, now.id)} là loại khác.`,
        `In the newer version ${named(now, now.id)} is of another kind.`,
      )
    else if (scope && !isInside(now, scope, from, to, target))
      note(
        token.at,
        'otherParent',
        `Ở bản mới ${named(now, now.id)} nằm ở cấp khác.`,
        `In the newer version ${named(now, now.id)} lies in another level.`,
      )
  }
  for (const { at, ref } of state.called ?? []) {
    if (!ref.startsWith('#') || from.bundled?.[ref.slice(1)] === undefined) continue
    if (to.bundled?.[ref.slice(1)] === undefined)
      note(
        at,
        'calledFlow',
        `Bản mới không kèm luồng mà ${named(from.nodes[at], at)} đang gọi.`,
        `The newer version does not bring the flow that ${named(from.nodes[at], at)} runs.`,
      )
  }
  return [...found.values()]
}

const named = (node: FlowNode | undefined, id: string) => `"${node?.name || id}"`

function repeats(node: FlowNode): string {
  if (!isActivity(node)) return ''
  return node.multiInstance ? (node.multiInstance.sequential ? 'sequential' : 'parallel') : node.loop ? 'loop' : ''
}

const variant = (node: FlowNode) => (node.kind === 'subProcess' ? node.variant : '')

/** The element lies in what the scope will be. Bodies of loops and compensations are those of their activity. */
function isInside(node: FlowNode, scope: Scope, from: Flow, to: Flow, target: (id: string) => string): boolean {
  if (scope.kind === 'process') return node.parent === to.id
  if (scope.kind === 'subProcess') return node.parent === target(scope.elementId)
  return (
    from.nodes[scope.elementId] === undefined || scope.kind === 'compensation' || target(scope.elementId) === node.id
  )
}

function mapState(state: CaseState, from: Flow, to: Flow, target: (id: string) => string): CaseState {
  const move = (id: string) => (isCalled(state, id) ? id : id === from.id ? to.id : target(id))
  const flow = (id: string | undefined) =>
    id !== undefined && (isCalled(state, id) || to.sequenceFlows[id]) ? id : undefined
  const done = (list: Done[]): Done[] =>
    list.flatMap((one) => {
      const elementId = move(one.elementId)
      if (!isCalled(state, elementId) && !to.nodes[elementId]) return []
      return { ...one, elementId, ...(one.inner ? { inner: done(one.inner) } : {}) }
    })
  return {
    ...state,
    scopes: state.scopes.map((scope) => ({
      ...scope,
      elementId: scope.id === ROOT_SCOPE ? to.id : move(scope.elementId),
      ...(scope.joins
        ? { joins: Object.fromEntries(Object.entries(scope.joins).map(([id, tokens]) => [move(id), tokens])) }
        : {}),
      ...(scope.fired
        ? { fired: Object.fromEntries(Object.entries(scope.fired).map(([id, flows]) => [move(id), flows])) }
        : {}),
      ...(scope.done ? { done: done(scope.done) } : {}),
      ...(scope.waiting ? { waiting: scope.waiting.map(move).filter((id) => to.nodes[id]) } : {}),
      ...(scope.undo ? { undo: scope.undo.map((one) => ({ ...one, handler: move(one.handler) })) } : {}),
    })),
    tokens: state.tokens.map((token) => {
      const { via, ...rest } = token
      const at = move(token.at)
      const by = flow(via) ?? (token.joining ? joinedBy(state, from, to, token.id, at) : undefined)
      return {
        ...rest,
        at,
        ...(by === undefined ? {} : { via: by }),
        ...(token.done ? { done: done(token.done) } : {}),
      }
    }),
    timers: state.timers.map((entry) => ({ ...entry, elementId: move(entry.elementId) })),
    subscriptions: state.subscriptions.map((entry) => ({ ...entry, elementId: move(entry.elementId) })),
    incidents: state.incidents.map((entry) => ({ ...entry, elementId: move(entry.elementId) })),
    ...(state.conditions
      ? { conditions: state.conditions.map((entry) => ({ ...entry, elementId: move(entry.elementId) })) }
      : {}),
    ...(state.called ? { called: state.called.map((entry) => ({ ...entry, at: move(entry.at) })) } : {}),
  }
}

/** At a join whose flow has another id now: the first that no other token there has come by. */
function joinedBy(state: CaseState, from: Flow, to: Flow, tokenId: string, at: string): string | undefined {
  const token = state.tokens.find(({ id }) => id === tokenId)
  const others = state.tokens.filter((one) => one.joining && one.scope === token?.scope && one.at === token.at)
  const taken = new Set(others.map(({ via }) => via).filter((via) => via !== undefined && to.sequenceFlows[via]))
  const place = others
    .filter(({ via }) => via === undefined || !to.sequenceFlows[via])
    .findIndex(({ id }) => id === tokenId)
  return to.nodes[at]?.incoming.filter((id) => !taken.has(id))[place]
}

function eventOf(flow: Flow, elementId: string): EventDefinition | null {
  const node = flow.nodes[elementId]
  return node && 'event' in node ? node.event : null
}

/** Boundary events, and what the element itself waits for: what is the same goes on, the rest is taken back and armed anew. */
function rearm(step: Step, tokenId: string, from: Flow, to: Flow, before: CaseState): void {
  const token = step.token(tokenId)
  const old = before.tokens.find(({ id }) => id === tokenId)
  if (!token || !old || token.listening || isCalled(before, token.at)) return
  const [node, was] = [to.nodes[token.at], from.nodes[old.at]]
  if (!node || !was || token.incident !== undefined) return
  const awaited = (step.state.conditions ?? []).find((entry) => entry.data === true && entry.token === tokenId)
  if (awaited) {
    // it has not begun: the newer version says what it needs
    step.dropCondition(awaited.id)
    return begin(step, tokenId)
  }
  const inner = token.instance !== undefined || token.iteration !== undefined
  const wanted = new Map<string, EventDefinition>()
  if (isActivity(node) && !inner) for (const id of node.boundaries) addEvent(wanted, to, id)
  if (node.kind === 'intermediateCatchEvent' || node.kind === 'receiveTask') wanted.set(node.id, node.event)
  if (node.kind === 'eventBasedGateway')
    for (const id of node.outgoing) addEvent(wanted, to, to.sequenceFlows[id]?.target ?? '')
  // of loops the whole and each time have their own waits; only those of this token are looked at
  if (node.kind === 'receiveTask' && !inner && (node.multiInstance || node.loop)) wanted.delete(node.id)
  const kept = new Set<string>()
  for (const elementId of heldBy(step, tokenId)) {
    const event = wanted.get(elementId)
    const earlier = eventOf(from, elementId) ?? eventOf(from, sourceOf(from, old.at, elementId))
    if (event && earlier && JSON.stringify(event) === JSON.stringify(earlier)) kept.add(elementId)
    else dropHeld(step, tokenId, elementId)
  }
  for (const [elementId, event] of wanted) {
    if (kept.has(elementId) || (eventOf(from, elementId) && sameAsBefore(from, to, elementId))) continue
    const armed = arm(step, step.edit(tokenId), elementId, event)
    if (armed instanceof Failure) return step.raiseIncident(tokenId, armed, 'enter')
  }
}

/** Armed once and over: a boundary timer that has fired is not armed a second time. */
function sameAsBefore(from: Flow, to: Flow, elementId: string): boolean {
  return JSON.stringify(eventOf(from, elementId)) === JSON.stringify(eventOf(to, elementId))
}

function sourceOf(from: Flow, at: string, elementId: string): string {
  return from.nodes[elementId] ? elementId : at
}

function addEvent(wanted: Map<string, EventDefinition>, flow: Flow, id: string): void {
  const event = eventOf(flow, id)
  if (event) wanted.set(id, event)
}

function heldBy(step: Step, tokenId: string): Set<string> {
  const { timers, subscriptions, conditions } = step.state
  const rows = [...timers.filter(({ purpose }) => purpose === 'flow'), ...subscriptions, ...(conditions ?? [])]
  return new Set(rows.filter(({ token }) => token === tokenId).map(({ elementId }) => elementId))
}

function dropHeld(step: Step, tokenId: string, elementId: string): void {
  const { timers, subscriptions, conditions } = step.state
  const of = (row: { token: string; elementId: string }) => row.token === tokenId && row.elementId === elementId
  for (const { id, purpose } of timers.filter(of)) {
    if (purpose !== 'flow') continue
    step.dropTimer(id)
    step.effects.push({ kind: 'cancelTimer', timerId: id })
  }
  for (const { id } of subscriptions.filter(of)) step.dropSubscription(id)
  for (const { id } of (conditions ?? []).filter(of)) step.dropCondition(id)
}

/** Event sub-processes that are gone stop listening, new ones begin to; a scope that one of them has interrupted gets none. */
function rearmListeners(step: Step, from: Flow, to: Flow): void {
  for (const scope of step.state.scopes) {
    if (isCalled(step.state, scope.elementId) || scope.elementId.endsWith('/')) continue
    const starts = startsOfEventSubProcesses(step, scope)
    const here = (scope.listeners ?? []).map((id) => ({ id, at: step.token(id)?.at ?? '' }))
    for (const { id, at } of here) {
      if (!starts.some((start) => start.id === at) || !sameAsBefore(from, to, at)) step.dropListener(id)
    }
    const left = new Set((step.scope(scope.id)?.listeners ?? []).map((id) => step.token(id)?.at))
    for (const start of starts) {
      const known = from.nodes[start.id] !== undefined && sameAsBefore(from, to, start.id)
      if (left.has(start.id) || known || ['error', 'escalation', 'compensation'].includes(start.event.type)) continue
      const listener = step.newListener(scope.id, start.id)
      const armed = arm(step, listener, start.id, start.event)
      if (armed instanceof Failure) step.raiseIncident(listener.id, armed, 'enter')
    }
  }
}
