import type { Database } from './database.ts'

/**
 * Cases that are looked at: the running ones (no end comes first in `desc`), then those that ended last. More say nothing new, and a
 * page waits for them.
 */
const MOST_LOOKED_AT = 3000

/** How much stands at an element, and how long cases stay there. Spans are ms of plain time, people's steps only. */
export interface ElementLoad {
  /** Running cases that stand there. */
  cases: number
  openTasks: number
  overdue: number
  /** Of tasks that were done and those still open, as long as they have been; null where there was none. */
  median: number | null
  p95: number | null
}

const nothing: ElementLoad = { cases: 0, openTasks: 0, overdue: 0, median: null, p95: null }

/** The load of each element of a version that has any, by the office's clock. One statement over a bounded number of cases. */
export async function elementLoad(db: Database, versionId: string): Promise<Map<string, ElementLoad>> {
  const rows = await db.sql<(ElementLoad & { id: string })[]>`
    with office as (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now),
      looked_at as (select id, ended_at is null as runs from cases where flow_version_id = ${versionId}
        order by ended_at desc limit ${MOST_LOOKED_AT}),
      standing as (select token->>'at' as id, count(distinct s.case_id)::int as cases
        from looked_at c join case_states s on s.case_id = c.id, jsonb_array_elements(s.state->'tokens') token
        where c.runs and not token ? 'child' and not token ? 'listening' group by 1),
      spent as (select t.element_id as id, count(*) filter (where t.state = 'open')::int as open,
          count(*) filter (where t.state = 'open' and t.due_at < office.now)::int as overdue,
          percentile_cont(array[0.5, 0.95]) within group (order by extract(epoch from coalesce(t.ended_at, office.now) - t.opened_at)) as shares
        from looked_at c join tasks t on t.case_id = c.id, office
        where t.state <> 'cancelled' group by 1)
    select id, coalesce(s.cases, 0) as cases, coalesce(p.open, 0) as "openTasks", coalesce(p.overdue, 0) as overdue,
      round(p.shares[1] * 1000)::float8 as median, round(p.shares[2] * 1000)::float8 as p95
    from standing s full join spent p using (id)`
  return new Map(rows.map(({ id, ...load }) => [id, load]))
}

/** The load of one element, which is nothing where nothing stands or stood. */
export const loadAt = (load: ReadonlyMap<string, ElementLoad>, elementId: string): ElementLoad =>
  load.get(elementId) ?? nothing
