import { checkFlow } from '#bpmn/check.ts'
import type { Finding } from '#bpmn/finding.ts'
import { parseBpmn } from '#bpmn/parse.ts'
import type { Database } from '#db/database.ts'
import { checkForPublishing, knownServices } from '#db/flow-check.ts'
import { taskForms } from '../forms/complete-form.ts'

const keyOf = ({ rule, elementId, en }: Finding) => JSON.stringify([rule, elementId, en])

/**
 * What publishing would say of a drawing that only the office knows: whether anybody can take its tasks, whether the flows and
 * decisions that it names are there. The rest, also that a drawing cannot be read, the page finds by itself.
 */
export async function officeFindings(db: Database, xml: string): Promise<Finding[]> {
  const parsed = await parseBpmn(xml)
  if (!parsed.ok) return []
  const drawn = new Set(parsed.flows.flatMap((flow) => checkFlow(flow, { serviceTypes: knownServices })).map(keyOf))
  const all = await checkForPublishing(db.sql, parsed.flows, taskForms)
  return all.filter((finding) => !drawn.has(keyOf(finding)))
}
