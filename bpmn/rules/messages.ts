import { childrenOf } from '../xml-tree.ts'
import { differsFromMessage, ioOf, itemOf, sameItem } from './data.ts'
import { typeOf, type BpmnFile, type Rule } from './file.ts'

const withMessage = (file: BpmnFile, name: 'sendTask' | 'receiveTask') =>
  file.named(name).flatMap((task) => {
    const message = file.refer(task, 'messageRef')
    return message?.name === 'message' ? [{ task, message }] : []
  })

const ITEM_OF: Record<string, { ref: string; item: string }> = {
  message: { ref: 'messageRef', item: 'itemRef' },
  signal: { ref: 'signalRef', item: 'structureRef' },
  error: { ref: 'errorRef', item: 'structureRef' },
  escalation: { ref: 'escalationRef', item: 'structureRef' },
}

const eventsWithData = (file: BpmnFile) =>
  file.all.flatMap((event) => {
    const data = [...childrenOf(event, 'dataInput'), ...childrenOf(event, 'dataOutput')]
    const carrying = file.definitions(event).filter((definition) => typeOf(definition) in ITEM_OF)
    return event.name.endsWith('Event') && data.length > 0 && carrying.length > 0 ? [{ event, data, carrying }] : []
  })

export const messageRules: Rule[] = [
  {
    rule: 'EXT046',
    vi: 'Tác vụ gửi "{id}" chỉ được có một tập dữ liệu vào.',
    en: 'The send task "{id}" references a message, so it must not define several input sets.',
    broken: (file) =>
      withMessage(file, 'sendTask').flatMap(({ task }) => (ioOf(task, 'inputSet').length > 1 ? task : [])),
  },
  {
    rule: 'EXT047',
    vi: 'Tác vụ gửi "{id}" chỉ được có một dữ liệu vào.',
    en: 'The send task "{id}" references a message, so it must not define several data inputs.',
    broken: (file) =>
      withMessage(file, 'sendTask').flatMap(({ task }) => (ioOf(task, 'dataInput').length > 1 ? task : [])),
  },
  {
    rule: 'EXT048',
    vi: 'Dữ liệu vào của tác vụ gửi "{id}" khác với dữ liệu của thông điệp.',
    en: 'The data input of the send task "{id}" is not what its message carries.',
    broken: (file) =>
      withMessage(file, 'sendTask').flatMap(({ task, message }) =>
        differsFromMessage(file, ioOf(task, 'dataInput'), message) ? task : [],
      ),
  },
  {
    rule: 'EXT050',
    vi: 'Tác vụ nhận "{id}" chỉ được có một tập dữ liệu ra.',
    en: 'The receive task "{id}" references a message, so it must not define several output sets.',
    broken: (file) =>
      withMessage(file, 'receiveTask').flatMap(({ task }) => (ioOf(task, 'outputSet').length > 1 ? task : [])),
  },
  {
    rule: 'EXT051',
    vi: 'Tác vụ nhận "{id}" chỉ được có một dữ liệu ra.',
    en: 'The receive task "{id}" references a message, so it must not define several data outputs.',
    broken: (file) =>
      withMessage(file, 'receiveTask').flatMap(({ task }) => (ioOf(task, 'dataOutput').length > 1 ? task : [])),
  },
  {
    rule: 'EXT052',
    vi: 'Dữ liệu ra của tác vụ nhận "{id}" khác với dữ liệu của thông điệp.',
    en: 'The data output of the receive task "{id}" is not what its message carries.',
    broken: (file) =>
      withMessage(file, 'receiveTask').flatMap(({ task, message }) =>
        differsFromMessage(file, ioOf(task, 'dataOutput'), message) ? task : [],
      ),
  },
  {
    rule: 'EXT093',
    vi: 'Sự kiện "{id}" phải có một dữ liệu cho mỗi định nghĩa sự kiện.',
    en: 'The event "{id}" must define data for each of its event definitions.',
    broken: (file) =>
      eventsWithData(file).flatMap(({ event, data, carrying }) => (data.length < carrying.length ? event : [])),
  },
  {
    rule: 'EXT094',
    vi: 'Dữ liệu của sự kiện "{id}" khác với dữ liệu mà định nghĩa sự kiện mang.',
    en: 'The data of the event "{id}" is not what its event definitions carry.',
    broken: (file) =>
      eventsWithData(file).flatMap(({ event, data, carrying }) => {
        const wrong = carrying.some((definition, index) => {
          const of = ITEM_OF[typeOf(definition)]
          const item = of && itemOf(file, file.refer(definition, of.ref), of.item)
          const given = data[index]
          return item?.name === 'itemDefinition' && given && !sameItem(itemOf(file, given, 'itemSubjectRef'), item)
        })
        return wrong ? event : []
      }),
  },
]
