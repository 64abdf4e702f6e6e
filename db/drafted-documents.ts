import type { Database } from './database.ts'
import { draftNotYours } from './draft-versions.ts'
import { MINISTRY } from './outgoing.ts'
import { documentSearchText } from './search-text.ts'
import type { StoredContent } from './start-document.ts'
import type { StepScope } from './step.ts'
import type { Viewer } from './visibility.ts'

export interface DraftedDocument {
  direction: 'outgoing' | 'internal'
  subject: string
  kindCode: string | null
  /** "Nơi nhận" as it is written. */
  recipients: string | null
  /** 0 none … 3 Hỏa tốc (NĐ 30/2020 Điều 8). */
  urgency: number
  note: string | null
  unitId: string
  postId: string
  /** The first versions of what is drafted, as it was written and as PDF; none where the document's text is entered. */
  drafts: StoredContent[]
  attachments: StoredContent[]
}

/** A document that is drafted here with its files, made in the transaction that starts its case. @returns its id */
export async function insertDrafted(scope: Pick<StepScope, 'sql' | 'now'>, made: DraftedDocument): Promise<string> {
  const { sql } = scope
  const at = sql`to_timestamp(${scope.now}::float8 / 1000)`
  const [row] = await sql<{ id: string }[]>`
    insert into documents (direction, state, source, kind_code, subject, agency_code, agency_name, received_at, recipients, urgency, note, unit_id, search,
      created_by_post, created_at)
    values (${made.direction}, 'draft', 'internal', ${made.kindCode}, ${made.subject}, ${MINISTRY.code}, ${MINISTRY.name}, ${at}, ${made.recipients}, ${made.urgency},
      ${made.note}, ${made.unitId}, ${documentSearchText({ code: null, agencyName: MINISTRY.name, subject: made.subject })}, ${made.postId}, ${at}) returning id`
  if (!row) throw new Error('inserting a drafted document wrote no row')
  const files = [
    ...made.drafts.map((file, index) => ({ ...file, role: 'draft', version: index + 1 })),
    // Two attachments of one name stand beside each other as versions.
    ...made.attachments.map((file, index) => {
      const version = 1 + made.attachments.slice(0, index).filter(({ name }) => name === file.name).length
      return { ...file, role: 'attachment', version }
    }),
  ]
  const named = JSON.stringify(files)
  if (files.length > 0) {
    await sql`insert into files (sha256, size, media_type, created_at)
      select distinct on (sha256) sha256, size, "mediaType", ${at} from jsonb_to_recordset(${named}::text::jsonb) as f(sha256 text, size bigint, "mediaType" text)
      on conflict do nothing`
    await sql`insert into document_files (document_id, role, name, sha256, version, added_by_post, added_at)
      select ${row.id}, role, name, sha256, version, ${made.postId}, ${at}
      from jsonb_to_recordset(${named}::text::jsonb) as f(role text, name text, sha256 text, version int)`
  }
  await sql`insert into document_access (document_id, grantee, since) values (${row.id}, ${made.unitId}, ${at}) on conflict do nothing`
  return row.id
}

/** Forms with which somebody works on a document of their own. */
const ownDraftForms = ['outgoing.revise', 'slip.revise']

/** Does a task of this form take new versions of its own document? */
export const takesOwnDrafts = (formKey: string | null): boolean => formKey !== null && ownDraftForms.includes(formKey)

/** Adds a version of a document's draft for the task at hand: work has begun then. */
export async function addOwnDraftVersion(
  db: Database,
  viewer: Viewer,
  draft: StoredContent & { taskId: string },
): Promise<{ documentId: string; version: number }> {
  return db.sql.begin(async (sql) => {
    const [task] = await sql<{ documentId: string; now: number }[]>`
      select t.document_id as "documentId", floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now
      from tasks t join case_states s on s.case_id = t.case_id
      where t.id = ${draft.taskId} and t.state = 'open' and t.form_key = any(${ownDraftForms}::text[]) and t.assignee_post = ${viewer.postId}
        and t.document_id is not null for update of s, t`
    if (!task) throw draftNotYours()
    const at = sql`to_timestamp(${task.now}::float8 / 1000)`
    await sql`insert into files (sha256, size, media_type, created_at) values (${draft.sha256}, ${draft.size}, ${draft.mediaType}, ${at}) on conflict do nothing`
    const [added] = await sql<{ version: number }[]>`
      insert into document_files (document_id, role, name, sha256, version, added_by_post, added_at)
      select ${task.documentId}, 'draft', ${draft.name}, ${draft.sha256}, coalesce(max(version), 0) + 1, ${viewer.postId}, ${at}
      from document_files where document_id = ${task.documentId} and role = 'draft' returning version`
    await sql`update tasks set begun_at = coalesce(begun_at, ${at}) where id = ${draft.taskId}`
    return { documentId: task.documentId, version: added?.version ?? 1 }
  })
}
