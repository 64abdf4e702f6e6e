import { expressionOf, modelOf, setExpression, update, type Services } from './model-edits.ts'
import { businessObjectOf, type BusinessObject, type Element } from './modeler-services.ts'
import { choiceEntry, feelEntry, numberEntry, tickEntry, type Entry, type Group } from './property-entries.ts'
import type { Words } from './words.ts'

/** What BPMN has and the ready-made panel lacks: loops, complex gateways, token quantities, multi-instance behaviour, ad-hoc order. */
export function standardGroups(services: Services, element: Element, words: Words): Group[] {
  const object = businessObjectOf(element)
  const groups: Group[] = []
  const add = (id: string, entries: Entry[]) => {
    if (entries.length > 0) groups.push({ id: `imoit-${id}`, label: words(`group.${id}`), entries })
  }
  const loop = object.get('loopCharacteristics') as BusinessObject | undefined
  if (loop?.$type === 'bpmn:StandardLoopCharacteristics') add('loop', loopEntries(services, loop, words))
  if (loop?.$type === 'bpmn:MultiInstanceLoopCharacteristics')
    add('instances', instanceEntries(services, element, loop, words))
  if (object.$type === 'bpmn:ComplexGateway') add('complex', complexEntries(services, object, words))
  if (object.$type === 'bpmn:AdHocSubProcess') add('adHoc', adHocEntries(services, object, words))
  if (object.$instanceOf('bpmn:Activity')) add('tokens', tokenEntries(services, words))
  return groups
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const number = (value: unknown) => (typeof value === 'number' && !Number.isNaN(value) ? value : undefined)

function loopEntries(services: Services, loop: BusinessObject, words: Words): Entry[] {
  return [
    feelEntry({
      id: 'loopCondition',
      label: words('loop.condition'),
      hint: words('loop.conditionHint'),
      get: () => expressionOf(loop, 'loopCondition'),
      set: (element, value) => setExpression(services, element, loop, 'loopCondition', value),
    }),
    numberEntry({
      id: 'loopMaximum',
      label: words('loop.maximum'),
      get: () => number(loop.get('loopMaximum')),
      set: (element, loopMaximum) => update(services, element, loop, { loopMaximum }),
    }),
    tickEntry({
      id: 'testBefore',
      label: words('loop.testBefore'),
      get: () => loop.get('testBefore') === true,
      set: (element, testBefore) => update(services, element, loop, { testBefore }),
    }),
  ]
}

function instanceEntries(services: Services, element: Element, loop: BusinessObject, words: Words): Entry[] {
  const behavior = () => text(loop.get('behavior')) || 'All'
  const thrown = (property: 'noneBehaviorEventRef' | 'oneBehaviorEventRef', id: string) =>
    choiceEntry({
      id,
      label: words('instances.event'),
      get: () => (loop.get(property) as BusinessObject | undefined)?.id ?? '',
      set: (of, value) =>
        update(services, of, loop, { [property]: definitionsOf(element).find(({ id: other }) => other === value) }),
      choices: () => [
        { value: '', label: words('none') },
        ...definitionsOf(element).map(({ id: value, $type, ...definition }) => ({
          value,
          label: `${text(definition['name']) || $type.replace('bpmn:', '')} (${value})`,
        })),
      ],
    })
  return [
    feelEntry({
      id: 'loopCardinality',
      label: words('instances.cardinality'),
      hint: words('instances.cardinalityHint'),
      get: () => expressionOf(loop, 'loopCardinality'),
      set: (of, value) => setExpression(services, of, loop, 'loopCardinality', value),
    }),
    choiceEntry({
      id: 'behavior',
      label: words('instances.behavior'),
      get: behavior,
      set: (of, value) => update(services, of, loop, { behavior: value }),
      choices: () =>
        ['All', 'None', 'One', 'Complex'].map((value) => ({ value, label: words(`instances.behaviors.${value}`) })),
    }),
    ...(behavior() === 'None' ? [thrown('noneBehaviorEventRef', 'noneBehavior')] : []),
    ...(behavior() === 'One' ? [thrown('oneBehaviorEventRef', 'oneBehavior')] : []),
  ]
}

/** Event definitions of the whole file that have an id of their own: only these can be referred to. */
function definitionsOf(element: Element): BusinessObject[] {
  let at: BusinessObject | undefined = businessObjectOf(element)
  while (at?.$parent) at = at.$parent
  const found = (at?.get('rootElements') as BusinessObject[] | undefined) ?? []
  return found.filter((root) => root.$instanceOf('bpmn:EventDefinition'))
}

function complexEntries(services: Services, gateway: BusinessObject, words: Words): Entry[] {
  return [
    feelEntry({
      id: 'activationCondition',
      label: words('complex.activation'),
      hint: words('complex.activationHint'),
      get: () => expressionOf(gateway, 'activationCondition'),
      set: (element, value) => setExpression(services, element, gateway, 'activationCondition', value),
    }),
  ]
}

function adHocEntries(services: Services, object: BusinessObject, words: Words): Entry[] {
  return [
    choiceEntry({
      id: 'ordering',
      label: words('adHoc.ordering'),
      get: () => text(object.get('ordering')) || 'Parallel',
      set: (element, ordering) => update(services, element, object, { ordering }),
      choices: () => ['Parallel', 'Sequential'].map((value) => ({ value, label: words(`adHoc.orderings.${value}`) })),
    }),
  ]
}

function tokenEntries(services: Services, words: Words): Entry[] {
  const quantity = (property: 'startQuantity' | 'completionQuantity') =>
    numberEntry({
      id: property,
      label: words(`tokens.${property}`),
      get: (element) => number(modelOf(element).get(property)) ?? 1,
      set: (element, value) => update(services, element, modelOf(element), { [property]: value ?? 1 }),
    })
  return [quantity('startQuantity'), quantity('completionQuantity')].map((entry) => ({
    ...entry,
    isEdited: (node) => node !== null && node.value !== '1' && node.value !== '',
  }))
}
