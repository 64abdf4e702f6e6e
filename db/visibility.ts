import { sql, type SQL, type SQLWrapper } from 'drizzle-orm'
import type { Sql } from 'postgres'

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

/** What writes SQL here: drizzle's `sql` and the driver's own take the same templates. */
type Write<Fragment> = (text: TemplateStringsArray, ...values: (Fragment | string | number)[]) => Fragment

/**
 * The one visibility predicate, on a documents row: own unit, own part in the case, clearance for the secrecy level.
 * Every list, count, search, page and download puts it in its WHERE.
 */
function visible<Fragment>(
  write: Write<Fragment>,
  viewer: Viewer,
  document: { id: Fragment; secrecy: Fragment },
): Fragment {
  const cleared = write`${document.secrecy} <= ${viewer.clearance}`
  if (viewer.seesAll) return cleared
  return write`(${cleared} and exists (select 1 from document_access access where access.document_id = ${document.id}
    and access.grantee in (${viewer.personId}::uuid, ${viewer.unitId}::uuid)))`
}

/** The predicate for queries through drizzle. */
export function visibleDocument(viewer: Viewer, document: { id: SQLWrapper; secrecy: SQLWrapper }): SQL {
  return visible<SQLWrapper>(sql, viewer, document) as SQL
}

type Statement = ReturnType<Sql>

/** The predicate for statements through the driver. `of` is the documents row's alias there. */
export function visibleDocumentIn(driver: Sql, viewer: Viewer, of: 'd' | 'seen' | 'reply'): Statement {
  const alias = driver(of)
  const write = driver as unknown as Write<Statement>
  return visible(write, viewer, { id: driver`${alias}.id`, secrecy: driver`${alias}.secrecy` })
}

/**
 * The predicate on the document of a tasks row `t`. Whose a task is, the query says beside it; a task without a document is only that.
 *
 * The counts of what waits (`inboxCount`, `navCounts`, `waitingCounts`) do without: they read thousands of rows each few seconds, from
 * an index that carries a copy of the secrecy. A trigger keeps the copy, and opening a task gives its people their part in the document,
 * so that both say the same of every task that waits.
 */
export function visibleTaskIn(driver: Sql, viewer: Viewer): Statement {
  return driver`(t.document_id is null or exists (select 1 from documents seen where seen.id = t.document_id and ${visibleDocumentIn(driver, viewer, 'seen')}))`
}
