import { childOf, childrenOf, type XmlElement } from '../xml-tree.ts'
import { isSubProcess, referenceOf, typeOf, type BpmnFile, type Rule } from './file.ts'

const specification = (element: XmlElement | undefined) => childOf(element, 'ioSpecification')
const ioOf = (element: XmlElement | undefined, name: 'dataInput' | 'dataOutput' | 'inputSet' | 'outputSet') =>
  childrenOf(specification(element), name)
const itemOf = (file: BpmnFile, element: XmlElement | undefined, name: string) =>
  element === undefined ? undefined : file.refer(element, name)
const isCollection = (element: XmlElement) => element.attributes['isCollection'] === 'true'

/** The same definition, or two that say the same structure. */
function sameItem(a: XmlElement | undefined, b: XmlElement | undefined): boolean {
  if (a === b) return true
  const structure = a?.attributes['structureRef']
  return structure !== undefined && structure === b?.attributes['structureRef'] && a && b
    ? isCollection(a) === isCollection(b)
    : false
}

/** `isCollection` says something else than the item definition. */
function wrongCollection(file: BpmnFile, name: string): XmlElement[] {
  return file.named(name).filter((one) => {
    const item = itemOf(file, one, 'itemSubjectRef')
    return item?.name === 'itemDefinition' && isCollection(item) !== isCollection(one)
  })
}

const withOperation = (file: BpmnFile) =>
  file.named('serviceTask').flatMap((task) => {
    const operation = file.refer(task, 'operationRef')
    return operation?.name === 'operation' ? [{ task, operation }] : []
  })
const withMessage = (file: BpmnFile, name: 'sendTask' | 'receiveTask') =>
  file.named(name).flatMap((task) => {
    const message = file.refer(task, 'messageRef')
    return message?.name === 'message' ? [{ task, message }] : []
  })
const messageItem = (file: BpmnFile, operation: XmlElement, name: 'inMessageRef' | 'outMessageRef') =>
  itemOf(file, file.refer(operation, name), 'itemRef')

/** Data of a task that is not of the item that the message carries. */
function differs(file: BpmnFile, data: XmlElement[], item: XmlElement | undefined): boolean {
  return item !== undefined && data.some((one) => !sameItem(itemOf(file, one, 'itemSubjectRef'), item))
}

const refs = (set: XmlElement, name: string) => childrenOf(set, name).map(({ text }) => text.trim())
const unlisted = (file: BpmnFile, set: 'inputSet' | 'outputSet', extra: string, list: string) =>
  file.named(set).flatMap((one) => {
    const listed = refs(one, list)
    return refs(one, extra).some((ref) => !listed.includes(ref)) ? (one.parent?.parent ?? one) : []
  })

/** Data that no set takes up. Events hold their data and sets themselves. */
function unreferenced(file: BpmnFile, data: 'dataInput' | 'dataOutput', set: string, list: string): XmlElement[] {
  return file.named(data).filter((one) => {
    if (one.parent?.name !== 'ioSpecification') return false
    const taken = childrenOf(one.parent, set).flatMap((each) => refs(each, list))
    return !taken.includes(one.attributes['id'] ?? '')
  })
}

/** Sets that name one another only from one side. */
function oneSided(file: BpmnFile): XmlElement[] {
  const sets = (specification: XmlElement) => [
    ...childrenOf(specification, 'inputSet').map((set) => ({ set, ref: 'outputSetRefs', back: 'inputSetRefs' })),
    ...childrenOf(specification, 'outputSet').map((set) => ({ set, ref: 'inputSetRefs', back: 'outputSetRefs' })),
  ]
  return file.named('ioSpecification').flatMap((specification) =>
    sets(specification).flatMap(({ set, ref, back }) => {
      const others = refs(set, ref).flatMap((id) => file.find(id) ?? [])
      const denied = others.some((other) => !refs(other, back).some((id) => file.find(id) === set))
      return denied ? set : []
    }),
  )
}

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

/** The process in whose own specification a data input or output stands. */
const ofProcess = (data: XmlElement | undefined) =>
  data?.parent?.name === 'ioSpecification' && data.parent.parent?.name === 'process'

const associationEnds = (file: BpmnFile, name: 'sourceRef' | 'targetRef') =>
  file
    .named('dataInputAssociation', 'dataOutputAssociation')
    .flatMap((association) => childrenOf(association, name).map(({ text }) => ({ association, end: file.find(text) })))

const loops = (file: BpmnFile) => file.named('multiInstanceLoopCharacteristics')
const owner = (loop: XmlElement) => loop.parent ?? loop

/** The item of a loop is one of its collection. */
function noScalar(file: BpmnFile, data: string, item: string): XmlElement[] {
  return loops(file).flatMap((loop) => {
    const list = itemOf(file, file.refer(loop, data), 'itemSubjectRef')
    const one = itemOf(file, childOf(loop, item), 'itemSubjectRef')
    if (!list || !one) return []
    return isCollection(one) || list.attributes['structureRef'] !== one.attributes['structureRef'] ? owner(loop) : []
  })
}

function unlikeCalled(file: BpmnFile): XmlElement[] {
  return file.named('callActivity').filter((call) => {
    const called = file.refer(call, 'calledElement')
    if (!called) return false
    // in the engine's own dialect what says nothing of its data fits whatever is called: the mappings of the call decide
    const silent = specification(call) === undefined || specification(called) === undefined
    if (silent && (file.ownDialect || !file.isExecutable(call))) return false
    return (['dataInput', 'dataOutput'] as const).some((name) => !fit(file, ioOf(call, name), ioOf(called, name)))
  })
}

function fit(file: BpmnFile, given: XmlElement[], asked: XmlElement[]): boolean {
  const left = given.map((one) => itemOf(file, one, 'itemSubjectRef'))
  for (const one of asked) {
    const item = itemOf(file, one, 'itemSubjectRef')
    const at = left.findIndex((each) => sameItem(each, item))
    if (at < 0) return false
    left.splice(at, 1)
  }
  return left.length === 0
}

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

export const dataRules: Rule[] = [
  {
    rule: 'EXT020',
    vi: 'isCollection của "{id}" phải khớp với định nghĩa dữ liệu của nó.',
    en: 'The isCollection of "{id}" must match its item definition.',
    broken: (file) => ['dataObject', 'dataInput', 'dataOutput'].flatMap((name) => wrongCollection(file, name)),
  },
  {
    rule: 'EXT077',
    vi: 'isCollection của đối tượng dữ liệu "{id}" phải khớp với định nghĩa dữ liệu của nó.',
    en: 'The isCollection of the data object "{id}" must match its item definition.',
    broken: (file) => wrongCollection(file, 'dataObject'),
  },
  {
    rule: 'EXT081',
    vi: 'isCollection của dữ liệu vào "{id}" phải khớp với định nghĩa dữ liệu của nó.',
    en: 'The isCollection of the data input "{id}" must match its item definition.',
    broken: (file) => wrongCollection(file, 'dataInput'),
  },
  {
    rule: 'EXT083',
    vi: 'isCollection của dữ liệu ra "{id}" phải khớp với định nghĩa dữ liệu của nó.',
    en: 'The isCollection of the data output "{id}" must match its item definition.',
    broken: (file) => wrongCollection(file, 'dataOutput'),
  },
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
        differs(file, ioOf(task, 'dataInput'), messageItem(file, operation, 'inMessageRef')) ? task : [],
      ),
  },
  {
    rule: 'EXT045',
    vi: 'Dữ liệu ra của tác vụ dịch vụ "{id}" khác với thông điệp ra của thao tác.',
    en: 'The data output of the service task "{id}" is not what the operation gives.',
    broken: (file) =>
      withOperation(file).flatMap(({ task, operation }) =>
        differs(file, ioOf(task, 'dataOutput'), messageItem(file, operation, 'outMessageRef')) ? task : [],
      ),
  },
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
        differs(file, ioOf(task, 'dataInput'), itemOf(file, message, 'itemRef')) ? task : [],
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
        differs(file, ioOf(task, 'dataOutput'), itemOf(file, message, 'itemRef')) ? task : [],
      ),
  },
  {
    rule: 'EXT063',
    vi: 'Dữ liệu vào, ra của "{id}" không khớp với phần tử mà nó gọi.',
    en: 'The data of the call activity "{id}" does not match that of what it calls.',
    broken: unlikeCalled,
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
  {
    rule: 'EXT068',
    vi: 'Danh sách lặp của "{id}" phải là một dữ liệu vào của nó.',
    en: 'The collection that "{id}" loops over must be one of its data inputs.',
    broken: (file) =>
      loops(file).flatMap((loop) => {
        const reference = referenceOf(loop, 'loopDataInputRef')
        const input = file.find(reference)
        if (reference === undefined || isSubProcess(owner(loop)) || !file.isExecutable(loop)) return []
        return input && ioOf(loop.parent, 'dataInput').includes(input) ? [] : owner(loop)
      }),
  },
  {
    rule: 'EXT069',
    vi: 'Kết quả của mỗi lần lặp ở "{id}" phải là một phần tử của danh sách kết quả.',
    en: 'The output item of "{id}" must be one of its output collection.',
    broken: (file) => noScalar(file, 'loopDataOutputRef', 'outputDataItem'),
  },
  {
    rule: 'EXT070',
    vi: 'Dữ liệu của mỗi lần lặp ở "{id}" phải là một phần tử của danh sách.',
    en: 'The input item of "{id}" must be one of its collection.',
    broken: (file) => noScalar(file, 'loopDataInputRef', 'inputDataItem'),
  },
  {
    rule: 'EXT076',
    vi: 'Tên của "{id}" phải là tên đối tượng dữ liệu kèm trạng thái trong ngoặc vuông.',
    en: 'The name of "{id}" must be that of its data object and, in brackets, its state.',
    broken: (file) =>
      file.named('dataObjectReference').filter((one) => {
        const state = childOf(one, 'dataState')?.attributes['name']?.trim()
        const object = file.refer(one, 'dataObjectRef')?.attributes['name']?.trim()
        const name = one.attributes['name']?.trim().replace(/\s+/g, ' ')
        return state && object && name && name !== `${object} [${state}]`
      }),
  },
  {
    rule: 'EXT079',
    vi: 'Tiểu quy trình "{id}" không được có đặc tả dữ liệu vào, ra.',
    en: 'The sub-process "{id}" must not have an input/output specification.',
    broken: (file) => file.where((one) => isSubProcess(one) && specification(one) !== undefined),
  },
  {
    rule: 'EXT080',
    vi: 'Dữ liệu vào của quy trình không được là đích của liên kết "{id}".',
    en: 'A data input of the process must not be the target of the association "{id}".',
    broken: (file) =>
      associationEnds(file, 'targetRef').flatMap(({ association, end }) =>
        end?.name === 'dataInput' && ofProcess(end) ? association : [],
      ),
  },
  {
    rule: 'EXT082',
    vi: 'Dữ liệu ra của quy trình không được là nguồn của liên kết "{id}".',
    en: 'A data output of the process must not be the source of the association "{id}".',
    broken: (file) =>
      associationEnds(file, 'sourceRef').flatMap(({ association, end }) =>
        end?.name === 'dataOutput' && ofProcess(end) ? association : [],
      ),
  },
  {
    rule: 'EXT084',
    vi: 'Không tập dữ liệu vào nào dùng "{id}".',
    en: 'No input set references the data input "{id}".',
    broken: (file) => unreferenced(file, 'dataInput', 'inputSet', 'dataInputRefs'),
  },
  {
    rule: 'EXT085',
    vi: 'Dữ liệu vào tùy chọn của "{id}" phải nằm trong tập dữ liệu vào.',
    en: 'An optional input of "{id}" must be listed in its input set.',
    broken: (file) => unlisted(file, 'inputSet', 'optionalInputRefs', 'dataInputRefs'),
  },
  {
    rule: 'EXT086',
    vi: 'Dữ liệu vào trong khi chạy của "{id}" phải nằm trong tập dữ liệu vào.',
    en: 'An input of "{id}" taken while executing must be listed in its input set.',
    broken: (file) => unlisted(file, 'inputSet', 'whileExecutingInputRefs', 'dataInputRefs'),
  },
  {
    rule: 'EXT087',
    vi: 'Tập dữ liệu "{id}" và tập mà nó nêu phải nêu lẫn nhau.',
    en: 'The set "{id}" and the sets it references must reference one another.',
    broken: oneSided,
  },
  {
    rule: 'EXT088',
    vi: 'Không tập dữ liệu ra nào dùng "{id}".',
    en: 'No output set references the data output "{id}".',
    broken: (file) => unreferenced(file, 'dataOutput', 'outputSet', 'dataOutputRefs'),
  },
  {
    rule: 'EXT089',
    vi: 'Dữ liệu ra tùy chọn của "{id}" phải nằm trong tập dữ liệu ra.',
    en: 'An optional output of "{id}" must be listed in its output set.',
    broken: (file) => unlisted(file, 'outputSet', 'optionalOutputRefs', 'dataOutputRefs'),
  },
  {
    rule: 'EXT090',
    vi: 'Dữ liệu ra trong khi chạy của "{id}" phải nằm trong tập dữ liệu ra.',
    en: 'An output of "{id}" given while executing must be listed in its output set.',
    broken: (file) => unlisted(file, 'outputSet', 'whileExecutingOutputRefs', 'dataOutputRefs'),
  },
  {
    rule: 'EXT091',
    vi: 'Hai đầu của liên kết dữ liệu "{id}" phải cùng định nghĩa, hoặc phải có phép biến đổi.',
    en: 'The ends of the data association "{id}" must be of the same item, or there must be a transformation.',
    broken: (file) =>
      associationEnds(file, 'sourceRef').flatMap(({ association, end }) => {
        const item = (element: XmlElement | undefined) =>
          itemOf(
            file,
            element === undefined ? undefined : (file.refer(element, 'dataObjectRef') ?? element),
            'itemSubjectRef',
          )
        const [from, to] = [item(end), item(file.refer(association, 'targetRef'))]
        if (!from || !to || childOf(association, 'transformation') || childOf(association, 'assignment')) return []
        return sameItem(from, to) ? [] : association
      }),
  },
  {
    rule: 'EXT092',
    vi: 'Liên kết dữ liệu "{id}" không có phép biến đổi nên chỉ được có một nguồn.',
    en: 'The data association "{id}" has no transformation, so it must have a single source.',
    broken: (file) =>
      file
        .named('dataInputAssociation', 'dataOutputAssociation')
        .filter((one) => childrenOf(one, 'sourceRef').length > 1 && !childOf(one, 'transformation')),
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
