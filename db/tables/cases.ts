import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { sql } from 'drizzle-orm'
import { at, id } from './columns.ts'

/** A published version of a flow never changes: the XML as drawn, the IR it was parsed to, and their hash. */
export const flowVersions = pgTable(
  'flow_versions',
  {
    id: id(),
    flowId: text('flow_id').notNull(),
    version: integer().notNull(),
    name: text().notNull(),
    nameEn: text('name_en').notNull(),
    xml: text().notNull(),
    ir: jsonb().notNull(),
    hash: text().notNull(),
    /** What a caller may bind to (`zeebe:versionTag`). */
    versionTag: text('version_tag'),
    publishedAt: at('published_at').notNull(),
    publishedByPost: uuid('published_by_post'),
  },
  (table) => [unique('flow_versions_number').on(table.flowId, table.version)],
)

export const caseStatuses = ['running', 'stuck', 'completed', 'terminated', 'failed'] as const

export const cases = pgTable(
  'cases',
  {
    id: id(),
    flowVersionId: uuid('flow_version_id').notNull(),
    documentId: uuid('document_id'),
    status: text({ enum: caseStatuses }).notNull(),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
    startedByPost: uuid('started_by_post'),
  },
  (table) => [
    index('cases_document').on(table.documentId),
    /** Backwards: the running ones of a version, then those that ended last. */
    index('cases_version').on(table.flowVersionId, table.endedAt),
    index('cases_open')
      .on(table.startedAt)
      .where(sql`ended_at is null`),
  ],
)

/** Where a case stands. Its row is the case's lock. */
export const caseStates = pgTable('case_states', {
  caseId: uuid('case_id').primaryKey(),
  state: jsonb().notNull(),
  /**
   * The version it was moved to; null while it is on the one it began with. `cases` says the same, but here it is read under the
   * lock: a step that waited for a migration goes on where that has put the case.
   */
  movedToVersion: uuid('moved_to_version'),
  eventCount: integer('event_count').notNull(),
  /** Hash of the newest event: the next one's link. */
  lastHash: text('last_hash').notNull(),
  /** The instant the case's workflow will wake at by itself; null when it sleeps for good or does not exist. */
  alarmAt: at('alarm_at'),
})

/** Every step of a case, chained by hash. */
export const caseEvents = pgTable(
  'case_events',
  {
    caseId: uuid('case_id').notNull(),
    seq: integer().notNull(),
    at: at('at').notNull(),
    type: text().notNull(),
    personId: uuid('person_id'),
    postId: uuid('post_id'),
    /** The event as the engine got it, what it traced, and what the person did beside it. */
    data: jsonb().notNull(),
    hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.caseId, table.seq] })],
)

/** Keys of events that were handled, with the answer they got. */
export const onceKeys = pgTable('once_keys', {
  key: text().primaryKey(),
  caseId: uuid('case_id'),
  answer: jsonb(),
})

export const tasks = pgTable(
  'tasks',
  {
    id: id(),
    caseId: uuid('case_id').notNull(),
    /** The engine's id of the task in its case. */
    token: text().notNull(),
    elementId: text('element_id').notNull(),
    name: text().notNull(),
    formKey: text('form_key'),
    documentId: uuid('document_id'),
    /** Copied from the document for the inbox's predicate and marks. */
    secrecy: smallint().notNull().default(0),
    urgency: smallint().notNull().default(0),
    state: text({ enum: ['open', 'completed', 'cancelled'] }).notNull(),
    part: text(),
    assigneePost: uuid('assignee_post'),
    candidateGroups: text('candidate_groups').array().notNull(),
    properties: jsonb().$type<Record<string, string>>().notNull(),
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    scope: text().array().notNull(),
    priority: integer().notNull().default(50),
    openedAt: at('opened_at').notNull(),
    dueAt: at('due_at'),
    remindedAt: at('reminded_at'),
    overdueAt: at('overdue_at'),
    claimedAt: at('claimed_at'),
    /** When work began (claimed, a draft saved): from then on the sender cannot take it back. */
    begunAt: at('begun_at'),
    endedAt: at('ended_at'),
    endedByPost: uuid('ended_by_post'),
    endedByPerson: uuid('ended_by_person'),
    outcome: text(),
    opinion: text(),
  },
  (table) => [
    unique('tasks_token').on(table.caseId, table.token),
    index('tasks_assigned')
      .on(table.assigneePost, table.dueAt, table.priority.desc(), table.id)
      .where(sql`state = 'open'`),
    index('tasks_document').on(table.documentId),
    index('tasks_ended')
      .on(table.endedByPost, table.endedAt.desc())
      .where(sql`state = 'completed'`),
    index('tasks_open_due')
      .on(table.dueAt)
      .where(sql`state = 'open'`),
  ],
)

/** Who may take an open, unclaimed task. Gone once it is claimed or ended. */
export const taskCandidates = pgTable(
  'task_candidates',
  {
    taskId: uuid('task_id').notNull(),
    groupKey: text('group_key').notNull(),
    secrecy: smallint().notNull(),
    priority: integer().notNull(),
    dueAt: at('due_at'),
    /** The task stands in several queues, and a count over them has to know it once. */
    shared: boolean().notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.taskId, table.groupKey] }),
    index('task_candidates_shared')
      .on(table.groupKey, table.taskId)
      .where(sql`shared`),
    index('task_candidates_queue').on(
      table.groupKey,
      table.dueAt,
      table.priority.desc(),
      table.taskId,
      table.secrecy,
      table.shared,
    ),
  ],
)

export const timers = pgTable(
  'timers',
  {
    caseId: uuid('case_id').notNull(),
    timerId: text('timer_id').notNull(),
    occurrence: integer().notNull(),
    dueAt: at('due_at').notNull(),
    elementId: text('element_id').notNull(),
    purpose: text({ enum: ['flow', 'remind', 'due'] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.caseId, table.timerId, table.occurrence] }),
    index('timers_due').on(table.dueAt),
  ],
)

/** The outbox: what Temporal does outside for a case. */
export const calls = pgTable(
  'calls',
  {
    id: id(),
    /** Order on a channel of a case. */
    seq: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    caseId: uuid('case_id').notNull(),
    /** The engine's id of the call when the case waits for its answer; null when it does not. */
    token: text(),
    channel: text({ enum: ['mail', 'exchange', 'internal'] }).notNull(),
    serviceType: text('service_type').notNull(),
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Idempotency key towards the outside: Message-ID, DocumentId and status. */
    key: text().notNull().unique(),
    state: text({ enum: ['open', 'claimed', 'done', 'failed', 'cancelled'] }).notNull(),
    attempts: integer().notNull().default(0),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
    answer: jsonb(),
    error: text(),
    /** Handed to the case's workflow, and when. */
    handedAt: at('handed_at'),
  },
  (table) => [
    index('calls_pending')
      .on(table.caseId, table.seq)
      .where(sql`state in ('open', 'claimed')`),
    index('calls_unhanded')
      .on(table.createdAt)
      .where(sql`state in ('open', 'claimed')`),
  ],
)

/** What a case waits for by name. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    caseId: uuid('case_id').notNull(),
    subscriptionId: text('subscription_id').notNull(),
    kind: text({ enum: ['message', 'signal'] })
      .notNull()
      .default('message'),
    /** Of the message or signal. */
    messageName: text('message_name').notNull(),
    correlationKey: text('correlation_key'),
    elementId: text('element_id').notNull(),
    attachedTo: text('attached_to'),
    /** The post that completed the task before: who may take back. */
    sincePost: uuid('since_post'),
    sinceAt: at('since_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.caseId, table.subscriptionId] }),
    index('subscriptions_message').on(table.messageName, table.correlationKey),
  ],
)

export const incidents = pgTable(
  'incidents',
  {
    caseId: uuid('case_id').notNull(),
    incidentId: text('incident_id').notNull(),
    elementId: text('element_id').notNull(),
    code: text().notNull(),
    message: text().notNull(),
    raisedAt: at('raised_at').notNull(),
    resolvedAt: at('resolved_at'),
    /** A step that failed three times, parked with what it was. */
    parked: boolean().notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.caseId, table.incidentId] })],
)
