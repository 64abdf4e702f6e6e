import { bigint, boolean, date, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './columns.ts'

/** The 29 kinds of NĐ 30/2020 Điều 7 and the 3 forms of copy. */
export const documentKinds = pgTable('document_kinds', {
  code: text().primaryKey(),
  /** Place in Điều 7; null for forms of copy. */
  ordinal: integer(),
  name: text().notNull(),
  nameEn: text('name_en').notNull(),
  /** Null where the notation names no kind (công văn, thư công). */
  abbreviation: text(),
  isCopy: boolean('is_copy').notNull().default(false),
})

export const agencies = pgTable('agencies', {
  /** Identification code of QCVN 102, `000.00.00.G22`. */
  code: text().primaryKey(),
  /** Short code since QĐ 20/2020, `G22`. */
  shortCode: text('short_code').notNull(),
  name: text().notNull(),
  nameEn: text('name_en').notNull(),
  /** Reachable on the document exchange. */
  onExchange: boolean('on_exchange').notNull().default(false),
})

/** Days off and days worked in exchange, dated. */
export const holidays = pgTable('holidays', {
  day: date().primaryKey(),
  kind: text({ enum: ['off', 'worked'] }).notNull(),
  name: text().notNull(),
  nameEn: text('name_en').notNull(),
})

/** Office hours, mail addresses and the like: a value each, validated where it is read. */
export const settings = pgTable('settings', {
  key: text().primaryKey(),
  value: jsonb().notNull(),
})

/** One row: how far the demonstration's clock runs ahead of the database's. */
export const clock = pgTable('clock', {
  id: smallint().primaryKey(),
  offsetMs: bigint('offset_ms', { mode: 'number' }).notNull().default(0),
})

/** A sequence of numbers: book × year × series (the series is the kind in the outgoing book, `*` in the incoming one). */
export const registerSeries = pgTable(
  'register_series',
  {
    book: text({ enum: ['incoming', 'outgoing'] }).notNull(),
    year: integer().notNull(),
    series: text().notNull(),
    lastNumber: integer('last_number').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.book, table.year, table.series] })],
)

/** A number that was taken, for good. */
export const registerEntries = pgTable(
  'register_entries',
  {
    book: text({ enum: ['incoming', 'outgoing'] }).notNull(),
    year: integer().notNull(),
    series: text().notNull(),
    number: integer().notNull(),
    documentId: uuid('document_id').notNull().unique(),
    takenAt: at('taken_at').notNull(),
    takenByPost: uuid('taken_by_post'),
    note: text(),
  },
  (table) => [primaryKey({ columns: [table.book, table.year, table.series, table.number] })],
)
