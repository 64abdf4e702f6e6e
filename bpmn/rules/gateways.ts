import { childOf, type XmlElement } from '../xml-tree.ts'
import { isGateway, typeOf, type BpmnFile, type Rule } from './file.ts'

const directed = (file: BpmnFile, direction: string) =>
  file.where((element) => isGateway(element) && element.attributes['gatewayDirection'] === direction)
const eventGateways = (file: BpmnFile) => file.named('eventBasedGateway')
const targets = (file: BpmnFile, gateway: XmlElement) =>
  file.outgoing(gateway).flatMap((flow) => file.refer(flow, 'targetRef') ?? [])
const WAITED_FOR = new Set(['message', 'signal', 'timer', 'conditional'])

function canBeWaitedFor(file: BpmnFile, target: XmlElement): boolean {
  if (target.name === 'receiveTask') return true
  const definitions = file.definitions(target)
  const known = definitions.length > 0 && definitions.every((one) => WAITED_FOR.has(typeOf(one)))
  return target.name === 'intermediateCatchEvent' && known
}

export const gatewayRules: Rule[] = [
  {
    rule: 'EXT017',
    vi: 'Cổng hội tụ "{id}" không được có quá một luồng ra.',
    en: 'The converging gateway "{id}" must not have more than one outgoing flow.',
    broken: (file) => directed(file, 'Converging').filter((one) => file.outgoing(one).length > 1),
  },
  {
    rule: 'EXT018',
    vi: 'Cổng phân nhánh "{id}" không được có quá một luồng vào.',
    en: 'The diverging gateway "{id}" must not have more than one incoming flow.',
    broken: (file) => directed(file, 'Diverging').filter((one) => file.incoming(one).length > 1),
  },
  {
    rule: 'EXT019',
    vi: 'Cổng hỗn hợp "{id}" phải có nhiều luồng vào và nhiều luồng ra.',
    en: 'The mixed gateway "{id}" must have more than one incoming and more than one outgoing flow.',
    broken: (file) =>
      directed(file, 'Mixed').filter((one) => file.incoming(one).length < 2 || file.outgoing(one).length < 2),
  },
  {
    rule: 'EXT135',
    vi: 'Cổng "{id}" phải có nhiều luồng vào hoặc nhiều luồng ra.',
    en: 'The gateway "{id}" must have several incoming or several outgoing flows.',
    broken: (file) =>
      file.where(isGateway).filter((one) => file.incoming(one).length < 2 && file.outgoing(one).length < 2),
  },
  {
    rule: 'EXT136',
    vi: 'Cổng sự kiện "{id}" phải có ít nhất hai luồng ra.',
    en: 'The event-based gateway "{id}" must have two or more outgoing flows.',
    broken: (file) => eventGateways(file).filter((one) => file.outgoing(one).length < 2),
  },
  {
    rule: 'EXT137',
    vi: 'Luồng ra của cổng sự kiện "{id}" không được có điều kiện.',
    en: 'The flows that leave the event-based gateway "{id}" must not have a condition.',
    broken: (file) =>
      eventGateways(file).filter((one) => file.outgoing(one).some((flow) => childOf(flow, 'conditionExpression'))),
  },
  {
    rule: 'EXT138',
    vi: 'Cổng sự kiện "{id}" chỉ được dẫn tới tác vụ nhận hoặc sự kiện chờ thông điệp, tín hiệu, thời gian, điều kiện.',
    en: 'The event-based gateway "{id}" may only lead to receive tasks and to events that wait for a message, signal, timer or condition.',
    broken: (file) =>
      eventGateways(file).filter((one) => targets(file, one).some((target) => !canBeWaitedFor(file, target))),
  },
  {
    rule: 'EXT139',
    vi: 'Sau cổng sự kiện "{id}" không được dùng lẫn tác vụ nhận và sự kiện chờ thông điệp.',
    en: 'Behind the event-based gateway "{id}" receive tasks and message events must not be mixed.',
    broken: (file) =>
      eventGateways(file).filter((one) => {
        const behind = targets(file, one)
        const isMessage = (event: XmlElement) =>
          event.name === 'intermediateCatchEvent' && file.definitions(event).some((each) => typeOf(each) === 'message')
        return behind.some(({ name }) => name === 'receiveTask') && behind.some(isMessage)
      }),
  },
  {
    rule: 'EXT140',
    vi: 'Tác vụ nhận sau cổng sự kiện "{id}" không được có sự kiện biên.',
    en: 'Receive tasks behind the event-based gateway "{id}" must not have boundary events.',
    broken: (file) =>
      eventGateways(file).filter((one) =>
        targets(file, one).some((target) => target.name === 'receiveTask' && file.boundaries(target).length > 0),
      ),
  },
  {
    rule: 'EXT141',
    vi: 'Phần tử sau cổng sự kiện "{id}" không được có luồng vào nào khác.',
    en: 'What is behind the event-based gateway "{id}" must not have another incoming flow.',
    broken: (file) =>
      eventGateways(file).filter((one) => targets(file, one).some((target) => file.incoming(target).length > 1)),
  },
  {
    rule: 'EXT142',
    vi: 'Cổng sự kiện khởi tạo "{id}" không được có luồng vào.',
    en: 'The instantiating event-based gateway "{id}" must not have an incoming flow.',
    broken: (file) =>
      eventGateways(file).filter((one) => one.attributes['instantiate'] === 'true' && file.incoming(one).length > 0),
  },
]
