import { readFileSync } from 'node:fs'
import { advance } from '../advance.ts'
import type { AdvanceContext, CaseEvent, Effect, OpenedTask, Variables } from '../case.ts'
import { parseBpmn } from '../parse.ts'
import { newCase, type CaseState } from '../state.ts'
import type { Flow } from '../flow.ts'

type Call = Extract<Effect, { kind: 'callService' }>
type Timer = Extract<Effect, { kind: 'armTimer' }>
type Subscription = Extract<Effect, { kind: 'subscribe' }>

export const HOUR = 3_600_000

/** Monday to Friday, 8–12 and 13–17 in Hà Nội. */
const calendar: AdvanceContext['calendar'] = {
  timeZone: 'Asia/Ho_Chi_Minh',
  hours: [
    [480, 720],
    [780, 1020],
  ],
  workingWeekdays: [1, 2, 3, 4, 5],
  off: new Set(),
  worked: new Set(),
}

export async function shippedFlow(name: string): Promise<Flow> {
  const parsed = await parseBpmn(readFileSync(new URL(`./${name}.bpmn`, import.meta.url), 'utf8'))
  const flow = parsed.ok ? parsed.flows.find((one) => one.id === name) : undefined
  if (!flow) throw new Error(`${name}.bpmn: ${JSON.stringify(parsed.ok ? 'no such process' : parsed.findings)}`)
  return flow
}

/**
 * A case played by a test: it completes tasks and moves the clock; services are answered at once, in their order, unless
 * `refuse` says otherwise. What a step's effects leave open stands in `tasks`, `timers`, `catchers` and `incidents`.
 */
export class PlayedCase {
  state: CaseState
  readonly tasks = new Map<string, OpenedTask>()
  readonly timers = new Map<string, Timer>()
  readonly catchers = new Map<string, Subscription>()
  readonly incidents = new Map<string, Extract<Effect, { kind: 'raiseIncident' }>>()
  readonly calls: Call[] = []
  readonly notices: string[] = []
  ended: string | null = null

  constructor(
    readonly flow: Flow,
    start: Variables,
    /** Epoch ms. */
    public now: number,
    /** The code with which a call fails; null where it is answered. */
    readonly refuse: (call: Call) => string | null = () => null,
  ) {
    this.state = newCase(flow)
    this.step({ type: 'start', variables: start })
  }

  step(event: CaseEvent): void {
    const result = advance(this.flow, this.state, event, { now: this.now, calendar })
    if ('late' in result) throw new Error(`late: ${result.reason}`)
    // Through JSON, as the database keeps it.
    this.state = JSON.parse(JSON.stringify(result.state)) as CaseState
    const calls = result.effects.filter((effect) => effect.kind === 'callService')
    for (const effect of result.effects) this.take(effect)
    for (const call of calls) {
      const code = this.refuse(call)
      this.step(
        code === null
          ? { type: 'callAnswered', callId: call.callId }
          : { type: 'callFailed', callId: call.callId, code, message: code },
      )
    }
  }

  private take(effect: Effect): void {
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
        break
      case 'notifyTask':
        this.notices.push(`${this.tasks.get(effect.taskId)?.elementId} ${effect.about}`)
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
      case 'endCase':
        this.ended = effect.outcome
        break
    }
  }

  /** Elements that wait for a person, sorted; one entry per task. */
  get waiting(): string[] {
    return [...this.tasks.values()].map((task) => task.elementId).sort()
  }

  /** The one open task of an element, with `group` where several units have one. */
  task(elementId: string, group?: string): OpenedTask {
    const found = [...this.tasks.values()].filter(
      (task) => task.elementId === elementId && (group === undefined || task.candidateGroups.includes(group)),
    )
    const [only] = found
    if (!only || found.length > 1) {
      throw new Error(`${found.length} tasks ${elementId} ${group ?? ''}; waiting: ${this.waiting.join(', ')}`)
    }
    return only
  }

  complete(elementId: string, outcome: string, variables: Variables = {}, group?: string): void {
    this.step({ type: 'taskCompleted', taskId: this.task(elementId, group).taskId, outcome, variables })
  }

  /** Takes back what an activity was handed on with, as the database does: aimed at the one catcher on that activity. */
  takeBack(attachedTo: string): void {
    const catcher = [...this.catchers.values()].find((one) => one.attachedTo === attachedTo)
    if (!catcher) throw new Error(`nothing on ${attachedTo} waits for a message`)
    this.step({
      type: 'messageReceived',
      name: catcher.messageName,
      subscriptionId: catcher.subscriptionId,
      ...(catcher.correlationKey === null ? {} : { correlationKey: catcher.correlationKey }),
    })
  }

  /** Moves the clock, visiting every due timer in order. */
  passTo(instant: number): void {
    for (;;) {
      const [due] = [...this.timers.values()].filter((t) => t.dueAt <= instant).sort((a, b) => a.dueAt - b.dueAt)
      if (!due) break
      this.now = Math.max(this.now, due.dueAt)
      this.timers.delete(due.timerId)
      this.step({ type: 'timerFired', timerId: due.timerId, occurrence: due.occurrence })
    }
    this.now = instant
  }

  called(serviceType: string): Variables[] {
    return this.calls.filter((call) => call.serviceType === serviceType).map((call) => call.input)
  }

  /** Nothing is left open: no token, task, timer or catcher. */
  get residue(): string[] {
    return [
      ...Object.keys(this.state.tokens),
      ...this.tasks.keys(),
      ...this.timers.keys(),
      ...this.catchers.keys(),
      ...this.incidents.keys(),
    ]
  }
}
