import type { AdvanceContext, Variables } from '#bpmn/case.ts'
import type { Flow } from '#bpmn/flow.ts'
import { Rehearsal } from '#bpmn/rehearsal.ts'
import type { WorkingCalendar } from '#bpmn/working-time.ts'

/** What is done to a case that is tried out. Elements rather than ids: it has to hold for the next drawing, too. */
export type TrialStep =
  | { do: 'complete'; elementId: string; group?: string; outcome?: string; variables?: Variables }
  /** Time passes until the next timer. */
  | { do: 'wait' }
  | { do: 'message'; name: string; variables?: Variables }
  | { do: 'signal'; name: string; variables?: Variables }
  | { do: 'retry' }
  | { do: 'set'; variables: Variables }

export interface Trial {
  /** What the case begins with. */
  variables: Variables
  startEventId?: string
  /** Epoch ms: when it begins on the trial's own clock. */
  startsAt: number
  steps: TrialStep[]
}

/** Where a tried case stands. Instants in epoch ms on the trial's clock. */
export interface TrialState {
  now: number
  /** Elements that hold tokens, each once for each. */
  tokens: string[]
  tasks: {
    elementId: string
    name: string
    /** Relations that may take it. */
    who: string[]
    dueAt: number | null
    /** What the gateway behind it asks for. */
    outcomes: string[]
  }[]
  timers: { elementId: string; dueAt: number }[]
  messages: { elementId: string; name: string }[]
  signals: { elementId: string; name: string }[]
  incidents: { elementId: string; message: string }[]
  variables: Variables
  /** Elements and flows that a token has been at, in order, each once. */
  path: string[]
  calls: { elementId: string; serviceType: string }[]
  ended: string | null
  /** Open things that an ended case has left behind. */
  left: string[]
  /** The first step that could not be done, with why. */
  failed: { step: number; why: string } | null
}

/** The office's calendar as the page gets it. */
export interface PlainCalendar extends Omit<WorkingCalendar, 'off' | 'worked'> {
  off: string[]
  worked: string[]
}

export const calendarOf = ({ off, worked, ...rest }: PlainCalendar): WorkingCalendar => ({
  ...rest,
  off: new Set(off),
  worked: new Set(worked),
})

/** Plays a trial from its start: the same drawing and steps give the same state. */
export function playTrial(flow: Flow, trial: Trial, calendar: WorkingCalendar): TrialState {
  const context: AdvanceContext = { now: trial.startsAt, calendar }
  const played = new Rehearsal(flow, context)
  let failed: TrialState['failed'] = null
  try {
    played.start(trial.variables, trial.startEventId)
    for (const [index, step] of trial.steps.entries()) {
      const why = doStep(played, context, step)
      if (why === null) continue
      failed = { step: index, why }
      break
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    failed = { step: trial.steps.length, why: error.message }
  }
  return stateOf(played, context, failed)
}

function doStep(played: Rehearsal, context: AdvanceContext, step: TrialStep): string | null {
  switch (step.do) {
    case 'complete': {
      const task = [...played.tasks.values()].find(
        ({ elementId, candidateGroups, assignee }) =>
          elementId === step.elementId &&
          (step.group === undefined || assignee === step.group || candidateGroups.includes(step.group)),
      )
      if (!task) return `no task waits at ${step.elementId}`
      return played.step({
        type: 'taskCompleted',
        taskId: task.taskId,
        outcome: step.outcome,
        variables: step.variables ?? {},
      })
    }
    case 'wait': {
      const due = Math.min(...[...played.timers.values()].map(({ dueAt }) => dueAt))
      if (!Number.isFinite(due)) return 'no timer runs'
      played.passTo(Math.max(due, context.now))
      return null
    }
    case 'message':
      return played.step({
        type: 'messageReceived',
        name: step.name,
        ...aim(played, step.name),
        variables: step.variables ?? {},
      })
    case 'signal':
      return played.step({ type: 'signalReceived', name: step.name, variables: step.variables ?? {} })
    case 'retry':
      return played.retry()
    case 'set':
      return played.step({
        type: 'caseModified',
        reason: 'trial',
        changes: [{ do: 'setVariables', variables: step.variables }],
      })
  }
}

/** Straight to whoever waits, whatever the correlation key: a trial has no other cases. */
function aim(played: Rehearsal, name: string): { subscriptionId?: string } {
  const catcher = played.state.subscriptions.find((entry) => !entry.signal && entry.name === name)
  return catcher ? { subscriptionId: catcher.id } : {}
}

function stateOf(played: Rehearsal, { now }: AdvanceContext, failed: TrialState['failed']): TrialState {
  const { state, flow } = played
  const waits = state.subscriptions.map(({ elementId, name, signal }) => ({ elementId, name, signal }))
  const path = new Set(played.path.flatMap(({ elementId, flowId }) => (flowId ? [flowId, elementId] : [elementId])))
  return {
    now,
    tokens: state.tokens.filter(({ child, listening }) => child === undefined && !listening).map(({ at }) => at),
    tasks: [...played.tasks.values()].map(({ elementId, name, assignee, candidateGroups, dueAt }) => ({
      elementId,
      name,
      who: assignee === null ? candidateGroups : [assignee],
      dueAt,
      outcomes: outcomesAfter(flow, elementId),
    })),
    timers: [...played.timers.values()]
      .map(({ elementId, dueAt }) => ({ elementId, dueAt }))
      .sort((a, b) => a.dueAt - b.dueAt),
    messages: waits.filter(({ signal }) => !signal),
    signals: waits.filter(({ signal }) => signal),
    incidents: [...played.incidents.values()].map(({ elementId, message }) => ({ elementId, message })),
    variables: state.variables,
    path: [...path],
    calls: played.calls.map(({ elementId, serviceType }) => ({ elementId, serviceType })),
    ended: played.ended,
    left: played.ended === null ? [] : played.residue,
    failed,
  }
}

/** The outcomes that a choice behind a task tells apart. */
export function outcomesAfter(flow: Flow, elementId: string): string[] {
  const found = new Set<string>()
  for (const edge of flow.nodes[elementId]?.outgoing ?? []) {
    const target = flow.nodes[flow.sequenceFlows[edge]?.target ?? '']
    const asked = [edge, ...(target && /Gateway$/.test(target.kind) ? target.outgoing : [])]
    for (const id of asked) {
      const condition = flow.sequenceFlows[id]?.condition ?? ''
      for (const [, value] of condition.matchAll(/\boutcome\s*!?=\s*"([^"]*)"/g)) if (value) found.add(value)
    }
  }
  return [...found]
}

/** A trial that was kept: what it came to then has to be what it comes to now. */
export interface KeptTrial {
  trial: Trial
  expected: TrialOutcome
}

export type TrialOutcome = Pick<TrialState, 'ended'> & {
  /** Sorted element ids. */
  waiting: string[]
  path: string[]
  left: number
}

export function outcomeOf(state: TrialState): TrialOutcome {
  return {
    ended: state.ended,
    waiting: state.tokens.toSorted(),
    path: state.path.toSorted(),
    left: state.left.length,
  }
}

export interface TrialDifference {
  part: 'failed' | 'ended' | 'waiting' | 'left' | 'missed'
  expected: string
  got: string
}

/** What a kept trial comes to that it did not come to when it was kept; nothing when it holds. */
export function compareTrial({ expected }: KeptTrial, state: TrialState): TrialDifference[] {
  const got = outcomeOf(state)
  const differences: TrialDifference[] = []
  const note = (part: TrialDifference['part'], was: string, is: string) => {
    if (was !== is) differences.push({ part, expected: was, got: is })
  }
  note('failed', '', state.failed ? `${state.failed.step + 1}: ${state.failed.why}` : '')
  note('ended', expected.ended ?? '', got.ended ?? '')
  note('waiting', expected.waiting.join(', '), got.waiting.join(', '))
  note('left', String(expected.left), String(got.left))
  const missed = expected.path.filter((id) => !got.path.includes(id))
  note('missed', missed.join(', '), '')
  return differences
}
