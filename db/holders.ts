import type { Sql } from 'postgres'
import type { CasePerson, Holder } from './case-view.ts'
import { groupsOfLanes } from './lanes.ts'

/** Whom a task is or would be for, as the flow says it. */
export interface Named {
  assignee: string | null
  candidateGroups: string[]
}

/** Somebody in a post as histories name them, in SQL. */
export function personOf(sql: Sql, post: ReturnType<Sql>) {
  return sql`(select jsonb_build_object('postId', p.id, 'fullName', n.full_name, 'title', p.title, 'titleEn', p.title_en,
      'unitName', pu.name, 'unitNameEn', pu.name_en)
    from posts p join persons n on n.id = p.person_id join units pu on pu.id = p.unit_id where p.id = ${post})`
}

const POST = /^post:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/
const LANE = 'lane:'

/** Each with the names of the person, or of the unit of the first relation. At most three queries for all of them. */
export async function holdersOf(sql: Sql, named: Named[]): Promise<Holder[]> {
  const laneOf = ({ candidateGroups: [group] }: Named) =>
    group?.startsWith(LANE) === true ? [group.slice(LANE.length)] : []
  const lanes = [...new Set(named.flatMap(laneOf))]
  const ofLanes = lanes.length === 0 ? new Map<string, string[]>() : await groupsOfLanes(sql, lanes)
  const groupOf = (one: Named): string | null => {
    const [lane] = laneOf(one)
    const relation = one.assignee !== null && !POST.test(one.assignee) ? one.assignee : null
    return (lane === undefined ? undefined : ofLanes.get(lane)?.[0]) ?? one.candidateGroups[0] ?? relation
  }
  const postOf = ({ assignee }: Named) => (assignee === null ? undefined : POST.exec(assignee)?.[1])
  const posts = named.flatMap((one) => postOf(one) ?? [])
  const unitCodes = named.flatMap((one) => {
    const group = groupOf(one)
    return group?.startsWith('unit:') ? (group.split(':')[1] ?? []) : []
  })
  const [people, units] = await Promise.all([
    posts.length === 0
      ? []
      : sql<{ person: CasePerson | null }[]>`
          select ${personOf(sql, sql`wanted.id`)} as person from unnest(${posts}::uuid[]) as wanted(id)`,
    unitCodes.length === 0
      ? []
      : sql<{ code: string; name: string; nameEn: string }[]>`
          select code, name, name_en as "nameEn" from units where code = any(${unitCodes}::text[])`,
  ])
  return named.map((one) => {
    const [group, post] = [groupOf(one), postOf(one)]
    const unit = units.find(({ code }) => group?.startsWith('unit:') && group.split(':')[1] === code)
    return {
      person: people.find(({ person }) => person?.postId === post)?.person ?? null,
      group,
      unitName: unit?.name ?? null,
      unitNameEn: unit?.nameEn ?? null,
    }
  })
}
