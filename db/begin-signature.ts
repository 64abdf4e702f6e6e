import type { Json } from '#bpmn/case.ts'
import type { Sql, TransactionSql } from 'postgres'
import { draftedAppendices, isSignable } from './appendices.ts'
import type { Database } from './database.ts'
import { draftChanged, draftVersions, type DraftVersion } from './draft-versions.ts'
import { notFound, Refusal, taskHasEnded, taskIsNotYours } from './refusal.ts'
import {
  signatureActs,
  type AnySql,
  type ChosenPlace,
  type CopyRole,
  type SignatureAct,
  type SignatureState,
  type TaskRole,
} from './signatures.ts'
import type { StepScope } from './step.ts'
import { visibleDocumentIn, type Viewer } from './visibility.ts'

export interface NewSignature {
  taskId: string
  /** Of the version that was shown. */
  sha256: string
  role: TaskRole
  certificateId: string
  competence: string | null
  delegationId: string | null
  place: ChosenPlace | null
  completion: Record<string, Json>
  listId?: string
  position?: number
}

/**
 * Begins an act for an open task of the viewer's, on exactly the version that was shown. One that was begun and never signed is
 * dropped for it; one that the key has signed already is answered with, to be gone on with: nothing is signed twice.
 * With the seal goes an act for each appendix in a file of its own. Throws Refusal `draft-changed`, `being-signed`, and those of a
 * task that is gone.
 */
export async function beginSignature(db: Database, viewer: Viewer, wanted: NewSignature): Promise<SignatureAct> {
  return db.sql.begin(async (sql) => {
    const [task] = await sql<
      {
        caseId: string
        documentId: string | null
        state: string
        mine: boolean
        candidate: boolean
        by: string | null
      }[]
    >`
      select t.case_id as "caseId", t.document_id as "documentId", t.state,
        t.assignee_post = ${viewer.postId} or (t.assignee_post is null and t.candidate_groups && ${viewer.groups}::text[]) as mine,
        t.candidate_groups && ${viewer.groups}::text[] as candidate, (select full_name from persons n where n.id = t.ended_by_person) as by
      from tasks t join case_states s on s.case_id = t.case_id where t.id = ${wanted.taskId} for update of s`
    if (!task || (!task.mine && !task.candidate)) throw notFound()
    if (task.state !== 'open') throw taskHasEnded(task.by)
    if (!task.mine) throw taskIsNotYours()
    const [live] = await sql<{ id: string; state: SignatureState; personId: string }[]>`
      select id, state, person_id as "personId" from signatures
      where task_id = ${wanted.taskId} and role <> 'appendix' and state not in ('failed', 'dropped') for update`
    if (live && live.state !== 'waiting' && live.state !== 'prepared') {
      if (live.personId !== viewer.personId) throw beingSigned()
      const [act] = await sql<SignatureAct[]>`${signatureActs(sql)} where s.id = ${live.id}`
      await beginAppendices(sql, act!)
      return act!
    }
    if (live) await sql`update signatures set state = 'dropped' where id = ${live.id}`
    const newest = task.documentId ? await newestOf(sql, task.documentId) : null
    if (!newest || !(await followsBySignatures(sql, newest.documentId, wanted.sha256, newest.sha256)))
      throw draftChanged()
    const [begun] = await sql<{ id: string }[]>`
      insert into signatures (document_id, file_id, sha256, case_id, task_id, list_id, position, role, person_id, post_id, certificate_id,
        competence, delegation_id, state, place, completion, created_at)
      values (${newest.documentId}, ${newest.fileId}, ${newest.sha256}, ${task.caseId}, ${wanted.taskId}, ${wanted.listId ?? null},
        ${wanted.position ?? 0}, ${wanted.role}, ${viewer.personId}, ${viewer.postId}, ${wanted.certificateId}, ${wanted.competence},
        ${wanted.delegationId}, 'waiting', ${wanted.place && JSON.stringify(wanted.place)}::text::jsonb, ${JSON.stringify(wanted.completion)}::text::jsonb, clock_timestamp()) returning id`
    const [act] = await sql<SignatureAct[]>`${signatureActs(sql)} where s.id = ${begun!.id}`
    await beginAppendices(sql, act!)
    return act!
  })
}

/** Beside the seal: an act for each appendix that the same certificate has not signed already; one of another is made anew. */
async function beginAppendices(sql: TransactionSql, seal: SignatureAct): Promise<void> {
  if (seal.role !== 'organisation') return
  await sql`update signatures set state = 'dropped' where task_id = ${seal.taskId} and role = 'appendix'
    and (state in ('waiting', 'prepared') or (state not in ('failed', 'dropped', 'embedded') and certificate_id <> ${seal.certificateId}))`
  const appendices = (await draftedAppendices({ sql }, seal.documentId)).filter(isSignable)
  if (appendices.length === 0) return
  await sql`
    insert into signatures (document_id, file_id, sha256, case_id, task_id, list_id, position, role, person_id, post_id, certificate_id, state, completion, created_at)
    select s.document_id, f.id, f.sha256, s.case_id, s.task_id, s.list_id, s.position, 'appendix', s.person_id, s.post_id, s.certificate_id, 'waiting', '{}', clock_timestamp()
    from signatures s join document_files f on f.id = any(${appendices.map(({ fileId }) => fileId)}::uuid[])
    where s.id = ${seal.id} and not exists (
      select 1 from signatures o where o.file_id = f.id and o.role = 'appendix' and o.state not in ('failed', 'dropped'))`
}

/** A PDF of a document with what was certified of it. */
export interface FileToCertify {
  fileId: string
  name: string
  size: number
  certified: CopyRole[]
}

/** The PDFs of a document that the registry may certify a copy of. Nothing of a document that is still drafted. */
export async function filesToCertify(db: Database, viewer: Viewer, documentId: string): Promise<FileToCertify[]> {
  return db.sql<FileToCertify[]>`
    select f.id as "fileId", f.name, c.size::float8 as size,
      array(select s.role from signatures s where s.file_id = f.id and s.role in ('copy', 'received') and s.state = 'embedded') as certified
    from document_files f join documents d on d.id = f.document_id join files c on c.sha256 = f.sha256
    where d.id::text = ${documentId} and f.role in ('main', 'attachment') and d.state <> 'draft' and c.media_type = 'application/pdf'
      and ${visibleDocumentIn(db.sql, viewer, 'd')} order by f.role = 'main' desc, f.name, f.version`
}

export interface NewCopy {
  documentId: string
  fileId: string
  role: CopyRole
  certificateId: string
}

/**
 * Begins the organisation's signature on a copy of a file of a document that the viewer sees. One that was begun and never signed is
 * dropped for it; one that the key has signed already is answered with. Throws Refusal 404, `copy-exists`, `being-signed`.
 */
export async function beginCopy(db: Database, viewer: Viewer, wanted: NewCopy): Promise<SignatureAct> {
  return db.sql.begin(async (sql) => {
    const [file] = await sql<{ sha256: string }[]>`
      select f.sha256 from document_files f join documents d on d.id = f.document_id join files c on c.sha256 = f.sha256
      where f.id = ${wanted.fileId} and d.id = ${wanted.documentId} and f.role in ('main', 'attachment') and d.state <> 'draft' and c.media_type = 'application/pdf'
        and (${wanted.role === 'copy'} or (d.direction = 'incoming' and d.register_number is not null))
        and ${visibleDocumentIn(sql as unknown as Database['sql'], viewer, 'd')} for update of f`
    if (!file) throw notFound()
    const [live] = await sql<{ id: string; state: SignatureState; personId: string }[]>`
      select id, state, person_id as "personId" from signatures
      where file_id = ${wanted.fileId} and role = ${wanted.role} and state not in ('failed', 'dropped')`
    if (live?.state === 'embedded') throw copyExists()
    if (live && live.state !== 'waiting' && live.state !== 'prepared') {
      if (live.personId !== viewer.personId) throw beingSigned()
      const [act] = await sql<SignatureAct[]>`${signatureActs(sql)} where s.id = ${live.id}`
      return act!
    }
    if (live) await sql`update signatures set state = 'dropped' where id = ${live.id}`
    const [begun] = await sql<{ id: string }[]>`
      insert into signatures (document_id, file_id, sha256, role, person_id, post_id, certificate_id, state, completion, created_at)
      values (${wanted.documentId}, ${wanted.fileId}, ${file.sha256}, ${wanted.role}, ${viewer.personId}, ${viewer.postId}, ${wanted.certificateId},
        'waiting', '{}', clock_timestamp()) returning id`
    const [act] = await sql<SignatureAct[]>`${signatureActs(sql)} where s.id = ${begun!.id}`
    return act!
  })
}

const copyExists = () =>
  new Refusal('copy-exists', 409, {
    vi: 'Tệp này đã có bản được ký xác nhận, xem trong danh sách tệp của văn bản; chưa ký thêm gì.',
    en: 'There is a certified copy of this file already, among the files of the document; nothing more was signed.',
  })

/**
 * Whether a version is another with nothing but signatures added since: of co-signers side by side the second signs on top of the
 * first, what both were shown is the same.
 */
export async function followsBySignatures(
  sql: AnySql | StepScope['sql'],
  documentId: string,
  from: string,
  to: string,
): Promise<boolean> {
  if (from === to) return true
  const found = await (sql as Sql)`
    with recursive later (sha256) as (
      select signed_sha256 from signatures where document_id = ${documentId} and sha256 = ${from} and state = 'embedded'
      union select s.signed_sha256 from later join signatures s on s.document_id = ${documentId} and s.sha256 = later.sha256 and s.state = 'embedded'
    ) select 1 from later where sha256 = ${to}`
  return found.length > 0
}

const newestOf = async (sql: TransactionSql, documentId: string): Promise<DraftVersion | null> => {
  const [newest] = await draftVersions({ sql: sql as unknown as Database['sql'] }, documentId)
  return newest ?? null
}

const beingSigned = () =>
  new Refusal('being-signed', 409, {
    vi: 'Người khác đang ký văn bản này; chưa có gì thay đổi. Hãy tải lại trang sau ít phút để xem kết quả.',
    en: 'Somebody else is signing this document; nothing was changed. Reload the page in a few minutes to see the result.',
  })
