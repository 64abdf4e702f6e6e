import type { ReservedSql } from 'postgres'
import type { CaseStatus, Json } from '#bpmn/case.ts'
import { linkHash } from './chain.ts'
import type { StoredAnswer } from './step-frame.ts'
import type { Moved, WorkingScope } from './step-move.ts'
import type { LockedCase, RecordedEvent } from './step.ts'
import { writeEffects, type Statement } from './step-writes.ts'

export interface Commit {
  key: string | null
  record?: Record<string, Json>
  event: RecordedEvent
  locked: LockedCase
  moved: Moved
  scope: WorkingScope
  answer: StoredAnswer
  /** There are no rows of the case yet. */
  starting?: boolean
}

/** All rows of a step: state, event with its link, status, key, and what its effects become. */
export function stepStatements(sql: ReservedSql, commit: Commit): Statement[] {
  const { locked, moved, scope } = commit
  const { actor } = scope
  const seq = locked.eventCount + 1
  const data = {
    event: commit.event as unknown as Json,
    trace: moved.plan.trace as unknown as Json,
    ...(commit.record ? { record: commit.record as Json } : {}),
    ...(moved.late ? { late: moved.late.reason } : {}),
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
  const at = sql`to_timestamp(${locked.now}::float8 / 1000)`
  const endedAt = hasEnded(moved.state.status) ? at : null
  const statements: Statement[] = [
    () =>
      commit.starting
        ? sql`insert into case_states (case_id, state, event_count, last_hash)
            values (${locked.caseId}, ${JSON.stringify(moved.state)}::text::jsonb, ${seq}, ${hash})`
        : sql`update case_states set state = ${JSON.stringify(moved.state)}::text::jsonb, event_count = ${seq}, last_hash = ${hash}
            where case_id = ${locked.caseId}`,
    () => sql`insert into case_events (case_id, seq, at, type, person_id, post_id, data, hash)
      values (${locked.caseId}, ${seq}, ${at}, ${entry.type}, ${entry.personId}, ${entry.postId}, ${JSON.stringify(data)}::text::jsonb, ${hash})`,
  ]
  if (commit.starting) {
    statements.unshift(
      () => sql`insert into cases (id, flow_version_id, document_id, status, started_at, started_by_post, ended_at)
        values (${locked.caseId}, ${locked.flowVersionId}, ${locked.documentId}, ${moved.state.status}, ${at}, ${entry.postId}, ${endedAt})`,
    )
  } else if (moved.state.status !== locked.state.status) {
    statements.push(
      () => sql`update cases set status = ${moved.state.status}, ended_at = ${endedAt} where id = ${locked.caseId}`,
    )
  }
  if (commit.key) {
    statements.push(
      () => sql`insert into once_keys (key, case_id, answer)
        values (${commit.key}, ${locked.caseId}, ${JSON.stringify(commit.answer)}::text::jsonb)`,
    )
  }
  const { plan } = moved
  const { event, record } = commit
  return [
    ...statements,
    ...scope.writes,
    ...writeEffects(sql, { locked, plan, event, actor, calls: scope.calls, record }),
  ]
}

const hasEnded = (status: CaseStatus) => status === 'completed' || status === 'terminated' || status === 'failed'
