import { plainStarts } from './bodies.ts'
import type { CaseEvent } from './case.ts'
import { complete } from './complete.ts'
import { openBody } from './event-sub-process.ts'
import type { EventDefinition, Flow } from './flow.ts'
import { find } from './rows.ts'
import { ROOT_SCOPE } from './state.ts'
import type { Step } from './step.ts'

/** Something that begins a case of the flow when its event comes: give its id with the event `start`. */
export interface Starter {
  elementId: string
  event: EventDefinition
}

/** Start events, instantiating receive tasks, and the events behind instantiating event-based gateways. */
export function starters(flow: Flow): Starter[] {
  const found: Starter[] = []
  for (const id of flow.startEvents) {
    const node = flow.nodes[id]
    if (node?.kind === 'startEvent') found.push({ elementId: id, event: node.event })
  }
  for (const node of Object.values(flow.nodes)) {
    if (node.parent !== flow.id) continue
    if (node.kind === 'receiveTask' && node.instantiate) found.push({ elementId: node.id, event: node.event })
    if (node.kind !== 'eventBasedGateway' || !node.instantiate) continue
    for (const target of targetsOf(flow, node.outgoing)) {
      const event = flow.nodes[target]
      if (event?.kind === 'intermediateCatchEvent' || event?.kind === 'receiveTask')
        found.push({ elementId: target, event: event.event })
    }
  }
  return found
}

function targetsOf(flow: Flow, flowIds: string[]): string[] {
  return flowIds.flatMap((id) => flow.sequenceFlows[id]?.target ?? [])
}

/** Gives the reason when the case cannot start. */
export function applyStart(step: Step, event: Extract<CaseEvent, { type: 'start' }>): string | null {
  const { flow, state } = step
  if (find(state.scopes, ROOT_SCOPE) || state.status !== 'running') return 'the case has started already'
  const asked = event.startEventId
  const starts = asked === undefined ? plainStarts(flow, flow.id) : flow.startEvents.filter((id) => id === asked)
  if (asked === undefined && starts.length === 0 && flow.startEvents.length === 1) starts.push(...flow.startEvents)
  const byEvent = starts.length === 0 && starters(flow).some(({ elementId }) => elementId === asked)
  if (starts.length === 0 && !byEvent) return `the flow ${flow.id} has no start event ${asked ?? 'without a trigger'}`
  step.openRoot()
  const own = Object.fromEntries((flow.data ?? []).map((name) => [name, null]))
  state.variables = { ...own, ...event.variables }
  if (!byEvent || asked === undefined) openBody(step, ROOT_SCOPE, starts)
  else startByEvent(step, asked, event.variables)
  return null
}

/** The event has come; a parallel gateway has its others still to wait for. */
function startByEvent(
  step: Step,
  elementId: string,
  variables: Extract<CaseEvent, { type: 'start' }>['variables'],
): void {
  const gateway = Object.values(step.flow.nodes).find(
    (node) =>
      node.kind === 'eventBasedGateway' && node.instantiate && targetsOf(step.flow, node.outgoing).includes(elementId),
  )
  const parallel = gateway?.kind === 'eventBasedGateway' && gateway.instantiate === 'parallel'
  const others = parallel ? targetsOf(step.flow, gateway.outgoing).filter((id) => id !== elementId) : []
  const first = step.newToken(ROOT_SCOPE, elementId)
  openBody(step, ROOT_SCOPE, others)
  if (!step.token(first.id)) return
  step.effects.push({ kind: 'trace', elementId, act: 'entered' })
  complete(step, first.id, variables)
}
