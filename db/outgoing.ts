import type { Database } from './database.ts'
import { documentCode } from './document-code.ts'
import { Refusal } from './refusal.ts'
import { takeNumber } from './registers.ts'
import { documentSearchText } from './search-text.ts'
import type { LockedTask, StepScope } from './step.ts'
import type { Viewer } from './visibility.ts'

export const MINISTRY = {
  code: '000.00.00.G02',
  name: 'Bộ Công Thương',
  nameEn: 'Ministry of Industry and Trade',
  abbreviation: 'BCT',
}

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

/** The drafts of the reply to a document, newest first. */
export async function draftVersions(db: Pick<Database, 'sql'>, incomingId: string): Promise<DraftVersion[]> {
  return db.sql<DraftVersion[]>`
    select r.document_id as "documentId", f.id as "fileId", f.version, f.name, f.sha256, c.size::float8 as size, c.media_type as "mediaType",
      n.full_name as "addedBy", floor(extract(epoch from f.added_at) * 1000)::float8 as "addedAt"
    from document_relations r join document_files f on f.document_id = r.document_id and f.role = 'draft' join files c on c.sha256 = f.sha256
      left join posts p on p.id = f.added_by_post left join persons n on n.id = p.person_id
    where r.related_id = ${incomingId} and r.kind = 'answers' order by f.version desc`
}

/** The newest draft of the reply, read under the case's lock. */
export async function newestDraft(scope: Pick<StepScope, 'sql' | 'documentId'>): Promise<DraftVersion | null> {
  if (!scope.documentId) return null
  const [newest] = await draftVersions({ sql: scope.sql as unknown as Database['sql'] }, scope.documentId)
  return newest ?? null
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
    if (!task) {
      throw new Refusal('draft-not-yours', 409, {
        vi: 'Việc soạn thảo này không còn mở cho đồng chí nên bản dự thảo chưa được lưu. Hãy mở lại việc để xem hiện trạng.',
        en: 'This drafting task is no longer open to you, so the draft was not kept. Open the task again to see where it stands.',
      })
    }
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

export const draftChanged = () =>
  new Refusal('draft-changed', 409, {
    vi: 'Bản dự thảo đã có phiên bản mới sau khi đồng chí mở trang này, nên chưa có gì được ghi. Hãy tải lại trang, xem phiên bản mới rồi quyết định.',
    en: 'There is a newer version of the draft than the one you were shown, so nothing was recorded. Reload the page, look at it, then decide.',
  })

/** A leader signs off on exactly the version that was shown: its SHA-256 is recorded. */
export async function signOffDraft(
  scope: StepScope & { task: LockedTask },
  shown: { sha256: string },
  signer: { name: string; title: string; competence: string | null },
): Promise<{ signedSha256: string }> {
  const newest = await newestDraft(scope)
  if (!newest || newest.sha256 !== shown.sha256) throw draftChanged()
  const { sql, actor } = scope
  scope.write(
    () => sql`insert into sign_offs (document_id, document_file_id, sha256, kind, person_id, post_id, at)
      values (${newest.documentId}, ${newest.fileId}, ${newest.sha256}, 'approve', ${actor!.personId}, ${actor!.postId}, to_timestamp(${scope.now}::float8 / 1000))`,
  )
  scope.write(
    () => sql`update documents set state = 'signed', signer_name = ${signer.name}, signer_position = ${signer.title}, signer_competence = ${signer.competence},
      version = version + 1 where id = ${newest.documentId}`,
  )
  return { signedSha256: newest.sha256 }
}

/**
 * The registry numbers and issues what a leader signed: number and day from the outgoing book, the signed version becomes the
 * document's main file (NĐ 30/2020 Điều 14–18).
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
  },
): Promise<{ replyDocumentId: string; replyCode: string }> {
  const { sql } = scope
  const newest = await newestDraft(scope)
  const [signed] = newest
    ? await sql<{ sha256: string; abbreviation: string | null; isKind: boolean; notation: string | null }[]>`
        select s.sha256, k.abbreviation, k.code is not null as "isKind", u.notation from sign_offs s join documents d on d.id = s.document_id
          left join document_kinds k on k.code = ${reply.kindCode} left join units u on u.id = d.unit_id
        where s.document_id = ${newest.documentId} order by s.at desc limit 1`
    : []
  if (!newest || !signed || signed.sha256 !== newest.sha256) {
    throw new Refusal('not-signed', 409, {
      vi: 'Bản dự thảo mới nhất chưa được lãnh đạo ký duyệt nên chưa được cấp số. Hãy trả lại để trình ký.',
      en: 'No leader has signed off on the newest draft, so no number was taken. Send it back for sign-off.',
    })
  }
  const taken = await takeNumber(scope, { book: 'outgoing', series: reply.kindCode, documentId: newest.documentId })
  const code = documentCode({
    number: taken.number,
    abbreviation: signed.abbreviation,
    agency: MINISTRY.abbreviation,
    unitNotation: signed.notation,
  })
  const search = documentSearchText({ code: code.code, agencyName: MINISTRY.name, subject: reply.subject })
  scope.write(
    () => sql`update documents set state = 'issued', kind_code = ${reply.kindCode}, subject = ${reply.subject}, number = ${code.number}, notation = ${code.notation},
      code = ${code.code}, issued_on = ${taken.day}::date, registered_on = ${taken.day}::date, register_number = ${taken.number}, recipients = ${reply.recipients},
      copies = ${reply.copies}, search = ${search}, closed_at = to_timestamp(${scope.now}::float8 / 1000), version = version + 1 where id = ${newest.documentId}`,
  )
  scope.write(
    () => sql`insert into document_files (document_id, role, name, sha256, version, added_by_post, added_at)
      values (${newest.documentId}, 'main', ${newest.name}, ${newest.sha256}, 1, ${scope.actor?.postId ?? null}, to_timestamp(${scope.now}::float8 / 1000))
      on conflict do nothing`,
  )
  return { replyDocumentId: newest.documentId, replyCode: code.code }
}
