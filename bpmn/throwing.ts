import type { Variables } from './case.ts'
import { compensate } from './compensation.ts'
import { beginEventSubProcess, startsOfEventSubProcesses } from './event-sub-process.ts'
import { Failure } from './failure.ts'
import type { BoundaryEvent, EventDefinition, FlowNode, StartEvent } from './flow.ts'
import { localInput } from './local-input.ts'
import { find } from './rows.ts'
import { holderOf, type Token } from './state.ts'
import type { Step } from './step.ts'
import { boundariesOf, trigger, triggerBoundary } from './trigger.ts'
import { readMessage, readSignal } from './waits.ts'

/** `held`: the token waits for what it threw, or is gone. Null: thrown, the token goes on. */
export type Thrown = 'held' | Failure | null

/** Throws what an event says. `sparing`: a token whose own boundary events do not interrupt it. */
export function throwDefinition(
  step: Step,
  token: Token,
  node: FlowNode,
  event: EventDefinition,
  sparing?: string,
): Thrown {
  switch (event.type) {
    case 'none':
      return null
    case 'message': {
      const message = readMessage(step, token, event)
      return message instanceof Failure ? message : throwMessage(step, token, node, message)
    }
    case 'signal': {
      const name = readSignal(step, token, event.name)
      return name instanceof Failure ? name : throwSignal(step, token, node, name, sparing)
    }
    case 'escalation':
      throwEscalation(step, token, event.code, sparing)
      return step.token(token.id)?.at === node.id ? null : 'held'
    case 'error': {
      const code = event.code ?? ''
      if (throwError(step, token.id, code)) return 'held'
      return new Failure('uncaught-error', `Nothing catches the error "${code}" that "${node.id}" throws`)
    }
    case 'compensation':
      return compensate(step, token, event)
    case 'link':
      return followLink(step, token, node, event.name)
    case 'multiple':
      return throwAll(step, token, node, event.definitions, sparing)
    default:
      return new Failure('unsupported', `"${node.id}" cannot throw a ${event.type} event`)
  }
}

/** One after the other; what holds the token or ends its path comes last. */
function throwAll(step: Step, token: Token, node: FlowNode, definitions: EventDefinition[], sparing?: string): Thrown {
  const last = (event: EventDefinition) => event.type === 'compensation' || event.type === 'error'
  const inOrder = [...definitions.filter((one) => !last(one)), ...definitions.filter(last)]
  for (const definition of inOrder) {
    const thrown = throwDefinition(step, step.token(token.id) ?? token, node, definition, sparing)
    if (thrown !== null) return thrown
  }
  return null
}

/** To one catcher: of this case where it waits for it, else it leaves the case. */
function throwMessage(
  step: Step,
  token: Token,
  node: FlowNode,
  { name, key }: { name: string; key: string | null },
): Thrown {
  const variables = localInput(step, token, node)
  const own = step.state.subscriptions.find(
    (entry) => !entry.signal && entry.name === name && (entry.key === null || entry.key === key),
  )
  if (own) trigger(step, own.token, own.elementId, { variables, part: own.part })
  else
    step.effects.push({ kind: 'throwMessage', elementId: node.id, messageName: name, correlationKey: key, variables })
  return step.token(token.id)?.at === node.id ? null : 'held'
}

/** To every catcher of this case, in the order in which they were armed, and to the world. */
function throwSignal(step: Step, token: Token, node: FlowNode, name: string, sparing?: string): Thrown {
  const variables = localInput(step, token, node)
  step.effects.push({ kind: 'throwSignal', elementId: node.id, signalName: name, variables })
  deliverSignal(step, name, variables, sparing)
  return step.token(token.id)?.at === node.id ? null : 'held'
}

/** True where something in the case waited for it. */
export function deliverSignal(step: Step, name: string, variables?: Variables, sparing?: string): boolean {
  const waiting = step.state.subscriptions.filter((entry) => entry.signal && entry.name === name)
  for (const { id } of waiting) {
    // a catcher before it may have cancelled this one
    const entry = find(step.state.subscriptions, id)
    if (entry) trigger(step, entry.token, entry.elementId, { variables, part: entry.part, sparing })
  }
  return waiting.length > 0
}

/** Goes on at the target of the link, which is in the same process or sub-process. */
function followLink(step: Step, token: Token, node: FlowNode, name: string): Thrown {
  const target = linkTarget(step.flow.nodes, node.parent, name)
  if (!target) return new Failure('link', `No link "${name}" is caught where "${node.id}" throws it`)
  step.effects.push({ kind: 'trace', elementId: node.id, act: 'left' })
  const moved = step.edit(token.id)
  delete moved.via
  moved.at = target
  step.arrive(token.id)
  return 'held'
}

export function linkTarget(nodes: Record<string, FlowNode>, parent: string, name: string): string | null {
  for (const node of Object.values(nodes)) {
    if (node.kind !== 'intermediateCatchEvent' || node.parent !== parent) continue
    if (node.event.type === 'link' && node.event.name === name) return node.id
  }
  return null
}

type Catcher = { boundary: BoundaryEvent; host: Token } | { start: StartEvent; scopeId: string }

/**
 * The nearest catcher of an error or escalation, from the inside outwards: on the activity, in an event sub-process of the scope,
 * on the activity around it. What an event sub-process throws is not for those beside it. A catcher of the very code comes
 * before one of any.
 */
function findCatcher(step: Step, thrower: Token, type: 'error' | 'escalation', code: string): Catcher | null {
  let token: Token | undefined = thrower
  while (token) {
    const host: Token = token
    const boundary = best(boundariesOf(step, host), type, code)
    if (boundary) return { boundary, host }
    const scope = step.scope(host.scope)
    const here = step.node(host.at)
    const inHandler = here?.kind === 'subProcess' && here.variant === 'event'
    const start = scope && !inHandler ? best(startsOfEventSubProcesses(step, scope), type, code) : null
    if (start) return { start, scopeId: host.scope }
    token = holderOf(step.state, host)
  }
  return null
}

function best<E extends { event: EventDefinition }>(events: E[], type: 'error' | 'escalation', code: string): E | null {
  let any: E | null = null
  for (const one of events) {
    const definitions = one.event.type === 'multiple' ? one.event.definitions : [one.event]
    for (const definition of definitions) {
      if (definition.type !== type) continue
      if (definition.code === code) return one
      if (definition.code === null) any ??= one
    }
  }
  return any
}

/** False where nothing catches it. */
export function throwError(step: Step, tokenId: string, code: string, variables?: Variables): boolean {
  const token = step.token(tokenId)
  const catcher = token && findCatcher(step, token, 'error', code)
  if (!catcher) return false
  if ('boundary' in catcher) triggerBoundary(step, catcher.host, catcher.boundary, variables, true)
  else beginEventSubProcess(step, catcher.scopeId, catcher.start, variables)
  return true
}

/** Nobody has to catch an escalation. */
function throwEscalation(step: Step, token: Token, code: string | null, sparing?: string): void {
  const catcher = findCatcher(step, token, 'escalation', code ?? '')
  if (!catcher) return
  if ('start' in catcher) return beginEventSubProcess(step, catcher.scopeId, catcher.start)
  const { boundary, host } = catcher
  triggerBoundary(step, host, boundary, undefined, host.id === sparing ? false : boundary.interrupting)
}
