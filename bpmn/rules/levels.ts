import { childOf, type XmlElement } from '../xml-tree.ts'
import { isLink, isCompensation } from './events.ts'
import { isActivity, isEventSubProcess, isFlowNode, type BpmnFile, type Rule } from './file.ts'

const hasChild = (element: XmlElement, name: string) => childOf(element, name) !== undefined
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

export const levelRules: Rule[] = [
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
    rule: 'EXT105',
    vi: '"{id}" có sự kiện bắt đầu nên cũng phải có sự kiện kết thúc.',
    en: '"{id}" has a start event, so it needs an end event as well.',
    broken: (file) => levels(file).filter((level) => hasChild(level, 'startEvent') && !hasChild(level, 'endEvent')),
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
]
