import type { ModdleElement } from 'bpmn-moddle'
import type { EventDefinition, TimerDefinition } from './flow.ts'
import { condition } from './parse-expression.ts'
import { elements, extension, text } from './parse-extensions.ts'

export interface Reader {
  parent: string
  /** Notes what the element says that the node cannot. */
  unread: (elementId: string, what: string) => void
}

/** What an event waits for or throws: its own definitions and those that it refers to. */
export function readEvent(element: ModdleElement, props: Record<string, string>, reader: Reader): EventDefinition {
  const definitions = [...elements(element, 'eventDefinitions'), ...elements(element, 'eventDefinitionRef')].map(
    (definition) => readDefinition(definition, element, props, reader),
  )
  const [only, ...more] = definitions
  if (!only) return { type: 'none' }
  return more.length === 0 ? only : { type: 'multiple', parallel: element['parallelMultiple'] === true, definitions }
}

/** One event definition of an event or loop, which is `element`; `props` are the properties of that. */
export function readDefinition(
  definition: ModdleElement,
  element: ModdleElement,
  props: Record<string, string>,
  reader: Reader,
): EventDefinition {
  const reference = (property: string) => definition[property] as ModdleElement | undefined
  switch (definition.$type) {
    case 'bpmn:MessageEventDefinition':
      return readMessage(reference('messageRef'))
    case 'bpmn:TimerEventDefinition':
      return { type: 'timer', timer: readTimer(definition, props) }
    case 'bpmn:ErrorEventDefinition':
      return { type: 'error', code: text(reference('errorRef')?.['errorCode']) ?? reference('errorRef')?.id ?? null }
    case 'bpmn:EscalationEventDefinition':
      return {
        type: 'escalation',
        code: text(reference('escalationRef')?.['escalationCode']) ?? reference('escalationRef')?.id ?? null,
      }
    case 'bpmn:SignalEventDefinition':
      return { type: 'signal', name: text(reference('signalRef')?.name) ?? reference('signalRef')?.id ?? '' }
    case 'bpmn:ConditionalEventDefinition':
      return { type: 'conditional', condition: condition(reference('condition')) ?? '=' }
    case 'bpmn:TerminateEventDefinition':
      return { type: 'terminate' }
    case 'bpmn:CancelEventDefinition':
      return { type: 'cancel' }
    case 'bpmn:LinkEventDefinition': {
      // thrown by reference or by name; a target without a name is known by its id
      const target = reference('target')
      const names = target ?? definition
      return { type: 'link', name: text(names.name) ?? names.id ?? '' }
    }
    case 'bpmn:CompensateEventDefinition':
      return {
        type: 'compensation',
        activity: reference('activityRef')?.id ?? null,
        ...(definition['waitForCompletion'] === false ? { wait: false as const } : {}),
      }
    default:
      reader.unread(element.id ?? '', definition.$type)
      return { type: 'none' }
  }
}

export function readMessage(message: ModdleElement | undefined): EventDefinition {
  const subscription = message ? extension(message, 'zeebe:Subscription') : null
  return {
    type: 'message',
    name: text(message?.name) ?? message?.id ?? '',
    correlationKey: text(subscription?.['correlationKey']),
  }
}

function readTimer(definition: ModdleElement, props: Record<string, string>): TimerDefinition {
  const body = (property: string) => text((definition[property] as ModdleElement | undefined)?.['body'])
  const workingTime = props['imoit.workingTime'] === 'true'
  const date = body('timeDate')
  if (date !== null) return { type: 'date', value: date, workingTime }
  const cycle = body('timeCycle')
  if (cycle !== null) return { type: 'cycle', value: cycle, workingTime }
  return { type: 'duration', value: body('timeDuration') ?? '', workingTime }
}
