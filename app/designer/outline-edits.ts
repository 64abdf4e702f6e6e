import { addAfter, newStep } from './office-steps.ts'
import { businessObjectOf, type DesignerModeler, type Element, type Shape } from './modeler-services.ts'
import type { OutlineElement } from './outline.ts'

/** BPMN's own elements that the outline can add, beside the office's steps. */
export const basicKinds = [
  'bpmn:UserTask',
  'bpmn:ServiceTask',
  'bpmn:ExclusiveGateway',
  'bpmn:ParallelGateway',
  'bpmn:InclusiveGateway',
  'bpmn:IntermediateThrowEvent',
  'bpmn:SubProcess',
  'bpmn:CallActivity',
  'bpmn:EndEvent',
] as const

/** What is drawn, as the outline takes it. */
export function drawnElements(modeler: DesignerModeler): OutlineElement[] {
  return (modeler.get('elementRegistry').getAll() as Element[]).flatMap((element) => {
    const object = businessObjectOf(element)
    if (element.type === 'label' || 'labelTarget' in element) return []
    const isHolder = object.$type === 'bpmn:Participant'
    if (!isHolder && !object.$instanceOf('bpmn:FlowNode')) return []
    const shape = element as Shape
    return {
      id: element.id,
      name: object.name ?? '',
      type: object.$type,
      parent: holderOf(element),
      next: element.outgoing
        .filter(({ type }) => type === 'bpmn:SequenceFlow')
        .map((flow) => ({ id: flow.target?.id ?? '', flow: businessObjectOf(flow).name ?? '' })),
      ...(shape.host ? { host: shape.host.id } : {}),
      x: shape.x,
    }
  })
}

/** A collapsed sub-process has what lies in it on a plane of its own. */
function holderOf(element: Element): string {
  const parent = element.parent?.id ?? ''
  return parent.replace(/_plane$/, '')
}

/** Adds an office step or an element of BPMN behind another. @returns its id */
export function addBehind(modeler: DesignerModeler, id: string, kind: string): string | null {
  const after = elementOf(modeler, id)
  if (!after) return null
  const shape = kind.startsWith('bpmn:')
    ? modeler.get('elementFactory').createShape({ type: kind, isExpanded: kind === 'bpmn:SubProcess' })
    : newStep(modeler, kind)
  return addAfter(modeler, after, shape).id
}

/** Elements that a flow may lead to from this one. */
export function connectable(modeler: DesignerModeler, id: string): OutlineElement[] {
  const source = elementOf(modeler, id)
  if (!source) return []
  const rules = modeler.get('rules')
  return drawnElements(modeler).filter(({ id: target }) => {
    const element = elementOf(modeler, target)
    return target !== id && element && isFlow(rules.allowed('connection.create', { source, target: element }))
  })
}

const isFlow = (allowed: unknown) =>
  typeof allowed === 'object' && allowed !== null && 'type' in allowed && allowed.type === 'bpmn:SequenceFlow'

export function connect(modeler: DesignerModeler, id: string, to: string): void {
  const [source, target] = [elementOf(modeler, id), elementOf(modeler, to)]
  if (source && target) modeler.get('modeling').connect(source, target)
}

export function rename(modeler: DesignerModeler, id: string, name: string): void {
  const element = elementOf(modeler, id)
  if (element) modeler.get('modeling').updateProperties(element, { name: name || undefined })
}

/** Takes an element away; where one flow led to it and one from it, the way is closed again. */
export function remove(modeler: DesignerModeler, id: string): void {
  const element = elementOf(modeler, id)
  if (element) modeler.get('modeling').removeElements([element])
}

function elementOf(modeler: DesignerModeler, id: string): Element | undefined {
  return modeler.get('elementRegistry').get(id) as Element | undefined
}
