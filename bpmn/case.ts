/**
 * What goes into a step and what comes out of it. The engine (`advance`) is pure: it makes ids from counters in the state
 * and knows of the world only what `AdvanceContext` holds. Instants are epoch milliseconds, always absolute.
 */
import type { Flow } from './flow.ts'
import type { WorkingCalendar } from './working-time.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Variables = Record<string, Json>

export interface AdvanceContext {
  /** The one clock: epoch ms, read with the lock on the case. FEEL's now() and today() answer from it. */
  now: number
  calendar: WorkingCalendar
  /** A flow that a call activity names; the caller fixes the version. */
  calledFlow?: (flowId: string) => Flow | undefined
}

/** What happened. Ids are those that earlier effects named. */
export type CaseEvent =
  | { type: 'start'; startEventId?: string; variables: Variables }
  /** `outcome` is set as the variable `outcome` of the task's scope, `variables` after it. */
  | { type: 'taskCompleted'; taskId: string; outcome?: string; variables?: Variables }
  | { type: 'timerFired'; timerId: string; occurrence: number }
  | { type: 'callAnswered'; callId: string; variables?: Variables }
  /** Becomes the BPMN error `code` where one is caught, an incident where not. */
  | { type: 'callFailed'; callId: string; code: string; message: string }
  /** `subscriptionId` aims at one catcher; without it every catcher of that name and key. */
  | { type: 'messageReceived'; name: string; correlationKey?: string; subscriptionId?: string; variables?: Variables }
  | { type: 'incidentRetried'; incidentId: string; variables?: Variables }
  | { type: 'caseCancelled' }

export type TimerPurpose = 'flow' | 'remind' | 'due'

export interface OpenedTask {
  taskId: string
  elementId: string
  name: string
  /** zeebe:formDefinition formKey / formId / externalReference */
  formKey: string | null
  /** zeebe:assignmentDefinition, evaluated: who, as relations ("post:<uuid>", "role:ministry-clerk", "unit:TMDT:head"). */
  assignee: string | null
  candidateGroups: string[]
  dueAt: number | null
  priority: number
  /** Local input of the task: zeebe:ioMapping inputs and the multi-instance item. */
  input: Variables
  /** zeebe:property entries of the element, by name ("imoit.part", "imoit.ask.vi" …), "=" values evaluated to strings. */
  properties: Record<string, string>
  /** The activities around it, outermost first, for "everything under this sub-process". */
  scope: string[]
}

/** What the step has to do. Order is the order in which it came about. */
export type Effect =
  | { kind: 'openTask'; task: OpenedTask }
  | { kind: 'closeTask'; taskId: string; reason: 'completed' | 'cancelled' }
  | {
      kind: 'armTimer'
      timerId: string
      occurrence: number
      dueAt: number
      elementId: string
      purpose: TimerPurpose
      taskId: string | null
    }
  | { kind: 'cancelTimer'; timerId: string }
  /** A task's own SLA spoke: at its reminder share, and at its due instant. */
  | { kind: 'notifyTask'; taskId: string; about: 'reminder' | 'overdue' }
  /** A service, send or business call. Local services are answered inside the step, the rest becomes an outbox row. */
  | {
      kind: 'callService'
      callId: string
      elementId: string
      serviceType: string
      input: Variables
      headers: Record<string, string>
      retries: number
    }
  | { kind: 'cancelCall'; callId: string }
  | {
      kind: 'subscribe'
      subscriptionId: string
      elementId: string
      messageName: string
      correlationKey: string | null
      /** For a boundary event: the activity it sits on. */
      attachedTo: string | null
    }
  | { kind: 'unsubscribe'; subscriptionId: string }
  | { kind: 'raiseIncident'; incidentId: string; elementId: string; code: string; message: string }
  | { kind: 'resolveIncident'; incidentId: string }
  /** The path of the case, for the diagram, the history and the replay. */
  | { kind: 'trace'; elementId: string; act: 'entered' | 'left' | 'cancelled'; flowId?: string }
  | { kind: 'endCase'; outcome: 'completed' | 'terminated' | 'failed' }
  | { kind: 'caseStuck' }

export type CaseStatus = 'running' | 'stuck' | 'completed' | 'terminated' | 'failed'

/** An event that names something the state does not have any more: recorded, changes nothing. */
export interface LateEvent {
  late: true
  reason: string
}
