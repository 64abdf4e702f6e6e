import type { CaseEvent, CaseStatus, Json, LateEvent, Variables } from '#bpmn/case.ts'
import type { CaseState } from '#bpmn/state.ts'
import type { ReservedSql } from 'postgres'
import { workingCalendar } from './calendar.ts'
import type { Database } from './database.ts'
import { flowOfVersion, latestFlowVersion } from './flow-versions.ts'
import { stepStatements } from './step-commit.ts'
import { inOneStep } from './step-frame.ts'
import { lockCase, openCase } from './step-lock.ts'
import type { Refusal } from './refusal.ts'
import { move, stepScope, type Moved, type WorkingScope } from './step-move.ts'

export { answerOf } from './step-frame.ts'

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
  call(call: OwedCall): void
}

/** An outbox row of a step's own, beside those of the flow. */
export interface OwedCall {
  channel: 'mail' | 'exchange'
  serviceType: string
  input: Record<string, Json>
  key: string
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

/** What a step records as its event: one of the flow's, or the move of the case to another version of its flow. */
export type RecordedEvent = CaseEvent | CaseMigrated

/** By flow versions' ids. `map`: from elements of the older to those of the newer. */
export interface CaseMigrated {
  type: 'caseMigrated'
  from: string
  to: string
  map: Record<string, string>
  reason: string
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
  record?: Record<string, Json> | ((locked: LockedCase) => Record<string, Json>)
  /** What a person is told where the event changes nothing, and nothing is written. Without it such an event is recorded. */
  refuseLate?(late: LateEvent): Refusal
}

/**
 * One step of a case: lock, advance, write, commit. Three round trips when neither an act nor a local service asks the database
 * something of its own (`begin` goes with the lock, `commit` with the writes).
 */
export async function runStep(db: Database, request: StepRequest): Promise<StepAnswer> {
  const calendar = await workingCalendar(db)
  return inOneStep(
    db,
    request.key,
    (sql) => lockCase(sql, request),
    async (sql, { locked }) => {
      const { flowVersionId } = locked
      const flow = await flowOfVersion({ sql }, flowVersionId)
      const decided = request.decide(locked)
      const scope = stepScope(sql, locked, request.actor)
      const added = request.act ? await request.act(scope) : undefined
      const event =
        added && 'variables' in decided ? { ...decided, variables: { ...decided.variables, ...added } } : decided
      const moved = await move({ db, flow, flowVersionId, calendar }, locked.state, event, scope)
      const { state, late } = moved
      if (late && request.refuseLate) throw request.refuseLate(late)
      const answer = { caseId: locked.caseId, status: state.status, repeated: false, late: late?.reason ?? null }
      const record = typeof request.record === 'function' ? request.record(locked) : request.record
      const statements = stepStatements(sql, { ...request, record, event, locked, moved, scope, answer })
      return { answer, statements, wake: needsWorker(moved, scope) }
    },
  )
}

export const needsWorker = ({ plan }: Moved, { calls }: WorkingScope) => plan.needsWorker || calls.length > 0

export interface StartRequest {
  flowId: string
  /** The newest one where it is not said. */
  flowVersionId?: string
  /** What begins the case: the start event without a trigger where it is not said. */
  startEventId?: string
  documentId: string | null
  variables: Variables
  key: string | null
  actor: Actor | null
  /** What stands in the same transaction before the case: the document's rows, say. Returns the document's id if it makes one. */
  act?(scope: StartScope): Promise<{ documentId?: string; variables?: Variables } | void>
  record?: Record<string, Json>
}

export type StartScope = Pick<StepScope, 'sql' | 'now' | 'caseId' | 'write'>

/** Starts a case on the newest published version of a flow, in one transaction with what `act` writes. */
export async function startCase(
  db: Database,
  request: StartRequest,
): Promise<StepAnswer & { documentId: string | null }> {
  const { key, actor } = request
  const [calendar, flowVersionId] = await Promise.all([
    workingCalendar(db),
    request.flowVersionId ?? latestFlowVersion(db, request.flowId),
  ])
  const flow = await flowOfVersion(db, flowVersionId)
  const answer = await inOneStep(
    db,
    key,
    (sql) => openCase(sql, key),
    async (sql, { caseId, now }) => {
      const first = stepScope(sql, newCaseOf({ caseId, flowVersionId, documentId: request.documentId, now }), actor)
      const made = request.act ? await request.act(first) : undefined
      const documentId = made?.documentId ?? request.documentId
      const locked = newCaseOf({ caseId, flowVersionId, documentId, now })
      const scope = { ...first, documentId }
      if (documentId) {
        scope.write(() => sql`update documents set case_id = ${caseId} where id = ${documentId} and case_id is null`)
      }
      const event: CaseEvent = {
        type: 'start',
        ...(request.startEventId === undefined ? {} : { startEventId: request.startEventId }),
        variables: { ...request.variables, ...(documentId ? { documentId } : {}), ...made?.variables },
      }
      const moved = await move({ db, flow, flowVersionId, calendar }, null, event, scope)
      const answer = { caseId, status: moved.state.status, repeated: false, late: null, documentId }
      const statements = stepStatements(sql, { ...request, event, locked, moved, scope, answer, starting: true })
      return { answer, statements, wake: needsWorker(moved, scope) }
    },
  )
  return { ...answer, documentId: answer.documentId ?? null }
}

type NewCase = Pick<LockedCase, 'caseId' | 'flowVersionId' | 'documentId' | 'now'>

/** A case that has no rows yet, so there is no state to have a lock on. */
const newCaseOf = (known: NewCase): LockedCase => ({
  ...known,
  status: 'running',
  state: null as never,
  eventCount: 0,
  lastHash: '',
  task: null,
})
