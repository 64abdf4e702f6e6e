import type { ModdleElement } from 'bpmn-moddle'
import type { FlowNode } from './flow.ts'
import { dataOf, needsOf } from './parse-data.ts'
import { readEvent, readMessage, type Reader } from './parse-event.ts'
import { condition } from './parse-expression.ts'
import { elements, extension, headers, mappings, properties, text } from './parse-extensions.ts'
import { readLoop, readMultiInstance } from './parse-loop.ts'

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
    ...dataOf(element),
  }
  const event = () => readEvent(element, base.properties, reader)
  const defaultFlow = (element['default'] as ModdleElement | undefined)?.id ?? null
  const activity = () => ({
    ...base,
    boundaries: [],
    default: defaultFlow,
    multiInstance: readMultiInstance(element, base.properties, reader),
    ...readLoop(element),
    ...readQuantities(element),
    ...needsOf(element),
    ...(element['isForCompensation'] === true ? { forCompensation: true as const } : {}),
  })

  switch (element.$type) {
    case 'bpmn:StartEvent': {
      const formKey = readFormKey(element)
      return { ...base, kind: 'startEvent', event: event(), interrupting: element['isInterrupting'] !== false, formKey }
    }
    case 'bpmn:EndEvent':
      return { ...base, kind: 'endEvent', event: event(), ...readSender(element) }
    case 'bpmn:IntermediateCatchEvent':
      return { ...base, kind: 'intermediateCatchEvent', event: event() }
    case 'bpmn:IntermediateThrowEvent':
      return { ...base, kind: 'intermediateThrowEvent', event: event(), ...readSender(element) }
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
        ...(element.$type === 'bpmn:SendTask' && element['messageRef']
          ? { message: readMessage(element['messageRef'] as ModdleElement) }
          : {}),
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
        ...readLanguage(element, script !== null),
      }
    }
    case 'bpmn:ReceiveTask':
      return {
        ...activity(),
        kind: 'receiveTask',
        event: readMessage(element['messageRef'] as ModdleElement | undefined),
        ...(element['instantiate'] === true ? { instantiate: true as const } : {}),
      }
    case 'bpmn:CallActivity': {
      const called = extension(element, 'zeebe:CalledElement')
      return {
        ...activity(),
        kind: 'callActivity',
        calledFlow: text(called?.['processId']) ?? localName(text(element['calledElement'])),
        ...readBinding(called, base.outputs.length > 0),
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
        ...(element.$type === 'bpmn:AdHocSubProcess' ? { adHoc: readAdHoc(element) } : {}),
      }
    case 'bpmn:ExclusiveGateway':
      return { ...base, kind: 'exclusiveGateway', default: defaultFlow }
    case 'bpmn:ParallelGateway':
      return { ...base, kind: 'parallelGateway', default: null }
    case 'bpmn:InclusiveGateway':
      return { ...base, kind: 'inclusiveGateway', default: defaultFlow }
    case 'bpmn:EventBasedGateway':
      return {
        ...base,
        kind: 'eventBasedGateway',
        default: null,
        ...(element['instantiate'] === true
          ? { instantiate: element['eventGatewayType'] === 'Parallel' ? ('parallel' as const) : ('exclusive' as const) }
          : {}),
      }
    case 'bpmn:ComplexGateway':
      return { ...base, kind: 'complexGateway', default: defaultFlow, ...readActivation(element) }
    case 'bpmn:DataObject':
    case 'bpmn:DataObjectReference':
    case 'bpmn:DataStoreReference':
      return null
    default:
      reader.unread(base.id, element.$type)
      return null
  }
}

function readQuantities(element: ModdleElement): { startQuantity?: number; completionQuantity?: number } {
  const [start, completion] = [element['startQuantity'], element['completionQuantity']]
  return {
    ...(typeof start === 'number' && start !== 1 ? { startQuantity: start } : {}),
    ...(typeof completion === 'number' && completion !== 1 ? { completionQuantity: completion } : {}),
  }
}

function readLanguage(element: ModdleElement, isFeel: boolean): { language?: string } {
  const language = text(element['scriptFormat']) ?? text(element['scriptLanguage'])
  return language === null || isFeel || /feel/i.test(language) ? {} : { language }
}

function readSender(element: ModdleElement) {
  const definition = extension(element, 'zeebe:TaskDefinition')
  const type = text(definition?.['type'])
  return type ? { service: { type, retries: text(definition?.['retries']), headers: headers(element) } } : {}
}

/** The part of a qualified name after its prefix: the called element of a file whose namespace has one. */
function localName(name: string | null): string | null {
  return name === null || name.startsWith('=') ? name : name.slice(name.lastIndexOf(':') + 1)
}

function readBinding(called: ModdleElement | null, mapped: boolean) {
  const binding = text(called?.['bindingType'])
  const tag = text(called?.['versionTag'])
  const out = called?.['propagateAllChildVariables']
  return {
    ...(binding === 'deployment' ? { binding: 'deployment' as const } : {}),
    ...(binding === 'versionTag' && tag ? { binding: 'versionTag' as const, versionTag: tag } : {}),
    ...(called?.['propagateAllParentVariables'] === false ? { propagateIn: false as const } : {}),
    ...(out === false || (mapped && out !== true) ? { propagateOut: false as const } : {}),
  }
}

function readAdHoc(element: ModdleElement) {
  const active = text(extension(element, 'zeebe:AdHoc')?.['activeElementsCollection'])
  return {
    sequential: element['ordering'] === 'Sequential',
    completionCondition: condition(element['completionCondition']),
    cancelRemaining: element['cancelRemainingInstances'] !== false,
    ...(active ? { active } : {}),
  }
}

function readActivation(element: ModdleElement): { activationCondition?: string } {
  const activation = condition(element['activationCondition'])
  return activation === null ? {} : { activationCondition: activation }
}

function references(element: ModdleElement, property: string): string[] {
  return elements(element, property).flatMap((reference) => (reference.id ? [reference.id] : []))
}

function readFormKey(element: ModdleElement): string | null {
  const form = extension(element, 'zeebe:FormDefinition')
  return text(form?.['formKey']) ?? text(form?.['formId']) ?? text(form?.['externalReference'])
}
