import { randomUUID } from 'node:crypto'
import type { Database } from '#db/database.ts'
import type { Viewer } from '#db/visibility.ts'

/**
 * The floor: the same rows in the same transactions through the same pool, with nothing decided, nothing parsed and nothing
 * checked. What an engine takes longer than this is what its deciding costs.
 * @returns instances a second
 */
export async function runFloor(
  db: Database,
  users: Viewer[],
  load: { instances: number; clients: number; completionsPerInstance: number },
): Promise<number> {
  const [sample] = await db.sql<{ caseId: string; state: string; data: string; flowVersionId: string }[]>`
    select c.id as "caseId", s.state::text as state, (select data::text from case_events e where e.case_id = c.id order by seq desc limit 1) as data,
      c.flow_version_id as "flowVersionId" from cases c join case_states s on s.case_id = c.id limit 1`
  const { state, data, flowVersionId } = sample!
  const hash = 'f'.repeat(64)
  let left = load.instances
  const client = async () => {
    while (left-- > 0) {
      const long = left % 10 < (load.completionsPerInstance - 2) * 5
      await floorInstance(db, users[left % users.length]!, { state, data, flowVersionId, hash, steps: long ? 4 : 2 })
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: load.clients }, client))
  return load.instances / ((performance.now() - began) / 1000)
}

interface Payload {
  state: string
  data: string
  flowVersionId: string
  hash: string
  steps: number
}

async function floorInstance(db: Database, viewer: Viewer, payload: Payload): Promise<void> {
  const { state, data, flowVersionId, hash, steps } = payload
  const caseId = randomUUID()
  const insertTask = (sql: Database['sql'], token: string) => sql`
    with opened as (
      insert into tasks (case_id, token, element_id, name, form_key, state, candidate_groups, properties, input, scope, opened_at)
      values (${caseId}, ${token}, 'register', 'Đăng ký', 'approval.register', 'open', array['registry'], '{}', '{}', array[]::text[], clock_timestamp()) returning id, priority, secrecy)
    insert into task_candidates (task_id, group_key, secrecy, priority) select id, 'registry', secrecy, priority from opened`
  const event = (sql: Database['sql'], seq: number) => [
    sql`insert into case_events (case_id, seq, at, type, person_id, post_id, data, hash)
      values (${caseId}, ${seq}, clock_timestamp(), 'taskCompleted', ${viewer.personId}, ${viewer.postId}, ${data}::text::jsonb, ${hash})`,
    sql`insert into once_keys (key, case_id, answer) values (${randomUUID()}, ${caseId}, '{"status": "running"}')`,
  ]
  const transaction = async (
    first: (sql: Database['sql']) => PromiseLike<unknown>,
    rest: (sql: Database['sql']) => PromiseLike<unknown>[],
  ) => {
    const connection = await db.sql.reserve()
    try {
      const sql = connection as unknown as Database['sql']
      await Promise.all([sql`begin`, first(sql)])
      await Promise.all([...rest(sql), sql`commit`])
    } finally {
      connection.release()
    }
  }
  await transaction(
    (sql) => sql`select clock_timestamp()`,
    (sql) => [
      sql`insert into cases (id, flow_version_id, status, started_at) values (${caseId}, ${flowVersionId}, 'running', clock_timestamp())`,
      sql`insert into case_states (case_id, state, event_count, last_hash) values (${caseId}, ${state}::text::jsonb, 1, ${hash})`,
      ...event(sql, 1),
      insertTask(sql, 't0'),
    ],
  )
  for (let step = 0; step < steps; step++) {
    const [task] = await db.sql<{ id: string }[]>`select id from tasks where case_id = ${caseId} and state = 'open'`
    const taskId = task!.id
    await db.sql`with claimed as (update tasks set assignee_post = ${viewer.postId}, claimed_at = clock_timestamp() where id = ${taskId} returning id)
      delete from task_candidates c using claimed where c.task_id = claimed.id`
    const last = step === steps - 1
    await transaction(
      (sql) =>
        sql`select s.state from tasks t join case_states s on s.case_id = t.case_id where t.id = ${taskId} for update of s, t`,
      (sql) => [
        sql`update case_states set state = ${state}::text::jsonb, event_count = ${step + 2}, last_hash = ${hash} where case_id = ${caseId}`,
        ...event(sql, step + 2),
        sql`update tasks set state = 'completed', ended_at = clock_timestamp(), ended_by_post = ${viewer.postId} where id = ${taskId}`,
        ...(last
          ? [sql`update cases set status = 'completed', ended_at = clock_timestamp() where id = ${caseId}`]
          : [insertTask(sql, `t${step + 1}`)]),
        // Two of the four tasks carry a timer: armed when the task opens, cancelled when it closes.
        ...(step === 0 || step === 2
          ? []
          : [sql`delete from timers where case_id = ${caseId} and timer_id = any(array[${`x${step}`}])`]),
        ...(!last && (step === 0 || step === 1)
          ? [
              sql`insert into timers (case_id, timer_id, occurrence, due_at, element_id, purpose)
                values (${caseId}, ${`x${step + 1}`}, 1, clock_timestamp() + interval '8 hours', 'directLate', 'flow')`,
            ]
          : []),
      ],
    )
  }
}
