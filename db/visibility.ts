import { sql, type SQL, type SQLWrapper } from 'drizzle-orm'

/** The person as the database sees them: who, in which post, and what that lets them see. */
export interface Viewer {
  personId: string
  postId: string
  unitId: string
  unitCode: string
  role: string
  /** Relations the post answers to. */
  groups: string[]
  /** Highest secrecy level they may see. */
  clearance: number
  /** The post's work covers every document of the ministry (registry, Office, leaders). */
  seesAll: boolean
}

/** Roles whose work is the whole ministry's documents (NĐ 30/2020 Điều 4, 22–24: registry, Office, leadership). */
export const rolesThatSeeAll: ReadonlySet<string> = new Set([
  'minister',
  'deputy-minister',
  'chief-of-office',
  'deputy-chief-of-office',
  'ministry-clerk',
  'office-monitor',
])

/**
 * The one visibility predicate, on a documents row: own unit, own part in the case, clearance for the secrecy level.
 * Every list, count, search, page and download puts it in its WHERE.
 */
export function visibleDocument(viewer: Viewer, document: { id: SQLWrapper; secrecy: SQLWrapper }): SQL {
  const cleared = sql`${document.secrecy} <= ${viewer.clearance}`
  if (viewer.seesAll) return cleared
  return sql`(${cleared} and exists (select 1 from document_access access where access.document_id = ${document.id}
    and access.grantee in (${viewer.personId}::uuid, ${viewer.unitId}::uuid)))`
}
