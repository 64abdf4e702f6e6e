import { randomUUID } from 'node:crypto'
import { draftedAppendices, isSignable, type Appendix } from './appendices.ts'
import { requireUsable } from './certificates.ts'
import type { Database } from './database.ts'
import { draftChanged, type DraftVersion } from './draft-versions.ts'
import { Refusal } from './refusal.ts'
import type { CopyRole, SignatureAct, SignatureState, TaskRole } from './signatures.ts'
import type { LockedTask, StepScope } from './step.ts'

/**
 * Third stage, inside the step: the signed file becomes the document's newest version, with the record of who signed what. Throws
 * Refusal `signature-needed` where no act of this person for this task is ready, `draft-changed` where there is another version since.
 */
export async function embedSignature(
  scope: StepScope & { task: LockedTask },
  newest: DraftVersion | null,
  wanted: { signatureId: string | null; role: TaskRole },
): Promise<DraftVersion> {
  const { sql, actor } = scope
  const [act] = wanted.signatureId
    ? await sql<
        {
          id: string
          role: TaskRole
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
    !actor ||
    act.personId !== actor.personId
  )
    throw signatureNeeded()
  if (!newest || newest.sha256 !== act.sha256) throw draftChanged()
  // A token that was lost since stops the signature too.
  await requireUsable(sql, act.fingerprint, act.holder ? { personId: act.holder } : { unitId: act.unitId ?? '' })
  const version = newest.version + 1
  const kind = signOffKinds[act.role]
  const { documentId, name } = newest
  const fileId = embedFile(scope, { ...act, postId: actor.postId }, { documentId, role: 'draft', name, version, kind })
  if (act.role === 'organisation') await embedAppendices(scope, newest.documentId, act.fingerprint)
  signedSteps.add(scope)
  return { ...newest, fileId, version, sha256: act.signedSha256, size: act.signedSize }
}

/**
 * Each appendix in a file of its own goes out with the organisation's signature, of the certificate that sealed the document; one that
 * has none holds the document back.
 */
async function embedAppendices(
  scope: StepScope & { task: LockedTask },
  documentId: string,
  fingerprint: string,
): Promise<void> {
  const { sql } = scope
  const appendices = (await draftedAppendices({ sql: sql as unknown as Database['sql'] }, documentId)).filter(
    isSignable,
  )
  if (appendices.length === 0) return
  const acts = await sql<ReadyAppendix[]>`
    select id, file_id as "fileId", sha256, person_id as "personId", post_id as "postId", signed_sha256 as "signedSha256", signed_size::float8 as "signedSize"
    from signatures where task_id = ${scope.task.id} and role = 'appendix' and state = 'ready'
      and certificate_id = (select c.id from certificates c where c.fingerprint = ${fingerprint}) and file_id = any(${appendices.map(({ fileId }) => fileId)}::uuid[]) for update`
  // Two of one name stand beside each other as versions.
  const versions = new Map<string, number>()
  for (const { name, version } of appendices) versions.set(name, Math.max(version, versions.get(name) ?? 0))
  for (const appendix of appendices) {
    const act = acts.find(({ fileId, sha256 }) => fileId === appendix.fileId && sha256 === appendix.sha256)
    if (!act) throw appendixNotSigned(appendix)
    const { name } = appendix
    const version = (versions.get(name) ?? 0) + 1
    versions.set(name, version)
    embedFile(scope, act, { documentId, role: 'attachment', name, version, kind: 'organisation' })
  }
}

interface ReadyAppendix extends Pick<SignatureAct, 'id' | 'personId' | 'postId'> {
  fileId: string
  sha256: string
  signedSha256: string
  signedSize: number
}

const signOffKinds = { person: 'personal', initial: 'initial', organisation: 'organisation' } as const

/** The signed file as a version of its own, with the record of who signed it. @returns its id */
function embedFile(
  scope: Pick<StepScope, 'sql' | 'now' | 'write'>,
  act: Pick<ReadyAppendix, 'id' | 'personId' | 'postId' | 'signedSha256' | 'signedSize'>,
  file: {
    documentId: string
    role: 'draft' | 'attachment' | 'copy'
    name: string
    version: number
    kind: (typeof signOffKinds)[TaskRole]
  },
): string {
  const { sql, write } = scope
  const fileId = randomUUID()
  const at = sql`to_timestamp(${scope.now}::float8 / 1000)`
  write(
    () => sql`insert into files (sha256, size, media_type, created_at) values (${act.signedSha256}, ${act.signedSize}, 'application/pdf', ${at})
      on conflict do nothing`,
  )
  write(
    () => sql`insert into document_files (id, document_id, role, name, sha256, version, added_by_post, added_at)
      values (${fileId}, ${file.documentId}, ${file.role}, ${file.name}, ${act.signedSha256}, ${file.version}, ${act.postId}, ${at})`,
  )
  write(
    () => sql`insert into sign_offs (document_id, document_file_id, sha256, kind, person_id, post_id, at)
      values (${file.documentId}, ${fileId}, ${act.signedSha256}, ${file.kind}, ${act.personId}, ${act.postId}, ${at})`,
  )
  write(
    () =>
      sql`update signatures set state = 'embedded', signed_file_id = ${fileId}, fault = null, embedded_at = clock_timestamp() where id = ${act.id}`,
  )
  return fileId
}

/**
 * Last stage of a copy: the certified file joins the files of its document. Asked again it changes nothing. Throws Refusal where the
 * certificate was stopped since.
 */
export async function embedCopy(db: Database, act: SignatureAct & { role: CopyRole }): Promise<void> {
  await db.sql.begin(async (transaction) => {
    const sql = transaction as unknown as StepScope['sql']
    const [ready] = await sql<
      (ReadyAppendix & { fingerprint: string; unitId: string | null; version: number; now: number })[]
    >`
      select s.id, s.file_id as "fileId", s.sha256, s.person_id as "personId", s.post_id as "postId", s.signed_sha256 as "signedSha256",
        s.signed_size::float8 as "signedSize", c.fingerprint, c.unit_id as "unitId",
        (select coalesce(max(version), 0) + 1 from document_files o where o.document_id = s.document_id and o.role = 'copy' and o.name = ${copyName(act)})::int as version,
        floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now
      from signatures s join certificates c on c.id = s.certificate_id where s.id = ${act.id} and s.state = 'ready' for update of s`
    if (!ready) return
    await requireUsable(sql, ready.fingerprint, { unitId: ready.unitId ?? '' })
    const written: (() => PromiseLike<unknown>)[] = []
    embedFile({ sql, now: ready.now, write: (statement) => written.push(statement) }, ready, {
      documentId: act.documentId,
      role: 'copy',
      name: copyName(act),
      version: ready.version,
      kind: 'organisation',
    })
    for (const write of written) await write()
  })
}

/** `quyet-dinh (sao y).pdf` */
const copyName = ({ fileName, role }: SignatureAct): string =>
  `${fileName.replace(/\.pdf$/i, '')} (${role === 'copy' ? 'sao y' : 'văn bản đến'}).pdf`

const signedSteps = new WeakSet<object>()

/** A signature was embedded in this step. */
export const carriesSignature = (scope: StepScope): boolean => signedSteps.has(scope)

export const signatureNeeded = () =>
  new Refusal('signature-needed', 409, {
    vi: 'Bước này cần chữ ký số nhưng chưa có chữ ký hợp lệ của đồng chí, nên chưa có gì được ghi. Hãy mở việc, nhập mã PIN và bấm ký số.',
    en: 'This step needs a digital signature and there is none of yours yet, so nothing was recorded. Open the task, enter your PIN and sign.',
  })

const appendixNotSigned = ({ name }: Appendix) =>
  new Refusal('appendix-not-signed', 409, {
    vi: `Phụ lục “${name}” chưa có chữ ký số của cơ quan nên văn bản chưa được phát hành. Hãy mở việc và đóng dấu lại; tệp hỏng thì trả lại để thay.`,
    en: `The appendix “${name}” does not carry the organisation’s signature, so the document was not issued. Open the task and seal it again; if the file is damaged, send it back to be replaced.`,
  })
