import { BpmnModdle } from 'bpmn-moddle'

/** A package of element types as moddle describes them: the part of it that is corrected here. */
interface Described {
  types: { name: string; properties?: Property[] }[]
}
interface Property {
  name: string
  type: string
  isAttr?: boolean
  isMany?: boolean
  isReference?: boolean
  xml?: { serialize: 'property' | 'xsi:type' }
}

const asElement = { xml: { serialize: 'property' } } as const
const list = { isMany: true, isReference: true }

/**
 * Where BPMN20.xsd says otherwise than bpmn-moddle's description, which refuses what the schema allows there, or writes it out
 * under other names. By type, then by the property that is replaced; an empty name adds one.
 */
const CORRECTED: Record<string, Record<string, Property>> = {
  GlobalScriptTask: { script: { name: 'script', type: 'String' } },
  Participant: { endPointRefs: { name: 'endPointRef', type: 'EndPoint', ...list } },
  ConversationNode: { messageFlowRefs: { name: 'messageFlowRef', type: 'MessageFlow', ...list } },
  ParticipantAssociation: {
    innerParticipantRef: { name: 'innerParticipantRef', type: 'Participant', isReference: true },
    outerParticipantRef: { name: 'outerParticipantRef', type: 'Participant', isReference: true },
  },
  CorrelationPropertyRetrievalExpression: {
    messagePath: { name: 'messagePath', type: 'FormalExpression', ...asElement },
  },
  CorrelationPropertyBinding: { dataPath: { name: 'dataPath', type: 'FormalExpression', ...asElement } },
  ComplexBehaviorDefinition: {
    condition: { name: 'condition', type: 'FormalExpression', ...asElement },
    event: { name: 'event', type: 'ImplicitThrowEvent', ...asElement },
  },
  Lane: { partitionElement: { name: 'partitionElement', type: 'BaseElement', xml: { serialize: 'xsi:type' } } },
  // written `expression` or, by its substitution group, `formalExpression`
  ResourceParameterBinding: { expression: { name: 'expression', type: 'Expression' } },
  ResourceAssignmentExpression: { expression: { name: 'expression', type: 'Expression' } },
  // names of types and of elements in other documents: nothing in the file to point at
  CorrelationProperty: { type: { name: 'type', type: 'String', isAttr: true } },
  ResourceParameter: { type: { name: 'type', type: 'String', isAttr: true } },
  Signal: { structureRef: { name: 'structureRef', type: 'String', isAttr: true } },
  Error: { structureRef: { name: 'structureRef', type: 'String', isAttr: true } },
  Escalation: { structureRef: { name: 'structureRef', type: 'String', isAttr: true } },
  Relationship: {
    source: { name: 'source', type: 'String', isMany: true },
    target: { name: 'target', type: 'String', isMany: true },
  },
  Extension: {
    definition: { name: 'definition', type: 'String', isAttr: true },
    '': { name: 'documentation', type: 'Documentation', isMany: true },
  },
}

/** The description of BPMN's elements by its schema; give it to moddle (or to bpmn-js as a moddle extension) as `bpmn`. */
export function bpmnSchema(): Record<string, unknown> {
  const described = new BpmnModdle().getPackage('bpmn') as Described
  const types = described.types.map((type) => {
    const corrected = CORRECTED[type.name]
    if (!corrected) return type
    // moddle puts its prefix before the names of a description that it has read once
    const kept = (type.properties ?? []).map((property) => corrected[property.name.replace('bpmn:', '')] ?? property)
    return { ...type, properties: corrected[''] ? [...kept, corrected['']] : kept }
  })
  return { ...described, types }
}
