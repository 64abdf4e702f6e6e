import type { Database } from './database.ts'
import { draftNotYours } from './draft-versions.ts'
import { Refusal } from './refusal.ts'
import type { AnySql } from './signatures.ts'
import type { StoredContent } from './start-document.ts'
import type { Viewer } from './visibility.ts'

/** An appendix in a file of its own, of a document that is drafted here (NĐ 30/2020, Phụ lục I). */
export interface Appendix {
  documentId: string
  fileId: string
  name: string
  version: number
  sha256: string
  size: number
  mediaType: string
}

/** A page of a document shows no more of them; nor are more taken. */
export const MOST_APPENDICES = 20

/** Forms with which somebody works on a draft and what goes with it. */
const draftingForms = ['incoming.handle', 'outgoing.revise']

/**
 * The appendices of what a case drafts: of the reply to a document, or of the document itself where that is drafted here. Of one that
 * was sealed the sealed file.
 */
export async function draftedAppendices(db: { sql: AnySql }, documentId: string): Promise<Appendix[]> {
  return (db.sql as Database['sql'])<Appendix[]>`
    select f.document_id as "documentId", f.id as "fileId", f.name, f.version, f.sha256, c.size::float8 as size, c.media_type as "mediaType"
    from document_files f join files c on c.sha256 = f.sha256 join documents d on d.id = f.document_id
    where f.role = 'attachment' and d.direction <> 'incoming' and d.id in (select ${documentId}::uuid
      union all select r.document_id from document_relations r where r.related_id = ${documentId} and r.kind = 'answers')
      and not exists (select 1 from signatures s where s.file_id = f.id and s.role = 'appendix' and s.state = 'embedded')
    order by f.name, f.version`
}

/** Adds an appendix to what is drafted in an open task of the viewer's. Throws Refusal `draft-not-yours`, `draft-first`, `too-many-appendices`. */
export async function addAppendix(
  db: Database,
  viewer: Viewer,
  appendix: StoredContent & { taskId: string },
): Promise<void> {
  await db.sql.begin(async (sql) => {
    const { documentId, now } = await drafted(sql, viewer, appendix.taskId)
    const known = await draftedAppendices({ sql }, documentId)
    if (known.length >= MOST_APPENDICES) throw tooMany()
    const at = sql`to_timestamp(${now}::float8 / 1000)`
    const { sha256, size, mediaType, name } = appendix
    await sql`insert into files (sha256, size, media_type, created_at) values (${sha256}, ${size}, ${mediaType}, ${at}) on conflict do nothing`
    await sql`insert into document_files (document_id, role, name, sha256, version, added_by_post, added_at)
      select ${documentId}, 'attachment', ${name}, ${sha256}, coalesce(max(version), 0) + 1, ${viewer.postId}, ${at}
      from document_files where document_id = ${documentId} and role = 'attachment' and name = ${name}`
    await sql`update tasks set begun_at = coalesce(begun_at, ${at}) where id = ${appendix.taskId}`
  })
}

/** Takes an appendix away that nobody has sealed. Asked again it changes nothing. Throws Refusal `draft-not-yours`. */
export async function removeAppendix(db: Database, viewer: Viewer, taskId: string, fileId: string): Promise<void> {
  await db.sql.begin(async (sql) => {
    const { documentId } = await drafted(sql, viewer, taskId)
    // What is left of tries to seal it goes with it.
    await sql`delete from signatures where file_id = ${fileId} and document_id = ${documentId} and role = 'appendix' and state <> 'embedded'`
    await sql`delete from document_files where id = ${fileId} and document_id = ${documentId} and role = 'attachment'
      and not exists (select 1 from signatures where file_id = ${fileId} or signed_file_id = ${fileId})`
  })
}

/** The document that the task at hand drafts, under its case's lock. */
async function drafted(sql: AnySql, viewer: Viewer, taskId: string): Promise<{ documentId: string; now: number }> {
  const [task] = await (sql as Database['sql'])<{ documentId: string | null; now: number }[]>`
    select floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now,
      (select d.id from documents d where d.direction <> 'incoming' and (d.id = t.document_id
        or d.id in (select r.document_id from document_relations r where r.related_id = t.document_id and r.kind = 'answers')) limit 1) as "documentId"
    from tasks t join case_states s on s.case_id = t.case_id
    where t.id = ${taskId} and t.state = 'open' and t.form_key = any(${draftingForms}::text[]) and t.assignee_post = ${viewer.postId} for update of s, t`
  if (!task) throw draftNotYours()
  if (!task.documentId) throw draftFirst()
  return { documentId: task.documentId, now: task.now }
}

/** Only a PDF carries a signature. */
export const isSignable = ({ mediaType }: { mediaType: string }): boolean => mediaType === 'application/pdf'

/** An appendix is signed as the document is. Throws Refusal `appendix-not-pdf`. */
export function requireSignable(appendices: readonly { name: string; mediaType: string }[]): void {
  const other = appendices.find((appendix) => !isSignable(appendix))
  if (!other) return
  const sentence = {
    vi: `Phụ lục phải là PDF để ký số được, mà “${other.name}” thì không; chưa có gì được lưu. Hãy xuất PDF rồi tải lên lại.`,
    en: `An appendix has to be a PDF, so that it can be signed, and “${other.name}” is none; nothing was kept. Export it as PDF and upload that.`,
  }
  throw new Refusal('appendix-not-pdf', 422, sentence, { appendix: sentence })
}

const draftFirst = () =>
  new Refusal('draft-first', 409, {
    vi: 'Chưa có bản dự thảo nên chưa thêm được phụ lục. Hãy tải lên bản dự thảo trước.',
    en: 'There is no draft yet, so the appendix was not kept. Upload the draft first.',
  })

const tooMany = () =>
  new Refusal('too-many-appendices', 422, {
    vi: `Mỗi văn bản có nhiều nhất ${MOST_APPENDICES} tệp phụ lục nên tệp này chưa được lưu. Hãy gộp bớt các phụ lục.`,
    en: `A document has at most ${MOST_APPENDICES} files of appendices, so this one was not kept. Put some of them together.`,
  })
