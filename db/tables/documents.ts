import { bigint, date, index, integer, pgTable, primaryKey, smallint, text, unique, uuid } from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'
import { at, id } from './columns.ts'
import { persons, posts, units } from './people.ts'

export const directions = ['incoming', 'outgoing', 'internal'] as const
export const documentStates = [
  'received', // Chờ vào sổ
  'refused', // Từ chối tiếp nhận
  'registered', // Đã vào sổ
  'directed', // Đã bút phê, chuyển đơn vị
  'processing', // Đang giải quyết
  'draft', // Dự thảo (của văn bản đi, nội bộ)
  'signed', // Đã ký duyệt
  'issued', // Đã phát hành
  'closed', // Đã hoàn thành
  'filed', // Lưu để biết
  'withdrawn', // Đã rút (dự thảo không dùng nữa)
] as const

export const documents = pgTable(
  'documents',
  {
    id: id(),
    direction: text({ enum: directions }).notNull(),
    state: text({ enum: documentStates }).notNull(),
    source: text({ enum: ['exchange', 'paper', 'internal'] }).notNull(),
    kindCode: text('kind_code'),
    /** Number and notation as the author wrote them, "7816/VPCP-TTĐT": `code` is both, `number` its first part. */
    number: text(),
    notation: text(),
    code: text(),
    subject: text().notNull(),
    agencyCode: text('agency_code'),
    agencyName: text('agency_name').notNull(),
    issuedOn: date('issued_on'),
    receivedAt: at('received_at').notNull(),
    /** Arrival number and day in the incoming book, or the number taken in the outgoing one. */
    registerNumber: integer('register_number'),
    registeredOn: date('registered_on'),
    dueAt: at('due_at'),
    /** 0 none, 1 Khẩn, 2 Thượng khẩn, 3 Hỏa tốc (NĐ 30/2020 Điều 8), 4 Hỏa tốc hẹn giờ (of the exchange, QCVN 102). */
    urgency: smallint().notNull().default(0),
    secrecy: smallint().notNull().default(0),
    signerName: text('signer_name'),
    signerPosition: text('signer_position'),
    signerCompetence: text('signer_competence'),
    pageCount: integer('page_count'),
    copies: integer(),
    /** "Nơi nhận" as it is written. */
    recipients: text(),
    note: text(),
    /** The unit that drafts it, or that has the lead. */
    unitId: uuid('unit_id').references(() => units.id),
    caseId: uuid('case_id'),
    /** edXML DocumentId, where the document came or went by the exchange. */
    exchangeDocumentId: text('exchange_document_id'),
    /** number, notation, agency and subject, folded (`db/search-text.ts`). */
    search: text().notNull(),
    createdByPost: uuid('created_by_post').references(() => posts.id),
    createdAt: at('created_at').notNull(),
    closedAt: at('closed_at'),
    /** Counts changes: a form tells which one it was made from. */
    version: integer().notNull().default(1),
  },
  (table) => [
    index('documents_list').on(table.direction, table.receivedAt.desc(), table.id),
    index('documents_state').on(table.direction, table.state, table.receivedAt.desc()),
    index('documents_unit').on(table.direction, table.unitId, table.receivedAt.desc()),
    index('documents_kind').on(table.direction, table.kindCode, table.receivedAt.desc()),
    index('documents_day').on(
      table.direction,
      sql`coalesce(registered_on, (received_at at time zone 'Asia/Ho_Chi_Minh')::date)`,
    ),
    index('documents_due')
      .on(table.dueAt)
      .where(sql`closed_at is null`),
    index('documents_code').on(table.code, table.agencyName),
    index('documents_case').on(table.caseId),
  ],
)

/** Content, stored once under its SHA-256 (hex) and never changed. */
export const files = pgTable('files', {
  sha256: text().primaryKey(),
  size: bigint({ mode: 'number' }).notNull(),
  mediaType: text('media_type').notNull(),
  createdAt: at('created_at').notNull(),
})

/**
 * A file of a document. Drafts count versions; what was signed off is one version's SHA-256. A copy is one that the registry
 * certified: an e-copy of paper, an incoming document with its number of arrival.
 */
export const documentFiles = pgTable(
  'document_files',
  {
    id: id(),
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id),
    role: text({ enum: ['main', 'attachment', 'draft', 'copy'] }).notNull(),
    name: text().notNull(),
    sha256: text()
      .notNull()
      .references(() => files.sha256),
    version: integer().notNull().default(1),
    addedByPost: uuid('added_by_post').references(() => posts.id),
    addedAt: at('added_at').notNull(),
  },
  (table) => [
    unique('document_files_version').on(table.documentId, table.role, table.name, table.version),
    index('document_files_sha').on(table.sha256),
  ],
)

/** Who may see a document: a person or a unit (`grantee` is the id of either). */
export const documentAccess = pgTable(
  'document_access',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id),
    grantee: uuid().notNull(),
    since: at('since').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.grantee] }),
    index('document_access_grantee').on(table.grantee, table.documentId),
  ],
)

/** A unit's part in a document: lead, coordinate, for information; and whether it has opened it. */
export const documentParts = pgTable(
  'document_parts',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    part: text({ enum: ['lead', 'coordinate', 'information'] }).notNull(),
    dueAt: at('due_at'),
    since: at('since').notNull(),
    openedAt: at('opened_at'),
    openedBy: uuid('opened_by').references(() => persons.id),
  },
  (table) => [primaryKey({ columns: [table.documentId, table.unitId] }), index('document_parts_unit').on(table.unitId)],
)

/** "answers": the first document is the reply to the second. */
export const documentRelations = pgTable(
  'document_relations',
  {
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id),
    relatedId: uuid('related_id')
      .notNull()
      .references(() => documents.id),
    kind: text({ enum: ['answers'] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.relatedId, table.kind] }),
    index('document_relations_back').on(table.relatedId),
  ],
)

/** Each time somebody looked at a document or took a file of it. */
export const documentViews = pgTable(
  'document_views',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    documentId: uuid('document_id').notNull(),
    personId: uuid('person_id').notNull(),
    postId: uuid('post_id'),
    act: text({ enum: ['view', 'download'] }).notNull(),
    fileId: uuid('file_id'),
    at: at('at').notNull(),
  },
  (table) => [index('document_views_document').on(table.documentId, table.at)],
)

/** Who agreed to exactly these bytes: recorded (`approve`), or by a digital signature of one kind. */
export const signOffs = pgTable(
  'sign_offs',
  {
    id: id(),
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id),
    documentFileId: uuid('document_file_id')
      .notNull()
      .references(() => documentFiles.id),
    sha256: text().notNull(),
    kind: text({ enum: ['approve', 'personal', 'initial', 'organisation'] }).notNull(),
    personId: uuid('person_id').notNull(),
    postId: uuid('post_id').notNull(),
    at: at('at').notNull(),
  },
  (table) => [index('sign_offs_document').on(table.documentId)],
)
