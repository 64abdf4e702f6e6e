import type { Database } from './database.ts'
import { MINISTRY } from './outgoing.ts'

/** What an outgoing message says of its document. Days are `yyyy-MM-dd`. */
export interface ExchangedDocument {
  documentId: string
  number: string | null
  notation: string | null
  code: string | null
  kindName: string | null
  subject: string
  agencyCode: string | null
  agencyName: string
  issuedOn: string | null
  dueOn: string | null
  urgency: number
  signerName: string | null
  signerPosition: string | null
  signerCompetence: string | null
  pageCount: number | null
  copies: number | null
  recipients: string | null
  exchangeDocumentId: string | null
  files: { role: 'main' | 'attachment'; name: string; mediaType: string; sha256: string; size: number }[]
}

/** A document with its issued files, as the exchange tells of it; null when there is none such. */
export async function exchangedDocument(db: Database, documentId: string): Promise<ExchangedDocument | null> {
  const [row] = await db.sql<ExchangedDocument[]>`
    select d.id as "documentId", d.number, d.notation, d.code, k.name as "kindName", d.subject, d.agency_code as "agencyCode",
      d.agency_name as "agencyName", to_char(d.issued_on, 'YYYY-MM-DD') as "issuedOn",
      to_char(d.due_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD') as "dueOn", d.urgency, d.signer_name as "signerName",
      d.signer_position as "signerPosition", d.signer_competence as "signerCompetence", d.page_count as "pageCount", d.copies, d.recipients,
      d.exchange_document_id as "exchangeDocumentId",
      coalesce((select jsonb_agg(jsonb_build_object('role', f.role, 'name', f.name, 'mediaType', c.media_type, 'sha256', f.sha256, 'size', c.size)
          order by f.role = 'main' desc, f.name)
        from document_files f join files c on c.sha256 = f.sha256 where f.document_id = d.id and f.role in ('main', 'attachment')
          -- Of a sealed appendix the sealed file alone.
          and not exists (select 1 from signatures s where s.file_id = f.id and s.role = 'appendix' and s.state = 'embedded')), '[]') as files
    from documents d left join document_kinds k on k.code = d.kind_code where d.id::text = ${documentId}`
  return row ?? null
}

/** The sender's documents that this one answers, as a message names them. */
export async function answeredDocuments(db: Database, documentId: string): Promise<ExchangedDocument[]> {
  const rows = await db.sql<{ id: string }[]>`
    select related_id as id from document_relations where document_id = ${documentId} and kind = 'answers'`
  const answered = await Promise.all(rows.map(({ id }) => exchangedDocument(db, id)))
  return answered.filter((document) => document !== null)
}

/** Names of agencies by code, in either form; an unknown code is its own name. */
export async function agencyNames(db: Database, codes: string[]): Promise<{ code: string; name: string }[]> {
  const rows = await db.sql<{ code: string; shortCode: string; name: string }[]>`
    select code, short_code as "shortCode", name from agencies where code = any(${codes}::text[]) or short_code = any(${codes}::text[])`
  return codes.map((code) => {
    const known = rows.find((row) => row.code === code || row.shortCode === code)
    return { code: known?.code ?? code, name: known?.name ?? (code === MINISTRY.code ? MINISTRY.name : '') }
  })
}

export interface Dispatch {
  messageType: 'edoc' | 'status'
  peer: string
  exchangeDocumentId: string
  statusCode: string
  description: string | null
  documentId: string
}

/**
 * Notes that a message is about to go to an agency, once for each (document, status, agency).
 * @returns whether it still has to be sent
 */
export async function openDispatch(db: Database, dispatch: Dispatch): Promise<boolean> {
  return db.sql.begin(async (sql) => {
    await sql`insert into exchange_messages (direction, message_type, peer, exchange_document_id, status_code, description, document_id, state, at)
      values ('out', ${dispatch.messageType}, ${dispatch.peer}, ${dispatch.exchangeDocumentId}, ${dispatch.statusCode}, ${dispatch.description},
        ${dispatch.documentId}, 'waiting', clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond')
      on conflict (direction, message_type, peer, exchange_document_id, bussiness_doc_type, status_code) do nothing`
    if (dispatch.messageType === 'edoc') {
      await sql`update documents set exchange_document_id = ${dispatch.exchangeDocumentId}
        where id = ${dispatch.documentId} and exchange_document_id is distinct from ${dispatch.exchangeDocumentId}`
    }
    const [row] = await sql<{ state: string }[]>`
      select state from exchange_messages where ${sameDispatch(sql as unknown as Database['sql'], dispatch)}`
    return row?.state !== 'sent'
  })
}

/** Notes what became of it: acknowledged by the gateway, refused for good, or not through yet. */
export async function endDispatch(
  db: Database,
  dispatch: Dispatch,
  end:
    | { state: 'sent'; transportId: string; sha256: string; size: number }
    | { state: 'refused' | 'waiting'; error: string },
): Promise<void> {
  const { sql } = db
  if (end.state === 'sent') {
    await sql`with stored as (
        insert into files (sha256, size, media_type, created_at) values (${end.sha256}, ${end.size}, 'application/xml', clock_timestamp()) on conflict do nothing
      ) update exchange_messages set state = 'sent', transport_id = ${end.transportId}, raw_sha256 = ${end.sha256}, error = null
      where ${sameDispatch(sql, dispatch)}`
  } else {
    await sql`update exchange_messages set state = ${end.state}, error = ${end.error} where ${sameDispatch(sql, dispatch)} and state <> 'sent'`
  }
}

const sameDispatch = (
  sql: Database['sql'],
  dispatch: Dispatch,
) => sql`direction = 'out' and message_type = ${dispatch.messageType}
  and peer = ${dispatch.peer} and exchange_document_id = ${dispatch.exchangeDocumentId} and bussiness_doc_type = 0 and status_code = ${dispatch.statusCode}`
