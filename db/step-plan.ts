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
  subscribed: Of<'subscribe'>[]
  unsubscribed: string[]
  incidents: Of<'raiseIncident'>[]
  resolvedIncidents: string[]
  trace: { elementId: string; act: string }[]
  /** There is something for Temporal to do. */
  needsWorker: boolean
}

export function planEffects(effects: Effect[]): PlannedEffects {
  const opened = new Map<string, OpenedTask>()
  const closed: Of<'closeTask'>[] = []
  const armed = new Map<string, Of<'armTimer'>>()
  const cancelledTimers = new Set<string>()
  const calls = new Map<string, Of<'callService'>>()
  const cancelledCalls = new Set<string>()
  const subscribed = new Map<string, Of<'subscribe'>>()
  const unsubscribed = new Set<string>()
  const incidents = new Map<string, Of<'raiseIncident'>>()
  const resolvedIncidents = new Set<string>()
  const notices: Of<'notifyTask'>[] = []
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
        subscribed.set(effect.subscriptionId, effect)
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
      case 'subscribeSignal':
      case 'throwMessage':
      case 'throwSignal':
        // Not published (`db/flow-reach.ts`); one that gets here all the same stops the step, and is parked for all to see.
        throw new Error(`the step cannot carry ${effect.kind} of ${effect.elementId} to other cases`)
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
    trace,
    needsWorker: calls.size > 0 || notices.length > 0 || armed.size > 0,
  }
}
