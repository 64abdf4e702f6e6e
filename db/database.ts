import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'
import * as schema from './schema.ts'

export type Drizzle = PostgresJsDatabase<typeof schema>

/**
 * One pool, seen two ways: `orm` for ordinary queries, `sql` for the step's own statements.
 * Drizzle switches the driver's date and JSON conversions off for the whole pool: statements through `sql` read instants
 * as epoch ms (`epochMs`) and hand JSON over as text with a cast.
 */
export interface Database {
  orm: Drizzle
  sql: Sql
  close(): Promise<void>
}

export function openDatabase(url: string, options: { max?: number; applicationName?: string } = {}): Database {
  const sql = postgres(url, {
    max: options.max ?? 10,
    connection: { application_name: options.applicationName ?? 'imoit' },
    onnotice: () => undefined,
    // Seconds until a lost connection is tried again, and until one that does not come is given up: people wait meanwhile.
    backoff: (tries) => Math.min(1, 0.05 * 2 ** tries),
    connect_timeout: 10,
  })
  const orm = drizzle(sql, { schema })
  return { orm, sql, close: () => sql.end({ timeout: 5 }) }
}
