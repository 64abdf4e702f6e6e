import { Refusal } from './refusal.ts'
import { takeNumber, INCOMING_SERIES } from './registers.ts'
import { documentSearchText } from './search-text.ts'
import type { StepScope } from './step.ts'
import type { Database } from './database.ts'
import type { Viewer } from './visibility.ts'
import { visibleDocument } from './visibility.ts'
import { documents } from './tables/documents.ts'
import { sql as fragment } from 'drizzle-orm'

/** The facts of an incoming document as the registry enters them. Days are `YYYY-MM-DD`. */
export interface IncomingFacts {
  number: string | null
  notation: string | null
  kindCode: string
  subject: string
  agencyCode: string | null
  agencyName: string
  issuedOn: string | null
  urgency: number
  signerName: string | null
  signerPosition: string | null
  pageCount: number | null
  dueOn: string | null
  note: string | null
}

export const secretBelongsElsewhere = () =>
  new Refusal(
    'secret-document',
    422,
    {
      vi: 'Văn bản mật không được đăng ký trên mạng này và chưa có gì được ghi. Hãy chuyển bản giấy cho văn thư bảo mật để vào sổ văn bản mật riêng (Luật 29/2018/QH14).',
      en: 'A secret document may not be registered on this network, and nothing was recorded. Hand the paper to the secrets registry, which keeps its own book (Law 29/2018/QH14).',
    },
    {
      secrecy: {
        vi: 'Văn bản mật vào sổ riêng, ngoài hệ thống này.',
        en: 'Secret documents have a book of their own, outside this system.',
      },
    },
  )

/** Enters a received document into the year's incoming book, inside the step. */
export async function registerIncoming(
  scope: StepScope,
  facts: IncomingFacts,
): Promise<{ arrivalNumber: number; code: string | null }> {
  const documentId = scope.documentId
  if (!documentId) throw new Error('registering needs a document')
  const taken = await takeNumber(scope, { book: 'incoming', series: INCOMING_SERIES, documentId, note: facts.note })
  const code = facts.number && facts.notation ? `${facts.number}/${facts.notation}` : (facts.number ?? facts.notation)
  const search = documentSearchText({
    code,
    agencyName: facts.agencyName,
    subject: facts.subject,
    registerNumber: taken.number,
  })
  const { sql } = scope
  scope.write(
    () => sql`update documents set state = 'registered', number = ${facts.number}, notation = ${facts.notation}, code = ${code}, kind_code = ${facts.kindCode},
      subject = ${facts.subject}, agency_code = ${facts.agencyCode}, agency_name = ${facts.agencyName}, issued_on = ${facts.issuedOn}::date,
      urgency = ${facts.urgency}, signer_name = ${facts.signerName}, signer_position = ${facts.signerPosition}, page_count = ${facts.pageCount},
      due_at = coalesce((${facts.dueOn}::date + time '17:00') at time zone 'Asia/Ho_Chi_Minh', due_at), note = ${facts.note},
      register_number = ${taken.number}, registered_on = ${taken.day}::date, search = ${search}, version = version + 1 where id = ${documentId}`,
  )
  return { arrivalNumber: taken.number, code }
}

export interface Duplicate {
  id: string
  code: string | null
  agencyName: string
  subject: string
  registerNumber: number | null
  issuedOn: string | null
}

/** Documents with the same number, notation and agency (NĐ 30/2020 Phụ lục VI): the clerk is warned of them. */
export async function duplicatesOf(
  db: Database,
  viewer: Viewer,
  document: {
    id: string | null
    number: string | null
    notation: string | null
    agencyName: string
    agencyCode: string | null
  },
): Promise<Duplicate[]> {
  if (!document.number || !document.notation) return []
  const rows = await db.orm.execute<Record<string, unknown>>(fragment`
    select id, code, agency_name as "agencyName", subject, register_number as "registerNumber", issued_on as "issuedOn" from documents
    where direction = 'incoming' and code = ${`${document.number}/${document.notation}`}
      and (agency_name = ${document.agencyName} or agency_code = ${document.agencyCode}) and id is distinct from ${document.id}::uuid
      and state <> 'refused' and ${visibleDocument(viewer, documents)} order by received_at limit 5`)
  return rows as unknown as Duplicate[]
}

/** A paper document that was scanned in: its rows, made in the transaction that starts its case. */
export async function insertScanned(
  scope: Pick<StepScope, 'sql' | 'now'>,
  scan: { sha256: string; size: number; mediaType: string; name: string; subject: string; postId: string },
): Promise<string> {
  const { sql } = scope
  const [row] = await sql<{ id: string }[]>`
    with moment as (select to_timestamp(${scope.now}::float8 / 1000) as at),
    file as (insert into files (sha256, size, media_type, created_at) select ${scan.sha256}, ${scan.size}, ${scan.mediaType}, at from moment on conflict do nothing),
    document as (
      insert into documents (direction, state, source, subject, agency_name, received_at, search, created_by_post, created_at)
      select 'incoming', 'received', 'paper', ${scan.subject}, '', at, ${documentSearchText({ code: null, agencyName: '', subject: scan.subject })}, ${scan.postId}, at
      from moment returning id
    )
    select id from document`
  if (!row) throw new Error('inserting a scanned document wrote no row')
  await sql`insert into document_files (document_id, role, name, sha256, added_by_post, added_at)
    values (${row.id}, 'main', ${scan.name}, ${scan.sha256}, ${scan.postId}, to_timestamp(${scope.now}::float8 / 1000))`
  return row.id
}
