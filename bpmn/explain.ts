import { implicitStarts } from './bodies.ts'
import type { AdvanceContext } from './case.ts'
import { Failure } from './failure.ts'
import { evaluateFeel } from './feel.ts'
import type { Expression, Flow, FlowNode, SubProcess, UserTask } from './flow.ts'
import { link } from './links.ts'
import { find } from './rows.ts'
import { lookUp, type CaseState, type Token } from './state.ts'
import { linkTarget } from './throwing.ts'
import { parseInstant } from './time-zone.ts'
import { addDuration } from './timers.ts'

/** A user task that a token can come to before any other user task. */
export interface NextTask {
  elementId: string
  name: string
  formKey: string | null
  /** As drawn: a text, or FEEL with "=". */
  assigneeExpression: Expression | null
  candidateGroupsExpression: Expression | null
  /** As it would come out with what is known now; null and [] where that is not known yet. */
  assignee: string | null
  candidateGroups: string[]
  /** Epoch ms. `ifNow`: it counts from when the task comes, and would be this if it came now. Null where none is set or known. */
  due: { at: number; ifNow: boolean } | null
  /** The element whose token may come to it, and the open task there, if one is. */
  from: string
  fromTaskId: string | null
  /** Whether it comes whatever is decided on the way, and by how many elements it lies ahead. */
  certain: boolean
  distance: number
  /** One for each item of a list. */
  forEach: boolean
}

/**
 * What can come next in a case: the nearest user tasks ahead of every token, nearest first. Choices on the way are not made:
 * each branch is given, with `certain: false`. Boundary events are left out, as nobody waits for them.
 */
export function nextTasks(flow: Flow, state: CaseState, context: AdvanceContext): NextTask[] {
  const found = new Map<string, NextTask>()
  const whole = link(flow, state.called, context)
  for (const token of state.tokens) {
    if (token.child !== undefined || token.listening) continue
    const waitsHere = token.incident !== undefined || token.joining === true || waitsForData(state, token)
    for (const ahead of tasksAhead(whole, token.at, waitsHere)) {
      const key = `${token.id} ${ahead.node.id}`
      if (found.has(key)) continue
      found.set(key, {
        elementId: ahead.node.id,
        name: ahead.node.name,
        formKey: ahead.node.formKey,
        assigneeExpression: ahead.node.assignee,
        candidateGroupsExpression: ahead.node.candidateGroups,
        assignee: known(state, token, ahead.node.assignee, context)[0] ?? null,
        candidateGroups: groupsAhead(state, token, ahead.node, context),
        due: dueAhead(state, token, ahead.node, context),
        from: token.at,
        fromTaskId: token.task ?? null,
        certain: ahead.certain,
        distance: ahead.distance,
        forEach: ahead.node.multiInstance !== null || ahead.forEach,
      })
    }
  }
  return [...found.values()].sort((a, b) => a.distance - b.distance)
}

function waitsForData({ conditions = [] }: CaseState, token: Token): boolean {
  return conditions.some((entry) => entry.data === true && entry.token === token.id)
}

export interface TaskAhead {
  node: UserTask
  certain: boolean
  distance: number
  forEach: boolean
}

/** The nearest user tasks after an element (or the element itself, with `included`), nearest first, each once. */
function tasksAhead(flow: Flow, elementId: string, included = false): TaskAhead[] {
  const result: TaskAhead[] = []
  const seen = new Set<string>()
  let open: { id: string; certain: boolean; forEach: boolean }[] = []
  const first = flow.nodes[elementId]
  if (!first) return result
  if (included) open.push({ id: elementId, certain: true, forEach: false })
  else open = after(flow, first).map((id) => ({ id, certain: !chooses(flow, first), forEach: false }))

  for (let distance = 1; open.length > 0; distance++) {
    const next: typeof open = []
    for (const at of open) {
      const node = flow.nodes[at.id]
      if (!node || seen.has(at.id)) continue
      seen.add(at.id)
      if (node.kind === 'userTask') {
        result.push({ node, certain: at.certain, distance, forEach: at.forEach })
        continue
      }
      const starts = node.kind === 'subProcess' ? bodyStarts(flow, node) : []
      const enters = starts.length > 0
      const targets = enters ? starts : after(flow, node)
      const certain = at.certain && (enters || !chooses(flow, node))
      const forEach = at.forEach || (node.kind === 'subProcess' && enters && node.multiInstance !== null)
      for (const id of targets) next.push({ id, certain, forEach })
    }
    open = next
  }
  return result
}

function bodyStarts(flow: Flow, node: SubProcess): string[] {
  return node.startEvents.length > 0 ? node.startEvents : implicitStarts(flow, node.id)
}

/** The sub-process, or the call activity, that an element lies in. */
function activityAround(flow: Flow, { parent }: FlowNode): FlowNode | undefined {
  return flow.nodes[parent] ?? flow.nodes[parent.replace(/(\(\d+\))?\/$/, '')]
}

/** Something that a case waits for besides people. */
export type Awaited = { elementId: string; from: string } & (
  | { kind: 'timer'; dueAt: number }
  | { kind: 'message'; name: string; correlationKey: string | null }
  | { kind: 'signal'; name: string }
  | { kind: 'condition' }
  /** An activity that has come to its turn, and whose input is not there. */
  | { kind: 'data' }
  | { kind: 'answer' }
)

/** Timers (not those of a task's own deadline), messages, signals, conditions and answers that would move the case; timers first, by when they are due. */
export function awaited(state: CaseState): Awaited[] {
  const at = (id: string) => find(state.tokens, id)?.at ?? ''
  const timers = state.timers.flatMap(({ elementId, token, purpose, dueAt }): Awaited[] =>
    purpose === 'flow' ? [{ kind: 'timer', elementId, from: at(token), dueAt }] : [],
  )
  const subscriptions = state.subscriptions.map(({ elementId, token, name, key, signal }): Awaited => {
    const from = at(token)
    return signal
      ? { kind: 'signal', elementId, from, name }
      : { kind: 'message', elementId, from, name, correlationKey: key }
  })
  const conditions = (state.conditions ?? []).map(({ elementId, token, data }): Awaited => ({
    kind: data ? 'data' : 'condition',
    elementId,
    from: at(token),
  }))
  const calls = state.calls.map(({ token }): Awaited => ({ kind: 'answer', elementId: at(token), from: at(token) }))
  const inTime = timers.toSorted((a, b) => (a.kind === 'timer' && b.kind === 'timer' ? a.dueAt - b.dueAt : 0))
  return [...inTime, ...subscriptions, ...conditions, ...calls]
}

/** Where a token goes from an element: along its flows, or, at the end of a sub-process, along those of that. */
function after(flow: Flow, node: FlowNode): string[] {
  if (node.kind === 'endEvent' && node.event.type === 'error') return caught(flow, node, node.event.code)
  if (node.kind === 'intermediateThrowEvent' && node.event.type === 'link') {
    const target = linkTarget(flow.nodes, node.parent, node.event.name)
    return target === null ? [] : [target]
  }
  let at: FlowNode | undefined = node
  while (at && at.outgoing.length === 0) at = activityAround(flow, at)
  return (at?.outgoing ?? []).flatMap((id) => flow.sequenceFlows[id]?.target ?? [])
}

/** An error does not leave by the activity's own flows but by the boundary event that catches it. */
function caught(flow: Flow, node: FlowNode, code: string | null): string[] {
  for (let at = activityAround(flow, node); at; at = activityAround(flow, at)) {
    for (const id of 'boundaries' in at ? at.boundaries : []) {
      const boundary = flow.nodes[id]
      if (boundary?.kind !== 'boundaryEvent' || boundary.event.type !== 'error') continue
      if (boundary.event.code !== null && boundary.event.code !== code) continue
      return boundary.outgoing.flatMap((edge) => flow.sequenceFlows[edge]?.target ?? [])
    }
  }
  return []
}

function chooses(flow: Flow, node: FlowNode): boolean {
  if (node.kind === 'exclusiveGateway' || node.kind === 'eventBasedGateway') return node.outgoing.length > 1
  return node.outgoing.some((id) => flow.sequenceFlows[id]?.condition != null)
}

/** Where nothing is said of who does it, those of its lane. */
function groupsAhead(state: CaseState, token: Token, node: UserTask, context: AdvanceContext): string[] {
  const { assignee, candidateGroups, candidateUsers, lane } = node
  if (lane !== undefined && assignee === null && candidateGroups === null && candidateUsers === null)
    return [`lane:${lane}`]
  return [
    ...known(state, token, candidateGroups, context),
    ...(candidateUsers ? known(state, token, candidateUsers, context) : []),
  ]
}

function dueAhead(state: CaseState, token: Token, node: UserTask, context: AdvanceContext): NextTask['due'] {
  const text = (expression: Expression | null | undefined) => known(state, token, expression ?? null, context)[0]
  const fixed = text(node.properties['imoit.dueAt']) ?? text(node.dueDate)
  if (fixed !== undefined) {
    const at = parseInstant(context.calendar.timeZone, fixed)
    return at === null ? null : { at, ifNow: false }
  }
  const sla = text(node.properties['imoit.sla'])
  const working = text(node.properties['imoit.workingTime']) === 'true'
  const at = sla === undefined ? null : addDuration(context, context.now, sla, working)
  return at === null ? null : { at, ifNow: true }
}

/** A user task of a flow as it is drawn, whatever case runs on it. */
export interface DrawnTask {
  elementId: string
  name: string
  /** Who may do it: texts, or FEEL with "=", else the lane. */
  assignee: Expression | null
  candidateGroups: Expression | null
  lane: string | null
  /** By when: an instant, or how long it may take (an ISO duration), each maybe FEEL. */
  dueAt: Expression | null
  sla: Expression | null
  workingTime: boolean
  /** A case can begin with it. */
  first: boolean
  /** The nearest tasks after it; `certain` where it comes whatever is decided. */
  then: { elementId: string; name: string; certain: boolean }[]
}

/** The user tasks of a flow, in the order in which cases come to them: who does them, by when, and what comes next. */
export function drawnTasks(flow: Flow): DrawnTask[] {
  const begins = [...flow.startEvents, ...implicitStarts(flow, flow.id)]
  const first = new Set(begins.flatMap((id) => tasksAhead(flow, id, true).map(({ node }) => node.id)))
  const order = [...first]
  // the list grows while it is walked
  for (const id of order) for (const { node } of tasksAhead(flow, id)) if (!order.includes(node.id)) order.push(node.id)
  // what only events lead to comes last
  for (const node of Object.values(flow.nodes))
    if (node.kind === 'userTask' && !order.includes(node.id)) order.push(node.id)
  return order.flatMap((id) => {
    const node = flow.nodes[id]
    if (node?.kind !== 'userTask') return []
    return {
      elementId: id,
      name: node.name,
      assignee: node.assignee,
      candidateGroups: node.candidateGroups ?? node.candidateUsers,
      lane: node.lane ?? null,
      dueAt: node.properties['imoit.dueAt'] ?? node.dueDate,
      sla: node.properties['imoit.sla'] ?? null,
      workingTime: node.properties['imoit.workingTime'] === 'true',
      first: first.has(id),
      then: tasksAhead(flow, id).map((ahead) => ({
        elementId: ahead.node.id,
        name: ahead.node.name,
        certain: ahead.certain,
      })),
    }
  })
}

function known(state: CaseState, token: Token, expression: Expression | null, context: AdvanceContext): string[] {
  if (expression === null) return []
  const value = evaluateFeel(expression, (name) => lookUp(state, token, name), context)
  if (value === null || value instanceof Failure) return []
  const names = Array.isArray(value) ? value : String(value).split(',')
  return names.flatMap((name) => (typeof name === 'string' && name.trim() !== '' ? [name.trim()] : []))
}
