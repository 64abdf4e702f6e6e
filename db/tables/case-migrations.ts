import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './columns.ts'

/** Running cases on their way from one version of a flow to another. Real time throughout, as it belongs to no case. */
export const caseMigrations = pgTable(
  'case_migrations',
  {
    id: uuid()
      .primaryKey()
      .default(sql`uuidv7()`),
    flowId: text('flow_id').notNull(),
    fromVersionId: uuid('from_version_id').notNull(),
    toVersionId: uuid('to_version_id').notNull(),
    /** From elements of the older version to those of the newer; what is not named keeps its id. */
    map: jsonb().$type<Record<string, string>>().notNull(),
    /** `checking`: the dry run. `checked`: it waits for an administrator. Then the cases are moved, a few at a time. */
    state: text({ enum: ['checking', 'checked', 'moving', 'paused', 'done', 'dropped'] }).notNull(),
    /** Given when the moving begins. */
    reason: text(),
    createdAt: at('created_at').notNull(),
    personId: uuid('person_id').notNull(),
    postId: uuid('post_id').notNull(),
    endedAt: at('ended_at'),
  },
  (table) => [
    index('case_migrations_at_work')
      .on(table.id)
      .where(sql`state in ('checking', 'moving')`),
  ],
)

/** Each case of a migration, and what became of it. */
export const migratingCases = pgTable(
  'migrating_cases',
  {
    migrationId: uuid('migration_id').notNull(),
    caseId: uuid('case_id').notNull(),
    /** `gone`: it ended, or left the version, by itself. `failed`: its step could not be carried out. */
    state: text({ enum: ['unchecked', 'fits', 'unfit', 'moved', 'gone', 'failed'] }).notNull(),
    /** What does not fit, or went wrong: each with an element and a sentence in both languages. */
    reasons: jsonb().$type<{ elementId: string; reason: string; vi: string; en: string }[]>().notNull().default([]),
    /** Some worker is at it until then. */
    claimedUntil: at('claimed_until'),
    changedAt: at('changed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.migrationId, table.caseId] }),
    index('migrating_cases_state').on(table.migrationId, table.state, table.caseId),
  ],
)
