import type { Json } from '#bpmn/case.ts'
import { recordAudit } from './audit.ts'
import type { Database } from './database.ts'
import type { FileStore, StoredFile } from './file-store.ts'
import { documentSearchText } from './search-text.ts'
import { startCase } from './step.ts'

export interface ArrivingFile {
  /** Safe as a name; made unique within the document here. */
  name: string
  /** What its content is, not what the sender calls it. */
  mediaType: string
  content: Uint8Array
}

/** An official document as its message over the exchange tells of it. Absent texts are empty, days `yyyy-MM-dd`. */
export interface Arrival {
  from: { organId: string; name: string }
  exchangeDocumentId: string
  number: string
  notation: string
  kindName: string
  subject: string
  issuedOn: string | null
  signer: { name: string; position: string; competence: string }
  dueOn: string | null
  /** 0 normal … 3 express, 4 express at a set hour. */
  priority: number
  pageCount: number | null
  copies: number | null
  recipients: string[]
  /** 0 new, 1 recall, 2 update, 3 replacement. */
  bussinessDocType: number
  files: ArrivingFile[]
}

/** The message that brought it. */
export interface Transport {
  /** The gateway's id. */
  transportId: string
  raw: Uint8Array
}

export interface Received {
  documentId: string | null
  caseId: string | null
  /** It came before: this is what became of it then. */
  repeated: boolean
}

/**
 * Takes in an official document: message, files, document and the case of it in one transaction; a repeat gives the first
 * one's answer. A recall or an update of a document is recorded with that document and starts nothing.
 */
export async function receiveArrival(
  db: Database,
  files: FileStore,
  arrival: Arrival,
  transport: Transport,
): Promise<Received> {
  const raw = await files.put(transport.raw, transport.raw.byteLength)
  if (arrival.bussinessDocType === 1 || arrival.bussinessDocType === 2)
    return receiveChange(db, arrival, transport, raw)
  const contents = await storeFiles(files, arrival.files)
  const code = [arrival.number, arrival.notation].filter((part) => part !== '').join('/') || null
  const urgency = arrival.priority

  const started = await startCase(db, {
    flowId: 'incoming-document',
    documentId: null,
    variables: { source: 'exchange', urgency, subject: arrival.subject, code },
    key: `arrival:${arrival.from.organId}:${arrival.exchangeDocumentId}`,
    actor: null,
    record: {
      from: arrival.from.organId,
      exchangeDocumentId: arrival.exchangeDocumentId,
      sha256: raw.sha256,
    } as Record<string, Json>,
    async act({ sql, now, caseId }) {
      const at = sql`to_timestamp(${now}::float8 / 1000)`
      const [agency] = await sql<{ code: string; name: string }[]>`
        select code, name from agencies where code = ${arrival.from.organId} or short_code = ${arrival.from.organId} limit 1`
      const agencyName = arrival.from.name || agency?.name || arrival.from.organId
      const [document] = await sql<{ id: string }[]>`
        insert into documents (direction, state, source, kind_code, number, notation, code, subject, agency_code, agency_name, issued_on,
          received_at, due_at, urgency, signer_name, signer_position, signer_competence, page_count, copies, recipients, case_id,
          exchange_document_id, search, created_at)
        values ('incoming', 'received', 'exchange', (select code from document_kinds where lower(name) = lower(${arrival.kindName}) limit 1),
          ${arrival.number || null}, ${arrival.notation || null}, ${code}, ${arrival.subject}, ${agency?.code ?? arrival.from.organId},
          ${agencyName}, ${arrival.issuedOn}, ${at}, ${arrival.dueOn === null ? null : `${arrival.dueOn}T17:00:00+07:00`}, ${urgency},
          ${arrival.signer.name || null}, ${arrival.signer.position || null}, ${arrival.signer.competence || null}, ${arrival.pageCount},
          ${arrival.copies}, ${arrival.recipients.join('; ') || null}, ${caseId}, ${arrival.exchangeDocumentId},
          ${documentSearchText({ code, agencyName, subject: arrival.subject })}, ${at})
        returning id`
      if (!document) throw new Error('inserting a document wrote no row')
      const stored = [{ ...raw, mediaType: 'application/xml' }, ...contents]
      await sql`insert into files (sha256, size, media_type, created_at)
        select distinct on (r.sha256) r.sha256, r.size, r."mediaType", ${at}
        from jsonb_to_recordset(${JSON.stringify(stored)}::text::jsonb) as r(sha256 text, size bigint, "mediaType" text) on conflict do nothing`
      await sql`insert into document_files (document_id, role, name, sha256, added_at)
        select ${document.id}, r.role, r.name, r.sha256, ${at}
        from jsonb_to_recordset(${JSON.stringify(contents)}::text::jsonb) as r(role text, name text, sha256 text)`
      await sql`insert into exchange_messages (direction, message_type, peer, exchange_document_id, bussiness_doc_type, transport_id, raw_sha256,
          document_id, state, at)
        values ('in', 'edoc', ${arrival.from.organId}, ${arrival.exchangeDocumentId}, ${arrival.bussinessDocType}, ${transport.transportId},
          ${raw.sha256}, ${document.id}, 'received', ${at})
        on conflict (direction, message_type, peer, exchange_document_id, bussiness_doc_type, status_code)
        do update set state = 'received', error = null, transport_id = excluded.transport_id, raw_sha256 = excluded.raw_sha256,
          document_id = excluded.document_id, at = excluded.at where exchange_messages.state <> 'received'`
      return { documentId: document.id, variables: { agency: agencyName } }
    },
  })
  return { documentId: started.documentId, caseId: started.caseId, repeated: started.repeated }
}

type Content = StoredFile & { role: 'main' | 'attachment'; name: string; mediaType: string }

/** The first PDF is the document itself, else the first file; the rest comes with it. */
async function storeFiles(files: FileStore, arriving: ArrivingFile[]): Promise<Content[]> {
  const main = Math.max(
    0,
    arriving.findIndex(({ mediaType }) => mediaType === 'application/pdf'),
  )
  const names = new Set<string>()
  const contents: Content[] = []
  for (const [index, { name, mediaType, content }] of arriving.entries()) {
    let unique = name
    for (let count = 2; names.has(unique); count += 1) unique = name.replace(/(\.[^.]+)?$/, ` (${count})$1`)
    names.add(unique)
    const role = index === main ? 'main' : 'attachment'
    contents.push({ ...(await files.put(content, content.byteLength)), role, name: unique, mediaType })
  }
  return contents
}

/** A sender takes back or corrects a document: kept with the document, for the registry to act on. */
async function receiveChange(db: Database, arrival: Arrival, transport: Transport, raw: StoredFile): Promise<Received> {
  const [known] = await db.sql<{ documentId: string; caseId: string | null }[]>`
    select id as "documentId", case_id as "caseId" from documents
    where exchange_document_id = ${arrival.exchangeDocumentId} and direction = 'incoming' limit 1`
  const recorded = await recordMessage(db, {
    messageType: 'edoc',
    peer: arrival.from.organId,
    exchangeDocumentId: arrival.exchangeDocumentId,
    bussinessDocType: arrival.bussinessDocType,
    statusCode: '',
    description: arrival.subject,
    transportId: transport.transportId,
    raw,
    documentId: known?.documentId ?? null,
    state: 'received',
    error: null,
  })
  if (recorded) {
    await recordAudit(db, {
      personId: null,
      postId: null,
      act: arrival.bussinessDocType === 1 ? 'exchange.recallAsked' : 'exchange.updateReceived',
      data: { from: arrival.from.organId, exchangeDocumentId: arrival.exchangeDocumentId },
    })
  }
  return { documentId: known?.documentId ?? null, caseId: known?.caseId ?? null, repeated: !recorded }
}

/** What another agency says about a document that we sent. Recorded once. */
export async function receiveStatus(
  db: Database,
  files: FileStore,
  status: { from: string; exchangeDocumentId: string; statusCode: string; description: string },
  transport: Transport,
): Promise<{ documentId: string | null; repeated: boolean }> {
  const raw = await files.put(transport.raw, transport.raw.byteLength)
  const [about] = await db.sql<{ id: string }[]>`
    select id from documents where exchange_document_id = ${status.exchangeDocumentId} and direction = 'outgoing' limit 1`
  const recorded = await recordMessage(db, {
    messageType: 'status',
    peer: status.from,
    exchangeDocumentId: status.exchangeDocumentId,
    bussinessDocType: 0,
    statusCode: status.statusCode,
    description: status.description,
    transportId: transport.transportId,
    raw,
    documentId: about?.id ?? null,
    state: 'received',
    error: null,
  })
  return { documentId: about?.id ?? null, repeated: !recorded }
}

/**
 * Records a message that is not taken in: what it was, why, and the message itself. One that was taken in before under the
 * same name stays as it is. With state `failed` it is not the message but we who are at fault.
 */
export async function refuseArrival(
  db: Database,
  files: FileStore,
  message: {
    messageType: 'edoc' | 'status'
    peer: string
    /** Empty where the message has none that can be read. */
    exchangeDocumentId: string
    /** A sentence for people. */
    error: string
    code: string
    state: 'refused' | 'failed'
  },
  transport: Transport,
): Promise<void> {
  const raw = await files.put(transport.raw, transport.raw.byteLength)
  const recorded = await recordMessage(db, {
    messageType: message.messageType,
    peer: message.peer,
    exchangeDocumentId: message.exchangeDocumentId || `transport:${transport.transportId}`,
    bussinessDocType: 0,
    // A status message that cannot be read must not stand in the way of one that can.
    statusCode: message.messageType === 'status' ? `?${transport.transportId}` : '',
    description: null,
    transportId: transport.transportId,
    raw,
    documentId: null,
    state: message.state,
    error: message.error,
  })
  if (!recorded) return
  await recordAudit(db, {
    personId: null,
    postId: null,
    act: message.state === 'refused' ? 'exchange.refused' : 'exchange.failed',
    data: {
      from: message.peer,
      exchangeDocumentId: message.exchangeDocumentId,
      transportId: transport.transportId,
      code: message.code,
      error: message.error,
      sha256: raw.sha256,
    },
  })
}

interface MessageRow {
  messageType: 'edoc' | 'status'
  peer: string
  exchangeDocumentId: string
  bussinessDocType: number
  statusCode: string
  description: string | null
  transportId: string
  raw: StoredFile
  documentId: string | null
  state: 'received' | 'refused' | 'failed'
  error: string | null
}

/** @returns whether it says anything new */
async function recordMessage(db: Database, row: MessageRow): Promise<boolean> {
  return db.sql.begin(async (sql) => {
    await sql`insert into files (sha256, size, media_type, created_at)
      values (${row.raw.sha256}, ${row.raw.size}, 'application/xml', clock_timestamp()) on conflict do nothing`
    const recorded =
      await sql`insert into exchange_messages (direction, message_type, peer, exchange_document_id, bussiness_doc_type, status_code,
        description, transport_id, raw_sha256, document_id, state, error, at)
      values ('in', ${row.messageType}, ${row.peer}, ${row.exchangeDocumentId}, ${row.bussinessDocType}, ${row.statusCode}, ${row.description},
        ${row.transportId}, ${row.raw.sha256}, ${row.documentId}, ${row.state}, ${row.error},
        clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond')
      on conflict (direction, message_type, peer, exchange_document_id, bussiness_doc_type, status_code)
      do update set state = excluded.state, error = excluded.error, transport_id = excluded.transport_id, raw_sha256 = excluded.raw_sha256, at = excluded.at
        where exchange_messages.state <> 'received'
          and (exchange_messages.state <> excluded.state or exchange_messages.transport_id is distinct from excluded.transport_id)
      returning id`
    return recorded.length > 0
  })
}
