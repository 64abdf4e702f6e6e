import { createInterface } from 'node:readline'
import type { CaseEvent, Json, Variables } from '#bpmn/case.ts'
import { findDecision } from '#bpmn/dmn/evaluate.ts'
import type { DecisionModel } from '#bpmn/dmn/model.ts'
import { awaited } from '#bpmn/explain.ts'
import type { Flow } from '#bpmn/flow.ts'
import { Rehearsal } from '#bpmn/rehearsal.ts'
import { addDuration } from '#bpmn/timers.ts'
import { isoInZone, parseInstant } from '#bpmn/time-zone.ts'
import { ORDINARY_WEEK } from '#bpmn/working-time.ts'
import type { Language } from '../language.ts'
import { flowRunWords, type FlowRunWords } from './flow-run-words.ts'

/** Something that is open, with the event that somebody's answer to it becomes. */
interface Open {
  line: string
  answer: (variables: Variables, rest: string) => CaseEvent
}

export interface FlowTrial {
  flow: Flow
  /** What its business rule tasks decide by. */
  models: DecisionModel[]
  variables: Variables
  /** Epoch ms. */
  now: number
  language: Language
}

/** A case that somebody steps through by commands, on a clock that only moves when told to. */
export class FlowRun {
  private readonly played: Rehearsal
  private readonly say: FlowRunWords
  private readonly thrown: string[] = []

  constructor({ flow, models, variables, now, language }: FlowTrial) {
    this.say = flowRunWords[language]
    const decision = (id: string) => models.find((model) => findDecision(model, id))
    this.played = new Rehearsal(flow, { now, calendar: ORDINARY_WEEK, decision }, () => null)
    this.played.onThrow = (effect) =>
      this.thrown.push(
        effect.kind === 'throwMessage'
          ? this.say.sends(effect.messageName, effect.correlationKey, JSON.stringify(effect.variables))
          : this.say.signals(effect.signalName, JSON.stringify(effect.variables)),
      )
    this.played.start(variables)
  }

  get over(): boolean {
    return this.played.ended !== null
  }

  /** Nothing stopped it: no incident is open, and it is not stuck. */
  get well(): boolean {
    return this.played.incidents.size === 0 && this.played.state.status !== 'stuck'
  }

  /** Where the case stands: its path since the last look, what is open with its number, and what else it waits for. */
  show(): string[] {
    const { state, ended, context } = this.played
    const path = this.played.path.splice(0).filter(({ act }) => act !== 'left')
    const went = path.map(({ elementId, act }) => (act === 'cancelled' ? `✗${elementId}` : elementId)).join(' → ')
    const lines = [...(went ? [`  ${went}`] : []), ...this.thrown.splice(0)]
    if (ended !== null) return [...lines, this.say.ended(ended), ...this.leftOver(), this.variables()]
    lines.push(this.say.stands(isoInZone(ORDINARY_WEEK.timeZone, context.now), this.say.statuses[state.status]))
    lines.push(...this.open().map(({ line }, index) => `  ${index + 1}. ${line}`))
    return [...lines, ...this.waits()]
  }

  /** Carries out one line and says what came of it. */
  obey(line: string): string[] {
    const [, verb = '', rest = ''] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? []
    if (verb === '') return []
    if (/^\d+$/.test(verb)) return this.answer(`${verb} ${rest}`)
    switch (verb) {
      case 'complete':
      case 'answer':
      case 'retry':
        return this.answer(rest)
      case 'fail':
        return this.fail(rest)
      case 'skip':
        return this.skip(rest)
      case 'time':
        return this.pass(rest.trim())
      case 'message':
      case 'signal':
        return this.send(verb, rest)
      case 'set':
        return this.withJson(rest, (variables) =>
          this.happen({ type: 'caseModified', reason: 'flow run', changes: [{ do: 'setVariables', variables }] }),
        )
      case 'vars':
        return [this.variables()]
      case 'cancel':
        return this.happen({ type: 'caseCancelled' })
      case 'show':
        return this.show()
      default:
        return this.say.help
    }
  }

  private open(): Open[] {
    const { tasks, openCalls, incidents } = this.played
    return [
      ...[...tasks.values()].map(({ taskId, elementId, name, assignee, candidateGroups, dueAt }) => ({
        line: this.say.task(elementId, name, assignee ?? candidateGroups.join(', '), this.instant(dueAt)),
        answer: (variables: Variables, outcome: string): CaseEvent => ({
          type: 'taskCompleted',
          taskId,
          variables,
          ...(outcome === '' ? {} : { outcome }),
        }),
      })),
      ...[...openCalls.values()].map(({ callId, elementId, serviceType, input }) => ({
        line: this.say.call(elementId, serviceType, JSON.stringify(input)),
        answer: (variables: Variables): CaseEvent => ({ type: 'callAnswered', callId, variables }),
      })),
      ...[...incidents.values()].map(({ incidentId, elementId, message }) => ({
        line: this.say.incident(elementId, message),
        answer: (variables: Variables): CaseEvent => ({ type: 'incidentRetried', incidentId, variables }),
      })),
    ]
  }

  private waits(): string[] {
    return awaited(this.played.state).flatMap((one) => {
      if (one.kind === 'answer') return []
      const what =
        one.kind === 'timer'
          ? this.say.timer(this.instant(one.dueAt) ?? '')
          : one.kind === 'message'
            ? this.say.message(one.name, one.correlationKey)
            : one.kind === 'signal'
              ? this.say.signal(one.name)
              : one.kind === 'data'
                ? this.say.data
                : this.say.condition
      return `  · ${one.elementId}: ${what}`
    })
  }

  private answer(text: string): string[] {
    const [, number = '', rest = ''] = /^\s*(\d+)\s*(.*)$/.exec(text) ?? []
    const chosen = this.open()[Number(number) - 1]
    if (!chosen) return [this.say.noNumber(number)]
    const [, outcome = '', json = ''] = /^([^{\s]*)\s*(.*)$/.exec(rest) ?? []
    return this.withJson(json, (variables) => this.happen(chosen.answer(variables, outcome)))
  }

  private fail(text: string): string[] {
    const [number = '', code = 'failed', ...message] = text.trim().split(/\s+/)
    const call = [...this.played.openCalls.values()][Number(number) - 1 - this.played.tasks.size]
    if (!call) return [this.say.noNumber(number)]
    return this.happen({ type: 'callFailed', callId: call.callId, code, message: message.join(' ') || code })
  }

  private skip(text: string): string[] {
    const { tasks, openCalls, incidents } = this.played
    const incident = [...incidents.values()][Number(text) - 1 - tasks.size - openCalls.size]
    return incident
      ? this.happen({ type: 'incidentSkipped', incidentId: incident.incidentId })
      : [this.say.noNumber(text)]
  }

  /** To the next timer, or to an instant or by a duration, with every timer on the way. */
  private pass(text: string): string[] {
    const { timers, context } = this.played
    const next = Math.min(...[...timers.values()].map(({ dueAt }) => dueAt))
    if (text === '' && next === Infinity) return [this.say.noTimer]
    const to =
      text === ''
        ? next
        : text.startsWith('P')
          ? addDuration(context, context.now, text, false)
          : parseInstant(ORDINARY_WEEK.timeZone, text)
    if (to === null || to < context.now) return [this.say.noInstant(text)]
    this.played.passTo(to)
    return this.show()
  }

  private send(verb: 'message' | 'signal', text: string): string[] {
    const [, name = '', key = '', json = ''] = /^(\S+)\s*([^{\s]*)\s*(.*)$/.exec(text) ?? []
    return this.withJson(json, (variables) =>
      this.happen(
        verb === 'signal'
          ? { type: 'signalReceived', name, variables }
          : { type: 'messageReceived', name, variables, ...(key === '' ? {} : { correlationKey: key }) },
      ),
    )
  }

  private happen(event: CaseEvent): string[] {
    const late = this.played.step(event)
    return late === null ? this.show() : [this.say.late(late)]
  }

  private withJson(text: string, then: (variables: Variables) => string[]): string[] {
    const variables = text.trim() === '' ? {} : readVariables(text)
    return variables ? then(variables) : [this.say.noJson(text)]
  }

  private leftOver(): string[] {
    const left = this.played.residue
    return left.length > 0 ? [this.say.left(left.join(', '))] : []
  }

  private variables(): string {
    return this.say.variables(JSON.stringify(this.played.state.variables))
  }

  private instant(epoch: number | null): string | null {
    return epoch === null ? null : isoInZone(ORDINARY_WEEK.timeZone, epoch)
  }
}

/** A JSON object; null where the text is none. */
export function readVariables(text: string): Variables | null {
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    // whoever typed it is told
    return null
  }
}

/** Steps through a flow by lines of standard input, from a terminal or a pipe, until the case or the input ends. True: nothing stopped it. */
export async function runFlow(
  run: FlowRun,
  language: Language,
  print: (lines: string[]) => Promise<void>,
): Promise<boolean> {
  const atTerminal = process.stdin.isTTY === true
  await print([...(atTerminal ? flowRunWords[language].help : []), ...run.show()])
  if (!run.over) {
    const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: atTerminal, prompt: '> ' })
    if (atTerminal) lines.prompt()
    for await (const line of lines) {
      if (/^\s*(quit|exit)\s*$/.test(line)) break
      const answer = run.obey(line)
      if (answer.length > 0) await print(answer)
      if (run.over) break
      if (atTerminal) lines.prompt()
    }
    lines.close()
  }
  return run.well
}
