import type { EventDefinition, Flow } from '#bpmn/flow.ts'
import type { Sentence } from './refusal.ts'

const kindsOf = (event: EventDefinition): string[] =>
  event.type === 'multiple' ? event.definitions.flatMap(kindsOf) : [event.type]

/**
 * What the engine runs and the step does not carry from one case to another: signals, messages that a flow sends itself, called
 * flows, decision tables. A case would wait for them for ever without a word, so such a flow is not published.
 */
export function beyondTheStep(flow: Flow): { elementId: string; what: Sentence }[] {
  return Object.values(flow.nodes).flatMap((node) => {
    const found = (vi: string, en: string) => [{ elementId: node.id, what: { vi, en } }]
    const kinds = 'event' in node && node.event ? kindsOf(node.event) : []
    if ('multiInstance' in node && node.multiInstance) {
      const { event, complex = [] } = node.multiInstance
      for (const thrown of [event, ...complex.map((each) => each.event)]) if (thrown) kinds.push(...kindsOf(thrown))
    }
    if (kinds.includes('signal')) return found('tín hiệu giữa các hồ sơ', 'a signal between cases')
    const sends = (node.kind === 'endEvent' || node.kind === 'intermediateThrowEvent') && !node.service
    if (sends && kinds.includes('message')) return found('thông điệp gửi hồ sơ khác', 'a message to another case')
    if (node.kind === 'callActivity') return found('gọi một luồng khác', 'a called flow')
    if (node.kind === 'serviceTask' && node.serviceType === null) {
      if (node.decision) return found('bảng quyết định', 'a decision table')
      if (node.message) return found('thông điệp gửi hồ sơ khác', 'a message to another case')
    }
    return []
  })
}
