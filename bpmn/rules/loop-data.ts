import { childOf, type XmlElement } from '../xml-tree.ts'
import { ioOf, itemOf, isCollection } from './data.ts'
import { isSubProcess, referenceOf, type BpmnFile, type Rule } from './file.ts'

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

export const loopDataRules: Rule[] = [
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
]
