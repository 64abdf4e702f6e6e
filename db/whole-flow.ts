import { link } from '#bpmn/links.ts'
import type { Flow } from '#bpmn/flow.ts'
import type { CaseState } from '#bpmn/state.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'

/** A version with the flows that a case's call activities run in it: whoever names a case's elements has to know those as well. */
export async function wholeFlow(db: Database, flowVersionId: string, called: CaseState['called']): Promise<Flow> {
  const versionIds = new Set((called ?? []).flatMap(({ ref }) => ref.split('#')[0] || []))
  const [flow, ...others] = await Promise.all([flowVersionId, ...versionIds].map((id) => flowOfVersion(db, id)))
  if (!flow) throw new Error(`no flow version ${flowVersionId}`)
  const known = new Map([...versionIds].map((id, index) => [id, others[index]]))
  return link(flow, called, { flowOf: (id) => known.get(id) })
}

/** Where an element is in the drawing of the case's own flow: one of a called flow at the outermost call activity. */
export function drawnAt(called: CaseState['called'], elementId: string): string {
  // ids in BPMN have no "/"
  return called?.find(({ at, prefix }) => !at.includes('/') && elementId.startsWith(prefix))?.at ?? elementId
}
