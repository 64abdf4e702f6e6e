import { childrenOf, type XmlElement } from '../xml-tree.ts'
import { specification, ioOf, itemOf, sameItem, refs } from './data.ts'
import { isSubProcess, type BpmnFile, type Rule } from './file.ts'

const unlisted = (file: BpmnFile, set: 'inputSet' | 'outputSet', extra: string, list: string) =>
  file.named(set).flatMap((one) => {
    const listed = refs(one, list)
    return refs(one, extra).some((ref) => !listed.includes(ref)) ? (one.parent?.parent ?? one) : []
  })

/** Data that no set takes up. Events hold their data and sets themselves, and may do without sets. */
function unreferenced(file: BpmnFile, data: 'dataInput' | 'dataOutput', set: string, list: string): XmlElement[] {
  return file.named(data).filter((one) => {
    const sets = childrenOf(one.parent, set)
    if (one.parent?.name !== 'ioSpecification' && sets.length === 0) return false
    const taken = sets.flatMap((each) => refs(each, list))
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

function unlikeCalled(file: BpmnFile): XmlElement[] {
  return file.named('callActivity').filter((call) => {
    const called = file.refer(call, 'calledElement')
    if (!called) return false
    // in the engine's own dialect what says nothing of its data fits whatever is called: the mappings of the call decide
    const silent = specification(call) === undefined || specification(called) === undefined
    if (silent && (file.ownDialect || !file.isExecutable(call))) return false
    if ((['dataInput', 'dataOutput'] as const).some((name) => !fit(file, ioOf(call, name), ioOf(called, name))))
      return true
    return !silent && !(sameSets(file, call, called, 'inputSet') && sameSets(file, call, called, 'outputSet'))
  })
}

/** Each set of the one has its like in the other. */
function sameSets(file: BpmnFile, call: XmlElement, called: XmlElement, name: 'inputSet' | 'outputSet'): boolean {
  const list = name === 'inputSet' ? 'dataInputRefs' : 'dataOutputRefs'
  const setsOf = (element: XmlElement) =>
    ioOf(element, name).map((set) => refs(set, list).flatMap((id) => file.find(id) ?? []))
  const left = setsOf(call)
  for (const asked of setsOf(called)) {
    const at = left.findIndex((given) => fit(file, given, asked))
    if (at < 0) return false
    left.splice(at, 1)
  }
  return left.length === 0
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

export const inputOutputRules: Rule[] = [
  {
    rule: 'EXT063',
    vi: 'Dữ liệu vào, ra của "{id}" không khớp với phần tử mà nó gọi.',
    en: 'The data of the call activity "{id}" does not match that of what it calls.',
    broken: unlikeCalled,
  },
  {
    rule: 'EXT079',
    vi: 'Tiểu quy trình "{id}" không được có đặc tả dữ liệu vào, ra.',
    en: 'The sub-process "{id}" must not have an input/output specification.',
    broken: (file) => file.where((one) => isSubProcess(one) && specification(one) !== undefined),
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
]
