import type { Json } from '#bpmn/case.ts'
import type { Database } from './database.ts'
import { notFound } from './refusal.ts'
import type { SignatureFault, SignatureRole, SignatureState } from './signatures.ts'
import { visibleTaskIn, type Viewer } from './visibility.ts'

/** As many as the signing program takes at once. */
export const MOST_ON_A_LIST = 200

/** A task that its holder's own signature completes, with the version that is to be signed. Instants are epoch ms. */
export interface TaskToSign {
  taskId: string
  formKey: string
  documentId: string | null
  /** What the draft answers, or is. */
  code: string | null
  subject: string | null
  agencyName: string | null
  urgency: number
  openedAt: number
  dueAt: number | null
  from: string | null
  /** The file: of which document, which version, its SHA-256. */
  draftDocumentId: string
  fileId: string
  fileName: string
  version: number
  sha256: string
  size: number
  mediaType: string
  /** The viewer has opened exactly this file. */
  read: boolean
}

/** What waits for the viewer's own signature, or for the seal, by due time. @param formKeys forms that a signature of this level completes */
export async function tasksToSign(
  db: Database,
  viewer: Viewer,
  level: 'personal' | 'organisation',
  formKeys: readonly string[],
): Promise<TaskToSign[]> {
  const { sql } = db
  return sql<TaskToSign[]>`
    select t.id as "taskId", t.form_key as "formKey", t.document_id as "documentId", d.code, d.subject, d.agency_name as "agencyName", t.urgency,
      floor(extract(epoch from t.opened_at) * 1000)::float8 as "openedAt", floor(extract(epoch from t.due_at) * 1000)::float8 as "dueAt",
      (select u.name from units u where u.id = coalesce(o.unit_id, d.unit_id)) as from,
      f.document_id as "draftDocumentId", f.id as "fileId", f.name as "fileName", f.version, f.sha256, c.size::float8 as size, c.media_type as "mediaType",
      exists (select 1 from document_views v where v.document_id = f.document_id and v.file_id = f.id and v.person_id = ${viewer.personId}) as read
    from tasks t join documents d on d.id = t.document_id
      join lateral (
        select f.* from document_files f where f.role = 'draft' and f.document_id in (select d.id
          union all select r.document_id from document_relations r where r.related_id = d.id and r.kind = 'answers')
        order by f.version desc limit 1
      ) f on true
      join files c on c.sha256 = f.sha256 join documents o on o.id = f.document_id
    where t.state = 'open' and t.form_key = any(${[...formKeys]}::text[]) and t.properties->>'imoit.signOff' = ${level}
      and (t.assignee_post = ${viewer.postId} or (t.assignee_post is null and t.candidate_groups && ${viewer.groups}::text[]))
      and ${visibleTaskIn(sql, viewer)}
      and not exists (select 1 from signatures s where s.task_id = t.id and s.role <> 'appendix' and s.state in ('signed', 'proven', 'ready'))
    order by t.due_at, t.urgency desc, t.id limit ${MOST_ON_A_LIST}`
}

/** Something ticked that could not be begun. */
export interface RefusedTask extends SignatureFault {
  taskId: string
}

export async function createSigningList(db: Database, viewer: Viewer): Promise<string> {
  const [row] = await db.sql<{ id: string }[]>`
    insert into signing_lists (person_id, post_id, created_at) values (${viewer.personId}, ${viewer.postId}, clock_timestamp()) returning id`
  if (!row) throw new Error('inserting a list wrote no row')
  return row.id
}

/** Puts acts that were begun together on a list of their own. @returns the list's id */
export async function listOfThese(db: Database, viewer: Viewer, acts: readonly { id: string }[]): Promise<string> {
  const listId = await createSigningList(db, viewer)
  await db.sql`update signatures set list_id = ${listId}, position = 0 where id = any(${acts.map(({ id }) => id)}::uuid[])`
  return listId
}

export async function keepRefused(db: Database, listId: string, refused: readonly RefusedTask[]): Promise<void> {
  if (refused.length === 0) return
  await db.sql`update signing_lists set refused = ${JSON.stringify(refused as unknown as Json)}::text::jsonb where id = ${listId}`
}

/** An entry of a list as its page shows it. */
export interface ListEntry {
  id: string
  taskId: string | null
  state: SignatureState
  fault: SignatureFault | null
  code: string | null
  subject: string
  fileName: string
  documentId: string
  /** Of the version to be signed, and of the signed one. */
  fileId: string
  signedFileId: string | null
  role: SignatureRole
  formKey: string | null
}

export interface SigningList {
  id: string
  createdAt: number
  refused: RefusedTask[]
  entries: ListEntry[]
}

/** A list of the viewer's own. @throws Refusal 404 */
export async function readSigningList(db: Database, viewer: Viewer, id: string): Promise<SigningList> {
  const [list] = await db.sql<Omit<SigningList, 'entries'>[]>`
    select id, refused, floor(extract(epoch from created_at) * 1000)::float8 as "createdAt" from signing_lists
    where id::text = ${id} and person_id = ${viewer.personId}`
  if (!list) throw notFound()
  const entries = await db.sql<ListEntry[]>`
    select s.id, s.task_id as "taskId", s.state, s.fault, coalesce(d.code, w.code) as code, coalesce(w.subject, d.subject) as subject, f.name as "fileName",
      s.document_id as "documentId", s.file_id as "fileId", s.signed_file_id as "signedFileId", s.role, t.form_key as "formKey"
    from signatures s join documents d on d.id = s.document_id join document_files f on f.id = s.file_id left join tasks t on t.id = s.task_id
      left join documents w on w.id = t.document_id
    where s.list_id = ${list.id} order by s.position, s.role <> 'appendix', f.name`
  return { ...list, entries: [...entries] }
}

export interface OpenList {
  id: string
  createdAt: number
  count: number
  /** What still asks for the key. */
  unsigned: number
  /** What the key has signed and is not done. */
  underWay: number
}

/** The viewer's lists that were broken off, newest first. */
export async function openLists(db: Database, viewer: Viewer): Promise<OpenList[]> {
  return db.sql<OpenList[]>`
    select l.id, floor(extract(epoch from l.created_at) * 1000)::float8 as "createdAt", count(*)::int as count,
      (count(*) filter (where s.state in ('waiting', 'prepared')))::int as unsigned,
      (count(*) filter (where s.state in ('signed', 'proven', 'ready')))::int as "underWay"
    from signing_lists l join signatures s on s.list_id = l.id where l.person_id = ${viewer.personId} and l.post_id = ${viewer.postId}
    group by l.id having bool_or(s.state in ('waiting', 'prepared', 'signed', 'proven', 'ready')) order by l.created_at desc limit 5`
}
