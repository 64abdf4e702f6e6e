import { openDatabase, type Database } from '#db/database.ts'
import { inbox, inboxCount, type InboxScope } from '#db/tasks.ts'
import { startBenchServer } from './bench-server.ts'
import { makeUsers } from './bench-users.ts'
import { spread, timed } from './measure.ts'

const GROUPS = Array.from({ length: 40 }, (_, index) => `group${index}`)

/** The page and the count of a person's inbox over many open tasks: their own, their groups', both. */
export async function benchInbox(options: { tasks?: number; rounds?: number } = {}): Promise<Record<string, unknown>> {
  const { tasks = 100_000, rounds = 600 } = options
  const server = await startBenchServer()
  const db = openDatabase(server.url, { max: 2 })
  try {
    const users = await makeUsers(db, 2_000, GROUPS)
    await fill(db, tasks)
    const results: Record<string, unknown> = {}
    for (const scope of ['assigned', 'group', 'inbox'] as InboxScope[]) {
      const page: number[] = []
      const count: number[] = []
      const together: number[] = []
      for (let round = 0; round < rounds + 100; round++) {
        const viewer = users[(round * 37) % users.length]!
        const warm = round < 100
        const began = performance.now()
        await timed(warm ? [] : page, () => inbox(db, viewer, { scope, limit: 25 }))
        await timed(warm ? [] : count, () => inboxCount(db, viewer, scope))
        if (!warm) together.push(performance.now() - began)
      }
      results[scope] = { page: spread(page), count: spread(count), page_and_count: spread(together) }
    }
    return { open_tasks: tasks, groups: GROUPS.length, users: users.length, latency_ms: results }
  } finally {
    await db.close()
    await server.close()
  }
}

/** Cases of the approval flow waiting at "register", made in bulk with the rows that the step writes; half of them claimed. */
export async function fill(db: Database, count: number): Promise<void> {
  const [version] = await db.sql<{ id: string }[]>`select id from flow_versions where flow_id = 'approval'`
  const BATCH = 20_000
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from)
    await db.sql`
      with made as (
        insert into cases (id, flow_version_id, status, started_at) select uuidv7(), ${version!.id}, 'running', clock_timestamp() from generate_series(1, ${size}) returning id
      ), numbered as (select id, row_number() over () + ${from} as n from made),
      opened as (
        insert into tasks (case_id, token, element_id, name, form_key, state, candidate_groups, properties, input, scope, priority, opened_at, due_at, assignee_post, claimed_at)
        select id, 't1', 'register', 'Đăng ký', 'approval.register', 'open', array['group' || (n % 40)], '{"imoit.ask.vi": "Đăng ký", "imoit.ask.en": "Register"}', '{}', array[]::text[],
          50 + (n % 4) * 10, clock_timestamp(), clock_timestamp() + ((n * 7919) % 2592000) * interval '1 second',
          case when n % 2 = 0 then (select post_id from post_groups where group_key = 'group' || (n % 40) order by post_id offset (n / 40) % 100 limit 1) end,
          case when n % 2 = 0 then clock_timestamp() end
        from numbered returning id, candidate_groups, secrecy, priority, due_at, assignee_post
      )
      insert into task_candidates (task_id, group_key, secrecy, priority, due_at)
      select id, candidate_groups[1], secrecy, priority, due_at from opened where assignee_post is null`
  }
  await db.sql`vacuum analyze`
}
