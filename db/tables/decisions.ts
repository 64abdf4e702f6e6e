import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'

/** A published version of a DMN file never changes: the XML as drawn, what was read of it, and their hash. */
export const decisionModels = pgTable(
  'decision_models',
  {
    id: uuid()
      .primaryKey()
      .default(sql`uuidv7()`),
    /** The id of its definitions. */
    modelId: text('model_id').notNull(),
    version: integer().notNull(),
    name: text().notNull(),
    xml: text().notNull(),
    model: jsonb().notNull(),
    format: integer().notNull(),
    hash: text().notNull(),
    /** Ids and names of its decisions: how a business rule task names one. */
    decisions: text().array().notNull(),
    publishedAt: timestamp('published_at', { withTimezone: true, mode: 'date' }).notNull(),
    publishedByPost: uuid('published_by_post'),
    /** Why it was published; null for what comes with the project. */
    reason: text(),
  },
  (table) => [
    unique('decision_models_number').on(table.modelId, table.version),
    index('decision_models_decisions').using('gin', table.decisions),
  ],
)
