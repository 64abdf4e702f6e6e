import type { Json } from '#bpmn/case.ts'
import type { Sql, TransactionSql } from 'postgres'
import type { Database } from './database.ts'
import type { Sentence } from './refusal.ts'

/** What a step asks of whoever completes it (`imoit.signOff`): a recorded agreement, their own signature, the organisation's seal. */
export const signOffLevels = ['approve', 'personal', 'organisation'] as const
export type SignOffLevel = (typeof signOffLevels)[number]

/** What the step asks of whoever completes it; without a word of the flow an agreement that is recorded. */
export function signOffLevel(properties: Record<string, string>): SignOffLevel {
  const level = properties['imoit.signOff']
  return signOffLevels.find((each) => each === level) ?? 'approve'
}

/** Signatures that complete a task. */
export type TaskRole = 'person' | 'initial' | 'organisation'
/** What the registry certifies of a document that is there: an e-copy of paper (SAO Y), or its arrival. */
export type CopyRole = 'copy' | 'received'
/** `appendix`: the organisation's signature on an appendix in a file of its own, made with the seal. */
export type SignatureRole = TaskRole | CopyRole | 'appendix'
export type SignatureState = 'waiting' | 'prepared' | 'signed' | 'proven' | 'ready' | 'embedded' | 'failed' | 'dropped'

/** Why an act does not go on, for whoever looks at it. */
export interface SignatureFault extends Sentence {
  code: string
}

/** Where a person moved the signature to: points from the left and the bottom of the page as it is seen, pages from 0. */
export interface ChosenPlace {
  page: number
  x: number
  y: number
}

/** An act of signing as it is kept. What the stages left is JSON of their own (`signing/prepared.ts`). */
export interface SignatureAct {
  id: string
  documentId: string
  fileId: string
  /** Of the version that was shown, hex. */
  sha256: string
  fileName: string
  /** The task that it completes, or is sealed with; null where the registry certifies a copy. */
  caseId: string | null
  taskId: string | null
  elementId: string | null
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
  place: ChosenPlace | null
  completion: Record<string, Json>
  preparedSha256: string | null
  prepared: Json | null
  value: Json | null
  evidence: Json | null
  signedSha256: string | null
  signedSize: number | null
  fault: SignatureFault | null
}

export type AnySql = Sql | TransactionSql

/** Acts, to be followed by a condition on `s`. */
export const signatureActs = (sql: AnySql) => sql`
  select s.id, s.document_id as "documentId", s.file_id as "fileId", s.sha256, f.name as "fileName", s.case_id as "caseId", s.task_id as "taskId",
    t.element_id as "elementId", t.form_key as "formKey", s.list_id as "listId", s.position, s.role, s.person_id as "personId", s.post_id as "postId",
    s.certificate_id as "certificateId", s.competence, s.delegation_id as "delegationId", s.state, s.place, s.completion,
    s.prepared_sha256 as "preparedSha256", s.prepared, s.value, s.evidence, s.signed_sha256 as "signedSha256", s.signed_size::float8 as "signedSize", s.fault
  from signatures s join document_files f on f.id = s.file_id left join tasks t on t.id = s.task_id`

export async function readSignature(db: Database, id: string): Promise<SignatureAct | null> {
  const [act] = await db.sql<SignatureAct[]>`${signatureActs(db.sql)} where s.id = ${id}`
  return act ?? null
}

/** The act that is under way for a task, if there is one. */
export async function liveSignature(db: Pick<Database, 'sql'>, taskId: string): Promise<SignatureAct | null> {
  const [act] = await db.sql<SignatureAct[]>`
    ${signatureActs(db.sql)} where s.task_id = ${taskId} and s.role <> 'appendix' and s.state not in ('failed', 'dropped')`
  return act ?? null
}

/** The acts that are under way on the appendices of what a task seals; those of a former try among them. */
export async function liveAppendices(db: Pick<Database, 'sql'>, taskId: string): Promise<SignatureAct[]> {
  return db.sql<SignatureAct[]>`
    ${signatureActs(db.sql)} where s.task_id = ${taskId} and s.role = 'appendix' and s.state not in ('failed', 'dropped', 'embedded') order by f.name`
}

/** The acts of a list, in its order. */
export async function signaturesOfList(db: Database, listId: string): Promise<SignatureAct[]> {
  return db.sql<
    SignatureAct[]
  >`${signatureActs(db.sql)} where s.list_id = ${listId} order by s.position, s.role <> 'appendix', f.name`
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
