import { childOf, childrenOf, type XmlElement } from '../xml-tree.ts'
import {
  isActivity,
  isEventSubProcess,
  isFlowNode,
  isIntermediate,
  isSubProcess,
  local,
  referenceOf,
  typeOf,
  type BpmnFile,
  type Rule,
} from './file.ts'

const starts = (file: BpmnFile) => file.named('startEvent')
const endEvents = (file: BpmnFile) => file.named('endEvent')
const boundaries = (file: BpmnFile) => file.named('boundaryEvent')
const types = (file: BpmnFile, event: XmlElement) => file.definitions(event).map(typeOf)
const only = (file: BpmnFile, event: XmlElement, allowed: string[]) =>
  types(file, event).every((type) => allowed.includes(type))
const interrupts = (event: XmlElement) => event.attributes['cancelActivity'] !== 'false'
const isLink = (file: BpmnFile, event: XmlElement) => types(file, event).includes('link')
const isCompensation = (file: BpmnFile, event: XmlElement) => types(file, event).includes('compensation')
const hasChild = (element: XmlElement, name: string) => childOf(element, name) !== undefined
const messageEnds = (file: BpmnFile, end: 'sourceRef' | 'targetRef') =>
  new Set(file.named('messageFlow').flatMap((flow) => file.refer(flow, end) ?? []))

/** A process or sub-process in which flows run from start events to end events. */
const levels = (file: BpmnFile) => file.named('process', 'subProcess', 'transaction')

function beginsBySelf(one: XmlElement): boolean {
  if (one.name === 'startEvent') return true
  return (one.name === 'receiveTask' || one.name === 'eventBasedGateway') && one.attributes['instantiate'] === 'true'
}

/** Flow nodes of a level that take part in its sequence flows: not what compensates, nor what an event starts. */
function inSequence(level: XmlElement): XmlElement[] {
  return level.children.filter((one) => {
    if (!isFlowNode(one) || isEventSubProcess(one)) return false
    return !(isActivity(one) && one.attributes['isForCompensation'] === 'true')
  })
}

function withoutIncoming(file: BpmnFile, level: XmlElement): XmlElement[] {
  if (!level.children.some(({ name }) => name === 'startEvent')) return []
  return inSequence(level).filter((one) => {
    if (one.name === 'boundaryEvent' || beginsBySelf(one) || file.incoming(one).length > 0) return false
    return !(one.name === 'intermediateCatchEvent' && isLink(file, one))
  })
}

function withoutOutgoing(file: BpmnFile, level: XmlElement): XmlElement[] {
  if (!level.children.some(({ name }) => name === 'endEvent')) return []
  return inSequence(level).filter((one) => {
    if (one.name === 'endEvent' || file.outgoing(one).length > 0) return false
    if (one.name === 'boundaryEvent' && isCompensation(file, one)) return false
    return !(one.name === 'intermediateThrowEvent' && isLink(file, one))
  })
}

// links: by name, or by the source and target elements of their definitions

interface LinkEvent {
  event: XmlElement
  definition: XmlElement
}

function links(file: BpmnFile, name: 'intermediateCatchEvent' | 'intermediateThrowEvent'): LinkEvent[] {
  return file
    .named(name)
    .flatMap((event) =>
      file.definitions(event).flatMap((definition) => (typeOf(definition) === 'link' ? [{ event, definition }] : [])),
    )
}

const linkName = ({ definition }: LinkEvent) => definition.attributes['name']?.trim() || undefined

function targetsOfLink(file: BpmnFile, thrown: LinkEvent): LinkEvent[] {
  const caught = links(file, 'intermediateCatchEvent')
  const named = childrenOf(thrown.definition, 'target').map(({ text }) => local(text))
  if (named.length > 0) return caught.filter(({ definition }) => named.includes(definition.attributes['id'] ?? ''))
  const name = linkName(thrown)
  const sameName = caught.filter((one) => name !== undefined && linkName(one) === name)
  const sameLevel = sameName.filter(({ event }) => event.parent === thrown.event.parent)
  return sameLevel.length > 0 ? sameLevel : sameName
}

function sourcesOfLink(file: BpmnFile, caught: LinkEvent): LinkEvent[] {
  const thrown = links(file, 'intermediateThrowEvent')
  const named = childrenOf(caught.definition, 'source').map(({ text }) => local(text))
  if (named.length > 0) return thrown.filter(({ definition }) => named.includes(definition.attributes['id'] ?? ''))
  return thrown.filter((one) => targetsOfLink(file, one).some(({ event }) => event === caught.event))
}

/** What a link says about its other end, and the other end denies. */
function mismatchedLinks(file: BpmnFile): XmlElement[] {
  const disagree = (says: LinkEvent[], one: LinkEvent, back: (of: LinkEvent) => LinkEvent[]) =>
    says.length > 0 && !says.every((other) => back(other).some(({ event }) => event === one.event))
  return [
    ...links(file, 'intermediateThrowEvent').filter((one) =>
      disagree(targetsOfLink(file, one), one, (of) => sourcesOfLink(file, of)),
    ),
    ...links(file, 'intermediateCatchEvent').filter((one) =>
      disagree(sourcesOfLink(file, one), one, (of) => targetsOfLink(file, of)),
    ),
  ].map(({ event }) => event)
}

const TOP_LEVEL = ['message', 'timer', 'conditional', 'signal']
const STARTS_EVENT_SUB_PROCESS = [...TOP_LEVEL, 'error', 'escalation', 'compensation']
const CARRIES_MESSAGE = ['message']

export const eventRules: Rule[] = [
  {
    rule: 'EXT011',
    // BPMN 2.0.2, tables 10.88 and 10.90: where the process is to be executed
    vi: 'Sự kiện leo thang "{id}" phải nêu mã leo thang.',
    en: 'The event "{id}" throws an escalation without an escalation code.',
    broken: (file) =>
      file.named('endEvent', 'intermediateThrowEvent').filter((event) =>
        file.definitions(event).some((definition) => {
          if (typeOf(definition) !== 'escalation' || !file.isExecutable(event)) return false
          return !file.refer(definition, 'escalationRef')?.attributes['escalationCode']?.trim()
        }),
      ),
  },
  {
    rule: 'EXT096',
    vi: 'Không luồng nào được đi vào sự kiện bắt đầu "{id}".',
    en: 'The start event "{id}" must not have an incoming flow.',
    broken: (file) => starts(file).filter((event) => file.incoming(event).length > 0),
  },
  {
    rule: 'EXT097',
    vi: '"{id}" có sự kiện kết thúc nên cũng phải có sự kiện bắt đầu.',
    en: '"{id}" has an end event, so it needs a start event (or an instantiating receive task) as well.',
    broken: (file) =>
      levels(file).filter(
        ({ children }) => children.some(({ name }) => name === 'endEvent') && !children.some(beginsBySelf),
      ),
  },
  {
    rule: 'EXT098',
    vi: 'Sự kiện bắt đầu "{id}" của quy trình chỉ được chờ thông điệp, thời gian, điều kiện hoặc tín hiệu.',
    en: 'The start event "{id}" of a process can only be triggered by a message, timer, condition or signal.',
    broken: (file) => starts(file).filter((event) => event.parent?.name === 'process' && !only(file, event, TOP_LEVEL)),
  },
  {
    rule: 'EXT100',
    vi: 'Sự kiện bắt đầu "{id}" của tiểu quy trình không được có điều kiện kích hoạt.',
    en: 'The start event "{id}" of a sub-process must not have a trigger.',
    broken: (file) =>
      starts(file).filter(
        (event) =>
          event.parent !== undefined &&
          isSubProcess(event.parent) &&
          !isEventSubProcess(event.parent) &&
          file.definitions(event).length + childrenOf(event, 'eventDefinitionRef').length > 0,
      ),
  },
  {
    rule: 'EXT101',
    vi: 'Sự kiện bắt đầu "{id}" phải có luồng ra.',
    en: 'The start event "{id}" must have an outgoing flow.',
    broken: (file) => {
      const listed = file.named('incoming', 'outgoing').length > 0
      return starts(file).filter(
        (event) => file.outgoing(event).length === 0 || (listed && childOf(event, 'outgoing') === undefined),
      )
    },
  },
  {
    rule: 'EXT102',
    vi: 'Sự kiện bắt đầu "{id}" không được gửi luồng thông điệp.',
    en: 'The start event "{id}" must not be the source of a message flow.',
    broken: (file) => {
      const sources = messageEnds(file, 'sourceRef')
      return starts(file).filter((event) => sources.has(event))
    },
  },
  {
    rule: 'EXT103',
    vi: 'Luồng thông điệp dẫn tới sự kiện bắt đầu "{id}" nhưng nó không chờ thông điệp.',
    en: 'A message flow leads to the start event "{id}", which is not triggered by a message.',
    broken: (file) => {
      const targets = messageEnds(file, 'targetRef')
      return starts(file).filter((event) => targets.has(event) && !types(file, event).includes('message'))
    },
  },
  {
    rule: 'EXT104',
    vi: 'Không luồng nào được rời sự kiện kết thúc "{id}".',
    en: 'The end event "{id}" must not have an outgoing flow.',
    broken: (file) => endEvents(file).filter((event) => file.outgoing(event).length > 0),
  },
  {
    rule: 'EXT105',
    vi: '"{id}" có sự kiện bắt đầu nên cũng phải có sự kiện kết thúc.',
    en: '"{id}" has a start event, so it needs an end event as well.',
    broken: (file) => levels(file).filter((level) => hasChild(level, 'startEvent') && !hasChild(level, 'endEvent')),
  },
  {
    rule: 'EXT106',
    vi: 'Sự kiện kết thúc hủy "{id}" chỉ được dùng trong giao dịch.',
    en: 'The cancel end event "{id}" is only allowed in a transaction.',
    broken: (file) =>
      endEvents(file).filter((event) => types(file, event).includes('cancel') && event.parent?.name !== 'transaction'),
  },
  {
    rule: 'EXT107',
    vi: 'Sự kiện kết thúc "{id}" phải có luồng vào.',
    en: 'The end event "{id}" must have an incoming flow.',
    broken: (file) => endEvents(file).filter((event) => file.incoming(event).length === 0),
  },
  {
    rule: 'EXT108',
    vi: 'Sự kiện kết thúc "{id}" không được nhận luồng thông điệp.',
    en: 'The end event "{id}" must not be the target of a message flow.',
    broken: (file) => {
      const targets = messageEnds(file, 'targetRef')
      return endEvents(file).filter((event) => targets.has(event))
    },
  },
  {
    rule: 'EXT109',
    vi: 'Sự kiện kết thúc "{id}" gửi luồng thông điệp nhưng không phát thông điệp.',
    en: 'A message flow leaves the end event "{id}", which sends no message.',
    broken: (file) => {
      const sources = messageEnds(file, 'sourceRef')
      return endEvents(file).filter((event) => sources.has(event) && !types(file, event).includes('message'))
    },
  },
  {
    rule: 'EXT110',
    vi: 'Sự kiện biên "{id}" phải có một loại sự kiện được phép và ngắt hay không ngắt cho đúng loại đó.',
    en: 'The boundary event "{id}" needs an event that is allowed there, and has to interrupt where that event does.',
    broken: (file) =>
      boundaries(file).filter((event) => {
        const of = types(file, event)
        if (interrupts(event)) return of.length === 0 || of.includes('link') || of.includes('terminate')
        return of.some((type) => ['cancel', 'compensation', 'error'].includes(type))
      }),
  },
  {
    rule: 'EXT111',
    vi: 'Sự kiện biên hủy "{id}" phải gắn vào giao dịch.',
    en: 'The cancel boundary event "{id}" must be attached to a transaction.',
    broken: cancelBoundariesElsewhere,
  },
  {
    rule: 'EXT120',
    vi: 'Sự kiện hủy "{id}" chỉ được gắn vào biên của giao dịch.',
    en: 'The cancel event "{id}" can only be on the boundary of a transaction.',
    broken: cancelBoundariesElsewhere,
  },
  {
    rule: 'EXT112',
    vi: 'Không luồng nào được đi vào sự kiện biên "{id}".',
    en: 'The boundary event "{id}" must not be the target of a flow.',
    broken: (file) => boundaries(file).filter((event) => file.incoming(event).length > 0),
  },
  {
    rule: 'EXT113',
    vi: 'Sự kiện biên "{id}" phải có luồng ra.',
    en: 'The boundary event "{id}" must be the source of a flow.',
    broken: (file) =>
      boundaries(file).filter((event) => file.outgoing(event).length === 0 && !isCompensation(file, event)),
  },
  {
    rule: 'EXT114',
    vi: 'Không luồng nào được rời sự kiện biên bù trừ "{id}".',
    en: 'The compensation boundary event "{id}" must not have an outgoing flow.',
    broken: (file) =>
      boundaries(file).filter((event) => file.outgoing(event).length > 0 && isCompensation(file, event)),
  },
  {
    rule: 'EXT115',
    vi: 'Sự kiện trung gian "{id}" phải có luồng vào.',
    en: 'The intermediate event "{id}" must be the target of a flow.',
    broken: (file) =>
      file
        .where(isIntermediate)
        .filter(
          (event) =>
            file.incoming(event).length === 0 && !(event.name === 'intermediateCatchEvent' && isLink(file, event)),
        ),
  },
  {
    rule: 'EXT116',
    vi: 'Sự kiện trung gian "{id}" phải có luồng ra.',
    en: 'The intermediate event "{id}" must be the source of a flow.',
    broken: (file) =>
      file
        .where(isIntermediate)
        .filter(
          (event) =>
            file.outgoing(event).length === 0 && !(event.name === 'intermediateThrowEvent' && isLink(file, event)),
        ),
  },
  {
    rule: 'EXT117',
    vi: 'Sự kiện liên kết "{id}" không được vừa có luồng vào vừa có luồng ra.',
    en: 'The link event "{id}" must not be both target and source of flows.',
    broken: (file) =>
      file
        .where(isIntermediate)
        .filter((event) => isLink(file, event) && file.incoming(event).length > 0 && file.outgoing(event).length > 0),
  },
  {
    rule: 'EXT118',
    vi: 'Đầu kia của liên kết "{id}" không khớp với nó.',
    en: 'The other end of the link "{id}" does not name it.',
    broken: mismatchedLinks,
  },
  {
    rule: 'EXT119',
    vi: 'Sự kiện trung gian "{id}" không được nhận thông điệp nếu là sự kiện phát, không được gửi nếu là sự kiện chờ.',
    en: 'A message flow must neither lead to a throwing nor leave a catching intermediate event such as "{id}".',
    broken: (file) => {
      const [sources, targets] = [messageEnds(file, 'sourceRef'), messageEnds(file, 'targetRef')]
      return file
        .where(isIntermediate)
        .filter((event) => (event.name === 'intermediateThrowEvent' ? targets : sources).has(event))
    },
  },
  {
    rule: 'EXT122',
    vi: 'Sự kiện trung gian chờ "{id}" không được là sự kiện bù trừ.',
    en: 'The intermediate catch event "{id}" must not wait for compensation.',
    broken: (file) => file.named('intermediateCatchEvent').filter((event) => isCompensation(file, event)),
  },
  {
    rule: 'EXT124',
    vi: 'Không liên kết nào dẫn tới "{id}".',
    en: 'The link that "{id}" catches has no source.',
    broken: (file) =>
      links(file, 'intermediateCatchEvent').flatMap((one) => (sourcesOfLink(file, one).length > 0 ? [] : one.event)),
  },
  {
    rule: 'EXT125',
    vi: 'Liên kết "{id}" phải có đúng một đích.',
    en: 'The link that "{id}" throws must have exactly one target.',
    broken: (file) =>
      links(file, 'intermediateThrowEvent').flatMap((one) => (targetsOfLink(file, one).length === 1 ? [] : one.event)),
  },
  {
    rule: 'EXT126',
    vi: 'Liên kết "{id}" phải ở cùng một cấp với đích của nó.',
    en: 'The link "{id}" must stay in its process and level.',
    broken: (file) =>
      links(file, 'intermediateThrowEvent').flatMap((one) =>
        targetsOfLink(file, one).some(({ event }) => event.parent !== one.event.parent) ? one.event : [],
      ),
  },
  {
    rule: 'EXT127',
    vi: 'Sự kiện thông điệp "{id}" chưa nêu thông điệp.',
    en: 'The message event "{id}" names no message.',
    broken: (file) =>
      messageEvents(file)
        .filter(({ of }) => !referenceOf(of, 'messageRef'))
        .map(({ event }) => event),
  },
  {
    rule: 'EXT128',
    vi: 'Sự kiện thông điệp "{id}" chưa nêu thao tác.',
    en: 'The message event "{id}" names no operation.',
    broken: (file) =>
      file.ownDialect
        ? []
        : messageEvents(file)
            .filter(({ of }) => !referenceOf(of, 'operationRef'))
            .map(({ event }) => event),
  },
  {
    rule: 'EXT146',
    vi: 'Sự kiện kết thúc "{id}" không thể phát loại sự kiện này.',
    en: 'The end event "{id}" cannot throw an event of this kind.',
    broken: (file) =>
      endEvents(file).filter(
        (event) =>
          !only(file, event, ['message', 'escalation', 'error', 'cancel', 'compensation', 'signal', 'terminate']),
      ),
  },
  {
    rule: 'EXT147',
    vi: 'Sự kiện biên không ngắt "{id}" chỉ được chờ thông điệp, thời gian, leo thang, điều kiện hoặc tín hiệu.',
    en: 'The non-interrupting boundary event "{id}" can only be a message, timer, escalation, condition or signal.',
    broken: (file) =>
      boundaries(file).filter(
        (event) =>
          !interrupts(event) && (types(file, event).length === 0 || !only(file, event, [...TOP_LEVEL, 'escalation'])),
      ),
  },
  {
    rule: 'EXT148',
    vi: 'Sự kiện trung gian chờ "{id}" không thể chờ loại sự kiện này.',
    en: 'The intermediate catch event "{id}" cannot wait for an event of this kind.',
    broken: (file) =>
      file
        .named('intermediateCatchEvent')
        .filter((event) => types(file, event).length === 0 || !only(file, event, [...TOP_LEVEL, 'link'])),
  },
  {
    rule: 'EXT149',
    vi: 'Sự kiện trung gian phát "{id}" không thể phát loại sự kiện này.',
    en: 'The intermediate throw event "{id}" cannot throw an event of this kind.',
    broken: (file) =>
      file
        .named('intermediateThrowEvent')
        .filter((event) => !only(file, event, ['message', 'escalation', 'compensation', 'link', 'signal'])),
  },
  {
    rule: 'EXT150',
    vi: 'Không luồng nào dẫn tới "{id}".',
    en: 'Beside a start event every element needs an incoming flow, and "{id}" has none.',
    broken: (file) => levels(file).flatMap((level) => withoutIncoming(file, level)),
  },
  {
    rule: 'EXT151',
    vi: 'Không luồng nào rời "{id}".',
    en: 'Beside an end event every element needs an outgoing flow, and "{id}" has none.',
    broken: (file) => levels(file).flatMap((level) => withoutOutgoing(file, level)),
  },
  {
    rule: 'EXT058',
    vi: 'Tiểu quy trình sự kiện "{id}" phải có đúng một sự kiện bắt đầu.',
    en: 'The event sub-process "{id}" must have exactly one start event.',
    broken: (file) => file.where(isEventSubProcess).filter((one) => childrenOf(one, 'startEvent').length !== 1),
  },
  {
    rule: 'EXT059',
    vi: 'Sự kiện bắt đầu của tiểu quy trình sự kiện "{id}" phải có loại được phép.',
    en: 'The start event of the event sub-process "{id}" needs a trigger of a kind that is allowed there.',
    broken: (file) =>
      file.where(isEventSubProcess).filter((one) =>
        childrenOf(one, 'startEvent').some((event) => {
          return types(file, event).length === 0 || !only(file, event, STARTS_EVENT_SUB_PROCESS)
        }),
      ),
  },
  {
    rule: 'EXT129',
    vi: 'Sự kiện bắt đầu của tiểu quy trình sự kiện "{id}" chưa có loại sự kiện.',
    en: 'The start event of the event sub-process "{id}" has no trigger.',
    broken: (file) =>
      file
        .where(isEventSubProcess)
        .filter((one) => childrenOf(one, 'startEvent').some((event) => types(file, event).length === 0)),
  },
]

function cancelBoundariesElsewhere(file: BpmnFile): XmlElement[] {
  return boundaries(file).filter(
    (event) => types(file, event).includes('cancel') && file.refer(event, 'attachedToRef')?.name !== 'transaction',
  )
}

/** Events of executable processes that send or await a message; a service that sends it needs neither message nor operation. */
function messageEvents(file: BpmnFile): { event: XmlElement; of: XmlElement }[] {
  const events = file.all.filter((element) => file.definitions(element).length > 0 && file.isExecutable(element))
  return events.flatMap((event) => {
    const service = childOf(childOf(event, 'extensionElements'), 'taskDefinition')
    if (service) return []
    return file.definitions(event).flatMap((of) => (CARRIES_MESSAGE.includes(typeOf(of)) ? [{ event, of }] : []))
  })
}
