import { readFile } from 'node:fs/promises'
import type { Database } from '#db/database.ts'
import { publishFlow } from '#db/flows.ts'
import type { Viewer } from '#db/visibility.ts'

/** `count` users, each with a post that answers to two of the groups, and the benchmark's flow published. */
export async function makeUsers(db: Database, count: number, groups: string[]): Promise<Viewer[]> {
  await publishFlow(db, { xml: await readFile(new URL('../../bpmn/diagrams/approval.bpmn', import.meta.url), 'utf8') })
  const [unit] = await db.sql<{ id: string }[]>`
    insert into units (code, name, name_en, kind, sort, valid_from) values ('BENCH', 'Đơn vị đo', 'Bench unit', 'vu', 1, '2016-01-01') returning id`
  const rows = await db.sql<{ personId: string; postId: string; number: number }[]>`
    with people as (
      insert into persons (username, password_hash, full_name, sort_name, email)
      select 'user' || n, 'none', 'User ' || n, 'user' || n, 'user' || n || '@bench.example' from generate_series(1, ${count}) n returning id, username
    )
    insert into posts (person_id, unit_id, role, title, title_en, sort, valid_from)
    select id, ${unit!.id}, 'specialist', 'Người dùng', 'User', 1, '2016-01-01' from people
    returning person_id as "personId", id as "postId", (select substr(username, 5)::int from people p where p.id = person_id) as number`
  const groupsOf = (number: number) => [groups[number % groups.length]!, groups[(number + 1) % groups.length]!]
  const pairs = rows.flatMap((row) => groupsOf(row.number).map((group) => ({ group, post: row.postId })))
  await db.sql`insert into post_groups (group_key, post_id)
    select r."group", r.post from jsonb_to_recordset(${JSON.stringify(pairs)}::text::jsonb) as r("group" text, post uuid)`
  return rows.map((row) => ({
    personId: row.personId,
    postId: row.postId,
    unitId: unit!.id,
    unitCode: 'BENCH',
    role: 'specialist',
    groups: groupsOf(row.number),
    clearance: 0,
    seesAll: false,
  }))
}
