import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, id } from './columns.ts'
import { files } from './documents.ts'
import { persons, posts, units } from './people.ts'

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

export const certificateStates = ['active', 'suspended', 'revoked'] as const
export const certificateKeepings = ['token', 'demonstration'] as const

/** Certificates of the ministry's people and organisations. Their keys are elsewhere: on tokens, never here. Real time. */
export const certificates = pgTable(
  'certificates',
  {
    id: id(),
    /** Whose: a person's or an organisation's, one of the two. */
    personId: uuid('person_id').references(() => persons.id),
    unitId: uuid('unit_id').references(() => units.id),
    /** Common name. */
    name: text().notNull(),
    subject: text().notNull(),
    issuer: text().notNull(),
    /** Hexadecimal. */
    serial: text().notNull(),
    /** SHA-256 over the DER, hexadecimal. */
    fingerprint: text().notNull().unique(),
    der: bytea().notNull(),
    notBefore: at('not_before').notNull(),
    notAfter: at('not_after').notNull(),
    /** Where its key is kept. Keys of a demonstration have no legal effect and are refused in production. */
    keptOn: text('kept_on', { enum: certificateKeepings }).notNull(),
    state: text({ enum: certificateStates }).notNull().default('active'),
    /** Of suspended and revoked: why, since when, by whom. */
    stateReason: text('state_reason'),
    stateSince: at('state_since'),
    stateByPost: uuid('state_by_post').references(() => posts.id),
    addedByPost: uuid('added_by_post').references(() => posts.id),
    addedAt: at('added_at').notNull(),
    /** PNG of the holder's handwritten signature, or of the organisation's seal, as it is drawn where they sign. */
    image: bytea(),
    /** When the holder was written to that it ends soon. */
    warnedAt: at('warned_at'),
  },
  (table) => [
    check('certificates_holder', sql`num_nonnulls(${table.personId}, ${table.unitId}) = 1`),
    index('certificates_person').on(table.personId),
    index('certificates_unit').on(table.unitId),
    index('certificates_end').on(table.notAfter),
  ],
)

/** Authorities that the office believes (roots), and those between them and the signers. Removed ones stay on record. */
export const trustAnchors = pgTable(
  'trust_anchors',
  {
    id: id(),
    role: text({ enum: ['root', 'intermediate'] }).notNull(),
    name: text().notNull(),
    subject: text().notNull(),
    issuer: text().notNull(),
    serial: text().notNull(),
    fingerprint: text().notNull(),
    der: bytea().notNull(),
    notBefore: at('not_before').notNull(),
    notAfter: at('not_after').notNull(),
    /** Signatures under it are marked as test wherever they are shown; not believed in production. */
    isTest: boolean('is_test').notNull().default(false),
    addedByPost: uuid('added_by_post').references(() => posts.id),
    addedAt: at('added_at').notNull(),
    removedByPost: uuid('removed_by_post').references(() => posts.id),
    removedAt: at('removed_at'),
  },
  (table) => [
    uniqueIndex('trust_anchors_once')
      .on(table.fingerprint)
      .where(sql`removed_at is null`),
  ],
)

/** Services that are asked: time stamps, OCSP, revocation lists. Addresses inside certificates never are. */
export const trustServices = pgTable(
  'trust_services',
  {
    id: id(),
    kind: text({ enum: ['time-stamp', 'ocsp', 'crl'] }).notNull(),
    url: text().notNull(),
    isTest: boolean('is_test').notNull().default(false),
    addedByPost: uuid('added_by_post').references(() => posts.id),
    addedAt: at('added_at').notNull(),
    removedByPost: uuid('removed_by_post').references(() => posts.id),
    removedAt: at('removed_at'),
  },
  (table) => [
    uniqueIndex('trust_services_once')
      .on(table.kind, table.url)
      .where(sql`removed_at is null`),
  ],
)

/** Who signs in whose place (NĐ 30/2020 Điều 13): KT. for the head, TL. by order, TUQ. by written delegation. */
export const delegations = pgTable(
  'delegations',
  {
    id: id(),
    /** Whose right it is. */
    fromPost: uuid('from_post')
      .notNull()
      .references(() => posts.id),
    toPerson: uuid('to_person')
      .notNull()
      .references(() => persons.id),
    kind: text({ enum: ['KT', 'TL', 'TUQ'] }).notNull(),
    /** Days of the office, both included; open-ended where null. */
    validFrom: date('valid_from').notNull(),
    validUntil: date('valid_until'),
    /** Codes of kinds of document; all where null. */
    kindCodes: text('kind_codes').array(),
    /** The paper that says so: number and day of a decision, an assignment of work. */
    basis: text().notNull(),
    createdByPost: uuid('created_by_post').references(() => posts.id),
    createdAt: at('created_at').notNull(),
    withdrawnAt: at('withdrawn_at'),
    withdrawnByPost: uuid('withdrawn_by_post').references(() => posts.id),
    withdrawnReason: text('withdrawn_reason'),
  },
  (table) => [
    index('delegations_to').on(table.toPerson, table.fromPost),
    check('delegations_tuq', sql`${table.kind} <> 'TUQ' or ${table.validUntil} is not null`),
  ],
)

export const verdicts = ['valid', 'invalid', 'unknown', 'unsigned'] as const

/** Each time a file was checked: the result, and what it stands on. Nothing is overwritten: the first is of the arrival. */
export const verifications = pgTable(
  'verifications',
  {
    id: id(),
    sha256: text()
      .notNull()
      .references(() => files.sha256),
    verdict: text({ enum: verdicts }).notNull(),
    isTest: boolean('is_test').notNull(),
    /** How many there are. */
    signatures: integer().notNull(),
    /** What the panel shows, without the evidence. */
    report: jsonb().notNull(),
    /** Certificates, OCSP answers and revocation lists, each DER in base64. */
    evidence: jsonb().$type<{ certificates: string[]; ocsps: string[]; crls: string[] }>().notNull(),
    /** Of the trust list it was checked against: another one since then may say otherwise. */
    trustState: text('trust_state').notNull(),
    verifiedAt: at('verified_at').notNull(),
  },
  (table) => [index('verifications_file').on(table.sha256, table.verifiedAt.desc())],
)

/** Files that wait to be checked; put here by a trigger as they come. */
export const verificationQueue = pgTable(
  'verification_queue',
  {
    sha256: text().primaryKey(),
    askedAt: at('asked_at').notNull(),
    tried: integer().notNull().default(0),
    notBefore: at('not_before').notNull(),
  },
  (table) => [index('verification_queue_next').on(table.notBefore)],
)
