import { childOf, type XmlElement } from '../xml-tree.ts'
import { specification, ioOf, itemOf, sameItem, differsFromMessage, refs } from './data.ts'
import type { BpmnFile, Rule } from './file.ts'

const withOperation = (file: BpmnFile) =>
  file.named('serviceTask').flatMap((task) => {
    const operation = file.refer(task, 'operationRef')
    return operation?.name === 'operation' ? [{ task, operation }] : []
  })

const messageItem = (file: BpmnFile, operation: XmlElement, name: 'inMessageRef' | 'outMessageRef') =>
  itemOf(file, file.refer(operation, name), 'itemRef')

const CALLABLE = [
  'process',
  'globalTask',
  'globalUserTask',
  'globalManualTask',
  'globalScriptTask',
  'globalBusinessRuleTask',
]

function wrongBinding(file: BpmnFile): XmlElement[] {
  return file.named('ioBinding').flatMap((binding) => {
    const callable = binding.parent
    const operation = file.refer(binding, 'operationRef')
    const [input, output] = [file.refer(binding, 'inputDataRef'), file.refer(binding, 'outputDataRef')]
    if (!callable || operation?.name !== 'operation') return callable ?? []
    const own = (data: XmlElement | undefined) =>
      data === undefined || data.parent?.parent === callable || data.parent?.parent?.parent === callable
    const [inItem, outItem] = [
      messageItem(file, operation, 'inMessageRef'),
      messageItem(file, operation, 'outMessageRef'),
    ]
    const dataOf = (data: XmlElement | undefined): XmlElement | undefined =>
      data?.name === 'inputSet' || data?.name === 'outputSet'
        ? file.find(refs(data, data.name === 'inputSet' ? 'dataInputRefs' : 'dataOutputRefs')[0])
        : data
    const fits =
      own(input) &&
      own(output) &&
      (!inItem || sameItem(itemOf(file, dataOf(input), 'itemSubjectRef'), inItem)) &&
      (!outItem || sameItem(itemOf(file, dataOf(output), 'itemSubjectRef'), outItem))
    return fits ? [] : callable
  })
}

export const operationRules: Rule[] = [
  {
    rule: 'EXT042',
    vi: 'Tác vụ dịch vụ "{id}" dùng một thao tác nên phải có đúng một tập dữ liệu vào.',
    en: 'The service task "{id}" references an operation, so it must define exactly one input set.',
    broken: (file) =>
      withOperation(file).flatMap(({ task, operation }) => {
        const sets = ioOf(task, 'inputSet').length
        const silent = specification(task) === undefined && childOf(operation, 'inMessageRef') === undefined
        return sets === 1 || silent || (file.ownDialect && sets === 0) ? [] : task
      }),
  },
  {
    rule: 'EXT043',
    vi: 'Tác vụ dịch vụ "{id}" dùng một thao tác nên chỉ được có một tập dữ liệu ra.',
    en: 'The service task "{id}" references an operation, so it must not define several output sets.',
    broken: (file) => withOperation(file).flatMap(({ task }) => (ioOf(task, 'outputSet').length > 1 ? task : [])),
  },
  {
    rule: 'EXT044',
    vi: 'Dữ liệu vào của tác vụ dịch vụ "{id}" khác với thông điệp vào của thao tác.',
    en: 'The data input of the service task "{id}" is not what the operation takes.',
    broken: (file) =>
      withOperation(file).flatMap(({ task, operation }) =>
        differsFromMessage(file, ioOf(task, 'dataInput'), file.refer(operation, 'inMessageRef')) ? task : [],
      ),
  },
  {
    rule: 'EXT045',
    vi: 'Dữ liệu ra của tác vụ dịch vụ "{id}" khác với thông điệp ra của thao tác.',
    en: 'The data output of the service task "{id}" is not what the operation gives.',
    broken: (file) =>
      withOperation(file).flatMap(({ task, operation }) =>
        differsFromMessage(file, ioOf(task, 'dataOutput'), file.refer(operation, 'outMessageRef')) ? task : [],
      ),
  },
  {
    rule: 'EXT064',
    vi: '"{id}" cung cấp giao diện nhưng chưa gắn dữ liệu với thao tác nào.',
    en: '"{id}" supports an interface and binds its data to no operation.',
    broken: (file) =>
      file.named(...CALLABLE).filter((one) => childOf(one, 'supportedInterfaceRef') && !childOf(one, 'ioBinding')),
  },
  {
    rule: 'EXT065',
    vi: 'Dữ liệu của "{id}" gắn sai với thao tác của giao diện.',
    en: 'A binding of "{id}" does not join its data to an operation that fits.',
    broken: wrongBinding,
  },
]
