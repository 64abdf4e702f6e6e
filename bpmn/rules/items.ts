import { childOf, type XmlElement } from '../xml-tree.ts'
import { itemOf, isCollection } from './data.ts'
import type { BpmnFile, Rule } from './file.ts'

/** `isCollection` says something else than the item definition. */
function wrongCollection(file: BpmnFile, name: string): XmlElement[] {
  return file.named(name).filter((one) => {
    const item = itemOf(file, one, 'itemSubjectRef')
    return item?.name === 'itemDefinition' && isCollection(item) !== isCollection(one)
  })
}

export const itemRules: Rule[] = [
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
]
