import { bigint, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'
import { at, id } from './columns.ts'

/** A letter in somebody's mailbox: once for each Message-ID and mailbox. */
export const letters = pgTable(
  'letters',
  {
    id: id(),
    /** Address of the mailbox, lower case. */
    mailbox: text().notNull(),
    messageId: text('message_id').notNull(),
    sender: text().notNull(),
    recipients: text().array().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    sentAt: at('sent_at'),
    receivedAt: at('received_at').notNull(),
    readAt: at('read_at'),
    attachments: jsonb().$type<{ name: string; mediaType: string; size: number; sha256: string }[]>().notNull(),
    /** The letter as it came, under its SHA-256 in the file store. */
    rawSha256: text('raw_sha256').notNull(),
  },
  (table) => [
    unique('letters_once').on(table.mailbox, table.messageId),
    index('letters_mailbox').on(table.mailbox, table.receivedAt.desc()),
    index('letters_unread')
      .on(table.mailbox)
      .where(sql`read_at is null`),
  ],
)

/** Official messages over the exchange, in and out. */
export const exchangeMessages = pgTable(
  'exchange_messages',
  {
    id: id(),
    direction: text({ enum: ['in', 'out'] }).notNull(),
    messageType: text('message_type', { enum: ['edoc', 'status'] }).notNull(),
    /** The other side's organ code. */
    peer: text().notNull(),
    /** edXML DocumentId (for a status: of the document it is about). */
    exchangeDocumentId: text('exchange_document_id').notNull(),
    bussinessDocType: integer('bussiness_doc_type').notNull().default(0),
    /** '' for documents, '01' … '16' for statuses. */
    statusCode: text('status_code').notNull().default(''),
    description: text(),
    /** The id the gateway gave it. */
    transportId: text('transport_id'),
    rawSha256: text('raw_sha256'),
    documentId: uuid('document_id'),
    state: text({ enum: ['waiting', 'sent', 'received', 'refused', 'failed'] }).notNull(),
    error: text(),
    at: at('at').notNull(),
  },
  (table) => [
    unique('exchange_messages_once').on(
      table.direction,
      table.messageType,
      table.peer,
      table.exchangeDocumentId,
      table.bussinessDocType,
      table.statusCode,
    ),
    index('exchange_messages_document').on(table.documentId),
    index('exchange_messages_at').on(table.at.desc()),
  ],
)

/** What happened outside cases (signing in, settings, refused input), chained by hash. */
export const auditEvents = pgTable('audit_events', {
  seq: bigint({ mode: 'number' }).primaryKey(),
  at: at('at').notNull(),
  personId: uuid('person_id'),
  postId: uuid('post_id'),
  act: text().notNull(),
  data: jsonb().notNull(),
  hash: text().notNull(),
})
