import { sql } from 'drizzle-orm'
import { visibleDocument, type Viewer } from './visibility.ts'

/** A case on a list of the whole ministry's. Of its document there is only what the viewer may see. */
export interface ListedCase {
  caseId: string
  flowId: string
  flowName: string
  flowNameEn: string
  flowVersion: number
  documentId: string | null
  documentCode: string | null
  registerNumber: number | null
}

/** The columns of a ListedCase, of a case `c` with `listedCaseJoins`. */
export const listedCaseColumns = sql`c.id as "caseId", v.flow_id as "flowId", v.name as "flowName", v.name_en as "flowNameEn",
  v.version as "flowVersion", d.id as "documentId", d.code as "documentCode", d.register_number as "registerNumber"`

/** Its flow version `v`, and its document `d` where the viewer may see that. */
export const listedCaseJoins = (viewer: Viewer) => sql`join flow_versions v on v.id = c.flow_version_id
  left join documents d on d.id = c.document_id and ${visibleDocument(viewer, { id: sql`d.id`, secrecy: sql`d.secrecy` })}`
