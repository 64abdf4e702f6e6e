import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at, id } from './columns.ts'
import { documentFiles, documents } from './documents.ts'
import { persons, posts } from './people.ts'
import { certificates, delegations } from './signing.ts'

/** How far an act of signing is. What `signed` and later needs no key any more. */
export const signatureStates = [
  'waiting', // On a list, ticked; nothing prepared yet
  'prepared', // The exact bytes to be signed are kept
  'signed', // The key has signed them
  'proven', // Time stamp and revocation answers, as far as the level asks for them
  'ready', // The signed file is kept
  'embedded', // The step is done: the signed file is a version of the document
  'failed', // It came to nothing; why stands beside it
  'dropped', // Prepared and never signed
] as const

/** A person's list of documents to be signed with one PIN. Real time. */
export const signingLists = pgTable(
  'signing_lists',
  {
    id: id(),
    personId: uuid('person_id')
      .notNull()
      .references(() => persons.id),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    /** What was ticked and could not be begun, and why: another version since, a task that ended. */
    refused: jsonb()
      .notNull()
      .default(sql`'[]'`),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('signing_lists_post').on(table.postId, table.createdAt.desc())],
)

/**
 * One act of signing: who signs which version of which document, in which task, and how far it is. Holds no secret: the PIN is in
 * the memory of the act alone. Real time, as certificates are.
 */
export const signatures = pgTable(
  'signatures',
  {
    id: id(),
    documentId: uuid('document_id')
      .notNull()
      .references(() => documents.id),
    /** The version that was shown, and its SHA-256. */
    fileId: uuid('file_id')
      .notNull()
      .references(() => documentFiles.id),
    sha256: text().notNull(),
    /** The task that it completes, or is sealed with; none where the registry certifies a copy. */
    caseId: uuid('case_id'),
    taskId: uuid('task_id'),
    listId: uuid('list_id').references(() => signingLists.id),
    /** Its place in the list. */
    position: integer().notNull().default(0),
    role: text({ enum: ['person', 'initial', 'organisation', 'appendix', 'copy', 'received'] }).notNull(),
    personId: uuid('person_id').notNull(),
    postId: uuid('post_id').notNull(),
    certificateId: uuid('certificate_id')
      .notNull()
      .references(() => certificates.id),
    /** In whose place, as it stands in the signature: "KT. BỘ TRƯỞNG". */
    competence: text(),
    delegationId: uuid('delegation_id').references(() => delegations.id),
    state: text({ enum: signatureStates }).notNull(),
    /** Where a person moved it to; above the signer's name where null. */
    place: jsonb(),
    /** What the form of the step says, for when the signature is there. */
    completion: jsonb().notNull(),
    preparedSha256: text('prepared_sha256'),
    prepared: jsonb(),
    value: jsonb(),
    evidence: jsonb(),
    signedSha256: text('signed_sha256'),
    signedSize: bigint('signed_size', { mode: 'number' }),
    signedFileId: uuid('signed_file_id').references(() => documentFiles.id),
    /** Why it failed, or why it does not go on: code and sentences. */
    fault: jsonb(),
    createdAt: at('created_at').notNull(),
    preparedAt: at('prepared_at'),
    signedAt: at('signed_at'),
    embeddedAt: at('embedded_at'),
  },
  (table) => [
    // Nothing is signed twice: one live act for each task, and one for each file that is sealed beside it or copied.
    uniqueIndex('signatures_once')
      .on(table.taskId)
      .where(sql`state not in ('failed', 'dropped') and role in ('person', 'initial', 'organisation')`),
    uniqueIndex('signatures_file_once')
      .on(table.fileId, table.role)
      .where(sql`state not in ('failed', 'dropped') and role in ('appendix', 'copy', 'received')`),
    index('signatures_list').on(table.listId, table.position),
    index('signatures_document').on(table.documentId),
    // The sweep of the file store asks whether these bytes are still needed.
    index('signatures_prepared').on(table.preparedSha256),
    index('signatures_signed').on(table.signedSha256),
  ],
)
