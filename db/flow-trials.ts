import type { Database } from './database.ts'
import { notFound } from './refusal.ts'

/** A trial run of a flow that was kept, to be run again before each publishing. What it holds, the application says. */
export interface FlowTrial<Kept> {
  id: string
  name: string
  trial: Kept
  /** Epoch ms, real time. */
  savedAt: number
  savedBy: string
}

/** The trials of a flow by name. */
export function flowTrials<Kept>(db: Database, flowId: string): Promise<FlowTrial<Kept>[]> {
  return db.sql<FlowTrial<Kept>[]>`
    select t.id, t.name, t.trial, floor(extract(epoch from t.saved_at) * 1000)::float8 as "savedAt", n.full_name as "savedBy"
    from flow_trials t join posts p on p.id = t.saved_by_post join persons n on n.id = p.person_id
    where t.flow_id = ${flowId} order by t.name limit 500`
}

/** Keeps a trial; one of the same name is replaced. */
export async function keepTrial(
  db: Database,
  kept: { flowId: string; name: string; trial: unknown; postId: string },
): Promise<void> {
  await db.sql`insert into flow_trials (flow_id, name, trial, saved_at, saved_by_post)
    values (${kept.flowId}, ${kept.name}, ${JSON.stringify(kept.trial)}::text::jsonb, clock_timestamp(), ${kept.postId})
    on conflict (flow_id, name) do update set trial = excluded.trial, saved_at = excluded.saved_at, saved_by_post = excluded.saved_by_post`
}

/** Throws Refusal `not-found`. */
export async function dropTrial(db: Database, { flowId, name }: { flowId: string; name: string }): Promise<void> {
  const done = await db.sql`delete from flow_trials where flow_id = ${flowId} and name = ${name} returning id`
  if (done.length === 0) throw notFound()
}
