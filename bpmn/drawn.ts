import type { AdvanceContext, Json, Variables } from './case.ts'
import type { Flow } from './flow.ts'
import { parseFlow } from './parse.ts'
import { Rehearsal, type ServiceAnswer, type ServiceCall } from './rehearsal.ts'
import { ORDINARY_WEEK } from './working-time.ts'

/**
 * Flows for tests, written as text. Elements are BPMN without a prefix; arrows are lines of their own:
 *   start -> a
 *   choice -> b if outcome = "yes"
 *   choice -> c otherwise
 * A sub-process is `<subProcess id="s">` with elements and arrows of its own inside.
 */
export async function drawn(body: string, roots = ''): Promise<Flow> {
  return parseFlow(drawnXml(body, roots))
}

export function drawnXml(body: string, roots = ''): string {
  let edges = 0
  const defaults = new Map<string, string>()
  const withFlows = body.replace(
    /^[ \t]*(\w+) -> (\w+)(?: if (.+)| (otherwise))?[ \t]*$/gm,
    (_line, source: string, target: string, condition: string | undefined, otherwise: string | undefined) => {
      const id = `${source}_${target}_${++edges}`
      if (otherwise) defaults.set(source, id)
      const text = condition
        ? `<conditionExpression xsi:type="tFormalExpression"><![CDATA[=${condition}]]></conditionExpression>`
        : ''
      return `<sequenceFlow id="${id}" sourceRef="${source}" targetRef="${target}">${text}</sequenceFlow>`
    },
  )
  const withDefaults = withFlows.replace(/<(\w+) id="(\w+)"/g, (start, _tag, id: string) => {
    const edge = defaults.get(id)
    return edge ? `${start} default="${edge}"` : start
  })
  return `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:test">
    ${roots}<process id="drawn" isExecutable="true">${withDefaults}</process></definitions>`
}

/** A user task for a group, with what else belongs into its extension elements or its body. */
export function task(id: string, extensions = '', inside = '', group = 'role:clerk'): string {
  return `<userTask id="${id}" name="${id}"><extensionElements><zeebe:userTask/>
    <zeebe:assignmentDefinition candidateGroups='${group}'/>${extensions}</extensionElements>${inside}</userTask>`
}

export function service(id: string, type: string, extensions = '', inside = ''): string {
  return `<serviceTask id="${id}"><extensionElements><zeebe:taskDefinition type="${type}"/>${extensions}</extensionElements>${inside}</serviceTask>`
}

export function property(values: Record<string, string>): string {
  const list = Object.entries(values).map(([name, value]) => `<zeebe:property name="${name}" value='${value}'/>`)
  return `<zeebe:properties>${list.join('')}</zeebe:properties>`
}

export function forEach(collection: string, item: string, rest = '', condition = '', sequential = false): string {
  const until = condition
    ? `<completionCondition xsi:type="tFormalExpression"><![CDATA[=${condition}]]></completionCondition>`
    : ''
  return `<multiInstanceLoopCharacteristics isSequential="${sequential}"><extensionElements><zeebe:loopCharacteristics
    inputCollection="=${collection}" inputElement="${item}" ${rest}/></extensionElements>${until}</multiInstanceLoopCharacteristics>`
}

export function timerBoundary(id: string, on: string, time: string, interrupting = true, extensions = ''): string {
  const kind = time.startsWith('R') ? 'timeCycle' : 'timeDuration'
  return `<boundaryEvent id="${id}" attachedToRef="${on}" cancelActivity="${interrupting}"><extensionElements>${extensions}</extensionElements>
    <timerEventDefinition><${kind} xsi:type="tFormalExpression">${time}</${kind}></timerEventDefinition></boundaryEvent>`
}

/** As PostgreSQL's jsonb gives it back: keys by length, then by bytes. */
export function throughDatabase<T extends Json | object>(value: T): T {
  const sort = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(sort)
    if (typeof part !== 'object' || part === null) return part
    const keys = Object.keys(part).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    return Object.fromEntries(keys.map((key) => [key, sort((part as Record<string, unknown>)[key])]))
  }
  return sort(JSON.parse(JSON.stringify(value))) as T
}

export const HOUR = 3_600_000
/** A Friday, 09:00 in Hà Nội. */
export const NOW = Date.parse('2026-11-20T09:00:00+07:00')

/** Monday to Friday, 8–12 and 13–17 in Hà Nội. */
export function officeHours(now = NOW): AdvanceContext {
  return { now, calendar: ORDINARY_WEEK }
}

/** A case of the flow, started, whose state goes through the database between any two steps. */
export function rehearse(flow: Flow, variables: Variables, answer?: (call: ServiceCall) => ServiceAnswer): Rehearsal {
  return new Rehearsal(flow, officeHours(), answer, throughDatabase).start(variables)
}
