import type { ModdleElement } from 'bpmn-moddle'
import type { EventDefinition, FlowNode, MultiInstance, TimerDefinition } from './flow.ts'
import { elements, extension, headers, mappings, properties, text } from './parse-extensions.ts'

export interface Reader {
  parent: string
  /** Notes what the element says that the node cannot. */
  unread: (elementId: string, what: string) => void
}

/** One flow element → a node; null for what takes no part in running (data objects, artifacts). */
export function readNode(element: ModdleElement, reader: Reader): FlowNode | null {
  const base = {
    id: element.id ?? '',
    name: text(element.name) ?? '',
    parent: reader.parent,
    incoming: references(element, 'incoming'),
    outgoing: references(element, 'outgoing'),
    properties: properties(element),
    inputs: mappings(element, 'inputParameters'),
    outputs: mappings(element, 'outputParameters'),
  }
  const event = () => readEvent(element, base.properties, reader)
  const defaultFlow = (element['default'] as ModdleElement | undefined)?.id ?? null
  const activity = () => {
    noteQuantities(element, reader)
    return { ...base, boundaries: [], default: defaultFlow, multiInstance: readMultiInstance(element, reader) }
  }

  switch (element.$type) {
    case 'bpmn:StartEvent': {
      const formKey = readFormKey(element)
      return { ...base, kind: 'startEvent', event: event(), interrupting: element['isInterrupting'] !== false, formKey }
    }
    case 'bpmn:EndEvent':
      return { ...base, kind: 'endEvent', event: event() }
    case 'bpmn:IntermediateCatchEvent':
      return { ...base, kind: 'intermediateCatchEvent', event: event() }
    case 'bpmn:IntermediateThrowEvent':
      return { ...base, kind: 'intermediateThrowEvent', event: event() }
    case 'bpmn:BoundaryEvent':
      return {
        ...base,
        kind: 'boundaryEvent',
        event: event(),
        attachedTo: (element['attachedToRef'] as ModdleElement | undefined)?.id ?? '',
        interrupting: element['cancelActivity'] !== false,
      }
    case 'bpmn:UserTask': {
      const assignment = extension(element, 'zeebe:AssignmentDefinition')
      return {
        ...activity(),
        kind: 'userTask',
        formKey: readFormKey(element),
        assignee: text(assignment?.['assignee']),
        candidateGroups: text(assignment?.['candidateGroups']),
        candidateUsers: text(assignment?.['candidateUsers']),
        dueDate: text(extension(element, 'zeebe:TaskSchedule')?.['dueDate']),
        priority: text(extension(element, 'zeebe:PriorityDefinition')?.['priority']),
        headers: headers(element),
      }
    }
    case 'bpmn:Task':
    case 'bpmn:ManualTask':
      return { ...activity(), kind: 'manualTask' }
    case 'bpmn:ServiceTask':
    case 'bpmn:SendTask':
    case 'bpmn:BusinessRuleTask': {
      const definition = extension(element, 'zeebe:TaskDefinition')
      const decision = extension(element, 'zeebe:CalledDecision')
      const decisionId = text(decision?.['decisionId'])
      return {
        ...activity(),
        kind: 'serviceTask',
        drawnAs:
          element.$type === 'bpmn:SendTask'
            ? 'sendTask'
            : element.$type === 'bpmn:BusinessRuleTask'
              ? 'businessRuleTask'
              : 'serviceTask',
        serviceType: text(definition?.['type']),
        retries: text(definition?.['retries']),
        headers: headers(element),
        decision: decisionId ? { id: decisionId, resultVariable: text(decision?.['resultVariable']) } : null,
      }
    }
    case 'bpmn:ScriptTask': {
      const script = extension(element, 'zeebe:Script')
      const body = text(script?.['expression']) ?? text(element['script'])
      return {
        ...activity(),
        kind: 'scriptTask',
        script: body === null ? null : body.startsWith('=') ? body : `=${body}`,
        resultVariable: text(script?.['resultVariable']),
      }
    }
    case 'bpmn:ReceiveTask':
      return {
        ...activity(),
        kind: 'receiveTask',
        event: readMessage(element['messageRef'] as ModdleElement | undefined),
      }
    case 'bpmn:CallActivity': {
      const called = extension(element, 'zeebe:CalledElement')
      return {
        ...activity(),
        kind: 'callActivity',
        calledFlow: text(called?.['processId']) ?? text(element['calledElement']),
      }
    }
    case 'bpmn:SubProcess':
    case 'bpmn:Transaction':
    case 'bpmn:AdHocSubProcess':
      return {
        ...activity(),
        kind: 'subProcess',
        variant:
          element.$type === 'bpmn:Transaction'
            ? 'transaction'
            : element.$type === 'bpmn:AdHocSubProcess'
              ? 'adHoc'
              : element['triggeredByEvent'] === true
                ? 'event'
                : 'embedded',
        startEvents: [],
      }
    case 'bpmn:ExclusiveGateway':
      return { ...base, kind: 'exclusiveGateway', default: defaultFlow }
    case 'bpmn:ParallelGateway':
      return { ...base, kind: 'parallelGateway', default: null }
    case 'bpmn:InclusiveGateway':
      return { ...base, kind: 'inclusiveGateway', default: defaultFlow }
    case 'bpmn:EventBasedGateway':
      return { ...base, kind: 'eventBasedGateway', default: null }
    case 'bpmn:ComplexGateway':
      return { ...base, kind: 'complexGateway', default: defaultFlow }
    case 'bpmn:DataObject':
    case 'bpmn:DataObjectReference':
    case 'bpmn:DataStoreReference':
      return null
    default:
      reader.unread(base.id, element.$type)
      return null
  }
}

/** What an activity can say that nothing here carries out. */
function noteQuantities(element: ModdleElement, reader: Reader): void {
  const id = element.id ?? ''
  for (const quantity of ['startQuantity', 'completionQuantity']) {
    const value = element[quantity]
    if (value !== undefined && value !== 1) reader.unread(id, `${quantity} ${String(value)}`)
  }
  if (element['isForCompensation'] === true) reader.unread(id, 'isForCompensation')
  if (element['instantiate'] === true) reader.unread(id, 'instantiate')
}

function references(element: ModdleElement, property: string): string[] {
  return elements(element, property).flatMap((reference) => (reference.id ? [reference.id] : []))
}

function readFormKey(element: ModdleElement): string | null {
  const form = extension(element, 'zeebe:FormDefinition')
  return text(form?.['formKey']) ?? text(form?.['formId']) ?? text(form?.['externalReference'])
}

function readEvent(element: ModdleElement, props: Record<string, string>, reader: Reader): EventDefinition {
  const definitions = [...elements(element, 'eventDefinitions'), ...elements(element, 'eventDefinitionRef')].map(
    (definition) => readDefinition(definition, element, props, reader),
  )
  const [only, ...more] = definitions
  if (!only) return { type: 'none' }
  return more.length === 0 ? only : { type: 'multiple', parallel: element['parallelMultiple'] === true, definitions }
}

function readDefinition(
  definition: ModdleElement,
  element: ModdleElement,
  props: Record<string, string>,
  reader: Reader,
): EventDefinition {
  const reference = (property: string) => definition[property] as ModdleElement | undefined
  switch (definition.$type) {
    case 'bpmn:MessageEventDefinition':
      return readMessage(reference('messageRef'))
    case 'bpmn:TimerEventDefinition':
      return { type: 'timer', timer: readTimer(definition, props) }
    case 'bpmn:ErrorEventDefinition':
      return { type: 'error', code: text(reference('errorRef')?.['errorCode']) ?? reference('errorRef')?.id ?? null }
    case 'bpmn:EscalationEventDefinition':
      return {
        type: 'escalation',
        code: text(reference('escalationRef')?.['escalationCode']) ?? reference('escalationRef')?.id ?? null,
      }
    case 'bpmn:SignalEventDefinition':
      return { type: 'signal', name: text(reference('signalRef')?.name) ?? reference('signalRef')?.id ?? '' }
    case 'bpmn:ConditionalEventDefinition': {
      const condition = text(reference('condition')?.['body']) ?? ''
      return { type: 'conditional', condition: condition.startsWith('=') ? condition : `=${condition}` }
    }
    case 'bpmn:TerminateEventDefinition':
      return { type: 'terminate' }
    case 'bpmn:CancelEventDefinition':
      return { type: 'cancel' }
    case 'bpmn:LinkEventDefinition':
      return { type: 'link', name: text(definition.name) ?? '' }
    case 'bpmn:CompensateEventDefinition':
      return { type: 'compensation', activity: reference('activityRef')?.id ?? null }
    default:
      reader.unread(element.id ?? '', definition.$type)
      return { type: 'none' }
  }
}

function readMessage(message: ModdleElement | undefined): EventDefinition {
  const subscription = message ? extension(message, 'zeebe:Subscription') : null
  return {
    type: 'message',
    name: text(message?.name) ?? message?.id ?? '',
    correlationKey: text(subscription?.['correlationKey']),
  }
}

function readTimer(definition: ModdleElement, props: Record<string, string>): TimerDefinition {
  const body = (property: string) => text((definition[property] as ModdleElement | undefined)?.['body'])
  const workingTime = props['imoit.workingTime'] === 'true'
  const date = body('timeDate')
  if (date !== null) return { type: 'date', value: date, workingTime }
  const cycle = body('timeCycle')
  if (cycle !== null) return { type: 'cycle', value: cycle, workingTime }
  return { type: 'duration', value: body('timeDuration') ?? '', workingTime }
}

function readMultiInstance(element: ModdleElement, reader: Reader): MultiInstance | null {
  const loop = element['loopCharacteristics'] as ModdleElement | undefined
  if (!loop) return null
  if (loop.$type !== 'bpmn:MultiInstanceLoopCharacteristics') {
    reader.unread(element.id ?? '', loop.$type)
    return null
  }
  const behavior = loop['behavior']
  if (behavior !== undefined && behavior !== 'All')
    reader.unread(element.id ?? '', `multi-instance behavior ${String(behavior)}`)
  const zeebe = extension(loop, 'zeebe:LoopCharacteristics')
  const expression = (property: string) => {
    const body = text((loop[property] as ModdleElement | undefined)?.['body'])
    return body === null ? null : body.startsWith('=') ? body : `=${body}`
  }
  return {
    sequential: loop['isSequential'] === true,
    collection: text(zeebe?.['inputCollection']),
    cardinality: expression('loopCardinality'),
    inputElement: text(zeebe?.['inputElement']),
    outputCollection: text(zeebe?.['outputCollection']),
    outputElement: text(zeebe?.['outputElement']),
    completionCondition: expression('completionCondition'),
  }
}
