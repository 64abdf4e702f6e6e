import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at, id } from './columns.ts'

const inOrder = () => bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity()

/** What a case throws to others: written in the throwing step, carried by steps of the cases that get it. */
export const thrownEvents = pgTable(
  'thrown_events',
  {
    id: id(),
    seq: inOrder(),
    kind: text({ enum: ['message', 'signal'] }).notNull(),
    name: text().notNull(),
    correlationKey: text('correlation_key'),
    variables: jsonb().$type<Record<string, unknown>>().notNull(),
    fromCase: uuid('from_case').notNull(),
    elementId: text('element_id').notNull(),
    thrownAt: at('thrown_at').notNull(),
    /** A message that nobody takes until then has failed; null for signals, which reach whoever waits at the throw. */
    expiresAt: at('expires_at'),
    /** `open`: a message that looks for its catcher. `settled`: it has one, or is a signal. */
    state: text({ enum: ['open', 'settled', 'expired'] }).notNull(),
  },
  (table) => [
    index('thrown_events_open')
      .on(table.seq)
      .where(sql`state = 'open'`),
  ],
)

/** A thrown event on its way to one receiver: a case that waits for it, or a flow that begins with it. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: id(),
    /** Order in which a case gets them. */
    seq: inOrder(),
    thrownId: uuid('thrown_id').notNull(),
    caseId: uuid('case_id'),
    /** The one catcher of a message; a signal is for all of the case. */
    subscriptionId: text('subscription_id'),
    flowVersionId: uuid('flow_version_id'),
    elementId: text('element_id'),
    /** `gone`: the receiver waited no longer; a message looks for another. */
    state: text({ enum: ['open', 'done', 'gone'] }).notNull(),
    /** Somebody is at it until then. */
    claimedUntil: at('claimed_until'),
    endedAt: at('ended_at'),
  },
  (table) => [
    index('deliveries_open')
      .on(table.seq)
      .where(sql`state = 'open'`),
    index('deliveries_open_case')
      .on(table.caseId, table.seq)
      .where(sql`state = 'open'`),
    index('deliveries_thrown').on(table.thrownId),
  ],
)

/** What begins a new case of the newest version of a flow by itself. Written at publishing, older versions' removed. */
export const starters = pgTable(
  'starters',
  {
    flowId: text('flow_id').notNull(),
    flowVersionId: uuid('flow_version_id').notNull(),
    elementId: text('element_id').notNull(),
    /** Which of several events at the element. */
    part: integer().notNull(),
    kind: text({ enum: ['message', 'signal', 'timer', 'conditional'] }).notNull(),
    /** Of the message or signal; of a condition its expression. */
    name: text(),
    /** Of the timer: when next, which time that is, and how it goes on. Of a condition: when it is looked at next. */
    dueAt: at('due_at'),
    occurrence: integer().notNull().default(1),
    cycle: jsonb().$type<{ left: number; every: string; workingTime: boolean }>(),
    /** Whether the condition held when it was looked at last: it has to fail before it can begin another case. */
    held: boolean().notNull().default(false),
    /** Why the start at `due_at` failed three times; it is tried again when that is taken away. */
    error: text(),
  },
  (table) => [
    primaryKey({ columns: [table.flowId, table.elementId, table.part] }),
    index('starters_event').on(table.kind, table.name),
    index('starters_due')
      .on(table.dueAt)
      .where(sql`kind in ('timer', 'conditional')`),
  ],
)

/** What has come for start events that need several events together, until the last of them comes and takes these rows. */
export const gatheredStarts = pgTable(
  'gathered_starts',
  {
    flowId: text('flow_id').notNull(),
    elementId: text('element_id').notNull(),
    /** What came: the thrown event, or the timer's occurrence. A repeat is the same row. */
    key: text().notNull(),
    /** Order in which they came. */
    seq: inOrder(),
    part: integer().notNull(),
    /** All that has to come together there: a newer version that asks for something else begins anew. */
    definitions: jsonb().notNull(),
    variables: jsonb().$type<Record<string, unknown>>().notNull(),
    /** What the case's history will keep of it. */
    record: jsonb().$type<Record<string, unknown>>().notNull(),
    at: at('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.flowId, table.elementId, table.key] }),
    index('gathered_starts_part').on(table.flowId, table.elementId, table.part, table.seq),
  ],
)
