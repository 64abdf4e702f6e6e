import { sql } from 'drizzle-orm'
import { timestamp, uuid } from 'drizzle-orm/pg-core'

/** A row's own id, in the order in which rows are made. */
export const id = () =>
  uuid()
    .primaryKey()
    .default(sql`uuidv7()`)

/** An instant. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
