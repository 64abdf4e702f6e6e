import type { ModdleElement } from 'bpmn-moddle'
import type { MultiInstance, StandardLoop } from './flow.ts'
import { readDefinition, type Reader } from './parse-event.ts'
import { condition } from './parse-expression.ts'
import { elements, extension, text } from './parse-extensions.ts'

/** The marker of a standard loop. */
export function readLoop(element: ModdleElement): { loop?: StandardLoop } {
  const loop = element['loopCharacteristics'] as ModdleElement | undefined
  if (loop?.$type !== 'bpmn:StandardLoopCharacteristics') return {}
  const maximum = loop['loopMaximum']
  return {
    loop: {
      testBefore: loop['testBefore'] === true,
      maximum: typeof maximum === 'number' ? maximum : null,
      condition: condition(loop['loopCondition']),
    },
  }
}

/** The marker of several instances; null where there is none. */
export function readMultiInstance(
  element: ModdleElement,
  props: Record<string, string>,
  reader: Reader,
): MultiInstance | null {
  const loop = element['loopCharacteristics'] as ModdleElement | undefined
  if (loop?.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return null
  const zeebe = extension(loop, 'zeebe:LoopCharacteristics')
  const input = (loop['loopDataInputRef'] as ModdleElement | undefined) ?? null
  const item = (loop['inputDataItem'] as ModdleElement | undefined) ?? null
  const output = (loop['loopDataOutputRef'] as ModdleElement | undefined) ?? null
  const outputItem = (loop['outputDataItem'] as ModdleElement | undefined) ?? null
  const nameOf = (data: ModdleElement | null) => text(data?.name) ?? data?.id ?? null
  return {
    sequential: loop['isSequential'] === true,
    collection: text(zeebe?.['inputCollection']) ?? nameOf(input),
    cardinality: condition(loop['loopCardinality']),
    inputElement: text(zeebe?.['inputElement']) ?? nameOf(item),
    outputCollection: text(zeebe?.['outputCollection']) ?? nameOf(output),
    outputElement: text(zeebe?.['outputElement']) ?? nameOf(outputItem),
    completionCondition: condition(loop['completionCondition']),
    ...readBehavior(loop, element, props, reader),
  }
}

/** What its completions throw. A definition named by reference stands anywhere in the file. */
function readBehavior(
  loop: ModdleElement,
  element: ModdleElement,
  props: Record<string, string>,
  reader: Reader,
): Pick<MultiInstance, 'behavior' | 'event' | 'complex'> {
  const definition = (of: unknown) => (of ? readDefinition(of as ModdleElement, element, props, reader) : null)
  switch (loop['behavior']) {
    case 'None':
    case 'One': {
      const one = loop['behavior'] === 'One'
      const event = definition(loop[one ? 'oneBehaviorEventRef' : 'noneBehaviorEventRef'])
      return { behavior: one ? 'one' : 'none', ...(event ? { event } : {}) }
    }
    case 'Complex':
      return {
        behavior: 'complex',
        complex: elements(loop, 'complexBehaviorDefinition').map((one) => {
          const thrown = one['event'] as ModdleElement | undefined
          const [first] = thrown
            ? [...elements(thrown, 'eventDefinitions'), ...elements(thrown, 'eventDefinitionRef')]
            : []
          return { condition: condition(one['condition']) ?? '=false', event: definition(first) }
        }),
      }
    default:
      return {}
  }
}
