import type { Database } from './database.ts'
import { Refusal } from './refusal.ts'
import type { StepScope } from './step.ts'

export interface DraftVersion {
  documentId: string
  fileId: string
  version: number
  name: string
  sha256: string
  size: number
  mediaType: string
  addedBy: string | null
  /** epoch ms */
  addedAt: number
}

/**
 * The drafts that a case about a document is working on, newest first: of the reply to it, or of the document itself where that is
 * drafted here.
 */
export async function draftVersions(db: Pick<Database, 'sql'>, documentId: string): Promise<DraftVersion[]> {
  return db.sql<DraftVersion[]>`
    select f.document_id as "documentId", f.id as "fileId", f.version, f.name, f.sha256, c.size::float8 as size, c.media_type as "mediaType",
      n.full_name as "addedBy", floor(extract(epoch from f.added_at) * 1000)::float8 as "addedAt"
    from document_files f join files c on c.sha256 = f.sha256
      left join posts p on p.id = f.added_by_post left join persons n on n.id = p.person_id
    where f.role = 'draft' and f.document_id in (select ${documentId}::uuid
      union all select r.document_id from document_relations r where r.related_id = ${documentId} and r.kind = 'answers')
    order by f.version desc`
}

/** The newest draft of the reply, read under the case's lock. */
export async function newestDraft(scope: Pick<StepScope, 'sql' | 'documentId'>): Promise<DraftVersion | null> {
  if (!scope.documentId) return null
  const [newest] = await draftVersions({ sql: scope.sql as unknown as Database['sql'] }, scope.documentId)
  return newest ?? null
}

export const draftChanged = () =>
  new Refusal('draft-changed', 409, {
    vi: 'Bản dự thảo đã có phiên bản mới sau khi đồng chí mở trang này, nên chưa có gì được ghi. Hãy tải lại trang, xem phiên bản mới rồi quyết định.',
    en: 'There is a newer version of the draft than the one you were shown, so nothing was recorded. Reload the page, look at it, then decide.',
  })

/** A version is added by whoever has the drafting task, while it is open. */
export const draftNotYours = () =>
  new Refusal('draft-not-yours', 409, {
    vi: 'Việc soạn thảo này không còn mở cho đồng chí nên bản dự thảo chưa được lưu. Hãy mở lại việc để xem hiện trạng.',
    en: 'This drafting task is no longer open to you, so the draft was not kept. Open the task again to see where it stands.',
  })
