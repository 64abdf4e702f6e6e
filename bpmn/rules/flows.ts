import { childOf, childrenOf, type XmlElement } from '../xml-tree.ts'
import {
  isActivity,
  isArtifact,
  isEventSubProcess,
  isFlowNode,
  isSubProcess,
  isTask,
  type BpmnFile,
  type Rule,
} from './file.ts'

const ends = (file: BpmnFile, name: string, end: string, test: (element: XmlElement) => boolean) =>
  file.named(name).filter((flow) => {
    const element = file.refer(flow, end)
    return element !== undefined && test(element)
  })

const condition = (flow: XmlElement) => childOf(flow, 'conditionExpression')

/** The pool that a message flow's end lies in; the process where no pool is drawn around it. */
function poolOf(file: BpmnFile, end: XmlElement | undefined): XmlElement | undefined {
  if (!end || end.name === 'participant') return end
  const process = file.processOf(end)
  if (process === undefined) return undefined
  return file.named('participant').find((pool) => file.refer(pool, 'processRef') === process) ?? process
}

/** Where a file lists incoming and outgoing flows at all, the lists have to be complete. */
function unlisted(file: BpmnFile, list: 'incoming' | 'outgoing', end: 'targetRef' | 'sourceRef'): XmlElement[] {
  if (file.named('incoming', 'outgoing').length === 0) return []
  return file.named('sequenceFlow').filter((flow) => {
    const element = file.refer(flow, end)
    if (!element || !isFlowNode(element)) return false
    return !childrenOf(element, list).some(({ text }) => file.find(text) === flow)
  })
}

export const flowRules: Rule[] = [
  {
    rule: 'EXT006',
    vi: 'Luồng "{id}" không được dẫn tới một chú thích.',
    en: 'The flow "{id}" must not lead to an artifact.',
    broken: (file) => ends(file, 'sequenceFlow', 'targetRef', isArtifact),
  },
  {
    rule: 'EXT007',
    vi: 'Luồng "{id}" không được xuất phát từ một chú thích.',
    en: 'The flow "{id}" must not leave an artifact.',
    broken: (file) => ends(file, 'sequenceFlow', 'sourceRef', isArtifact),
  },
  {
    rule: 'EXT008',
    vi: 'Luồng thông điệp "{id}" không được dẫn tới một chú thích.',
    en: 'The message flow "{id}" must not lead to an artifact.',
    broken: (file) => ends(file, 'messageFlow', 'targetRef', isArtifact),
  },
  {
    rule: 'EXT009',
    vi: 'Luồng thông điệp "{id}" không được xuất phát từ một chú thích.',
    en: 'The message flow "{id}" must not leave an artifact.',
    broken: (file) => ends(file, 'messageFlow', 'sourceRef', isArtifact),
  },
  {
    rule: 'EXT021',
    vi: 'Luồng "{id}" không được rời tiểu quy trình sự kiện; chỉ hoạt động, cổng và sự kiện được là điểm đầu.',
    en: 'Only an activity that is no event sub-process, a gateway or an event can be the source of the flow "{id}".',
    broken: (file) => ends(file, 'sequenceFlow', 'sourceRef', (one) => !isFlowNode(one) || isEventSubProcess(one)),
  },
  {
    rule: 'EXT022',
    vi: 'Luồng "{id}" không được vào tiểu quy trình sự kiện; chỉ hoạt động, cổng và sự kiện được là điểm cuối.',
    en: 'Only an activity that is no event sub-process, a gateway or an event can be the target of the flow "{id}".',
    broken: (file) => ends(file, 'sequenceFlow', 'targetRef', (one) => !isFlowNode(one) || isEventSubProcess(one)),
  },
  {
    rule: 'EXT023',
    vi: 'Phần tử ở hai đầu của luồng "{id}" không ghi luồng này trong danh sách vào, ra của nó.',
    en: 'The elements that the flow "{id}" joins do not list it among their incoming and outgoing flows.',
    broken: (file) => [
      ...new Set([...unlisted(file, 'incoming', 'targetRef'), ...unlisted(file, 'outgoing', 'sourceRef')]),
    ],
  },
  {
    rule: 'EXT024',
    vi: 'Luồng "{id}" của quy trình chạy được không được đặt isImmediate = false.',
    en: 'In an executable process the flow "{id}" must not say isImmediate = false.',
    broken: (file) =>
      file
        .named('sequenceFlow')
        .filter((flow) => flow.attributes['isImmediate'] === 'false' && file.isExecutable(flow)),
  },
  {
    rule: 'EXT025',
    vi: 'Hoạt động "{id}" chỉ có một luồng ra và luồng đó lại có điều kiện.',
    en: 'The only flow that leaves the activity "{id}" must not be conditional.',
    broken: (file) =>
      file.where(isActivity).filter((activity) => {
        const [only, ...more] = file.outgoing(activity)
        return only !== undefined && more.length === 0 && condition(only) !== undefined
      }),
  },
  {
    rule: 'EXT026',
    vi: 'Luồng mặc định của "{id}" không xuất phát từ nó.',
    en: 'The default flow of "{id}" does not leave it.',
    broken: (file) =>
      file.all.filter((element) => {
        const flow = isFlowNode(element) ? file.find(element.attributes['default']) : undefined
        return flow?.name === 'sequenceFlow' && file.refer(flow, 'sourceRef') !== element
      }),
  },
  {
    rule: 'EXT028',
    vi: 'Luồng "{id}" nối hai quy trình khác nhau.',
    en: 'The flow "{id}" joins elements of different processes.',
    broken: (file) =>
      file.named('sequenceFlow').filter((flow) => {
        const [source, target] = [file.refer(flow, 'sourceRef'), file.refer(flow, 'targetRef')]
        if (!source || !target) return false
        return file.processOf(source) !== file.processOf(target)
      }),
  },
  {
    rule: 'EXT031',
    vi: 'Luồng thông điệp "{id}" phải nối hai bên tham gia khác nhau.',
    en: 'The message flow "{id}" must join different pools.',
    broken: (file) =>
      file.named('messageFlow').filter((flow) => {
        const pool = poolOf(file, file.refer(flow, 'sourceRef'))
        return pool !== undefined && pool === poolOf(file, file.refer(flow, 'targetRef'))
      }),
  },
  {
    rule: 'EXT152',
    vi: 'Luồng "{id}" đi xuyên qua biên của bên tham gia hoặc của tiểu quy trình.',
    en: 'The flow "{id}" crosses the border of a pool or a sub-process.',
    broken: (file) =>
      file.named('sequenceFlow').filter((flow) => {
        const [source, target] = [file.refer(flow, 'sourceRef'), file.refer(flow, 'targetRef')]
        return source !== undefined && target !== undefined && source.parent !== target.parent
      }),
  },
  {
    rule: 'EXT095',
    vi: 'Sự kiện "{id}" dùng lại định nghĩa của một sự kiện phát.',
    en: 'The event "{id}" uses the definition of a throwing event, which belongs to that alone.',
    broken: (file) =>
      definitionRefs(file).flatMap(({ user, definition }) => {
        const owner = definition?.parent
        const throws = owner?.name === 'intermediateThrowEvent' || owner?.name === 'endEvent'
        return throws && owner !== user ? [user] : []
      }),
  },
  {
    rule: 'EXT143',
    vi: 'Sự kiện bù trừ "{id}" chưa nối với hoạt động bù trừ nào.',
    en: 'No association joins the compensation event "{id}" to an activity.',
    broken: (file) => compensations(file).filter((event) => handlers(file, event).length === 0),
  },
  {
    rule: 'EXT144',
    vi: 'Hoạt động nối với sự kiện bù trừ "{id}" phải là tác vụ hoặc tiểu quy trình dành cho bù trừ.',
    en: 'What compensates for "{id}" must be a task or sub-process that is marked for compensation.',
    broken: (file) =>
      compensations(file).filter((event) =>
        handlers(file, event).some(
          (one) => !(isTask(one) || isSubProcess(one)) || one.attributes['isForCompensation'] !== 'true',
        ),
      ),
  },
]

/** Who uses an event definition by reference: events, and loops that throw it. */
function definitionRefs(file: BpmnFile): { user: XmlElement; definition: XmlElement | undefined }[] {
  const byEvents = file
    .named('eventDefinitionRef')
    .flatMap(({ parent, text }) => (parent ? { user: parent, definition: file.find(text) } : []))
  const byLoops = file.named('multiInstanceLoopCharacteristics').flatMap((loop) =>
    ['noneBehaviorEventRef', 'oneBehaviorEventRef'].map((name) => ({
      user: loop.parent ?? loop,
      definition: file.refer(loop, name),
    })),
  )
  return [...byEvents, ...byLoops]
}

function compensations(file: BpmnFile): XmlElement[] {
  return file
    .named('boundaryEvent')
    .filter((event) => file.definitions(event).some(({ name }) => name === 'compensateEventDefinition'))
}

/** What associations join a compensation event to; notes and groups beside it do not count. */
function handlers(file: BpmnFile, event: XmlElement): XmlElement[] {
  return file.associated(event).filter((other) => !isArtifact(other))
}
