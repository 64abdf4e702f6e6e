import { childOf, type XmlElement } from '../xml-tree.ts'
import { types, only, isLink, isCompensation, messageEnds, TOP_LEVEL } from './events.ts'
import { isIntermediate, referenceOf, typeOf, type BpmnFile, type Rule } from './file.ts'

const CARRIES_MESSAGE = ['message']
/** Events of executable processes that send or await a message; a service that sends it needs neither message nor operation. */
function messageEvents(file: BpmnFile): { event: XmlElement; of: XmlElement }[] {
  const events = file.all.filter((element) => file.definitions(element).length > 0 && file.isExecutable(element))
  return events.flatMap((event) => {
    const service = childOf(childOf(event, 'extensionElements'), 'taskDefinition')
    if (service) return []
    return file.definitions(event).flatMap((of) => (CARRIES_MESSAGE.includes(typeOf(of)) ? [{ event, of }] : []))
  })
}

export const intermediateEventRules: Rule[] = [
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
]
