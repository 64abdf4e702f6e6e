import { randomUUID } from 'node:crypto'
import type { Json } from '#bpmn/case.ts'
import type { Sql, TransactionSql } from 'postgres'
import { requireUsable } from './certificates.ts'
import type { Database } from './database.ts'
import { draftChanged, draftVersions, type DraftVersion } from './draft-versions.ts'
import { notFound, Refusal, taskHasEnded, taskIsNotYours, type Sentence } from './refusal.ts'
import type { LockedTask, StepScope } from './step.ts'
import type { Viewer } from './visibility.ts'

/** What a step asks of whoever completes it (`imoit.signOff`): a recorded agreement, their own signature, the organisation's seal. */
export const signOffLevels = ['approve', 'personal', 'organisation'] as const
export type SignOffLevel = (typeof signOffLevels)[number]

/** What the step asks of whoever completes it; without a word of the flow an agreement that is recorded. */
export function signOffLevel(properties: Record<string, string>): SignOffLevel {
  const level = properties['imoit.signOff']
  return signOffLevels.find((each) => each === level) ?? 'approve'
}

export type SignatureRole = 'person' | 'initial' | 'organisation'
export type SignatureState = 'waiting' | 'prepared' | 'signed' | 'proven' | 'ready' | 'embedded' | 'failed' | 'dropped'

/** Why an act does not go on, for whoever looks at it. */
export interface SignatureFault extends Sentence {
  code: string
}

/** An act of signing as it is kept. What the stages left is JSON of their own (`signing/prepared.ts`). */
export interface SignatureAct {
  id: string
  documentId: string
  fileId: string
  /** Of the version that was shown, hex. */
  sha256: string
  fileName: string
  caseId: string
  taskId: string
  elementId: string
  formKey: string | null
  listId: string | null
  position: number
  role: SignatureRole
  personId: string
  postId: string
  certificateId: string
  competence: string | null
  delegationId: string | null
  state: SignatureState
  completion: Record<string, Json>
  preparedSha256: string | null
  prepared: Json | null
  value: Json | null
  evidence: Json | null
  signedSha256: string | null
  signedSize: number | null
  fault: SignatureFault | null
}

type AnySql = Sql | TransactionSql

const acts = (sql: AnySql) => sql`
  select s.id, s.document_id as "documentId", s.file_id as "fileId", s.sha256, f.name as "fileName", s.case_id as "caseId", s.task_id as "taskId",
    t.element_id as "elementId", t.form_key as "formKey", s.list_id as "listId", s.position, s.role, s.person_id as "personId", s.post_id as "postId",
    s.certificate_id as "certificateId", s.competence, s.delegation_id as "delegationId", s.state, s.completion,
    s.prepared_sha256 as "preparedSha256", s.prepared, s.value, s.evidence, s.signed_sha256 as "signedSha256", s.signed_size::float8 as "signedSize", s.fault
  from signatures s join document_files f on f.id = s.file_id join tasks t on t.id = s.task_id`

export async function readSignature(db: Database, id: string): Promise<SignatureAct | null> {
  const [act] = await db.sql<SignatureAct[]>`${acts(db.sql)} where s.id = ${id}`
  return act ?? null
}

/** The act that is under way for a task, if there is one. */
export async function liveSignature(db: Pick<Database, 'sql'>, taskId: string): Promise<SignatureAct | null> {
  const [act] = await db.sql<SignatureAct[]>`
    ${acts(db.sql)} where s.task_id = ${taskId} and s.state not in ('failed', 'dropped')`
  return act ?? null
}

/** The acts of a list, in its order. */
export async function signaturesOfList(db: Database, listId: string): Promise<SignatureAct[]> {
  return db.sql<SignatureAct[]>`${acts(db.sql)} where s.list_id = ${listId} order by s.position`
}

export interface NewSignature {
  taskId: string
  /** Of the version that was shown. */
  sha256: string
  role: SignatureRole
  certificateId: string
  competence: string | null
  delegationId: string | null
  completion: Record<string, Json>
  listId?: string
  position?: number
}

/**
 * Begins an act for an open task of the viewer's, on exactly the version that was shown. One that was begun and never signed is
 * dropped for it; one that the key has signed already is answered with, to be gone on with: nothing is signed twice.
 * Throws Refusal `draft-changed`, `being-signed`, and those of a task that is gone.
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
      where task_id = ${wanted.taskId} and state not in ('failed', 'dropped') for update`
    if (live && live.state !== 'waiting' && live.state !== 'prepared') {
      if (live.personId !== viewer.personId) throw beingSigned()
      const [act] = await sql<SignatureAct[]>`${acts(sql)} where s.id = ${live.id}`
      return act!
    }
    if (live) await sql`update signatures set state = 'dropped' where id = ${live.id}`
    const newest = task.documentId ? await newestOf(sql, task.documentId) : null
    if (!newest || !(await followsBySignatures(sql, newest.documentId, wanted.sha256, newest.sha256)))
      throw draftChanged()
    const [begun] = await sql<{ id: string }[]>`
      insert into signatures (document_id, file_id, sha256, case_id, task_id, list_id, position, role, person_id, post_id, certificate_id,
        competence, delegation_id, state, completion, created_at)
      values (${newest.documentId}, ${newest.fileId}, ${newest.sha256}, ${task.caseId}, ${wanted.taskId}, ${wanted.listId ?? null},
        ${wanted.position ?? 0}, ${wanted.role}, ${viewer.personId}, ${viewer.postId}, ${wanted.certificateId}, ${wanted.competence},
        ${wanted.delegationId}, 'waiting', ${JSON.stringify(wanted.completion)}::text::jsonb, clock_timestamp()) returning id`
    const [act] = await sql<SignatureAct[]>`${acts(sql)} where s.id = ${begun!.id}`
    return act!
  })
}

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

/** First stage done: the bytes to be signed are in the file store. @returns whether the act still waited for it */
export async function keepPrepared(
  db: Database,
  id: string,
  made: { sha256: string; prepared: Json },
): Promise<boolean> {
  const kept = await db.sql`
    update signatures set state = 'prepared', prepared_sha256 = ${made.sha256}, prepared = ${JSON.stringify(made.prepared)}::text::jsonb,
      fault = null, prepared_at = clock_timestamp()
    where id = ${id} and state in ('waiting', 'prepared')`
  return kept.count === 1
}

/** Second stage done: the key has signed. A value that is there already stays: nothing is signed twice. */
export async function keepValue(db: Database, id: string, of: string, value: Json): Promise<boolean> {
  const kept = await db.sql`
    update signatures set state = 'signed', value = ${JSON.stringify(value)}::text::jsonb, fault = null, signed_at = clock_timestamp()
    where id = ${id} and state = 'prepared' and prepared_sha256 = ${of}`
  return kept.count === 1
}

/** Time stamp and revocation answers are there. */
export async function keepEvidence(db: Database, id: string, evidence: Json): Promise<void> {
  await db.sql`update signatures set state = 'proven', evidence = ${JSON.stringify(evidence)}::text::jsonb, fault = null
    where id = ${id} and state = 'signed'`
}

/** The signed file is in the store; the step can take it. */
export async function keepSigned(db: Database, id: string, file: { sha256: string; size: number }): Promise<void> {
  await db.sql`update signatures set state = 'ready', signed_sha256 = ${file.sha256}, signed_size = ${file.size}, fault = null
    where id = ${id} and state = 'proven'`
}

/** The act came to nothing. One that is embedded stays so. */
export async function failSignature(db: Database, id: string, fault: SignatureFault): Promise<void> {
  await db.sql`update signatures set state = 'failed', fault = ${JSON.stringify(fault)}::text::jsonb
    where id = ${id} and state not in ('embedded', 'dropped')`
}

/** It could not be signed. One that the key has signed meanwhile, in another window, goes on. */
export async function failUnsigned(db: Database, id: string, fault: SignatureFault): Promise<void> {
  await db.sql`update signatures set state = 'failed', fault = ${JSON.stringify(fault)}::text::jsonb
    where id = ${id} and state in ('waiting', 'prepared')`
}

/** It stays where it is and can be gone on with; this is what is in its way. */
export async function holdSignature(db: Database, id: string, fault: SignatureFault): Promise<void> {
  await db.sql`update signatures set fault = ${JSON.stringify(fault)}::text::jsonb where id = ${id} and state not in ('embedded', 'dropped')`
}

/**
 * Third stage, inside the step: the signed file becomes the document's newest version, with the record of who signed what. Throws
 * Refusal `signature-needed` where no act of this person for this task is ready, `draft-changed` where there is another version since.
 */
export async function embedSignature(
  scope: StepScope & { task: LockedTask },
  newest: DraftVersion | null,
  wanted: { signatureId: string | null; role: SignatureRole },
): Promise<DraftVersion> {
  const { sql, actor } = scope
  const [act] = wanted.signatureId
    ? await sql<
        {
          id: string
          role: SignatureRole
          state: SignatureState
          sha256: string
          personId: string
          taskId: string
          signedSha256: string
          signedSize: number
          fingerprint: string
          holder: string | null
          unitId: string | null
        }[]
      >`
        select s.id, s.role, s.state, s.sha256, s.person_id as "personId", s.task_id as "taskId", s.signed_sha256 as "signedSha256",
          s.signed_size::float8 as "signedSize", c.fingerprint, c.person_id as holder, c.unit_id as "unitId"
        from signatures s join certificates c on c.id = s.certificate_id where s.id = ${wanted.signatureId} for update of s`
    : []
  if (
    act?.state !== 'ready' ||
    act.role !== wanted.role ||
    act.taskId !== scope.task.id ||
    act.personId !== actor?.personId
  )
    throw signatureNeeded()
  if (!newest || newest.sha256 !== act.sha256) throw draftChanged()
  // A token that was lost since stops the signature too.
  await requireUsable(sql, act.fingerprint, act.holder ? { personId: act.holder } : { unitId: act.unitId ?? '' })
  const fileId = randomUUID()
  const version = newest.version + 1
  const at = sql`to_timestamp(${scope.now}::float8 / 1000)`
  const kind = { person: 'personal', initial: 'initial', organisation: 'organisation' }[act.role]
  scope.write(
    () => sql`insert into files (sha256, size, media_type, created_at) values (${act.signedSha256}, ${act.signedSize}, 'application/pdf', ${at})
      on conflict do nothing`,
  )
  scope.write(
    () => sql`insert into document_files (id, document_id, role, name, sha256, version, added_by_post, added_at)
      values (${fileId}, ${newest.documentId}, 'draft', ${newest.name}, ${act.signedSha256}, ${version}, ${actor!.postId}, ${at})`,
  )
  scope.write(
    () => sql`insert into sign_offs (document_id, document_file_id, sha256, kind, person_id, post_id, at)
      values (${newest.documentId}, ${fileId}, ${act.signedSha256}, ${kind}, ${actor!.personId}, ${actor!.postId}, ${at})`,
  )
  scope.write(
    () =>
      sql`update signatures set state = 'embedded', signed_file_id = ${fileId}, fault = null, embedded_at = clock_timestamp() where id = ${act.id}`,
  )
  signedSteps.add(scope)
  return { ...newest, fileId, version, sha256: act.signedSha256, size: act.signedSize }
}

const signedSteps = new WeakSet<object>()

/** A signature was embedded in this step. */
export const carriesSignature = (scope: StepScope): boolean => signedSteps.has(scope)

export const signatureNeeded = () =>
  new Refusal('signature-needed', 409, {
    vi: 'Bước này cần chữ ký số nhưng chưa có chữ ký hợp lệ của đồng chí, nên chưa có gì được ghi. Hãy mở việc, nhập mã PIN và bấm ký số.',
    en: 'This step needs a digital signature and there is none of yours yet, so nothing was recorded. Open the task, enter your PIN and sign.',
  })

const beingSigned = () =>
  new Refusal('being-signed', 409, {
    vi: 'Người khác đang ký văn bản này; chưa có gì thay đổi. Hãy tải lại trang sau ít phút để xem kết quả.',
    en: 'Somebody else is signing this document; nothing was changed. Reload the page in a few minutes to see the result.',
  })
