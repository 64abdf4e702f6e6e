import type { ReservedSql, Sql, TransactionSql } from 'postgres'
import { Refusal } from './refusal.ts'
import type { PlannedEffects } from './step-plan.ts'
import type { LockedCase } from './step.ts'

const LANE = 'lane:'

/**
 * Tasks that a lane gives to somebody get the relations of the unit or role that the lane is named after. Where there is none
 * such, the task is noted as nobody's.
 */
export async function giveLanes(sql: ReservedSql, plan: PlannedEffects): Promise<void> {
  const lanes = new Set(plan.opened.flatMap((task) => task.candidateGroups.filter((group) => group.startsWith(LANE))))
  if (lanes.size === 0) return
  const found = await groupsOfLanes(
    sql,
    [...lanes].map((lane) => lane.slice(LANE.length)),
  )
  plan.opened = plan.opened.map((task) => {
    const candidateGroups = task.candidateGroups.flatMap((group) => {
      const groups = group.startsWith(LANE) ? found.get(group.slice(LANE.length)) : undefined
      return groups && groups.length > 0 ? groups : [group]
    })
    const left = candidateGroups.find((group) => group.startsWith(LANE))
    if (left !== undefined) {
      plan.nobody.push({ taskId: task.taskId, elementId: task.elementId, lane: left.slice(LANE.length) })
    }
    return { ...task, candidateGroups }
  })
}

/**
 * The relations a lane's name stands for: everybody of the unit of that name, code or notation ("BCT-TMĐT" or its last part);
 * else a relation itself; else the ministry's role of that code or title. Names are compared without case.
 */
export async function groupsOfLanes(
  sql: Sql | TransactionSql,
  names: string[],
): Promise<ReadonlyMap<string, string[]>> {
  const rows = await sql<{ name: string; groups: string[] }[]>`
    select l.name, coalesce(
      (select array['unit:' || u.code || ':head', 'unit:' || u.code || ':clerk', 'unit:' || u.code || ':specialist'] from units u
        where u.valid_from <= current_date and (u.valid_to is null or u.valid_to >= current_date)
          and lower(l.name) in (lower(u.code), lower(u.name), lower(u.name_en), lower(u.notation), lower(regexp_replace(u.notation, '^[^-]*-', '')))
        order by u.sort limit 1),
      (select array_agg(distinct g.group_key) from post_groups g where lower(g.group_key) in (lower(l.name), 'role:' || lower(l.name))),
      (select array_agg(distinct g.group_key) from posts p join post_groups g on g.post_id = p.id and g.group_key like 'role:%'
        where p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)
          and lower(l.name) in (lower(p.title), lower(p.title_en), p.role)),
      '{}') as groups
    from unnest(${names}::text[]) as l(name)`
  return new Map(rows.map(({ name, groups }) => [name, groups]))
}

const stillNobody = (lanes: string[]) =>
  new Refusal('still-nobody', 409, {
    vi: `Vẫn chưa có đơn vị hay vai trò nào tên là "${lanes.join('", "')}" nên việc chưa giao được cho ai; chưa có gì thay đổi. Hãy bổ sung đơn vị hoặc sửa tên làn trong luồng.`,
    en: `There is still no unit or role called "${lanes.join('", "')}", so nobody can take the task; nothing was changed. Add the unit, or rename the lane in the flow.`,
  })

const incidentOf = (taskId: string) => `nobody:${taskId}`

/** A task that nobody can take is on the administrators' list. */
export function raiseNobody(
  sql: ReservedSql,
  { caseId, now }: LockedCase,
  nobody: PlannedEffects['nobody'],
): (() => PromiseLike<unknown>)[] {
  const rows = nobody.map(({ taskId, elementId, lane }) => ({
    incidentId: incidentOf(taskId),
    elementId,
    message: `The lane "${lane}" is no unit and no role`,
  }))
  return [
    () => sql`insert into incidents (case_id, incident_id, element_id, code, message, raised_at, parked)
      select ${caseId}, r."incidentId", r."elementId", 'nobody', r.message, to_timestamp(${now}::float8 / 1000), true
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r("incidentId" text, "elementId" text, message text)`,
  ]
}

/**
 * Asks again whom the lanes of a task mean, after an administrator has named a unit or filled a post. Null where the incident is
 * about something else. Throws Refusal `still-nobody`.
 */
export async function giveLanesAgain(sql: TransactionSql, caseId: string, incidentId: string): Promise<true | null> {
  if (!incidentId.startsWith(incidentOf(''))) return null
  const [task] = await sql<{ id: string; groups: string[] }[]>`
    select id, candidate_groups as groups from tasks
    where case_id = ${caseId} and token = ${incidentId.slice(incidentOf('').length)} and state = 'open' for update`
  if (!task) return true
  const lanes = task.groups.flatMap((group) => (group.startsWith(LANE) ? [group.slice(LANE.length)] : []))
  const found = await groupsOfLanes(sql, lanes)
  const groups = task.groups.flatMap((group) =>
    group.startsWith(LANE) ? (found.get(group.slice(LANE.length)) ?? []) : [group],
  )
  if (groups.length === 0) throw stillNobody(lanes)
  await sql`update tasks set candidate_groups = ${groups}::text[] where id = ${task.id}`
  await sql`delete from task_candidates where task_id = ${task.id}`
  await sql`insert into task_candidates (task_id, group_key, secrecy, priority, due_at, shared)
    select distinct t.id, g, t.secrecy, t.priority, t.due_at, cardinality(t.candidate_groups) > 1
    from tasks t, unnest(t.candidate_groups) as g where t.id = ${task.id} and t.assignee_post is null`
  return true
}
