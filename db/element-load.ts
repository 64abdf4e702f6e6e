import type { Database } from './database.ts'

/**
 * Cases that are looked at: the running ones (no end comes first in `desc`), then those that ended last. More say nothing new, and a
 * page waits for them.
 */
const MOST_LOOKED_AT = 3000

/** Of these, those whose events are read for how long they waited where nobody has a task: each has dozens. */
const MOST_READ = 1000

/** Where every stay is shorter nobody waits, s: gateways, throws, ends. */
const AT_ONCE = 1

/** How much stands at an element, and how long cases stay there, with people or waiting. Spans are ms of plain time. */
export interface ElementLoad {
  /** Running cases that stand there. */
  cases: number
  openTasks: number
  overdue: number
  /** Of stays that ended and those that go on, as long as they have been; null where nobody stays. */
  median: number | null
  p95: number | null
}

const nothing: ElementLoad = { cases: 0, openTasks: 0, overdue: 0, median: null, p95: null }

/** The load of each element of a version that has any, by the office's clock. One statement over a bounded number of cases. */
export async function elementLoad(db: Database, versionId: string): Promise<Map<string, ElementLoad>> {
  const rows = await db.sql<(ElementLoad & { id: string })[]>`
    with office as (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now),
      looked_at as (select id, ended_at is null as runs, row_number() over (order by ended_at desc) as nth from (
        select id, ended_at from cases where flow_version_id = ${versionId} order by ended_at desc limit ${MOST_LOOKED_AT}) c),
      tokens as (select c.id as case_id, token->>'at' as id, count(*) as standing
        from looked_at c join case_states s on s.case_id = c.id, jsonb_array_elements(s.state->'tokens') token
        where c.runs and not token ? 'child' and not token ? 'listening' group by 1, 2),
      standing as (select id, count(*)::int as cases from tokens group by 1),
      held as (select t.element_id as id, t.state, t.due_at, extract(epoch from coalesce(t.ended_at, office.now) - t.opened_at) as span
        from looked_at c join tasks t on t.case_id = c.id, office where t.state <> 'cancelled'),
      -- Where nobody has a task the events say when a case came and went; those who come together leave as one.
      moved as (select e.case_id, move->>'elementId' as id, move->>'act' = 'entered' as comes, e.at,
          row_number() over (partition by e.case_id, move->>'elementId', move->>'act' = 'entered' order by e.seq, n) as nth,
          row_number() over (partition by e.case_id, move->>'elementId', move->>'act' = 'entered' order by e.seq desc, n desc) as back
        from looked_at c join case_events e on e.case_id = c.id, jsonb_array_elements(e.data->'trace') with ordinality as trace(move, n)
        where c.nth <= ${MOST_READ} and move->>'act' in ('entered', 'left', 'cancelled')
          and not exists (select 1 from held h where h.id = move->>'elementId')),
      waited as (select came.id, extract(epoch from coalesce(went.at, office.now) - came.at) as span
        from moved came left join tokens t using (case_id, id)
          left join moved went on went.case_id = came.case_id and went.id = came.id and went.nth = came.nth and not went.comes
            and came.back > coalesce(t.standing, 0), office
        where came.comes and (went.at is not null or came.back <= t.standing)),
      stays as (select id, span, true as held, state = 'open' as open, state = 'open' and due_at < office.now as late from held, office
        union all select id, span, false, false, false from waited),
      spent as (select id, (count(*) filter (where open))::int as open, (count(*) filter (where late))::int as late,
          percentile_cont(array[0.5, 0.95]) within group (order by span) as shares from stays group by 1 having bool_or(held) or max(span) >= ${AT_ONCE})
    select id, coalesce(s.cases, 0) as cases, coalesce(p.open, 0) as "openTasks", coalesce(p.late, 0) as overdue,
      round(p.shares[1] * 1000)::float8 as median, round(p.shares[2] * 1000)::float8 as p95
    from standing s full join spent p using (id)`
  return new Map(rows.map(({ id, ...load }) => [id, load]))
}

/** The load of one element, which is nothing where nothing stands or stood. */
export const loadAt = (load: ReadonlyMap<string, ElementLoad>, elementId: string): ElementLoad =>
  load.get(elementId) ?? nothing
