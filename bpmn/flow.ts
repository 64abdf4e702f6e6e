/**
 * The typed graph of a flow (IR): what publishing stores beside the XML, and all that the engine reads. Plain JSON, so it can be
 * hashed and kept; `format` says which reader it needs (`formats.ts`). What a flow does not use is absent.
 */
export const FLOW_FORMAT = 2

/** A rule that the drawing breaks, found while reading; `check` reports it with the rest. */
export interface Broken {
  rule: string
  elementId: string | null
  vi: string
  en: string
}

/** FEEL where it starts with "=", else the text itself. Conditions always start with "=". */
export type Expression = string

export interface Mapping {
  source: Expression
  target: string
}

/** A data association: from a variable (or an expression) to a variable. */
export interface DataCopy {
  from: Expression
  to: string
}

export interface TimerDefinition {
  type: 'date' | 'duration' | 'cycle'
  value: Expression
  /** Days and hours count as working days and hours (`imoit.workingTime`). */
  workingTime: boolean
}

export type EventDefinition =
  | { type: 'none' }
  | { type: 'terminate' }
  | { type: 'cancel' }
  | { type: 'message'; name: Expression; correlationKey: Expression | null }
  | { type: 'timer'; timer: TimerDefinition }
  | { type: 'error'; code: string | null }
  | { type: 'escalation'; code: string | null }
  | { type: 'signal'; name: Expression }
  | { type: 'conditional'; condition: Expression }
  | { type: 'link'; name: string }
  /** `wait: false` goes on at once and lets the handlers run beside it. */
  | { type: 'compensation'; activity: string | null; wait?: false }
  | { type: 'multiple'; parallel: boolean; definitions: EventDefinition[] }

export interface MultiInstance {
  sequential: boolean
  /** Either a list, or how many. The list, and what each instance adds to the outputs, is FEEL or a variable by its name. */
  collection: Expression | null
  cardinality: Expression | null
  inputElement: string | null
  outputCollection: string | null
  outputElement: Expression | null
  completionCondition: Expression | null
  /** Which completions throw an event; absent: none does. */
  behavior?: 'none' | 'one' | 'complex'
  /** What the behaviours `none` (at each completion) and `one` (at the first) throw. */
  event?: EventDefinition
  complex?: { condition: Expression; event: EventDefinition | null }[]
}

export interface StandardLoop {
  testBefore: boolean
  maximum: number | null
  condition: Expression | null
}

interface NodeBase {
  id: string
  name: string
  /** The process or sub-process that holds it. */
  parent: string
  incoming: string[]
  outgoing: string[]
  /** zeebe:property entries, "=" values not yet evaluated. */
  properties: Record<string, Expression>
  inputs: Mapping[]
  outputs: Mapping[]
  /** Data associations, beside the mappings. */
  dataIn?: DataCopy[]
  dataOut?: DataCopy[]
  /** Variables of its own: properties, and the data objects of a sub-process. */
  data?: string[]
}

interface ActivityBase extends NodeBase {
  /** Boundary events attached to it. */
  boundaries: string[]
  default: string | null
  multiInstance: MultiInstance | null
  loop?: StandardLoop
  forCompensation?: true
  /** Input sets: it starts once all variables of one of them are there. */
  needs?: string[][]
  /** Tokens it takes to start, and that it gives when it is done; absent: one. */
  startQuantity?: number
  completionQuantity?: number
}

export interface StartEvent extends NodeBase {
  kind: 'startEvent'
  event: EventDefinition
  interrupting: boolean
  formKey: string | null
}
/** A message may be sent by a service (zeebe:taskDefinition) instead of by the engine. */
interface Sender {
  service?: { type: Expression; retries: Expression | null; headers: Record<string, string> }
}
export interface EndEvent extends NodeBase, Sender {
  kind: 'endEvent'
  event: EventDefinition
}
export interface CatchEvent extends NodeBase {
  kind: 'intermediateCatchEvent'
  event: EventDefinition
}
export interface ThrowEvent extends NodeBase, Sender {
  kind: 'intermediateThrowEvent'
  event: EventDefinition
}
export interface BoundaryEvent extends NodeBase {
  kind: 'boundaryEvent'
  event: EventDefinition
  attachedTo: string
  interrupting: boolean
  /** The activity that compensates, joined by an association. */
  handler?: string
}

export interface UserTask extends ActivityBase {
  kind: 'userTask'
  formKey: string | null
  assignee: Expression | null
  candidateGroups: Expression | null
  candidateUsers: Expression | null
  dueDate: Expression | null
  priority: Expression | null
  headers: Record<string, string>
  /** The innermost lane that it is drawn in, by name: who does it where nothing else says so. */
  lane?: string
}
/** bpmn:task and bpmn:manualTask: nothing for the engine to wait for. */
export interface ManualTask extends ActivityBase {
  kind: 'manualTask'
}
export interface ServiceTask extends ActivityBase {
  kind: 'serviceTask'
  /** Which of the three the diagram draws. */
  drawnAs: 'serviceTask' | 'sendTask' | 'businessRuleTask'
  serviceType: Expression | null
  retries: Expression | null
  headers: Record<string, string>
  /** zeebe:calledDecision of a business rule task. */
  decision: { id: Expression; resultVariable: string | null } | null
  /** What a send task sends where it names no service. */
  message?: EventDefinition
}
export interface ScriptTask extends ActivityBase {
  kind: 'scriptTask'
  script: Expression | null
  resultVariable: string | null
  /** What the script is written in, where that is not FEEL: such a flow is not published. */
  language?: string
}
export interface ReceiveTask extends ActivityBase {
  kind: 'receiveTask'
  event: EventDefinition
  instantiate?: true
}
export interface CallActivity extends ActivityBase {
  kind: 'callActivity'
  calledFlow: Expression | null
  /** Absent: the latest version. */
  binding?: 'deployment' | 'versionTag'
  versionTag?: string
  /** False: only what is mapped goes in, or comes out. */
  propagateIn?: false
  propagateOut?: false
}
export interface SubProcess extends ActivityBase {
  kind: 'subProcess'
  variant: 'embedded' | 'event' | 'transaction' | 'adHoc'
  startEvents: string[]
  eventSubProcesses?: string[]
  adHoc?: AdHoc
}

export interface AdHoc {
  sequential: boolean
  completionCondition: Expression | null
  cancelRemaining: boolean
  /** A list of the activities to start; absent: all that no flow leads to. */
  active?: Expression
}

export interface Gateway extends NodeBase {
  kind: 'exclusiveGateway' | 'parallelGateway' | 'inclusiveGateway' | 'eventBasedGateway' | 'complexGateway'
  default: string | null
  /** Event-based only: a case begins here with its first event; `parallel` waits for the others as well. */
  instantiate?: 'exclusive' | 'parallel'
  /** Complex only. */
  activationCondition?: Expression
}

export type Activity = UserTask | ManualTask | ServiceTask | ScriptTask | ReceiveTask | CallActivity | SubProcess
export type FlowNode = StartEvent | EndEvent | CatchEvent | ThrowEvent | BoundaryEvent | Activity | Gateway
export type NodeKind = FlowNode['kind']

export interface SequenceFlow {
  id: string
  name: string
  source: string
  target: string
  condition: Expression | null
}

export interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

export interface Flow {
  format: typeof FLOW_FORMAT
  /** The id of the bpmn:process. */
  id: string
  name: string
  executable: boolean
  /** zeebe:versionTag: what a call activity may bind to. */
  versionTag?: string
  properties: Record<string, Expression>
  startEvents: string[]
  eventSubProcesses?: string[]
  /** Its own forms (`zeebe:userTaskForm`) by id, as they are stored: JSON of form-js. */
  forms?: Record<string, string>
  /** Properties and data objects of the process: null from the start. */
  data?: string[]
  /** Processes and global tasks of the same file that its call activities name, by id. */
  bundled?: Record<string, Flow>
  nodes: Record<string, FlowNode>
  sequenceFlows: Record<string, SequenceFlow>
  /** Where the elements are drawn. */
  shapes: Record<string, Bounds>
  edges: Record<string, { x: number; y: number }[]>
  /** What the file holds that no node can say, found while reading; `check` reports them. */
  unread: { elementId: string; what: string }[]
  /** Rules of the standard that the file breaks; none in what was published. */
  broken?: Broken[]
}

export function isActivity(node: FlowNode): node is Activity {
  return 'multiInstance' in node
}
