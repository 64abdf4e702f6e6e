import { businessObjectOf, type BusinessObject, type DesignerModeler, type Element } from './modeler-services.ts'

/** One change of the model, as the modeler's command stack takes it. */
interface Command {
  cmd: 'element.updateModdleProperties'
  context: { element: Element; moddleElement: BusinessObject; properties: Record<string, unknown> }
}

export type Services = Pick<DesignerModeler, 'get'>

/** What a process's properties belong to: of a pool, the process drawn in it. */
export function modelOf(element: Element): BusinessObject {
  const object = businessObjectOf(element)
  const process = object.$type === 'bpmn:Participant' ? (object.get('processRef') as BusinessObject | undefined) : null
  return process ?? object
}

const change = (element: Element, moddleElement: BusinessObject, properties: Record<string, unknown>): Command => ({
  cmd: 'element.updateModdleProperties',
  context: { element, moddleElement, properties },
})

/** Several changes that are undone as one. */
function run(services: Services, commands: Command[]): void {
  services.get('commandStack').execute('properties-panel.multi-command-executor', commands)
}

/** Changes properties of an element of the model. */
export function update(
  services: Services,
  element: Element,
  object: BusinessObject,
  properties: Record<string, unknown>,
): void {
  run(services, [change(element, object, properties)])
}

/** A new element of the model within another. */
export function create(
  services: Services,
  type: string,
  properties: Record<string, unknown>,
  parent: BusinessObject,
): BusinessObject {
  const made = services.get('bpmnFactory').create(type, properties) as BusinessObject
  made.$parent = parent
  return made
}

const valuesOf = (object: BusinessObject): BusinessObject[] => {
  const extensions = object.get('extensionElements') as BusinessObject | undefined
  return (extensions?.get('values') as BusinessObject[] | undefined) ?? []
}

/** The first extension element of that type, `zeebe:AssignmentDefinition`. */
export function extensionOf(object: BusinessObject, type: string): BusinessObject | undefined {
  return valuesOf(object).find(({ $type }) => $type === type)
}

/** Sets attributes of an extension element, making it where there is none; one that says nothing any more is taken out. */
export function setExtension(
  services: Services,
  element: Element,
  type: string,
  attributes: Record<string, string | undefined>,
): void {
  const object = modelOf(element)
  const found = extensionOf(object, type)
  if (found) return run(services, [change(element, found, attributes)])
  const commands: Command[] = []
  const extensions = withExtensions(services, element, object, commands)
  const made = create(services, type, attributes, extensions)
  commands.push(change(element, extensions, { values: [...valuesOf(object), made] }))
  run(services, commands)
}

function withExtensions(
  services: Services,
  element: Element,
  object: BusinessObject,
  commands: Command[],
): BusinessObject {
  const found = object.get('extensionElements') as BusinessObject | undefined
  if (found) return found
  const made = create(services, 'bpmn:ExtensionElements', { values: [] }, object)
  commands.push(change(element, object, { extensionElements: made }))
  return made
}

const FORM_KEY = 'camunda-forms:bpmn:'

function processOf(object: BusinessObject): BusinessObject {
  let here: BusinessObject | undefined = object
  while (here && here.$type !== 'bpmn:Process') here = here.$parent
  if (!here) throw new Error(`${object.id} is in no process`)
  return here
}

/** The form that a step has of its own, as the file stores it with the process; null where it has none. */
export function ownFormOf(element: Element): { formId: string; json: string } | null {
  const object = modelOf(element)
  const formKey = extensionOf(object, 'zeebe:FormDefinition')?.get('formKey') as string | undefined
  if (!formKey?.startsWith(FORM_KEY)) return null
  const formId = formKey.slice(FORM_KEY.length)
  const stored = valuesOf(processOf(object)).find(({ $type, id }) => $type === 'zeebe:UserTaskForm' && id === formId)
  return { formId, json: (stored?.get('body') as string | undefined) ?? '' }
}

/** Gives a step a form of its own, or another text of it. Undone as one. */
export function setOwnForm(services: Services, element: Element, json: string): void {
  const object = modelOf(element)
  const process = processOf(object)
  const own = ownFormOf(element)
  const stored = own && valuesOf(process).find(({ $type, id }) => $type === 'zeebe:UserTaskForm' && id === own.formId)
  if (stored) return run(services, [change(element, stored, { body: json })])
  const commands: Command[] = []
  const formId = own?.formId ?? `UserTaskForm_${crypto.randomUUID().slice(0, 8)}`
  const around = withExtensions(services, element, process, commands)
  const form = create(services, 'zeebe:UserTaskForm', { id: formId, body: json }, around)
  commands.push(change(element, around, { values: [...valuesOf(process), form] }))
  const formKey = `${FORM_KEY}${formId}`
  const extensions = withExtensions(services, element, object, commands)
  const definition = extensionOf(object, 'zeebe:FormDefinition')
  // The drawing tool takes such a form from tasks that are marked as `zeebe:userTask`.
  const kept = valuesOf(object).filter(({ $type }) => $type !== 'zeebe:UserTask')
  const made = definition ? [] : [create(services, 'zeebe:FormDefinition', { formKey }, extensions)]
  commands.push(change(element, extensions, { values: [...kept, ...made] }))
  if (definition) commands.push(change(element, definition, { formKey }))
  run(services, commands)
}

/** The value of a `zeebe:property`. */
export function propertyOf(object: BusinessObject, name: string): string | undefined {
  const list = extensionOf(object, 'zeebe:Properties')?.get('properties') as BusinessObject[] | undefined
  return list?.find((property) => property.name === name)?.['value'] as string | undefined
}

/** Sets `zeebe:property` entries by name; undefined or an empty text takes one away. Undone as one. */
export function setProperties(services: Services, element: Element, values: Record<string, string | undefined>): void {
  const object = modelOf(element)
  const commands: Command[] = []
  const holder = extensionOf(object, 'zeebe:Properties')
  const before = (holder?.get('properties') as BusinessObject[] | undefined) ?? []
  const names = Object.keys(values)
  const kept = before.filter(({ name }) => !names.includes(name ?? ''))
  const parent = holder ?? create(services, 'zeebe:Properties', { properties: [] }, object)
  const set = Object.entries(values).flatMap(([name, value]) =>
    value ? [create(services, 'zeebe:Property', { name, value }, parent)] : [],
  )
  if (holder) commands.push(change(element, holder, { properties: [...kept, ...set] }))
  else if (set.length > 0) {
    const extensions = withExtensions(services, element, object, commands)
    parent.$parent = extensions
    parent['properties'] = set
    commands.push(change(element, extensions, { values: [...valuesOf(object), parent] }))
  }
  if (commands.length > 0) run(services, commands)
}

/** The body of an expression that is a property of an element, as `=…`; empty where there is none. */
export function expressionOf(object: BusinessObject | undefined, property: string): string {
  const body = (object?.get(property) as BusinessObject | undefined)?.['body']
  return typeof body === 'string' ? body : ''
}

/** Sets or takes away an expression. */
export function setExpression(
  services: Services,
  element: Element,
  object: BusinessObject,
  property: string,
  body: string,
): void {
  const made = body ? create(services, 'bpmn:FormalExpression', { body }, object) : undefined
  update(services, element, object, { [property]: made })
}
