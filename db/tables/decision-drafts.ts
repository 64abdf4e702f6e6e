import { integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** A decision file that is being drawn: one of each model, gone once it is published. */
export const decisionDrafts = pgTable('decision_drafts', {
  modelId: text('model_id').primaryKey(),
  name: text().notNull(),
  xml: text().notNull(),
  /** Saves so far: one that does not know the last is refused. */
  revision: integer().notNull(),
  /** The published version that the drawing began with; null where it began with none. */
  baseVersion: integer('base_version'),
  savedAt: timestamp('saved_at', { withTimezone: true, mode: 'date' }).notNull(),
  savedByPost: uuid('saved_by_post').notNull(),
})

/** Who has a decision file open, window by window. */
export const decisionDraftEditors = pgTable(
  'decision_draft_editors',
  {
    modelId: text('model_id').notNull(),
    windowId: uuid('window_id').notNull(),
    postId: uuid('post_id').notNull(),
    seenAt: timestamp('seen_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.windowId] })],
)
