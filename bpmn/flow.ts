/**
 * The typed graph of a flow (IR): what publishing stores beside the XML, and all that the engine reads. Plain JSON, so it can be
 * hashed and kept; `format` says which reader it needs.
 */
export const FLOW_FORMAT = 1

/** FEEL where it starts with "=", else the text itself. Conditions always start with "=". */
export type Expression = string

export interface Mapping {
  source: Expression
  target: string
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
  | { type: 'compensation'; activity: string | null }
  | { type: 'multiple'; parallel: boolean; definitions: EventDefinition[] }

export interface MultiInstance {
  sequential: boolean
  /** Either a list, or how many. */
  collection: Expression | null
  cardinality: Expression | null
  inputElement: string | null
  outputCollection: string | null
  outputElement: Expression | null
  completionCondition: Expression | null
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
}

interface ActivityBase extends NodeBase {
  /** Boundary events attached to it. */
  boundaries: string[]
  default: string | null
  multiInstance: MultiInstance | null
}

export interface StartEvent extends NodeBase {
  kind: 'startEvent'
  event: EventDefinition
  interrupting: boolean
  formKey: string | null
}
export interface EndEvent extends NodeBase {
  kind: 'endEvent'
  event: EventDefinition
}
export interface CatchEvent extends NodeBase {
  kind: 'intermediateCatchEvent'
  event: EventDefinition
}
export interface ThrowEvent extends NodeBase {
  kind: 'intermediateThrowEvent'
  event: EventDefinition
}
export interface BoundaryEvent extends NodeBase {
  kind: 'boundaryEvent'
  event: EventDefinition
  attachedTo: string
  interrupting: boolean
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
}
export interface ScriptTask extends ActivityBase {
  kind: 'scriptTask'
  script: Expression | null
  resultVariable: string | null
}
export interface ReceiveTask extends ActivityBase {
  kind: 'receiveTask'
  event: EventDefinition
}
export interface CallActivity extends ActivityBase {
  kind: 'callActivity'
  calledFlow: Expression | null
}
export interface SubProcess extends ActivityBase {
  kind: 'subProcess'
  variant: 'embedded' | 'event' | 'transaction' | 'adHoc'
  startEvents: string[]
}

export interface Gateway extends NodeBase {
  kind: 'exclusiveGateway' | 'parallelGateway' | 'inclusiveGateway' | 'eventBasedGateway' | 'complexGateway'
  default: string | null
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
  properties: Record<string, Expression>
  startEvents: string[]
  nodes: Record<string, FlowNode>
  sequenceFlows: Record<string, SequenceFlow>
  /** Where the elements are drawn. */
  shapes: Record<string, Bounds>
  edges: Record<string, { x: number; y: number }[]>
  /** What the file holds that no node can say, found while reading; `check` reports them. */
  unread: { elementId: string; what: string }[]
}

export function isActivity(node: FlowNode): node is Activity {
  return 'multiInstance' in node
}
