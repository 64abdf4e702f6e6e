import { sql } from 'drizzle-orm'
import { nowSql } from './clock.ts'
import type { Database } from './database.ts'
import { notFound } from './refusal.ts'
import { documents } from './tables/documents.ts'
import { visibleDocument, type Viewer } from './visibility.ts'

/**
 * Records that somebody looked at a document, and that their unit has opened it. Another look within a minute is the same one
 * (a page that is loaded again after a form). The caller has made sure that they may see it.
 */
export async function recordView(db: Database, viewer: Viewer, documentId: string): Promise<void> {
  await db.orm.execute(sql`
    with moment as (select ${nowSql} as now), opened as (
      update document_parts set opened_at = moment.now, opened_by = ${viewer.personId} from moment
      where document_id = ${documentId} and unit_id = ${viewer.unitId} and opened_at is null
    )
    insert into document_views (document_id, person_id, post_id, act, at)
    select ${documentId}, ${viewer.personId}, ${viewer.postId}, 'view', now from moment
    where not exists (select 1 from document_views v where v.document_id = ${documentId} and v.person_id = ${viewer.personId}
      and v.act = 'view' and v.file_id is null and v.at > moment.now - interval '1 minute' and v.at <= moment.now)`)
}

export interface FileContent {
  documentId: string
  fileId: string
  name: string
  mediaType: string
  /** hex */
  sha256: string
  size: number
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** @throws Refusal `not-found` where the document is not the viewer's to see, or has no such file */
export async function fileContent(
  db: Database,
  viewer: Viewer,
  { documentId, fileId }: { documentId: string; fileId: string },
): Promise<FileContent> {
  if (!uuid.test(documentId) || !uuid.test(fileId)) throw notFound()
  const [row] = await db.orm.execute<Record<string, unknown>>(sql`
    select documents.id as "documentId", f.id as "fileId", f.name, c.media_type as "mediaType", c.sha256, c.size::float8 as size
    from documents join document_files f on f.document_id = documents.id join files c on c.sha256 = f.sha256
    where documents.id = ${documentId} and f.id = ${fileId} and ${visibleDocument(viewer, documents)}`)
  if (!row) throw notFound()
  return row as unknown as FileContent
}

/**
 * Records that somebody read a file in its page (`view`) or took it (`download`). A reader fetches a long PDF in pieces, and again
 * with the page: within a minute they are one.
 */
export async function recordFile(
  db: Database,
  viewer: Viewer,
  file: { documentId: string; fileId: string },
  act: 'view' | 'download',
): Promise<void> {
  await db.orm.execute(sql`
    with moment as (select ${nowSql} as now)
    insert into document_views (document_id, person_id, post_id, act, file_id, at)
    select ${file.documentId}, ${viewer.personId}, ${viewer.postId}, ${act}, ${file.fileId}::uuid, now from moment
    where not exists (select 1 from document_views v where v.document_id = ${file.documentId} and v.person_id = ${viewer.personId}
      and v.act = ${act} and v.file_id = ${file.fileId}::uuid and v.at > moment.now - interval '1 minute' and v.at <= moment.now)`)
}

export interface DocumentView {
  fullName: string
  title: string | null
  titleEn: string | null
  unitName: string | null
  unitNameEn: string | null
  act: 'view' | 'download'
  fileName: string | null
  at: number
}

/** Who looked and who took a file, newest first; for those whose work is the whole ministry's documents. */
export async function documentViews(
  db: Database,
  viewer: Viewer,
  documentId: string,
  limit = 100,
): Promise<DocumentView[]> {
  if (!viewer.seesAll) return []
  const rows = await db.orm.execute<Record<string, unknown>>(sql`
    select n.full_name as "fullName", p.title, p.title_en as "titleEn", u.name as "unitName", u.name_en as "unitNameEn", v.act, f.name as "fileName",
      floor(extract(epoch from v.at) * 1000)::float8 as at
    from document_views v join documents on documents.id = v.document_id join persons n on n.id = v.person_id left join posts p on p.id = v.post_id
      left join units u on u.id = p.unit_id left join document_files f on f.id = v.file_id
    where v.document_id = ${documentId} and ${visibleDocument(viewer, documents)} order by v.at desc limit ${limit}`)
  return rows as unknown as DocumentView[]
}
