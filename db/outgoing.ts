import type { Database } from './database.ts'
import { documentCode } from './document-code.ts'
import { draftChanged, draftNotYours, newestDraft, type DraftVersion } from './draft-versions.ts'
import { notFound, Refusal, taskHasEnded } from './refusal.ts'
import { takeNumber } from './registers.ts'
import { documentSearchText } from './search-text.ts'
import { followsBySignatures } from './begin-signature.ts'
import { embedSignature } from './embed-signature.ts'
import { signOffLevel, type SignOffLevel } from './signatures.ts'
import type { LockedTask, StepScope } from './step.ts'
import type { Viewer } from './visibility.ts'

export const MINISTRY = {
  code: '000.00.00.G02',
  name: 'Bộ Công Thương',
  nameEn: 'Ministry of Industry and Trade',
  abbreviation: 'BCT',
}

/**
 * Adds a version of the reply's draft for the task at hand; the first one makes the outgoing document. Work has begun then, and the
 * sender cannot take the task back any more.
 */
export async function addDraftVersion(
  db: Database,
  viewer: Viewer,
  draft: { taskId: string; sha256: string; size: number; mediaType: string; name: string; subject: string | null },
): Promise<{ documentId: string; version: number }> {
  return db.sql.begin(async (sql) => {
    const [task] = await sql<{ documentId: string; caseId: string; subject: string; now: number }[]>`
      select t.document_id as "documentId", t.case_id as "caseId", d.subject,
        floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now
      from tasks t join documents d on d.id = t.document_id join case_states s on s.case_id = t.case_id
      where t.id = ${draft.taskId} and t.state = 'open' and t.form_key = 'incoming.handle' and t.assignee_post = ${viewer.postId} for update of s, t`
    if (!task) throw draftNotYours()
    const at = sql`to_timestamp(${task.now}::float8 / 1000)`
    await sql`insert into files (sha256, size, media_type, created_at) values (${draft.sha256}, ${draft.size}, ${draft.mediaType}, ${at}) on conflict do nothing`
    const [known] = await sql<{ documentId: string; version: number }[]>`
      select r.document_id as "documentId", coalesce(max(f.version), 0) as version from document_relations r
      left join document_files f on f.document_id = r.document_id and f.role = 'draft'
      where r.related_id = ${task.documentId} and r.kind = 'answers' group by r.document_id`
    let documentId = known?.documentId
    if (!documentId) {
      const subject = draft.subject ?? `Trả lời: ${task.subject}`
      const [made] = await sql<{ id: string }[]>`
        insert into documents (direction, state, source, kind_code, subject, agency_code, agency_name, received_at, unit_id, case_id, search, created_by_post, created_at)
        values ('outgoing', 'draft', 'internal', 'CV', ${subject}, ${MINISTRY.code}, ${MINISTRY.name}, ${at}, ${viewer.unitId}, ${task.caseId},
          ${documentSearchText({ code: null, agencyName: MINISTRY.name, subject })}, ${viewer.postId}, ${at}) returning id`
      if (!made) throw new Error('inserting a draft wrote no row')
      documentId = made.id
      await sql`insert into document_relations (document_id, related_id, kind) values (${documentId}, ${task.documentId}, 'answers')`
      await sql`insert into document_access (document_id, grantee, since) select ${documentId}::uuid, grantee, ${at} from document_access where document_id = ${task.documentId}
        union select ${documentId}::uuid, ${viewer.unitId}::uuid, ${at} on conflict do nothing`
    }
    const version = (known?.version ?? 0) + 1
    await sql`insert into document_files (document_id, role, name, sha256, version, added_by_post, added_at)
      values (${documentId}, 'draft', ${draft.name}, ${draft.sha256}, ${version}, ${viewer.postId}, ${at})`
    await sql`update tasks set begun_at = coalesce(begun_at, ${at}) where id = ${draft.taskId}`
    return { documentId, version }
  })
}

/** An approval is of one version: where the document has changed since, it falls (the flow's `approvedSha256`). */
async function requireApprovalStands(scope: StepScope, newest: DraftVersion): Promise<void> {
  const approved = scope.variables.approvedSha256
  if (
    typeof approved !== 'string' ||
    (await followsBySignatures(scope.sql, newest.documentId, approved, newest.sha256))
  )
    return
  throw new Refusal('approval-fallen', 409, {
    vi: 'Bản dự thảo đã thay đổi sau khi thủ trưởng đơn vị duyệt nên việc duyệt không còn hiệu lực; chưa có gì được ghi. Hãy trả lại để duyệt bản mới.',
    en: 'The draft has changed since the head of the unit approved it, so that approval has fallen and nothing was recorded. Send it back for a new one.',
  })
}

/**
 * A leader signs off on exactly the version that was shown. Where the step asks for their own signature, the signed file becomes the
 * newest version; a recorded agreement alone is refused there. Throws Refusal `signature-needed`, `draft-changed`, `approval-fallen`.
 */
export async function signOffDraft(
  scope: StepScope & { task: LockedTask },
  shown: { sha256: string; signatureId: string | null },
  signer: { name: string; title: string; competence: string | null },
): Promise<{ signedSha256: string }> {
  const newest = await newestDraft(scope)
  if (!newest || !(await followsBySignatures(scope.sql, newest.documentId, shown.sha256, newest.sha256)))
    throw draftChanged()
  await requireApprovalStands(scope, newest)
  const { sql, actor } = scope
  let signed = newest
  if (signOffLevel(scope.task.properties) === 'personal') {
    signed = await embedSignature(scope, newest, { signatureId: shown.signatureId, role: 'person' })
  } else {
    scope.write(
      () => sql`insert into sign_offs (document_id, document_file_id, sha256, kind, person_id, post_id, at)
        values (${newest.documentId}, ${newest.fileId}, ${newest.sha256}, 'approve', ${actor!.personId}, ${actor!.postId}, to_timestamp(${scope.now}::float8 / 1000))`,
    )
  }
  scope.write(
    () => sql`update documents set state = 'signed', signer_name = ${signer.name}, signer_position = ${signer.title}, signer_competence = ${signer.competence},
      version = version + 1 where id = ${newest.documentId}`,
  )
  return { signedSha256: signed.sha256 }
}

const notSigned = () =>
  new Refusal('not-signed', 409, {
    vi: 'Bản dự thảo mới nhất chưa được lãnh đạo ký duyệt nên chưa được cấp số. Hãy trả lại để trình ký.',
    en: 'No leader has signed off on the newest draft, so no number was taken. Send it back for sign-off.',
  })

const notSignedByPerson = () =>
  new Refusal('person-not-signed', 409, {
    vi: 'Bản mới nhất chưa có chữ ký số của người có thẩm quyền nên chưa được cấp số và đóng dấu. Hãy trình ký số trước.',
    en: 'The newest version does not carry the competent person’s digital signature yet, so it was neither numbered nor sealed. Have it signed first.',
  })

const numberTaken = (code: string) =>
  new Refusal(
    'number-taken',
    409,
    {
      vi: `Văn bản đã được cấp số ${code} nên không đổi loại văn bản được nữa; chưa phát hành. Hãy chọn lại loại văn bản cũ rồi đóng dấu.`,
      en: `The document has its number, ${code}, already and its kind cannot change any more; it was not issued. Choose the former kind and seal it.`,
    },
    { kindCode: { vi: `Đã cấp số ${code}.`, en: `The number ${code} is taken.` } },
  )

export interface IssuedNumber {
  documentId: string
  number: string
  notation: string
  code: string
  registerNumber: number
  /** `YYYY-MM-DD` */
  day: string
}

type NumberScope = Pick<StepScope, 'sql' | 'now' | 'actor'>

/** The reply's number: the one that it has, or the next of its kind, with the notation of the unit that drafts it. */
async function numberOf(scope: NumberScope, newest: DraftVersion, kindCode: string): Promise<IssuedNumber> {
  const { sql } = scope
  const [known] = await sql<
    {
      kindCode: string | null
      code: string | null
      number: string | null
      notation: string | null
      registerNumber: number | null
      day: string | null
      abbreviation: string | null
      unitNotation: string | null
    }[]
  >`
    select d.kind_code as "kindCode", d.code, d.number, d.notation, d.register_number as "registerNumber", d.issued_on::text as day,
      k.abbreviation, u.notation as "unitNotation"
    from documents d left join document_kinds k on k.code = ${kindCode} left join units u on u.id = d.unit_id where d.id = ${newest.documentId}`
  if (!known) throw new Error('the reply has no row')
  const { documentId } = newest
  if (known.code !== null && known.registerNumber !== null) {
    if (known.kindCode !== kindCode) throw numberTaken(known.code)
    const { code, registerNumber } = known
    return {
      documentId,
      code,
      number: known.number ?? '',
      notation: known.notation ?? '',
      registerNumber,
      day: known.day ?? '',
    }
  }
  const taken = await takeNumber(scope, { book: 'outgoing', series: kindCode, documentId })
  const code = documentCode({
    number: taken.number,
    abbreviation: known.abbreviation,
    agency: MINISTRY.abbreviation,
    unitNotation: known.unitNotation,
  })
  return { documentId, ...code, registerNumber: taken.number, day: taken.day }
}

/**
 * Takes the reply's number before it is sealed: number and day stand in what the organisation signs (NĐ 30/2020 Điều 15, 18). It is
 * the document's for good; a seal that fails is made later under the same number. Only what the competent person has signed gets one.
 */
export async function reserveNumber(
  db: Database,
  viewer: Viewer,
  reply: { taskId: string; kindCode: string; sha256: string },
): Promise<IssuedNumber> {
  return db.sql.begin(async (transaction) => {
    const sql = transaction as unknown as StepScope['sql']
    const [task] = await sql<{ documentId: string | null; state: string; mine: boolean; now: number }[]>`
      select t.document_id as "documentId", t.state,
        t.assignee_post = ${viewer.postId} or (t.assignee_post is null and t.candidate_groups && ${viewer.groups}::text[]) as mine,
        floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now
      from tasks t join case_states s on s.case_id = t.case_id where t.id = ${reply.taskId} for update of s`
    if (!task?.mine) throw notFound()
    if (task.state !== 'open') throw taskHasEnded(null)
    const newest = await newestDraft({ sql, documentId: task.documentId })
    if (!newest || newest.sha256 !== reply.sha256) throw draftChanged()
    await requireSigned(sql, newest, 'organisation')
    const actor = { personId: viewer.personId, postId: viewer.postId }
    const taken = await numberOf({ sql, now: task.now, actor }, newest, reply.kindCode)
    await sql`update documents set kind_code = ${reply.kindCode}, number = ${taken.number}, notation = ${taken.notation}, code = ${taken.code},
      issued_on = ${taken.day}::date, registered_on = ${taken.day}::date, register_number = ${taken.registerNumber}, version = version + 1
      where id = ${newest.documentId} and code is distinct from ${taken.code}`
    return taken
  })
}

/** Somebody competent has agreed to exactly this version; before a seal by their own signature. */
async function requireSigned(sql: StepScope['sql'], newest: DraftVersion, level: SignOffLevel): Promise<void> {
  const [last] = await sql<{ sha256: string; kind: string }[]>`
    select sha256, kind from sign_offs where document_id = ${newest.documentId} and kind in ('approve', 'personal') order by at desc limit 1`
  if (!last || last.sha256 !== newest.sha256) throw notSigned()
  if (level === 'organisation' && last.kind !== 'personal') throw notSignedByPerson()
}

/**
 * The registry issues what a leader signed: number and day from the outgoing book, the organisation's seal where the step asks for
 * it, and the version that came of it becomes the document's main file (NĐ 30/2020 Điều 14–18).
 */
export async function issueReply(
  scope: StepScope & { task: LockedTask },
  reply: {
    kindCode: string
    subject: string
    recipients: string
    copies: number | null
    recipientAgencies: string[]
    recipientUnits: string[]
    signatureId: string | null
  },
): Promise<{ replyDocumentId: string; replyCode: string }> {
  const { sql } = scope
  const level = signOffLevel(scope.task.properties)
  const newest = await newestDraft(scope)
  if (!newest) throw notSigned()
  await requireSigned(sql, newest, level)
  const issued =
    level === 'organisation'
      ? await embedSignature(scope, newest, { signatureId: reply.signatureId, role: 'organisation' })
      : newest
  const taken = await numberOf(scope, newest, reply.kindCode)
  const search = documentSearchText({ code: taken.code, agencyName: MINISTRY.name, subject: reply.subject })
  scope.write(
    () => sql`update documents set state = 'issued', kind_code = ${reply.kindCode}, subject = ${reply.subject}, number = ${taken.number}, notation = ${taken.notation},
      code = ${taken.code}, issued_on = ${taken.day}::date, registered_on = ${taken.day}::date, register_number = ${taken.registerNumber}, recipients = ${reply.recipients},
      copies = ${reply.copies}, search = ${search}, closed_at = to_timestamp(${scope.now}::float8 / 1000), version = version + 1 where id = ${newest.documentId}`,
  )
  scope.write(
    () => sql`insert into document_files (document_id, role, name, sha256, version, added_by_post, added_at)
      values (${issued.documentId}, 'main', ${issued.name}, ${issued.sha256}, 1, ${scope.actor?.postId ?? null}, to_timestamp(${scope.now}::float8 / 1000))
      on conflict do nothing`,
  )
  return { replyDocumentId: issued.documentId, replyCode: taken.code }
}
