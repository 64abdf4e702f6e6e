import { Failure } from './failure.ts'
import { feelNames } from './feel.ts'
import { isActivity, type EventDefinition, type Expression, type TimerDefinition } from './flow.ts'
import { find } from './rows.ts'
import { lookUp, type ConditionEntry, type Token } from './state.ts'
import type { Step } from './step.ts'
import { readTimer } from './timers.ts'

/**
 * Lets a token wait for an event. True where it has come already: a condition that holds. Errors, escalations, compensation and
 * cancellation are not waited for; whoever throws them looks for the catcher.
 */
export function arm(
  step: Step,
  token: Token,
  elementId: string,
  event: EventDefinition,
  part?: number,
): boolean | Failure {
  switch (event.type) {
    case 'timer':
      return armTimer(step, token, elementId, event.timer, part) ?? false
    case 'message':
      return subscribe(step, token, elementId, event, part) ?? false
    case 'signal':
      return subscribeSignal(step, token, elementId, event.name, part) ?? false
    case 'conditional':
      return watch(step, token, elementId, event.condition, part)
    case 'multiple': {
      let happened = false
      for (const [index, definition] of event.definitions.entries()) {
        const one = arm(step, token, elementId, definition, index)
        if (one instanceof Failure) return one
        if (one) happened = event.parallel ? gather(step, token.id, elementId, event, index) : true
      }
      return happened
    }
    default:
      return false
  }
}

function armTimer(step: Step, token: Token, elementId: string, timer: TimerDefinition, part?: number): Failure | null {
  const value = step.evaluate(token, timer.value)
  if (value instanceof Failure) return value
  const due = typeof value === 'string' ? readTimer(step.context, value, timer.workingTime) : null
  if (!due)
    return new Failure('timer', `"${timer.value}" gave ${JSON.stringify(value)}, which is no date, duration or cycle`)
  const cycle = due.cycle && { ...due.cycle, ...(timer.workingTime ? { workingTime: true as const } : {}) }
  const rest = { ...(cycle ? { cycle } : {}), ...(part === undefined ? {} : { part }) }
  step.addTimer({ token: token.id, elementId, purpose: 'flow', dueAt: due.dueAt, ...rest })
  return null
}

function subscribe(
  step: Step,
  token: Token,
  elementId: string,
  event: { name: Expression; correlationKey: Expression | null },
  part?: number,
): Failure | null {
  const read = readMessage(step, token, event)
  if (read instanceof Failure) return read
  step.addSubscription({ token: token.id, elementId, ...read, ...(part === undefined ? {} : { part }) })
  return null
}

/** Name and key of a message, as the token sees them. */
export function readMessage(
  step: Step,
  token: Token,
  event: { name: Expression; correlationKey: Expression | null },
): { name: string; key: string | null } | Failure {
  const name = step.evaluate(token, event.name)
  if (name instanceof Failure) return name
  const key = event.correlationKey === null ? null : step.evaluate(token, event.correlationKey)
  if (key instanceof Failure) return key
  if (typeof name !== 'string' || name === '') return new Failure('message', `"${event.name}" is no name of a message`)
  if (event.correlationKey !== null && (key === null || typeof key === 'object')) {
    return new Failure('message', `"${event.correlationKey}" gave ${JSON.stringify(key)}, which is no correlation key`)
  }
  return { name, key: key === null ? null : String(key) }
}

function subscribeSignal(
  step: Step,
  token: Token,
  elementId: string,
  expression: Expression,
  part?: number,
): Failure | null {
  const name = readSignal(step, token, expression)
  if (name instanceof Failure) return name
  const rest = part === undefined ? {} : { part }
  step.addSubscription({ token: token.id, elementId, name, key: null, signal: true, ...rest })
  return null
}

export function readSignal(step: Step, token: Token, expression: Expression): string | Failure {
  const name = step.evaluate(token, expression)
  if (name instanceof Failure || (typeof name === 'string' && name !== '')) return name
  return new Failure('signal', `"${expression}" gave ${JSON.stringify(name)}, which is no name of a signal`)
}

function watch(step: Step, token: Token, elementId: string, condition: Expression, part?: number): boolean | Failure {
  const holds = step.condition(token, condition)
  // a variable that nobody has written yet: to be looked at again when somebody does
  const held = holds === true
  if (holds instanceof Failure && holds.code !== 'condition') return holds
  const rest = part === undefined ? {} : { part }
  step.addCondition({ token: token.id, elementId, ...rest, ...(held ? { held } : {}) })
  return held
}

/** Notes that one part of a parallel multiple event has come; true when that was the last. */
export function gather(
  step: Step,
  tokenId: string,
  elementId: string,
  event: Extract<EventDefinition, { type: 'multiple' }>,
  part: number,
): boolean {
  const token = step.edit(tokenId)
  const mark = `${elementId} ${part}`
  const got = new Set([...(token.got ?? []), mark])
  token.got = [...got]
  const missing = event.definitions.some((_definition, index) => !got.has(`${elementId} ${index}`))
  if (missing) return false
  token.got = token.got.filter((one) => !one.startsWith(`${elementId} `))
  if (token.got.length === 0) delete token.got
  return true
}

/** Conditional events that have become true through what was written, as entries in the order in which they were armed. */
export function conditionsMet(step: Step): ConditionEntry[] {
  const { conditions = [] } = step.state
  const changed = step.changed ?? new Set()
  step.changed = null
  const met: ConditionEntry[] = []
  for (const entry of conditions) {
    const token = step.token(entry.token)
    if (entry.data) {
      if (token && readsChanged(step, entry, changed) && hasInputs(step, token)) met.push(entry)
      continue
    }
    const condition = conditionOf(step, entry)
    if (!token || condition === null || !feelNames(condition).some((name) => changed.has(name))) continue
    const holds = step.condition(token, condition) === true
    if (holds === (entry.held === true)) continue
    const edited = step.editCondition(entry.id)
    if (holds) edited.held = true
    else delete edited.held
    if (holds) met.push(edited)
  }
  return met
}

function readsChanged(step: Step, { elementId }: ConditionEntry, changed: Set<string>): boolean {
  const node = step.node(elementId)
  return node !== undefined && isActivity(node) && (node.needs ?? []).flat().some((name) => changed.has(name))
}

/** All variables of one of the input sets of the activity that the token is at are there. */
export function hasInputs(step: Step, token: Token): boolean {
  const node = step.node(token.at)
  if (!node || !isActivity(node) || !node.needs) return true
  return node.needs.some((set) => set.every((name) => (lookUp(step.state, token, name) ?? null) !== null))
}

function conditionOf(step: Step, { elementId, part }: ConditionEntry): Expression | null {
  const node = step.node(elementId)
  const event = node && 'event' in node ? node.event : null
  const definition = event?.type === 'multiple' ? event.definitions[part ?? -1] : event
  return definition?.type === 'conditional' ? definition.condition : null
}

/** The entry is still armed: an event before it in the same breath may have ended it. */
export function stillWatched(step: Step, entry: ConditionEntry): boolean {
  return find(step.state.conditions ?? [], entry.id) !== undefined
}
