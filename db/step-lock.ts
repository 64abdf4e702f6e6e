import type { ReservedSql } from 'postgres'
import { readState } from '#bpmn/formats.ts'
import type { Opened, StoredAnswer } from './step-frame.ts'
import type { LockedCase, LockedTask, StepRequest } from './step.ts'

/** Epoch ms on the one clock, in SQL. */
const NOW = 'floor(extract(epoch from clock_timestamp()) * 1000 + (select offset_ms from clock))::float8'

export interface LockedRow extends Opened {
  locked: LockedCase
}

/** Locks the case (its task, too, where that is named) and reads all that a step starts from. Empty where there is none. */
export async function lockCase(sql: ReservedSql, { of, key }: Pick<StepRequest, 'of' | 'key'>): Promise<LockedRow[]> {
  type Row = Omit<LockedCase, 'task'> & { answer: StoredAnswer | null; task: LockedTask | null }
  const once = sql`(select answer from once_keys where key = ${key}) as answer`
  const columns = sql`s.case_id as "caseId", coalesce(s.moved_to_version, c.flow_version_id) as "flowVersionId", c.document_id as "documentId", c.status, s.state,
    s.event_count as "eventCount", s.last_hash as "lastHash", ${sql.unsafe(NOW)} as now`
  const rows =
    'taskId' in of
      ? await sql<Row[]>`select ${columns}, ${once},
          jsonb_build_object('id', t.id, 'token', t.token, 'elementId', t.element_id, 'formKey', t.form_key, 'state', t.state,
            'assigneePost', t.assignee_post, 'candidateGroups', t.candidate_groups, 'properties', t.properties, 'input', t.input,
            'endedByName', (select full_name from persons n where n.id = t.ended_by_person)) as task
        from tasks t join case_states s on s.case_id = t.case_id join cases c on c.id = t.case_id
        where t.id = ${of.taskId} for update of s, t`
      : await sql<Row[]>`select ${columns}, ${once}, null as task
        from case_states s join cases c on c.id = s.case_id where s.case_id = ${of.caseId} for update of s`
  return rows.map(({ answer, state, ...locked }) => ({ locked: { ...locked, state: readState(state) }, answer }))
}

export interface NewCaseRow extends Opened {
  caseId: string
  now: number
}

/** The id of a case that is about to start. There is nothing to lock yet. */
export async function openCase(sql: ReservedSql, key: string | null): Promise<NewCaseRow[]> {
  return sql<NewCaseRow[]>`select ${sql.unsafe(NOW)} as now, uuidv7() as "caseId",
    (select answer from once_keys where key = ${key}) as answer`
}
