import type { Broken } from '../flow.ts'
import type { XmlElement } from '../xml-tree.ts'
import { activityRules, collaborationRules } from './activities.ts'
import { boundaryEventRules } from './boundary-events.ts'
import { dataAssociationRules } from './data-associations.ts'
import { endEventRules } from './end-events.ts'
import { inputOutputRules } from './input-output.ts'
import { intermediateEventRules } from './intermediate-events.ts'
import { itemRules } from './items.ts'
import { levelRules } from './levels.ts'
import { linkRules } from './links.ts'
import { loopDataRules } from './loop-data.ts'
import { messageRules } from './messages.ts'
import { operationRules } from './operations.ts'
import { startEventRules } from './start-events.ts'
import { expressionRules } from './expressions.ts'
import { BpmnFile, type Rule } from './file.ts'
import { flowRules } from './flows.ts'
import { gatewayRules } from './gateways.ts'
import { referenceRules } from './references.ts'

/** The rules of the standard (numbered as BPMNspector does) that a file can break. Adding one is adding it to its table. */
export const rules: readonly Rule[] = [
  // first, as what else is wrong may come of it
  ...referenceRules,
  ...flowRules,
  ...gatewayRules,
  ...levelRules,
  ...startEventRules,
  ...intermediateEventRules,
  ...linkRules,
  ...boundaryEventRules,
  ...endEventRules,
  ...activityRules,
  ...collaborationRules,
  ...itemRules,
  ...inputOutputRules,
  ...dataAssociationRules,
  ...messageRules,
  ...operationRules,
  ...loopDataRules,
  ...expressionRules,
]

/** What a BPMN file breaks, with the process that the element belongs to. */
export function brokenRules(root: XmlElement, ownDialect: boolean): (Broken & { processId: string | null })[] {
  const file = new BpmnFile(root, ownDialect)
  return rules.flatMap(({ rule, vi, en, broken }) =>
    broken(file).map((element) => {
      const id = nameOf(element)
      const say = (sentence: string) => sentence.replaceAll('{id}', id)
      const processId = file.processOf(element)?.attributes['id'] ?? null
      return { rule, elementId: element.attributes['id'] ?? null, vi: say(vi), en: say(en), processId }
    }),
  )
}

/** Its id, or that of the nearest element around it that has one. */
function nameOf(element: XmlElement): string {
  for (let at: XmlElement | undefined = element; at; at = at.parent) {
    const id = at.attributes['id']
    if (id) return id
  }
  return element.name
}
