import type { XmlElement } from '../xml-tree.ts'
import { typeOf, type BpmnFile } from './file.ts'

export const starts = (file: BpmnFile) => file.named('startEvent')

export const types = (file: BpmnFile, event: XmlElement) => file.definitions(event).map(typeOf)

export const only = (file: BpmnFile, event: XmlElement, allowed: string[]) =>
  types(file, event).every((type) => allowed.includes(type))

export const isLink = (file: BpmnFile, event: XmlElement) => types(file, event).includes('link')

export const isCompensation = (file: BpmnFile, event: XmlElement) => types(file, event).includes('compensation')

export const messageEnds = (file: BpmnFile, end: 'sourceRef' | 'targetRef') =>
  new Set(file.named('messageFlow').flatMap((flow) => file.refer(flow, end) ?? []))

export const TOP_LEVEL = ['message', 'timer', 'conditional', 'signal']
