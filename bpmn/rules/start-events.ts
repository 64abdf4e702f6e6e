import { childOf, childrenOf } from '../xml-tree.ts'
import { starts, types, only, messageEnds, TOP_LEVEL } from './events.ts'
import { isEventSubProcess, isSubProcess, type Rule } from './file.ts'

const STARTS_EVENT_SUB_PROCESS = [...TOP_LEVEL, 'error', 'escalation', 'compensation']

export const startEventRules: Rule[] = [
  {
    rule: 'EXT096',
    vi: 'Không luồng nào được đi vào sự kiện bắt đầu "{id}".',
    en: 'The start event "{id}" must not have an incoming flow.',
    broken: (file) => starts(file).filter((event) => file.incoming(event).length > 0),
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
