import { childOf, childrenOf, type XmlElement } from '../xml-tree.ts'
import {
  isActivity,
  isChoreographyActivity,
  isEventSubProcess,
  isSubProcess,
  referenceOf,
  type BpmnFile,
  type Rule,
} from './file.ts'

const inside = (file: BpmnFile, test: (parent: XmlElement) => boolean) =>
  file.where((one) => isChoreographyActivity(one) && one.parent !== undefined && test(one.parent))
const adHocs = (file: BpmnFile) => file.named('adHocSubProcess')
const below = (file: BpmnFile, quantity: string) =>
  file.where(
    (one) => isActivity(one) && one.attributes[quantity] !== undefined && !(Number(one.attributes[quantity]) >= 1),
  )
const PERFORMERS = ['performer', 'humanPerformer', 'potentialOwner', 'resourceRole']
const loops = (file: BpmnFile) => file.named('multiInstanceLoopCharacteristics')
/** The activity that a loop belongs to. */
const owners = (elements: XmlElement[]) => elements.flatMap(({ parent }) => parent ?? [])

/** `##Word`, or a URI with a scheme. */
const METHOD = /^(##\w+|[A-Za-z][A-Za-z0-9+.-]*:[^\s!$%<>"{}|\\^`]+)$/
const MIME = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*$/

/** A condition that can be seen to be neither true nor false: a number or a text. */
function isNoBoolean(condition: XmlElement | undefined): boolean {
  return condition !== undefined && /^\s*=?\s*(-?\d+(\.\d+)?|"[^"]*")\s*$/.test(condition.text)
}

function startsOfCalled(file: BpmnFile): XmlElement[] {
  return file.named('callActivity').filter((call) => {
    const called = file.refer(call, 'calledElement')
    if (called?.name !== 'process') return false
    return !childrenOf(called, 'startEvent').some(
      (event) => file.definitions(event).length === 0 && childOf(event, 'eventDefinitionRef') === undefined,
    )
  })
}

export const activityRules: Rule[] = [
  {
    rule: 'EXT036',
    vi: 'Quy trình không được chứa hoạt động phối tác "{id}".',
    en: 'A process must not contain the choreography activity "{id}".',
    broken: (file) => inside(file, ({ name }) => name === 'process'),
  },
  {
    rule: 'EXT056',
    vi: 'Tiểu quy trình không được chứa hoạt động phối tác "{id}".',
    en: 'A sub-process must not contain the choreography activity "{id}".',
    broken: (file) => inside(file, isSubProcess),
  },
  {
    rule: 'EXT037',
    vi: 'startQuantity của "{id}" phải từ 1 trở lên.',
    en: 'The startQuantity of "{id}" must not be less than 1.',
    broken: (file) => below(file, 'startQuantity'),
  },
  {
    rule: 'EXT038',
    vi: 'completionQuantity của "{id}" phải từ 1 trở lên.',
    en: 'The completionQuantity of "{id}" must not be less than 1.',
    broken: (file) => below(file, 'completionQuantity'),
  },
  {
    rule: 'EXT039',
    vi: 'Người thực hiện "{id}" vừa nêu nguồn lực vừa nêu biểu thức; chỉ được một trong hai.',
    en: 'The performer "{id}" names a resource and an expression; only one of them is allowed.',
    broken: (file) =>
      file
        .named(...PERFORMERS)
        .filter((one) => childOf(one, 'resourceRef') && childOf(one, 'resourceAssignmentExpression')),
  },
  {
    rule: 'EXT040',
    vi: 'Người thực hiện "{id}" gán tham số nhưng không nêu nguồn lực.',
    en: 'The performer "{id}" binds parameters of a resource and names none.',
    broken: (file) =>
      file
        .named(...PERFORMERS)
        .filter((one) => childOf(one, 'resourceParameterBinding') && childOf(one, 'resourceRef') === undefined),
  },
  {
    rule: 'EXT041',
    vi: 'Hoạt động "{id}" chỉ được có một kiểu lặp.',
    en: 'The activity "{id}" must not have more than one kind of loop.',
    broken: (file) =>
      file
        .where(isActivity)
        .filter((one) => one.children.filter(({ name }) => name.endsWith('LoopCharacteristics')).length > 1),
  },
  {
    rule: 'EXT049',
    vi: 'Tác vụ nhận khởi tạo "{id}" không được có luồng vào.',
    en: 'The instantiating receive task "{id}" must not have an incoming flow.',
    broken: (file) =>
      file
        .named('receiveTask')
        .filter((task) => task.attributes['instantiate'] === 'true' && file.incoming(task).length > 0),
  },
  {
    rule: 'EXT053',
    vi: 'Tác vụ kịch bản "{id}" có kịch bản nhưng chưa nêu ngôn ngữ.',
    en: 'The script task "{id}" has a script and does not say its language.',
    broken: (file) =>
      file.named('scriptTask', 'globalScriptTask').filter((task) => {
        const language = task.attributes['scriptFormat'] ?? task.attributes['scriptLanguage']
        return childOf(task, 'script')?.text.trim() && !language?.trim()
      }),
  },
  {
    rule: 'EXT145',
    vi: 'Ngôn ngữ kịch bản của "{id}" phải viết như một kiểu MIME.',
    en: 'The script language of "{id}" must be written as a MIME type.',
    broken: (file) =>
      file
        .named('scriptTask')
        .filter(({ attributes: { scriptFormat } }) => scriptFormat && !MIME.test(scriptFormat.trim())),
  },
  {
    rule: 'EXT057',
    vi: 'Tiểu quy trình sự kiện "{id}" không được có luồng vào hay luồng ra.',
    en: 'The event sub-process "{id}" must not have incoming or outgoing flows.',
    broken: (file) =>
      file.where(isEventSubProcess).filter((one) => file.incoming(one).length + file.outgoing(one).length > 0),
  },
  {
    rule: 'EXT060',
    vi: 'Phương thức của giao dịch "{id}" phải là một URI.',
    en: 'The method of the transaction "{id}" must be a URI.',
    broken: (file) =>
      file
        .named('transaction')
        .filter(({ attributes: { method } }) => method !== undefined && !METHOD.test(method.trim())),
  },
  {
    rule: 'EXT061',
    vi: 'Tiểu quy trình tùy biến "{id}" phải có ít nhất một hoạt động.',
    en: 'The ad-hoc sub-process "{id}" must contain an activity.',
    broken: (file) => adHocs(file).filter(({ children }) => !children.some(isActivity)),
  },
  {
    rule: 'EXT062',
    vi: 'Tiểu quy trình tùy biến "{id}" không được chứa sự kiện bắt đầu, kết thúc, hội thoại hay phối tác.',
    en: 'The ad-hoc sub-process "{id}" must not contain start or end events, conversations or choreography activities.',
    broken: (file) => {
      const forbidden = [
        'startEvent',
        'endEvent',
        'conversation',
        'subConversation',
        'callConversation',
        'conversationLink',
      ]
      return adHocs(file).filter(({ children }) =>
        children.some((child) => forbidden.includes(child.name) || isChoreographyActivity(child)),
      )
    },
  },
  {
    rule: 'EXT067',
    vi: 'Hoạt động "{id}" lặp nhưng chưa nói lặp trên danh sách nào hay bao nhiêu lần.',
    en: 'The activity "{id}" is multi-instance over neither a list nor a number.',
    broken: (file) =>
      owners(
        loops(file).filter((loop) => {
          const own = childOf(childOf(loop, 'extensionElements'), 'loopCharacteristics')
          const said = childOf(loop, 'loopCardinality') ?? childOf(loop, 'loopDataInputRef')
          return said === undefined && !own?.attributes['inputCollection'] && file.isExecutable(loop)
        }),
      ),
  },
  {
    rule: 'EXT071',
    vi: 'Điều kiện hoàn thành của "{id}" không phải là đúng hay sai.',
    en: 'The completion condition of "{id}" is neither true nor false.',
    broken: (file) => owners(loops(file).filter((loop) => isNoBoolean(childOf(loop, 'completionCondition')))),
  },
  {
    rule: 'EXT072',
    vi: 'Điều kiện của hành vi phức hợp ở "{id}" không phải là đúng hay sai.',
    en: 'The condition of a complex behaviour of "{id}" is neither true nor false.',
    broken: (file) =>
      owners(
        loops(file).filter((loop) =>
          childrenOf(loop, 'complexBehaviorDefinition').some((one) => isNoBoolean(childOf(one, 'condition'))),
        ),
      ),
  },
  {
    rule: 'EXT099',
    vi: 'Quy trình mà "{id}" gọi phải có một sự kiện bắt đầu không điều kiện.',
    en: 'The process that "{id}" calls must have a start event without a trigger.',
    broken: startsOfCalled,
  },
]

// collaborations, which an executable process need not have, but must not break

const participants = (file: BpmnFile) => file.named('participantMultiplicity')

export const collaborationRules: Rule[] = [
  {
    rule: 'EXT027',
    vi: 'Phối tác hoặc hội thoại chung "{id}" không được tham chiếu tới phối tác.',
    en: 'The choreography or global conversation "{id}" must not reference a choreography.',
    broken: (file) =>
      file
        .named('choreography', 'globalChoreographyTask', 'globalConversation')
        .filter((one) => childOf(one, 'choreographyRef')),
  },
  {
    rule: 'EXT029',
    vi: 'Số tối thiểu của bên tham gia "{id}" không được âm.',
    en: 'The minimum of the participant "{id}" must not be negative.',
    broken: (file) => owners(participants(file).filter(({ attributes }) => Number(attributes['minimum'] ?? 0) < 0)),
  },
  {
    rule: 'EXT030',
    vi: 'Số tối đa của bên tham gia "{id}" phải từ 1 trở lên và không nhỏ hơn số tối thiểu.',
    en: 'The maximum of the participant "{id}" must be at least 1 and not less than its minimum.',
    broken: (file) =>
      owners(
        participants(file).filter(({ attributes }) => {
          const maximum = Number(attributes['maximum'] ?? 1)
          return maximum < 1 || maximum < Number(attributes['minimum'] ?? 0)
        }),
      ),
  },
  {
    rule: 'EXT032',
    vi: 'Hội thoại chung "{id}" không được chứa nút hội thoại, liên kết bên tham gia hay chú thích.',
    en: 'The global conversation "{id}" must not contain conversation nodes, associations of participants or flows, or artifacts.',
    broken: (file) => {
      const forbidden = new Set([
        ...['conversation', 'subConversation', 'callConversation', 'participantAssociation', 'messageFlowAssociation'],
        ...['conversationAssociation', 'group', 'textAnnotation', 'association'],
      ])
      return file.named('globalConversation').filter(({ children }) => children.some(({ name }) => forbidden.has(name)))
    },
  },
  {
    rule: 'EXT033',
    vi: 'isClosed của "{id}" phải bằng isClosed của phối tác mà nó tham chiếu.',
    en: 'The isClosed of "{id}" must equal that of the choreography it references.',
    broken: (file) =>
      file.named('collaboration').filter((one) => {
        const choreography = file.find(referenceOf(one, 'choreographyRef'))
        const closed = (element: XmlElement) => element.attributes['isClosed'] === 'true'
        return choreography !== undefined && closed(choreography) !== closed(one)
      }),
  },
  {
    rule: 'EXT035',
    vi: 'Quy trình công khai "{id}" không được đánh dấu là chạy được.',
    en: 'The public process "{id}" must not be marked as executable.',
    broken: (file) =>
      file
        .named('process')
        .filter(({ attributes }) => attributes['processType'] === 'Public' && attributes['isExecutable'] === 'true'),
  },
]
