import { childOf, childrenOf, type XmlElement } from '../xml-tree.ts'
import { itemOf, sameItem } from './data.ts'
import type { BpmnFile, Rule } from './file.ts'

/** The process in whose own specification a data input or output stands. */
const ofProcess = (data: XmlElement | undefined) =>
  data?.parent?.name === 'ioSpecification' && data.parent.parent?.name === 'process'

/** The object or store behind a reference to it. */
const referred = (file: BpmnFile, element: XmlElement) =>
  file.refer(element, 'dataObjectRef') ?? file.refer(element, 'dataStoreRef')

const associationEnds = (file: BpmnFile, name: 'sourceRef' | 'targetRef') =>
  file
    .named('dataInputAssociation', 'dataOutputAssociation')
    .flatMap((association) => childrenOf(association, name).map(({ text }) => ({ association, end: file.find(text) })))

export const dataAssociationRules: Rule[] = [
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
    rule: 'EXT091',
    vi: 'Hai đầu của liên kết dữ liệu "{id}" phải cùng định nghĩa, hoặc phải có phép biến đổi.',
    en: 'The ends of the data association "{id}" must be of the same item, or there must be a transformation.',
    broken: (file) =>
      associationEnds(file, 'sourceRef').flatMap(({ association, end }) => {
        const item = (element: XmlElement | undefined) =>
          itemOf(file, element, 'itemSubjectRef') ?? itemOf(file, element && referred(file, element), 'itemSubjectRef')
        const [from, to] = [item(end), item(file.refer(association, 'targetRef'))]
        if (!from || !to || childOf(association, 'transformation')) return []
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
]
