import type { Effect, OpenedTask } from '#bpmn/case.ts'

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>

/** A step's effects, with what came and went inside the step struck out. */
export interface PlannedEffects {
  opened: OpenedTask[]
  closed: Of<'closeTask'>[]
  notices: Of<'notifyTask'>[]
  armed: Of<'armTimer'>[]
  cancelledTimers: string[]
  calls: Of<'callService'>[]
  cancelledCalls: string[]
  subscribed: Subscribing[]
  unsubscribed: string[]
  incidents: Of<'raiseIncident'>[]
  resolvedIncidents: string[]
  /** Opened tasks whose lane names no unit or role there is. */
  nobody: { taskId: string; elementId: string; lane: string }[]
  /** What goes to other cases, in the order in which it was thrown. */
  thrown: Of<'throwMessage' | 'throwSignal'>[]
  trace: { elementId: string; act: string }[]
  /** There is something to do between cases or outside. */
  needsWorker: boolean
}

/** A message or signal that the case now waits for. */
export interface Subscribing {
  subscriptionId: string
  elementId: string
  attachedTo: string | null
  kind: 'message' | 'signal'
  name: string
  key: string | null
}

const whereOf = ({ subscriptionId, elementId, attachedTo }: Of<'subscribe' | 'subscribeSignal'>) => ({
  subscriptionId,
  elementId,
  attachedTo,
})

export function planEffects(effects: Effect[]): PlannedEffects {
  const opened = new Map<string, OpenedTask>()
  const closed: Of<'closeTask'>[] = []
  const armed = new Map<string, Of<'armTimer'>>()
  const cancelledTimers = new Set<string>()
  const calls = new Map<string, Of<'callService'>>()
  const cancelledCalls = new Set<string>()
  const subscribed = new Map<string, Subscribing>()
  const unsubscribed = new Set<string>()
  const incidents = new Map<string, Of<'raiseIncident'>>()
  const resolvedIncidents = new Set<string>()
  const notices: Of<'notifyTask'>[] = []
  const thrown: PlannedEffects['thrown'] = []
  const trace: PlannedEffects['trace'] = []
  for (const effect of effects) {
    switch (effect.kind) {
      case 'openTask':
        opened.set(effect.task.taskId, effect.task)
        break
      case 'closeTask':
        if (!opened.delete(effect.taskId)) closed.push(effect)
        break
      case 'notifyTask':
        notices.push(effect)
        break
      case 'armTimer':
        armed.set(effect.timerId, effect)
        break
      case 'cancelTimer':
        if (!armed.delete(effect.timerId)) cancelledTimers.add(effect.timerId)
        break
      case 'callService':
        calls.set(effect.callId, effect)
        break
      case 'cancelCall':
        if (!calls.delete(effect.callId)) cancelledCalls.add(effect.callId)
        break
      case 'subscribe':
        subscribed.set(effect.subscriptionId, {
          ...whereOf(effect),
          kind: 'message',
          name: effect.messageName,
          key: effect.correlationKey,
        })
        break
      case 'subscribeSignal':
        subscribed.set(effect.subscriptionId, {
          ...whereOf(effect),
          kind: 'signal',
          name: effect.signalName,
          key: null,
        })
        break
      case 'unsubscribe':
        if (!subscribed.delete(effect.subscriptionId)) unsubscribed.add(effect.subscriptionId)
        break
      case 'raiseIncident':
        incidents.set(effect.incidentId, effect)
        break
      case 'resolveIncident':
        if (!incidents.delete(effect.incidentId)) resolvedIncidents.add(effect.incidentId)
        break
      case 'trace':
        trace.push({ elementId: effect.elementId, act: effect.act })
        break
      case 'endCase':
      case 'caseStuck':
        // The state's status says it.
        break
      case 'throwMessage':
      case 'throwSignal':
        thrown.push(effect)
        break
    }
  }
  return {
    opened: [...opened.values()],
    closed,
    notices,
    armed: [...armed.values()],
    cancelledTimers: [...cancelledTimers],
    calls: [...calls.values()],
    cancelledCalls: [...cancelledCalls],
    subscribed: [...subscribed.values()],
    unsubscribed: [...unsubscribed],
    incidents: [...incidents.values()],
    resolvedIncidents: [...resolvedIncidents],
    nobody: [],
    thrown,
    trace,
    needsWorker: calls.size > 0 || notices.length > 0 || armed.size > 0 || thrown.length > 0,
  }
}
