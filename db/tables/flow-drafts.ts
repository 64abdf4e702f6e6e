import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { at, id } from './columns.ts'

/** A flow that somebody draws: what it will be published from. Real time throughout, as a draft belongs to no case. */
export const flowDrafts = pgTable(
  'flow_drafts',
  {
    id: id(),
    /** The id of the process drawn in it, as it was last saved. */
    flowId: text('flow_id').notNull(),
    name: text().notNull(),
    /** The published version that the drawing began with; null for a flow that has none. */
    baseVersion: integer('base_version'),
    /** Counts the saves: whoever saves says which one they began with. */
    revision: integer().notNull(),
    xml: text().notNull(),
    state: text({ enum: ['open', 'published', 'discarded'] }).notNull(),
    createdAt: at('created_at').notNull(),
    savedAt: at('saved_at').notNull(),
    savedByPost: uuid('saved_by_post').notNull(),
  },
  (table) => [
    index('flow_drafts_open')
      .on(table.flowId)
      .where(sql`state = 'open'`),
  ],
)

/** What a draft looked like: one for each save with a reason, and for each minute that somebody drew. */
export const flowDraftRevisions = pgTable(
  'flow_draft_revisions',
  {
    draftId: uuid('draft_id').notNull(),
    revision: integer().notNull(),
    xml: text().notNull(),
    reason: text({ enum: ['begun', 'drawn', 'imported', 'restored', 'overwritten'] }).notNull(),
    savedAt: at('saved_at').notNull(),
    savedByPost: uuid('saved_by_post').notNull(),
  },
  (table) => [primaryKey({ columns: [table.draftId, table.revision] })],
)

/** Who has a draft open, window by window. */
export const flowDraftEditors = pgTable(
  'flow_draft_editors',
  {
    draftId: uuid('draft_id').notNull(),
    windowId: uuid('window_id').notNull(),
    postId: uuid('post_id').notNull(),
    seenAt: at('seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.draftId, table.windowId] })],
)

/** A trial run that was kept: run again before each publishing. */
export const flowTrials = pgTable(
  'flow_trials',
  {
    id: id(),
    flowId: text('flow_id').notNull(),
    name: text().notNull(),
    trial: jsonb().notNull(),
    savedAt: at('saved_at').notNull(),
    savedByPost: uuid('saved_by_post').notNull(),
  },
  (table) => [unique('flow_trials_name').on(table.flowId, table.name)],
)

/** Why a version was published and who approved of it; with four eyes, the request that waits for the second pair. */
export const flowPublications = pgTable(
  'flow_publications',
  {
    id: id(),
    draftId: uuid('draft_id').notNull(),
    flowId: text('flow_id').notNull(),
    /** Of the draft: a later one needs an approval of its own. */
    revision: integer().notNull(),
    reason: text().notNull(),
    state: text({ enum: ['asked', 'published', 'declined'] }).notNull(),
    askedAt: at('asked_at').notNull(),
    askedByPost: uuid('asked_by_post').notNull(),
    decidedAt: at('decided_at'),
    decidedByPost: uuid('decided_by_post'),
    /** Why it was declined. */
    answer: text(),
    version: integer(),
  },
  (table) => [
    index('flow_publications_flow').on(table.flowId, table.version),
    unique('flow_publications_revision').on(table.draftId, table.revision),
  ],
)
