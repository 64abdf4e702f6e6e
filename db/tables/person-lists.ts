import { jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { persons } from './people.ts'

/** A list as a person has arranged it for themselves. */
export const personLists = pgTable(
  'person_lists',
  {
    personId: uuid('person_id')
      .notNull()
      .references(() => persons.id),
    /** `incoming`, `outgoing`, `internal` … */
    list: text().notNull(),
    /** Names of the columns that are not shown. */
    hiddenColumns: text('hidden_columns').array().notNull().default([]),
    /** Saved filters, in the order of their making. */
    views: jsonb().$type<{ name: string; query: string }[]>().notNull().default([]),
  },
  (table) => [primaryKey({ columns: [table.personId, table.list] })],
)
