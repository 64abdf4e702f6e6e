import { types, only, messageEnds } from './events.ts'
import { typeOf, type BpmnFile, type Rule } from './file.ts'

const endEvents = (file: BpmnFile) => file.named('endEvent')

export const endEventRules: Rule[] = [
  {
    rule: 'EXT010',
    // BPMN 2.0.2, 8.4.3: where the process is to be executed
    vi: 'Sự kiện kết thúc lỗi "{id}" phải nêu mã lỗi.',
    en: 'The end event "{id}" throws an error without an error code.',
    broken: (file) =>
      endEvents(file).filter((event) =>
        file.definitions(event).some((definition) => {
          if (typeOf(definition) !== 'error' || !file.isExecutable(event)) return false
          return !file.refer(definition, 'errorRef')?.attributes['errorCode']?.trim()
        }),
      ),
  },
  {
    rule: 'EXT104',
    vi: 'Không luồng nào được rời sự kiện kết thúc "{id}".',
    en: 'The end event "{id}" must not have an outgoing flow.',
    broken: (file) => endEvents(file).filter((event) => file.outgoing(event).length > 0),
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
    rule: 'EXT146',
    vi: 'Sự kiện kết thúc "{id}" không thể phát loại sự kiện này.',
    en: 'The end event "{id}" cannot throw an event of this kind.',
    broken: (file) =>
      endEvents(file).filter(
        (event) =>
          !only(file, event, ['message', 'escalation', 'error', 'cancel', 'compensation', 'signal', 'terminate']),
      ),
  },
]
