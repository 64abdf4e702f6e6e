import type { Database } from '#db/database.ts'
import { draftRevision, openDrafts, readDraft } from '#db/flow-drafts.ts'
import { publishedVersions, versionDrawing } from '#db/flow-publications.ts'
import { notFound } from '#db/refusal.ts'

/** A drawing that can stand on one side of a comparison. */
export interface Side {
  name: string
  xml: string
  version: number | null
  revision: number | null
}

export interface SideChoice {
  /** As it stands in the address. */
  value: string
  version: number | null
  savedBy: string | null
}

/** `7`, `draft:<id>` or `draft:<id>:<revision>`. Throws Refusal `not-found`. */
export async function sideDrawing(db: Database, flowId: string, value: string): Promise<Side> {
  const [, id, revision] = /^draft:([0-9a-f-]{36})(?::(\d{1,9}))?$/.exec(value) ?? []
  if (id !== undefined) {
    const draft = await readDraft(db, id)
    if (revision === undefined) return { name: draft.name, xml: draft.xml, version: null, revision: draft.revision }
    return {
      name: draft.name,
      xml: await draftRevision(db, id, Number(revision)),
      version: null,
      revision: Number(revision),
    }
  }
  if (!/^[1-9]\d{0,8}$/.test(value)) throw notFound()
  const { xml, version, name } = await versionDrawing(db, flowId, Number(value))
  return { name, xml, version, revision: null }
}

/** What can be compared of a flow: the drafts that are being drawn, then its versions, the newest first. */
export async function compareChoices(db: Database, flowId: string): Promise<SideChoice[]> {
  const [drafts, versions] = await Promise.all([openDrafts(db, flowId), publishedVersions(db, flowId)])
  return [
    ...drafts.map(({ id, savedBy }) => ({ value: `draft:${id}`, version: null, savedBy })),
    ...versions.map((version) => ({ value: String(version), version, savedBy: null })),
  ]
}
