import { advance } from './advance.ts'
import type { AdvanceContext, CaseEvent, Effect, OpenedTask, Variables } from './case.ts'
import type { Flow } from './flow.ts'
import { newCase, type CaseState } from './state.ts'

export type ServiceCall = Extract<Effect, { kind: 'callService' }>
/** What a call comes back with: variables, an error, or null while it stays open. */
export type ServiceAnswer = { variables: Variables } | { code: string; message: string } | null

/**
 * A case played without a database, on a clock of its own: for simulators, trials of a flow, and tests. Keeps what the effects
 * left open. Services are answered at once by `answer`.
 */
export class Rehearsal {
  state: CaseState
  readonly tasks = new Map<string, OpenedTask>()
  readonly timers = new Map<string, Extract<Effect, { kind: 'armTimer' }>>()
  readonly catchers = new Map<string, Extract<Effect, { kind: 'subscribe' }>>()
  readonly incidents = new Map<string, Extract<Effect, { kind: 'raiseIncident' }>>()
  readonly openCalls = new Map<string, ServiceCall>()
  readonly calls: ServiceCall[] = []
  readonly notices: string[] = []
  /** Elements that tokens came to, left, or were cancelled at. */
  readonly path: Extract<Effect, { kind: 'trace' }>[] = []
  ended: string | null = null
  /** What leaves the case for others. */
  onThrow: (effect: Extract<Effect, { kind: 'throwMessage' | 'throwSignal' }>) => void = () => undefined

  constructor(
    readonly flow: Flow,
    /** `now` moves with the clock. */
    readonly context: AdvanceContext,
    readonly answer: (call: ServiceCall) => ServiceAnswer = () => ({ variables: {} }),
    /** What happens to the state between two steps: a test sends it through JSON. */
    readonly store: (state: CaseState) => CaseState = (state) => state,
  ) {
    this.state = newCase(flow)
  }

  start(variables: Variables = {}, startEventId?: string): this {
    this.step({ type: 'start', variables, ...(startEventId === undefined ? {} : { startEventId }) })
    return this
  }

  /** One event, with the answers of the services it calls. Gives the reason where it came late. */
  step(event: CaseEvent): string | null {
    const result = advance(this.flow, this.state, event, this.context)
    if ('late' in result) return result.reason
    this.state = this.store(result.state)
    if (event.type === 'timerFired') this.timers.delete(event.timerId)
    if (event.type === 'callAnswered' || event.type === 'callFailed') this.openCalls.delete(event.callId)
    for (const effect of result.effects) this.note(effect)
    for (const effect of result.effects) {
      if (effect.kind !== 'callService' || !this.openCalls.has(effect.callId)) continue
      const answer = this.answer(effect)
      if (answer === null) continue
      const { callId } = effect
      this.step(
        'variables' in answer ? { type: 'callAnswered', callId, ...answer } : { type: 'callFailed', callId, ...answer },
      )
    }
    return null
  }

  private note(effect: Effect): void {
    switch (effect.kind) {
      case 'openTask':
        this.tasks.set(effect.task.taskId, effect.task)
        break
      case 'closeTask':
        this.tasks.delete(effect.taskId)
        break
      case 'armTimer':
        this.timers.set(effect.timerId, effect)
        break
      case 'cancelTimer':
        this.timers.delete(effect.timerId)
        break
      case 'callService':
        this.calls.push(effect)
        this.openCalls.set(effect.callId, effect)
        break
      case 'cancelCall':
        this.openCalls.delete(effect.callId)
        break
      case 'notifyTask':
        this.notices.push(`${this.tasks.get(effect.taskId)?.elementId ?? effect.taskId} ${effect.about}`)
        break
      case 'subscribe':
        this.catchers.set(effect.subscriptionId, effect)
        break
      case 'unsubscribe':
        this.catchers.delete(effect.subscriptionId)
        break
      case 'raiseIncident':
        this.incidents.set(effect.incidentId, effect)
        break
      case 'resolveIncident':
        this.incidents.delete(effect.incidentId)
        break
      case 'throwMessage':
      case 'throwSignal':
        this.onThrow(effect)
        break
      case 'trace':
        this.path.push(effect)
        break
      case 'endCase':
        this.ended = effect.outcome
        break
    }
  }

  /** Elements that wait for a person, sorted, one entry per task. */
  get waiting(): string[] {
    return [...this.tasks.values()].map((task) => task.elementId).sort()
  }

  /** The open task of an element, of the one group where several have one. RangeError unless there is exactly one. */
  task(elementId: string, group?: string): OpenedTask {
    const found = [...this.tasks.values()].filter(
      (task) => task.elementId === elementId && (group === undefined || task.candidateGroups.includes(group)),
    )
    const [only, ...more] = found
    if (only && more.length === 0) return only
    throw new RangeError(`${found.length} tasks ${elementId} ${group ?? ''}; waiting: ${this.waiting.join(', ')}`)
  }

  complete(elementId: string, outcome: string, variables: Variables = {}, group?: string): string | null {
    return this.step({ type: 'taskCompleted', taskId: this.task(elementId, group).taskId, outcome, variables })
  }

  /** The one incident that is open. */
  get incident(): Extract<Effect, { kind: 'raiseIncident' }> | undefined {
    return [...this.incidents.values()][0]
  }

  retry(variables: Variables = {}): string | null {
    return this.step({ type: 'incidentRetried', incidentId: this.incident?.incidentId ?? '', variables })
  }

  /** Moves the clock, visiting every due timer in its order. */
  passTo(instant: number): void {
    for (;;) {
      const [due] = [...this.timers.values()].filter((one) => one.dueAt <= instant).sort((a, b) => a.dueAt - b.dueAt)
      if (!due) break
      this.context.now = Math.max(this.context.now, due.dueAt)
      const late = this.step({ type: 'timerFired', timerId: due.timerId, occurrence: due.occurrence })
      if (late !== null) this.timers.delete(due.timerId)
    }
    this.context.now = Math.max(this.context.now, instant)
  }

  called(serviceType: string): Variables[] {
    return this.calls.filter((call) => call.serviceType === serviceType).map((call) => call.input)
  }

  /** Everything that is still open; nothing once the case has ended. */
  get residue(): string[] {
    const { tokens, scopes, timers } = this.state
    const rows = [...tokens, ...scopes, ...timers].map((row) => row.id)
    const held = [this.tasks, this.timers, this.catchers, this.incidents, this.openCalls].flatMap((map) => [
      ...map.keys(),
    ])
    return [...rows, ...held]
  }
}
