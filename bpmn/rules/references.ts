import type { XmlElement } from '../xml-tree.ts'
import { isActivity, isArtifact, isEvent, isFlowNode, type BpmnFile, type Rule } from './file.ts'

type Test = (element: XmlElement) => boolean
const one =
  (...names: string[]): Test =>
  ({ name }) =>
    names.includes(name)

const isInteraction: Test = (element) =>
  element.name === 'participant' || isActivity(element) || isEvent(element) || /[cC]onversation$/.test(element.name)
const isItemAware: Test = ({ name }) =>
  name.startsWith('data') || name === 'property' || name === 'inputDataItem' || name === 'outputDataItem'

/** What a reference has to name, by the name of the attribute or child element that holds it. Artifacts have rules of their own. */
const EXPECTED: Record<string, Test> = {
  incoming: one('sequenceFlow'),
  outgoing: one('sequenceFlow'),
  default: one('sequenceFlow'),
  attachedToRef: isActivity,
  processRef: one('process'),
  messageRef: one('message'),
  inMessageRef: one('message'),
  outMessageRef: one('message'),
  operationRef: one('operation'),
  interfaceRef: one('interface'),
  supportedInterfaceRef: one('interface'),
  errorRef: one('error'),
  escalationRef: one('escalation'),
  signalRef: one('signal'),
  itemRef: one('itemDefinition'),
  itemSubjectRef: one('itemDefinition'),
  participantRef: one('participant'),
  correlationPropertyRef: one('correlationProperty'),
  correlationKeyRef: one('correlationKey'),
  dataObjectRef: one('dataObject'),
  dataStoreRef: one('dataStore'),
  dataInputRefs: one('dataInput'),
  dataOutputRefs: one('dataOutput'),
  optionalInputRefs: one('dataInput'),
  optionalOutputRefs: one('dataOutput'),
  whileExecutingInputRefs: one('dataInput'),
  whileExecutingOutputRefs: one('dataOutput'),
  inputSetRefs: one('inputSet'),
  outputSetRefs: one('outputSet'),
  inputDataRef: one('dataInput', 'inputSet'),
  outputDataRef: one('dataOutput', 'outputSet'),
  loopDataInputRef: isItemAware,
  loopDataOutputRef: isItemAware,
  eventDefinitionRef: ({ name }) => name.endsWith('EventDefinition'),
  noneBehaviorEventRef: ({ name }) => name.endsWith('EventDefinition'),
  oneBehaviorEventRef: ({ name }) => name.endsWith('EventDefinition'),
  activityRef: isActivity,
  flowNodeRef: isFlowNode,
  categoryValueRef: one('categoryValue'),
  resourceRef: one('resource'),
  parameterRef: one('resourceParameter'),
  choreographyRef: one('choreography', 'globalChoreographyTask'),
  calledChoreographyRef: one('choreography', 'globalChoreographyTask'),
  calledCollaborationRef: one('collaboration', 'globalConversation', 'choreography'),
  initiatingParticipantRef: one('participant'),
  messageFlowRef: one('messageFlow'),
  innerParticipantRef: one('participant'),
  outerParticipantRef: one('participant'),
  innerMessageFlowRef: one('messageFlow'),
  outerMessageFlowRef: one('messageFlow'),
  innerConversationNodeRef: ({ name }) => /[cC]onversation$/.test(name),
  outerConversationNodeRef: ({ name }) => /[cC]onversation$/.test(name),
  definitionalCollaborationRef: one('collaboration', 'choreography', 'globalConversation', 'globalChoreographyTask'),
  supports: one('process'),
  evaluatesToTypeRef: one('itemDefinition'),
  partnerEntityRef: one('partnerEntity'),
  partnerRoleRef: one('partnerRole'),
  endPointRef: one('endPoint'),
}

/** Attributes and child elements that refer to something in these elements alone. */
const EXPECTED_IN: Record<string, Record<string, Test>> = {
  callActivity: { calledElement: isCallable },
  linkEventDefinition: { source: one('linkEventDefinition'), target: one('linkEventDefinition') },
  error: { structureRef: one('itemDefinition') },
  escalation: { structureRef: one('itemDefinition') },
  signal: { structureRef: one('itemDefinition') },
}

function isCallable({ name }: XmlElement): boolean {
  return name === 'process' || /^global(\w+)?Task$/.test(name)
}

const ENDS: Record<string, Test> = {
  sequenceFlow: (element) => isFlowNode(element) || isArtifact(element),
  messageFlow: (element) => isInteraction(element) || isArtifact(element) || /horeography/.test(element.name),
  conversationLink: isInteraction,
  association: () => true,
  dataInputAssociation: isItemAware,
  dataOutputAssociation: isItemAware,
}

interface Reference {
  holder: XmlElement
  name: string
  text: string
  fits: Test
}

function referencesOf(element: XmlElement): Reference[] {
  const found: Reference[] = []
  const ends = ENDS[element.name]
  const add = (name: string, text: string) => {
    const isEnd = name === 'sourceRef' || name === 'targetRef'
    const fits = isEnd ? ends : (EXPECTED_IN[element.name]?.[name] ?? EXPECTED[name])
    if (fits && text.trim() !== '') found.push({ holder: element, name, text, fits })
  }
  for (const [name, value] of Object.entries(element.attributes)) add(name, value)
  for (const child of element.children) if (child.children.length === 0) add(child.name, child.text)
  return found
}

/**
 * In a file that imports others, a reference with a prefix may name what is there; and a structure may be a type of any schema.
 * In the engine's own dialect a flow is called by its id, wherever it was drawn.
 */
function isElsewhere(file: BpmnFile, { name, text }: Reference): boolean {
  if (name === 'structureRef' || (name === 'calledElement' && file.ownDialect)) return true
  return text.includes(':') && file.named('import').length > 0
}

export const referenceRules: Rule[] = [
  {
    rule: 'EXT002',
    vi: 'Mã "{id}" được dùng cho nhiều phần tử.',
    en: 'The id "{id}" belongs to several elements.',
    broken: (file) => file.doubled,
  },
  {
    rule: 'REF',
    vi: 'Tham chiếu ở "{id}" không chỉ tới phần tử nào, hoặc chỉ tới phần tử sai loại.',
    en: 'A reference of "{id}" names nothing, or something of the wrong kind.',
    broken: (file) => {
      const wrong = file.all.flatMap(referencesOf).filter((reference) => {
        const named = file.find(reference.text)
        return named === undefined ? !isElsewhere(file, reference) : !reference.fits(named)
      })
      return [...new Set(wrong.map(({ holder }) => holder))]
    },
  },
]
