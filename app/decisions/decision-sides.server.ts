import type { Database } from '#db/database.ts'
import { decisionDrawing } from '#db/decision-drafts.ts'
import { decisionVersion, decisionVersions } from '#db/decision-publications.ts'
import { notFound } from '#db/refusal.ts'
import { compareDecisions, type ComparedDecision } from './compare-decisions.ts'
import { readDrawnDecisions } from './drawn-tables.ts'

/** What can stand on one side of a comparison; `value` as it stands in the address: `draft`, or a version's number. */
export interface DecisionSide {
  value: string
  /** Null: what is being drawn. */
  version: number | null
  savedBy: string | null
}

/** What is being drawn, then the versions, the newest first. Throws Refusal `not-found`. */
export async function decisionSides(db: Database, modelId: string): Promise<DecisionSide[]> {
  const [drawing, versions] = await Promise.all([decisionDrawing(db, modelId), decisionVersions(db, modelId)])
  return [
    ...(drawing.revision > 0 ? [{ value: 'draft', version: null, savedBy: drawing.savedBy }] : []),
    ...versions.map(({ version }) => ({ value: String(version), version, savedBy: null })),
  ]
}

/** The drawing of a side. Throws Refusal `not-found`. */
export async function sideXml(db: Database, modelId: string, value: string): Promise<string> {
  if (value === 'draft') {
    const drawing = await decisionDrawing(db, modelId)
    if (drawing.revision === 0) throw notFound()
    return drawing.xml
  }
  if (!/^[1-9]\d{0,8}$/.test(value)) throw notFound()
  return (await decisionVersion(db, modelId, Number(value))).xml
}

/** `before`: null where there was nothing. */
export function compareXml(before: string | null, after: string): ComparedDecision[] {
  return compareDecisions(before === null ? [] : readDrawnDecisions(before), readDrawnDecisions(after))
}
