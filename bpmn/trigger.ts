import type { Variables } from './case.ts'
import { complete } from './complete.ts'
import { triggerListener } from './event-sub-process.ts'
import { isActivity, type BoundaryEvent, type EventDefinition } from './flow.ts'
import type { Token } from './state.ts'
import type { Step } from './step.ts'
import { gather } from './waits.ts'

/** How an event came: by which part of a multiple event, and whether it may interrupt nothing. */
export interface Coming {
  variables?: Variables | undefined
  part?: number | undefined
  /** Boundary events on this token do not interrupt it, whatever they say. */
  sparing?: string | undefined
}

/** What a token waited for has come: at its element, at a boundary event of that, or behind its event-based gateway. */
export function trigger(step: Step, tokenId: string, elementId: string, coming: Coming = {}): void {
  const token = step.token(tokenId)
  const node = step.node(elementId)
  if (!token) return
  const event: EventDefinition | null = node && 'event' in node ? node.event : null
  if (event?.type === 'multiple' && event.parallel && coming.part !== undefined) {
    if (!gather(step, tokenId, elementId, event, coming.part)) return
  }
  if (node?.kind === 'boundaryEvent')
    triggerBoundary(step, token, node, coming.variables, coming.sparing === tokenId ? false : node.interrupting)
  else if (token.listening) triggerListener(step, token, coming.variables)
  else {
    if (token.at !== elementId && step.node(token.at)?.kind === 'eventBasedGateway') followEvent(step, token, elementId)
    complete(step, tokenId, coming.variables)
  }
}

/** The event decides for its path; the others are given up. */
function followEvent(step: Step, token: Token, elementId: string): void {
  const gateway = step.node(token.at)
  const flowId = gateway?.outgoing.find((id) => step.flow.sequenceFlows[id]?.target === elementId)
  step.disarm(token.id)
  step.effects.push({ kind: 'trace', elementId: token.at, act: 'left' })
  const moved = step.edit(token.id)
  moved.at = elementId
  if (flowId !== undefined) moved.via = flowId
  step.effects.push({ kind: 'trace', elementId, act: 'entered', ...(flowId === undefined ? {} : { flowId }) })
}

/** Interrupting: the activity is cancelled and its token leaves by the event. Else a new token does. */
export function triggerBoundary(
  step: Step,
  host: Token,
  boundary: BoundaryEvent,
  variables?: Variables,
  interrupting = boundary.interrupting,
): void {
  let tokenId = host.id
  if (interrupting) {
    step.release(host.id)
    step.effects.push({ kind: 'trace', elementId: host.at, act: 'cancelled' })
    const token = step.edit(host.id)
    token.at = boundary.id
    for (const of of ['vars', 'via', 'done', 'isolated', 'sealed'] as const) delete token[of]
  } else {
    const carried = host.outcome === undefined ? {} : { outcome: host.outcome }
    const full = step.room(1)
    tokenId = step.newToken(host.scope, boundary.id, carried).id
    if (full) return step.raiseIncident(tokenId, full, 'leave')
  }
  step.effects.push({ kind: 'trace', elementId: boundary.id, act: 'entered' })
  complete(step, tokenId, variables)
}

/** The boundary events of the activity that a token is at; none for one instance of several, whose whole has them. */
export function boundariesOf(step: Step, token: Token): BoundaryEvent[] {
  const node = step.node(token.at)
  if (!node || !isActivity(node) || token.instance !== undefined || token.iteration !== undefined) return []
  return node.boundaries.flatMap((id) => {
    const boundary = step.node(id)
    return boundary?.kind === 'boundaryEvent' ? boundary : []
  })
}
