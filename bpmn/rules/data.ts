import { childOf, childrenOf, type XmlElement } from '../xml-tree.ts'
import type { BpmnFile } from './file.ts'

export const specification = (element: XmlElement | undefined) => childOf(element, 'ioSpecification')

export const ioOf = (element: XmlElement | undefined, name: 'dataInput' | 'dataOutput' | 'inputSet' | 'outputSet') =>
  childrenOf(specification(element), name)

export const itemOf = (file: BpmnFile, element: XmlElement | undefined, name: string) =>
  element === undefined ? undefined : file.refer(element, name)

export const isCollection = (element: XmlElement) => element.attributes['isCollection'] === 'true'

/** The same definition, or two that say the same structure. */
export function sameItem(a: XmlElement | undefined, b: XmlElement | undefined): boolean {
  if (a === b) return true
  const structure = a?.attributes['structureRef']
  return structure !== undefined && structure === b?.attributes['structureRef'] && a && b
    ? isCollection(a) === isCollection(b)
    : false
}

/** Data of a task that is not of the item that the message carries. */
function differs(file: BpmnFile, data: XmlElement[], item: XmlElement | undefined): boolean {
  return item !== undefined && data.some((one) => !sameItem(itemOf(file, one, 'itemSubjectRef'), item))
}

/** Data of a task that is not what its message carries; a message without an item carries none. */
export function differsFromMessage(file: BpmnFile, data: XmlElement[], message: XmlElement | undefined): boolean {
  const item = itemOf(file, message, 'itemRef')
  if (message === undefined || item !== undefined) return differs(file, data, item)
  return data.some((one) => itemOf(file, one, 'itemSubjectRef') !== undefined)
}

export const refs = (set: XmlElement, name: string) => childrenOf(set, name).map(({ text }) => text.trim())
