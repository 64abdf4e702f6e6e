/**
 * What goes into a step and what comes out of it. The engine (`advance`) is pure: it makes ids from counters in the state
 * and knows of the world only what `AdvanceContext` holds. Instants are epoch milliseconds, always absolute.
 */
import type { Flow } from './flow.ts'
import type { DecisionModel } from './dmn/model.ts'
import type { WorkingCalendar } from './working-time.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Variables = Record<string, Json>

export interface AdvanceContext {
  /** The one clock: epoch ms, read with the lock on the case. FEEL's now() and today() answer from it. */
  now: number
  calendar: WorkingCalendar
  /**
   * The version of a flow that a call activity is to run, found when it is entered. `ref` names it for ever; `caller` is that of the
   * flow the call activity is drawn in, null for the case's own.
   */
  calledFlow?: (flowId: string, version: CalledVersion, caller: string | null) => CalledFlow | undefined
  /** The flow of a `ref` that `calledFlow` gave in an earlier step. */
  flowOf?: (ref: string) => Flow | undefined
  /** A decision that a business rule task names, with those it requires. */
  decision?: (decisionId: string) => DecisionModel | undefined
}

export type CalledVersion = { binding: 'latest' | 'deployment' } | { binding: 'versionTag'; versionTag: string }

export interface CalledFlow {
  ref: string
  flow: Flow
}

/** What happened. Ids are those that earlier effects named. */
export type CaseEvent =
  /** `startEventId` may also name an instantiating receive task, or an event behind an instantiating gateway (`starters`). */
  | { type: 'start'; startEventId?: string; variables: Variables }
  /** `outcome` is set as the variable `outcome` of the task's scope, `variables` after it. */
  | { type: 'taskCompleted'; taskId: string; outcome?: string; variables?: Variables }
  | { type: 'timerFired'; timerId: string; occurrence: number }
  | { type: 'callAnswered'; callId: string; variables?: Variables }
  /** Becomes the BPMN error `code` where one is caught, an incident where not. */
  | { type: 'callFailed'; callId: string; code: string; message: string }
  /** `subscriptionId` aims at one catcher; without it every catcher of that name and key. */
  | { type: 'messageReceived'; name: string; correlationKey?: string; subscriptionId?: string; variables?: Variables }
  /** A signal thrown elsewhere; it reaches every catcher of that name (or the one of `subscriptionId`). */
  | { type: 'signalReceived'; name: string; subscriptionId?: string; variables?: Variables }
  | { type: 'incidentRetried'; incidentId: string; variables?: Variables }
  /** The element counts as done without having run. */
  | { type: 'incidentSkipped'; incidentId: string; variables?: Variables }
  /** All changes or, where one cannot be made, none: the event is late then, with the reason. */
  | { type: 'caseModified'; changes: CaseChange[]; reason: string }
  | { type: 'caseCancelled' }

/** What an administrator may do to a running case. Token ids are those of the state. */
export type CaseChange =
  /** To another element of the same scope; what it held is taken back. */
  | { do: 'moveToken'; tokenId: string; to: string }
  /** A new token at an element, in the open scope that the element belongs to (or the one of `scopeId`). */
  | { do: 'addToken'; at: string; scopeId?: string }
  | { do: 'cancelToken'; tokenId: string }
  /** Of the process, or as the token sees them. */
  | { do: 'setVariables'; variables: Variables; tokenId?: string }

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
  /** Waits for a signal from other cases; `unsubscribe` ends it as well. */
  | {
      kind: 'subscribeSignal'
      subscriptionId: string
      elementId: string
      signalName: string
      attachedTo: string | null
    }
  | { kind: 'unsubscribe'; subscriptionId: string }
  /** To one catcher in another case, or to a start event; the case itself does not wait for it. */
  | {
      kind: 'throwMessage'
      elementId: string
      messageName: string
      correlationKey: string | null
      variables: Variables
    }
  /** To every catcher of all other cases and every signal start event; its own have had it. */
  | { kind: 'throwSignal'; elementId: string; signalName: string; variables: Variables }
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
  /** Of a change that a person asked for: why it cannot be made, in words for them. */
  sentence?: Unfit
}

/** Why something that a person asked for does not fit, in both languages. */
export interface Unfit {
  vi: string
  en: string
}
