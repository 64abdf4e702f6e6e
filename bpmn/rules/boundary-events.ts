import type { XmlElement } from '../xml-tree.ts'
import { types, only, isCompensation, TOP_LEVEL } from './events.ts'
import type { BpmnFile, Rule } from './file.ts'

const boundaries = (file: BpmnFile) => file.named('boundaryEvent')
const interrupts = (event: XmlElement) => event.attributes['cancelActivity'] !== 'false'

function cancelBoundariesElsewhere(file: BpmnFile): XmlElement[] {
  return boundaries(file).filter(
    (event) => types(file, event).includes('cancel') && file.refer(event, 'attachedToRef')?.name !== 'transaction',
  )
}

export const boundaryEventRules: Rule[] = [
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
    rule: 'EXT147',
    vi: 'Sự kiện biên không ngắt "{id}" chỉ được chờ thông điệp, thời gian, leo thang, điều kiện hoặc tín hiệu.',
    en: 'The non-interrupting boundary event "{id}" can only be a message, timer, escalation, condition or signal.',
    broken: (file) =>
      boundaries(file).filter(
        (event) =>
          !interrupts(event) && (types(file, event).length === 0 || !only(file, event, [...TOP_LEVEL, 'escalation'])),
      ),
  },
]
