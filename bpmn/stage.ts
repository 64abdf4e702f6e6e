import type { AdvanceContext, CaseEvent, Effect, Variables } from './case.ts'
import type { Flow } from './flow.ts'
import { Rehearsal, type ServiceAnswer, type ServiceCall } from './rehearsal.ts'
import { starters, type Starter } from './starting.ts'

/** A case on a stage, and the call it made. */
export interface StagedCall {
  played: Rehearsal
  call: ServiceCall
}
/** `later`: the call stays open for that long, and is answered with no variables. */
export type StagedAnswer = ServiceAnswer | { later: number }

/**
 * Several cases on one virtual clock, with the messages and signals between them: what database and Temporal do, without them.
 * A message or signal that nobody waits for starts a case where a flow has such a start event.
 */
export class Stage {
  readonly cases: Rehearsal[] = []
  private readonly letters: { from: Rehearsal; effect: Effect }[] = []
  /** Events that have come for starts that need several, by flow and element. */
  private readonly gathered = new Map<string, { came: string; variables: Variables }[]>()
  private readonly open: { played: Rehearsal; callId: string; at: number }[] = []

  constructor(
    readonly flows: Flow[],
    readonly context: AdvanceContext,
    readonly answer: (staged: StagedCall) => StagedAnswer,
  ) {}

  start(flow: Flow, variables: Variables, startEventId?: string): Rehearsal {
    const played: Rehearsal = new Rehearsal(flow, this.context, (call) => {
      const answer = this.answer({ played, call })
      if (answer === null || !('later' in answer)) return answer
      this.open.push({ played, callId: call.callId, at: this.context.now + answer.later })
      return null
    })
    played.onThrow = (effect) => this.letters.push({ from: played, effect })
    this.cases.push(played)
    this.play(played, { type: 'start', variables, ...(startEventId === undefined ? {} : { startEventId }) })
    return played
  }

  /** One event, and all that it brings about between the cases. */
  play(played: Rehearsal, event: CaseEvent): void {
    played.step(event)
    this.deliver()
  }

  private deliver(): void {
    for (let letter = this.letters.shift(); letter; letter = this.letters.shift()) {
      const { from, effect } = letter
      if (effect.kind === 'throwSignal') {
        const { signalName: name, variables } = effect
        for (const other of this.cases.filter((one) => one !== from && one.ended === null))
          other.step({ type: 'signalReceived', name, variables })
        this.startBy('signal', name, variables, true)
      }
      if (effect.kind === 'throwMessage') {
        const { messageName: name, correlationKey, variables } = effect
        const others = this.cases.filter((one) => one !== from)
        const waiting = others.flatMap((other) => [...other.catchers.values()].map((catcher) => ({ other, catcher })))
        const found = waiting.find(
          ({ catcher }) =>
            catcher.messageName === name &&
            (catcher.correlationKey === null || catcher.correlationKey === correlationKey),
        )
        if (found) {
          const { subscriptionId } = found.catcher
          found.other.step({ type: 'messageReceived', name, subscriptionId, variables })
        } else this.startBy('message', name, variables, false)
      }
    }
  }

  private startBy(type: 'message' | 'signal', name: string, variables: Variables, all: boolean): void {
    for (const flow of this.flows) {
      const starter = starters(flow).find(({ event }) => {
        const definitions = event.type === 'multiple' ? event.definitions : [event]
        return definitions.some((one) => one.type === type && 'name' in one && one.name === name)
      })
      if (!starter) continue
      const gathered = this.gather(flow, starter, `${type} ${name}`, variables)
      if (gathered) this.start(flow, gathered, starter.elementId)
      if (!all) return
    }
  }

  /** What the events of a start have carried, once all are there that it needs; null while one is missing. */
  private gather(flow: Flow, { elementId, event }: Starter, came: string, variables: Variables): Variables | null {
    if (event.type !== 'multiple' || !event.parallel) return variables
    const key = `${flow.id} ${elementId}`
    const waiting = [...(this.gathered.get(key) ?? []), { came, variables }]
    const taken: typeof waiting = []
    for (const one of event.definitions) {
      const needed = 'name' in one ? `${one.type} ${one.name}` : one.type
      const found = waiting.find((each) => each.came === needed && !taken.includes(each))
      if (found) taken.push(found)
    }
    const complete = taken.length === event.definitions.length
    this.gathered.set(key, complete ? waiting.filter((each) => !taken.includes(each)) : waiting)
    return complete ? Object.assign({}, ...taken.map((each) => each.variables)) : null
  }

  /** Moves the clock, visiting timers and open calls of all cases in their order. */
  passTo(instant: number): void {
    for (;;) {
      const timers = this.cases.flatMap((played) => [...played.timers.values()].map((timer) => ({ played, timer })))
      const due = timers.sort((a, b) => a.timer.dueAt - b.timer.dueAt)[0]
      const call = this.open.sort((a, b) => a.at - b.at)[0]
      const next = Math.min(due?.timer.dueAt ?? Infinity, call?.at ?? Infinity)
      if (next > instant) break
      this.context.now = Math.max(this.context.now, next)
      if (call && call.at === next) {
        this.open.shift()
        if (call.played.openCalls.has(call.callId))
          this.play(call.played, { type: 'callAnswered', callId: call.callId })
      } else if (due) {
        const { timerId, occurrence } = due.timer
        due.played.timers.delete(timerId)
        this.play(due.played, { type: 'timerFired', timerId, occurrence })
      }
    }
    this.context.now = Math.max(this.context.now, instant)
  }
}
