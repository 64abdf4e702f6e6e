import { compareFlows, type FlowDifference } from '#bpmn/compare.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'

/** What two published versions of a flow say differently. Null where there is not each of them. */
export async function compareVersions(
  db: Database,
  { flowId, from, to }: { flowId: string; from: number; to: number },
): Promise<FlowDifference[] | null> {
  const rows = await db.sql<{ id: string; version: number }[]>`
    select id, version from flow_versions where flow_id = ${flowId} and version = any(${[from, to]}::int[])`
  const idOf = (number: number) => rows.find(({ version }) => version === number)?.id
  const [before, after] = [idOf(from), idOf(to)]
  if (before === undefined || after === undefined) return null
  return compareFlows(await flowOfVersion(db, before), await flowOfVersion(db, after))
}

/** Versions of each flow that cases run on, with how many, and the newest: what cases can be moved between. */
export interface RunningVersions {
  flowId: string
  name: string
  nameEn: string
  newest: number
  versions: { version: number; running: number }[]
}

export async function runningVersions(db: Database): Promise<RunningVersions[]> {
  return db.sql<RunningVersions[]>`
    with running as (select flow_version_id, count(*)::int as count from cases where ended_at is null group by flow_version_id),
      numbered as (select v.*, coalesce(r.count, 0) as running, max(v.version) over (partition by v.flow_id) as newest
        from flow_versions v left join running r on r.flow_version_id = v.id)
    select flow_id as "flowId", newest, (array_agg(name order by version desc))[1] as name, (array_agg(name_en order by version desc))[1] as "nameEn",
      jsonb_agg(jsonb_build_object('version', version, 'running', running) order by version desc) as versions
    from numbered group by flow_id, newest having count(*) > 1 order by 3`
}
