import { integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** A decision file that is being drawn: one of each model, gone once it is published. */
export const decisionDrafts = pgTable('decision_drafts', {
  modelId: text('model_id').primaryKey(),
  name: text().notNull(),
  xml: text().notNull(),
  /** Saves so far: one that does not know the last is refused. */
  revision: integer().notNull(),
  savedAt: timestamp('saved_at', { withTimezone: true, mode: 'date' }).notNull(),
  savedByPost: uuid('saved_by_post').notNull(),
})
