import type { ReservedSql, Sql } from 'postgres'
import { advance } from '#bpmn/advance.ts'
import type { AdvanceContext, CaseEvent, CaseStatus, Effect, Json, Variables } from '#bpmn/case.ts'
import type { Flow } from '#bpmn/flow.ts'
import { visibleVariables, type CaseState } from '#bpmn/state.ts'
import { workingCalendar } from './calendar.ts'
import { linkHash } from './chain.ts'
import type { Database } from './database.ts'
import { flowOfVersion, latestFlowVersion } from './flows.ts'
import { notFound } from './refusal.ts'
import { localServices } from './local-services.ts'
import { planEffects, type PlannedEffects } from './step-plan.ts'
import { writeEffects } from './step-writes.ts'
import { wakeWorker } from './wake.ts'

/** Who acts. Null stands for the system: a timer, an answer, a message. */
export interface Actor {
  personId: string
  postId: string
}

/** What an act or a local service may use inside the step: the case's lock is held, nothing is committed yet. */
export interface StepScope {
  sql: ReservedSql
  /** Epoch ms on the one clock. */
  now: number
  caseId: string
  documentId: string | null
  /** All that the task or the service sees: the process's, overlaid by its scopes. */
  variables: Variables
  actor: Actor | null
  task: LockedTask | null
  /** A statement whose answer nobody needs: sent together with the step's own writes. */
  write(statement: () => PromiseLike<unknown>): void
  /** An outbox row without a token: made by Temporal, the case does not wait for it. */
  call(call: { channel: 'mail' | 'exchange'; serviceType: string; input: Record<string, Json>; key: string }): void
}

export interface LockedTask {
  id: string
  token: string
  elementId: string
  formKey: string | null
  state: 'open' | 'completed' | 'cancelled'
  assigneePost: string | null
  candidateGroups: string[]
  properties: Record<string, string>
  input: Variables
  endedByName: string | null
}

export interface LockedCase {
  caseId: string
  flowVersionId: string
  documentId: string | null
  status: CaseStatus
  state: CaseState
  eventCount: number
  lastHash: string
  now: number
  task: LockedTask | null
}

export interface StepAnswer {
  caseId: string
  status: CaseStatus
  /** The same key came before: this is its first answer. */
  repeated: boolean
  /** The event named something that is gone: recorded, nothing changed. */
  late: string | null
}

export interface StepRequest {
  /** The case, directly or by one of its tasks. */
  of: { caseId: string } | { taskId: string }
  /** Handled once: a repeat gets the first answer. */
  key: string | null
  actor: Actor | null
  /** Decides on the event under the lock. Throws a Refusal to write nothing. */
  decide(locked: LockedCase): CaseEvent
  /** What the person does beside the event, in the same transaction; what it returns goes into the event's variables. */
  act?(scope: StepScope): Promise<Variables | void>
  /** What the history keeps of it. */
  record?: Record<string, Json>
}

const ONCE = 'once_keys_pkey'
interface PostgresError extends Error {
  code: string
  constraint_name?: string
}
const isPostgresError = (error: unknown): error is PostgresError =>
  error instanceof Error && typeof (error as Partial<PostgresError>).code === 'string'

/**
 * One step of a case: lock, advance, write, commit. Two round trips when neither an act nor a local service asks the
 * database something of its own (`begin` goes with the lock, `commit` with the writes).
 */
export async function runStep(db: Database, request: StepRequest): Promise<StepAnswer> {
  const calendar = await workingCalendar(db)
  const connection = await db.sql.reserve()
  let open = false
  try {
    open = true
    // Queries start when they are awaited: `begin` has to be on its way before the lock is asked for.
    const [, found] = await Promise.all([connection`begin`.execute(), lockCase(connection, request)])
    const row = found[0]
    if (!row) throw notFound()
    if (row.answer) {
      await connection`rollback`
      open = false
      return { ...row.answer, repeated: true }
    }
    const flow = await flowOfVersion({ sql: connection }, row.locked.flowVersionId)
    const decided = await decideOnce(connection, request, row.locked)
    if ('repeated' in decided) return decided
    const scope = stepScope(connection, row.locked, request.actor)
    const added = request.act ? await request.act(scope) : undefined
    const event =
      added && 'variables' in decided ? { ...decided, variables: { ...decided.variables, ...added } } : decided
    const moved = await move(flow, row.locked.state, event, { now: row.locked.now, calendar }, scope)
    const answer = { caseId: row.locked.caseId, status: moved.state.status, repeated: false, late: moved.late }
    await commitStep(connection, { ...request, event, locked: row.locked, moved, scope, answer })
    open = false
    if (moved.plan.needsWorker || scope.calls.length > 0) wakeWorker(db)
    return answer
  } catch (error) {
    if (open) await rollBack(connection)
    open = false
    if (request.key && isPostgresError(error) && error.code === '23505' && error.constraint_name === ONCE) {
      const answer = await answerOf(db, request.key)
      if (answer) return { ...answer, repeated: true }
    }
    throw error
  } finally {
    if (open) await rollBack(connection)
    connection.release()
  }
}

/** A connection that died has rolled back by itself; the error that matters is the one before. */
const rollBack = (connection: ReservedSql) => connection`rollback`.catch(() => undefined)

/** A repeat that waited for the first one's lock finds the case moved on: it gets the first answer, not the refusal. */
async function decideOnce(sql: ReservedSql, request: StepRequest, locked: LockedCase): Promise<CaseEvent | StepAnswer> {
  try {
    return request.decide(locked)
  } catch (error) {
    const answer = request.key === null ? null : await answerOf({ sql }, request.key)
    if (answer) return { ...answer, repeated: true }
    throw error
  }
}

export interface StartRequest {
  flowId: string
  documentId: string | null
  variables: Variables
  key: string | null
  actor: Actor | null
  /** What stands in the same transaction before the case: the document's rows, say. Returns the document's id if it makes one. */
  act?(scope: Pick<StepScope, 'sql' | 'now' | 'caseId'>): Promise<{ documentId?: string; variables?: Variables } | void>
  record?: Record<string, Json>
}

/** Starts a case on the newest published version of a flow, in one transaction with what `act` writes. */
export async function startCase(
  db: Database,
  request: StartRequest,
): Promise<StepAnswer & { documentId: string | null }> {
  const [calendar, flowVersionId] = await Promise.all([workingCalendar(db), latestFlowVersion(db, request.flowId)])
  const flow = await flowOfVersion(db, flowVersionId)
  const connection = await db.sql.reserve()
  let open = false
  try {
    open = true
    const [, [opening]] = await Promise.all([
      connection`begin`,
      connection<{ now: number; caseId: string; answer: StoredAnswer | null }[]>`
        select floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now, uuidv7() as "caseId",
          (select answer from once_keys where key = ${request.key}) as answer`,
    ])
    if (!opening) throw new Error('the clock answered nothing')
    if (opening.answer) {
      await connection`rollback`
      open = false
      return { ...opening.answer, documentId: opening.answer.documentId ?? null, repeated: true }
    }
    const made = request.act
      ? await request.act({ sql: connection, now: opening.now, caseId: opening.caseId })
      : undefined
    const documentId = made?.documentId ?? request.documentId
    const locked: LockedCase = {
      caseId: opening.caseId,
      flowVersionId,
      documentId,
      status: 'running',
      state: null as never,
      eventCount: 0,
      lastHash: '',
      now: opening.now,
      task: null,
    }
    const scope = stepScope(connection, locked, request.actor)
    if (documentId) {
      scope.write(
        () => connection`update documents set case_id = ${opening.caseId} where id = ${documentId} and case_id is null`,
      )
    }
    const event: CaseEvent = {
      type: 'start',
      variables: { ...request.variables, ...(documentId ? { documentId } : {}), ...made?.variables },
    }
    const moved = await move(flow, null, event, { now: opening.now, calendar }, scope)
    const answer = { caseId: opening.caseId, status: moved.state.status, repeated: false, late: null, documentId }
    await commitStep(connection, {
      ...request,
      event,
      locked,
      moved,
      scope,
      answer,
      starting: true,
    })
    open = false
    if (moved.plan.needsWorker || scope.calls.length > 0) wakeWorker(db)
    return answer
  } catch (error) {
    if (open) await rollBack(connection)
    open = false
    if (request.key && isPostgresError(error) && error.code === '23505' && error.constraint_name === ONCE) {
      const answer = await answerOf(db, request.key)
      if (answer) return { ...answer, documentId: answer.documentId ?? null, repeated: true }
    }
    throw error
  } finally {
    if (open) await rollBack(connection)
    connection.release()
  }
}

type StoredAnswer = StepAnswer & { documentId?: string | null }

/** The first answer to a key, null where none was given. */
export async function answerOf(db: { sql: Sql }, key: string): Promise<StoredAnswer | null> {
  const [row] = await db.sql<{ answer: StoredAnswer }[]>`select answer from once_keys where key = ${key}`
  return row?.answer ?? null
}

async function lockCase(
  sql: ReservedSql,
  request: StepRequest,
): Promise<{ locked: LockedCase; answer: StoredAnswer | null }[]> {
  type Row = Omit<LockedCase, 'task'> & { answer: StoredAnswer | null } & { task: LockedTask | null }
  const once = sql`(select answer from once_keys where key = ${request.key}) as answer`
  const columns = sql`s.case_id as "caseId", c.flow_version_id as "flowVersionId", c.document_id as "documentId", c.status, s.state,
    s.event_count as "eventCount", s.last_hash as "lastHash",
    floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8 as now`
  const rows =
    'taskId' in request.of
      ? await sql<Row[]>`select ${columns}, ${once},
          jsonb_build_object('id', t.id, 'token', t.token, 'elementId', t.element_id, 'formKey', t.form_key, 'state', t.state,
            'assigneePost', t.assignee_post, 'candidateGroups', t.candidate_groups, 'properties', t.properties, 'input', t.input,
            'endedByName', (select full_name from persons n where n.id = t.ended_by_person)) as task
        from tasks t join case_states s on s.case_id = t.case_id join cases c on c.id = t.case_id
        where t.id = ${request.of.taskId} for update of s, t`
      : await sql<Row[]>`select ${columns}, ${once}, null as task
        from case_states s join cases c on c.id = s.case_id where s.case_id = ${request.of.caseId} for update of s`
  return rows.map(({ answer, ...locked }) => ({ locked, answer }))
}

interface WorkingScope extends StepScope {
  writes: (() => PromiseLike<unknown>)[]
  calls: { channel: 'mail' | 'exchange'; serviceType: string; input: Record<string, Json>; key: string }[]
}

function stepScope(sql: ReservedSql, locked: LockedCase, actor: Actor | null): WorkingScope {
  const writes: WorkingScope['writes'] = []
  const calls: WorkingScope['calls'] = []
  return {
    sql,
    now: locked.now,
    caseId: locked.caseId,
    documentId: locked.documentId,
    variables:
      locked.state && locked.task ? visibleVariables(locked.state, locked.task.token) : (locked.state?.variables ?? {}),
    actor,
    task: locked.task,
    writes,
    calls,
    write: (statement) => void writes.push(statement),
    call: (call) => void calls.push(call),
  }
}

interface Moved {
  state: CaseState
  plan: PlannedEffects
  late: string | null
}

/** Advances by the event, and by the answers of local services, until only the outside can move the case. */
async function move(
  flow: Flow,
  state: CaseState | null,
  event: CaseEvent,
  context: AdvanceContext,
  scope: WorkingScope,
): Promise<Moved> {
  const first = advance(flow, state, event, context)
  if ('late' in first) {
    if (!state) throw new Error(`a case cannot start late: ${first.reason}`)
    return { state, plan: planEffects([]), late: first.reason }
  }
  let current = first.state
  const effects: Effect[] = []
  const waiting = [...first.effects]
  for (let effect = waiting.shift(); effect; effect = waiting.shift()) {
    const service = effect.kind === 'callService' ? localServices.get(effect.serviceType) : undefined
    if (effect.kind !== 'callService' || !service) {
      effects.push(effect)
      continue
    }
    scope.variables = visibleVariables(current, effect.callId)
    const variables = await service(scope, effect)
    const next = advance(
      flow,
      current,
      { type: 'callAnswered', callId: effect.callId, variables: variables ?? {} },
      context,
    )
    if ('late' in next)
      throw new Error(`the answer of ${effect.serviceType} came late inside its own step: ${next.reason}`)
    current = next.state
    waiting.push(...next.effects)
  }
  return { state: current, plan: planEffects(effects), late: null }
}

interface Commit {
  key: string | null
  actor: Actor | null
  record?: Record<string, Json>
  event: CaseEvent
  locked: LockedCase
  moved: Moved
  scope: WorkingScope
  answer: StoredAnswer
  starting?: boolean
}

async function commitStep(sql: ReservedSql, commit: Commit): Promise<void> {
  const { locked, moved, actor, scope } = commit
  const seq = locked.eventCount + 1
  const data = {
    event: commit.event as unknown as Json,
    trace: moved.plan.trace as unknown as Json,
    ...(commit.record ? { record: commit.record as Json } : {}),
    ...(moved.late ? { late: moved.late } : {}),
    ...(locked.task ? { task: { id: locked.task.id, elementId: locked.task.elementId } } : {}),
  }
  const entry = {
    seq,
    at: locked.now,
    type: commit.event.type,
    personId: actor?.personId ?? null,
    postId: actor?.postId ?? null,
    data,
  }
  const hash = linkHash(locked.lastHash, entry)
  const statements: (() => PromiseLike<unknown>)[] = [
    () =>
      commit.starting
        ? sql`insert into case_states (case_id, state, event_count, last_hash)
            values (${locked.caseId}, ${JSON.stringify(moved.state)}::text::jsonb, ${seq}, ${hash})`
        : sql`update case_states set state = ${JSON.stringify(moved.state)}::text::jsonb, event_count = ${seq}, last_hash = ${hash}
            where case_id = ${locked.caseId}`,
    () => sql`insert into case_events (case_id, seq, at, type, person_id, post_id, data, hash)
      values (${locked.caseId}, ${seq}, to_timestamp(${locked.now}::float8 / 1000), ${entry.type}, ${entry.personId}, ${entry.postId},
        ${JSON.stringify(data)}::text::jsonb, ${hash})`,
  ]
  if (commit.starting) {
    statements.unshift(
      () => sql`insert into cases (id, flow_version_id, document_id, status, started_at, started_by_post, ended_at)
        values (${locked.caseId}, ${locked.flowVersionId}, ${locked.documentId}, ${moved.state.status},
          to_timestamp(${locked.now}::float8 / 1000), ${entry.postId},
          ${hasEnded(moved.state.status) ? sql`to_timestamp(${locked.now}::float8 / 1000)` : null})`,
    )
  } else if (moved.state.status !== locked.status) {
    statements.push(
      () => sql`update cases set status = ${moved.state.status},
        ended_at = ${hasEnded(moved.state.status) ? sql`to_timestamp(${locked.now}::float8 / 1000)` : null} where id = ${locked.caseId}`,
    )
  }
  if (commit.key) {
    statements.push(
      () => sql`insert into once_keys (key, case_id, answer)
        values (${commit.key}, ${locked.caseId}, ${JSON.stringify(commit.answer)}::text::jsonb)`,
    )
  }
  statements.push(
    ...scope.writes,
    ...writeEffects(sql, {
      locked,
      plan: moved.plan,
      event: commit.event,
      actor,
      calls: scope.calls,
      record: commit.record,
    }),
  )
  statements.push(() => sql`commit`)
  const results = await Promise.allSettled(statements.map((statement) => statement()))
  const failed = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown)
  // After the first failure every later statement answers "transaction is aborted"; the first one says why.
  if (failed.length > 0)
    throw failed.find((reason) => !(isPostgresError(reason) && reason.code === '25P02')) ?? failed[0]
}

const hasEnded = (status: CaseStatus) => status === 'completed' || status === 'terminated' || status === 'failed'
