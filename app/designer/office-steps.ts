import { clearOf, makeRoomAfter, placeAfter } from './make-room.ts'
import { create } from './model-edits.ts'
import {
  businessObjectOf,
  type Connection,
  type DesignerModeler,
  type Element,
  type OfficeTemplate,
  type Shape,
} from './modeler-services.ts'

/** The steps by what they belong to, in their order; those of every day belong to nothing in particular and come first. */
export function byCategory(
  templates: readonly OfficeTemplate[],
): { id: string; name: string | null; templates: OfficeTemplate[] }[] {
  const groups = new Map<string, { id: string; name: string | null; templates: OfficeTemplate[] }>()
  for (const template of templates) {
    const { id = '', name = null } = template.category ?? {}
    const group = groups.get(id) ?? { id, name, templates: [] }
    group.templates.push(template)
    groups.set(id, group)
  }
  return [...groups.values()]
}

/** A new element of an office step: made of its template, and set up where a template cannot say it. */
export function newStep(modeler: DesignerModeler, templateId: string): Shape {
  const templates = modeler.get('elementTemplates')
  const template = templates.getAll().find(({ id }) => id === templateId)
  if (!template) throw new Error(`no template ${templateId}`)
  const shape = templates.createElement(template)
  const units = askedUnits[templateId]
  if (units) askEachUnit(modeler, shape, units)
  return shape
}

/** Steps that every unit of a list takes: the list, and what is kept of each unit's answer. */
export const askedUnits: Readonly<Record<string, { list: string; collected: string; answer: string }>> = {
  'imoit.opinions': {
    list: '=coordinatingUnits',
    collected: 'opinions',
    answer: '={unit: unit, outcome: outcome, opinionText: opinionText}',
  },
  'imoit.answer-opinion': {
    list: '=opinionUnits',
    collected: 'opinions',
    answer: '={unit: unit, outcome: outcome, opinionText: opinionText}',
  },
  'imoit.receive-notice': {
    list: '=recipientUnits',
    collected: 'receipts',
    answer: '={unit: unit, outcome: outcome}',
  },
}

/** One task for each unit of a list, all at once; what they say is collected. Templates cannot make loops. */
function askEachUnit(
  modeler: DesignerModeler,
  shape: Shape,
  { list, collected, answer }: { list: string; collected: string; answer: string },
): void {
  const task = businessObjectOf(shape)
  const loop = create(modeler, 'bpmn:MultiInstanceLoopCharacteristics', { isSequential: false }, task)
  const extensions = create(modeler, 'bpmn:ExtensionElements', { values: [] }, loop)
  const collection = create(
    modeler,
    'zeebe:LoopCharacteristics',
    {
      inputCollection: list,
      inputElement: 'unit',
      outputCollection: collected,
      outputElement: answer,
    },
    extensions,
  )
  extensions['values'] = [collection]
  loop['extensionElements'] = extensions
  task['loopCharacteristics'] = loop
}

/** Puts a new element behind another, joined to it; what followed the other follows the new one. */
export function addAfter(modeler: DesignerModeler, after: Element, shape: Shape): Shape {
  const modeling = modeler.get('modeling')
  const onward = after.outgoing.filter(({ type }) => type === 'bpmn:SequenceFlow')
  const only = onward.length === 1 && !businessObjectOf(after).$instanceOf('bpmn:Gateway') ? onward[0] : undefined
  const source = after as Shape
  // A further branch finds a place of its own, above or below the others.
  const branches = (onward.length > 0 && !only) || businessObjectOf(after).$type === 'bpmn:BoundaryEvent'
  if (!branches) makeRoomAfter(modeler, source, shape)
  const placed = branches
    ? (modeler.get('autoPlace').append(source, shape) as Shape)
    : (modeling.appendShape(source, shape, placeAfter(source, shape), source.parent as Shape) as Shape)
  if (only?.target && !businessObjectOf(placed).$instanceOf('bpmn:EndEvent'))
    modeling.reconnectStart(only as Connection, placed, { x: placed.x + placed.width, y: placed.y + placed.height / 2 })
  clearOf(modeler, placed)
  modeler.get('selection').select(placed)
  return placed
}

/** What nothing leaves. */
export function canAddAfter(element: Element | undefined): boolean {
  if (!element) return false
  const object = businessObjectOf(element)
  return object.$instanceOf('bpmn:FlowNode') && object.$type !== 'bpmn:EndEvent'
}
