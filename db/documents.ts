import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import type { Direction } from './document-list.ts'
import { notFound } from './refusal.ts'
import { documents } from './tables/documents.ts'
import { visibleDocument, type Viewer } from './visibility.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A document with its facts. Instants are epoch ms, days `YYYY-MM-DD`. */
export interface DocumentFacts {
  id: string
  direction: Direction
  state: string
  source: 'exchange' | 'paper' | 'internal'
  kindName: string | null
  kindNameEn: string | null
  code: string | null
  subject: string
  agencyCode: string | null
  agencyName: string
  issuedOn: string | null
  receivedAt: number
  registerNumber: number | null
  registeredOn: string | null
  dueAt: number | null
  closedAt: number | null
  urgency: number
  secrecy: number
  signerName: string | null
  signerPosition: string | null
  signerCompetence: string | null
  pageCount: number | null
  copies: number | null
  recipients: string | null
  note: string | null
  unitId: string | null
  unitName: string | null
  unitNameEn: string | null
  /** The case that moves it; of a reply the case of the document it answers. */
  caseId: string | null
  createdBy: string | null
  version: number
}

/** @throws Refusal `not-found` for an unknown document and for one that is not the viewer's to see: the same answer. */
export async function documentFacts(db: Database, viewer: Viewer, documentId: string): Promise<DocumentFacts> {
  if (!uuid.test(documentId)) throw notFound()
  const [row] = await db.orm.execute<Record<string, unknown>>(sql`
    select documents.id, documents.direction, documents.state, documents.source, k.name as "kindName", k.name_en as "kindNameEn", documents.code,
      documents.subject, documents.agency_code as "agencyCode", documents.agency_name as "agencyName", documents.issued_on::text as "issuedOn",
      floor(extract(epoch from documents.received_at) * 1000)::float8 as "receivedAt", documents.register_number as "registerNumber",
      documents.registered_on::text as "registeredOn", floor(extract(epoch from documents.due_at) * 1000)::float8 as "dueAt",
      floor(extract(epoch from documents.closed_at) * 1000)::float8 as "closedAt", documents.urgency, documents.secrecy,
      documents.signer_name as "signerName", documents.signer_position as "signerPosition", documents.signer_competence as "signerCompetence",
      documents.page_count as "pageCount", documents.copies, documents.recipients, documents.note, documents.unit_id as "unitId",
      u.name as "unitName", u.name_en as "unitNameEn", n.full_name as "createdBy", documents.version,
      coalesce((select c.id from cases c where c.document_id = documents.id order by c.started_at desc limit 1), documents.case_id) as "caseId"
    from documents left join document_kinds k on k.code = documents.kind_code left join units u on u.id = documents.unit_id
      left join posts p on p.id = documents.created_by_post left join persons n on n.id = p.person_id
    where documents.id = ${documentId} and ${visibleDocument(viewer, documents)}`)
  if (!row) throw notFound()
  return row as unknown as DocumentFacts
}

export interface DocumentFile {
  id: string
  role: 'main' | 'attachment' | 'draft' | 'copy'
  name: string
  version: number
  /** hex */
  sha256: string
  size: number
  mediaType: string
  addedBy: string | null
  addedAt: number
}

export interface SignOff {
  /** A recorded agreement, or a digital signature: of their own, an initial, the organisation's made by them. */
  kind: 'approve' | 'personal' | 'initial' | 'organisation'
  fileName: string
  fileVersion: number
  /** hex, of exactly what was agreed to */
  sha256: string
  fullName: string
  title: string
  titleEn: string
  at: number
}

export interface UnitPart {
  unitId: string
  unitName: string
  unitNameEn: string
  part: 'lead' | 'coordinate' | 'information'
  dueAt: number | null
  since: number
  openedAt: number | null
  openedBy: string | null
}

export interface RelatedDocument {
  id: string
  /** `answers`: this one is the reply to it; `answeredBy`: it is the reply to this one. */
  as: 'answers' | 'answeredBy'
  direction: Direction
  code: string | null
  subject: string
  state: string
  issuedOn: string | null
}

export interface ExchangeLine {
  direction: 'in' | 'out'
  messageType: 'edoc' | 'status'
  peer: string
  peerName: string | null
  statusCode: string
  /** Of a document: 0 new, 1 its recall, 2 an update, 3 a replacement. */
  bussinessDocType: number
  description: string | null
  state: string
  at: number
}

export interface DocumentCompany {
  files: DocumentFile[]
  signOffs: SignOff[]
  parts: UnitPart[]
  related: RelatedDocument[]
  exchange: ExchangeLine[]
}

const ms = (instant: string) => sql.raw(`floor(extract(epoch from ${instant}) * 1000)::float8`)

/** Everything around a document whose facts the viewer was given. */
export async function documentCompany(db: Database, viewer: Viewer, facts: DocumentFacts): Promise<DocumentCompany> {
  const read = async <Row>(query: ReturnType<typeof sql>) =>
    (await db.orm.execute<Record<string, unknown>>(query)) as unknown as Row[]
  const [files, signOffs, parts, related, exchange] = await Promise.all([
    read<DocumentFile>(sql`
      select f.id, f.role, f.name, f.version, f.sha256, c.size::float8 as size, c.media_type as "mediaType", n.full_name as "addedBy", ${ms('f.added_at')} as "addedAt"
      from document_files f join files c on c.sha256 = f.sha256 left join posts p on p.id = f.added_by_post left join persons n on n.id = p.person_id
      where f.document_id = ${facts.id} order by array_position(array['main', 'copy', 'attachment', 'draft'], f.role), f.version desc, f.name`),
    read<SignOff>(sql`
      select s.kind, f.name as "fileName", f.version as "fileVersion", s.sha256, n.full_name as "fullName", p.title, p.title_en as "titleEn", ${ms('s.at')} as at
      from sign_offs s join document_files f on f.id = s.document_file_id join persons n on n.id = s.person_id join posts p on p.id = s.post_id
      where s.document_id = ${facts.id} order by s.at`),
    read<UnitPart>(sql`
      select u.id as "unitId", u.name as "unitName", u.name_en as "unitNameEn", p.part, ${ms('p.due_at')} as "dueAt", ${ms('p.since')} as since,
        ${ms('p.opened_at')} as "openedAt", n.full_name as "openedBy"
      from document_parts p join units u on u.id = p.unit_id left join persons n on n.id = p.opened_by
      where p.document_id = ${facts.id} order by array_position(array['lead', 'coordinate', 'information'], p.part), u.sort`),
    // What it answers, or is answered by, is named only to whom may see that document too.
    read<RelatedDocument>(sql`
      select documents.id, case when r.document_id = ${facts.id} then 'answers' else 'answeredBy' end as as, documents.direction, documents.code,
        documents.subject, documents.state, documents.issued_on::text as "issuedOn"
      from document_relations r join documents on documents.id = case when r.document_id = ${facts.id} then r.related_id else r.document_id end
      where (r.document_id = ${facts.id} or r.related_id = ${facts.id}) and ${visibleDocument(viewer, documents)} order by documents.received_at`),
    read<ExchangeLine>(sql`
      select m.direction, m.message_type as "messageType", m.peer, a.name as "peerName", m.status_code as "statusCode", m.bussiness_doc_type as "bussinessDocType", m.description, m.state, ${ms('m.at')} as at
      from exchange_messages m left join agencies a on a.code = m.peer or a.short_code = m.peer where m.document_id = ${facts.id} order by m.at, m.status_code`),
  ])
  return { files, signOffs, parts, related, exchange }
}
