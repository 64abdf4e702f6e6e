import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawnCases } from '#test/fixtures/drawn-cases.ts'
import { drawnFlow, end, start, task, waits } from '#test/fixtures/drawn-flow.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { fireTimer } from './case-work.ts'
import type { Database } from './database.ts'
import { elementLoad, loadAt } from './element-load.ts'
import { publishFlow } from './flows.ts'

let db: Database

beforeAll(async () => {
  ;({ db } = await openEmptyDatabase())
})
afterAll(() => db.close())

const hour = 3_600_000

describe('how much stands at an element, and for how long', () => {
  it('is counted over running cases, and timed over tasks that were done or are still open', async () => {
    // given: four cases; three have done `a` after 1, 2 and 30 hours, one still stands there for ten, and is late
    const { id: versionId } = await publishFlow(db, {
      xml: drawnFlow('timed', { s: start(), a: task(), b: task(), e: end() }),
    })
    const cases = drawnCases(db)
    const ids = await Promise.all([0, 1, 2, 3].map(() => cases.start('timed')))
    for (const id of ids.slice(0, 3)) await cases.complete(id, 'a')
    await cases.complete(ids[0]!, 'b')
    const spent = [1, 2, 30]
    for (const [index, hours] of spent.entries())
      await db.sql`update tasks set opened_at = ended_at - ${`${hours} hours`}::interval where case_id = ${ids[index]!} and element_id = 'a'`
    await db.sql`update tasks set opened_at = clock_timestamp() - interval '10 hours', due_at = clock_timestamp() - interval '1 hour'
      where case_id = ${ids[3]!} and element_id = 'a'`
    // when
    const load = await elementLoad(db, versionId)
    // then
    const a = loadAt(load, 'a')
    expect(a).toMatchObject({ cases: 1, openTasks: 1, overdue: 1 })
    expect(a.median! / hour).toBeCloseTo(6, 1)
    expect(a.p95! / hour).toBeGreaterThan(20)
    expect(loadAt(load, 'b')).toMatchObject({ cases: 2, openTasks: 2, overdue: 0 })
    expect(loadAt(load, 'e')).toEqual({ cases: 0, openTasks: 0, overdue: 0, median: null, p95: null })
  })

  it('is timed where nobody has a task, by when cases came and went', async () => {
    // given: of three cases two have waited for 3 and 9 hours, the third still waits, for 20 by now
    const elements = { s: start(), a: task(), w: waits('Duration', 'PT1H'), e: end() }
    const { id: versionId } = await publishFlow(db, { xml: drawnFlow('waiting', elements) })
    const cases = drawnCases(db)
    const ids = await Promise.all([0, 1, 2].map(() => cases.start('waiting')))
    for (const id of ids) await cases.complete(id, 'a')
    const pass = async (caseId: string) => {
      const [timer] = await db.sql<{ timerId: string; occurrence: number }[]>`
        update timers set due_at = clock_timestamp() where case_id = ${caseId} returning timer_id as "timerId", occurrence`
      await fireTimer(db, { caseId, ...timer! })
    }
    for (const [index, hours] of [3, 9, 20].entries()) {
      const caseId = ids[index]!
      await db.sql`update case_events set at = at - ${`${hours} hours`}::interval where case_id = ${caseId}`
      if (index < 2) await pass(caseId)
    }
    // when
    const load = await elementLoad(db, versionId)
    // then
    const w = loadAt(load, 'w')
    expect(w).toMatchObject({ cases: 1, openTasks: 0, overdue: 0 })
    expect(w.median! / hour).toBeCloseTo(9, 1)
    expect(w.p95! / hour).toBeGreaterThan(18)
    // Nobody waits at an end.
    expect(load.has('e')).toBe(false)
  })

  it('finds its cases by an index', async () => {
    const plan = await db.sql.begin(async (sql) => {
      await sql`set local enable_seqscan = off`
      await sql`set local enable_bitmapscan = off`
      return sql<{ 'QUERY PLAN': string }[]>`explain select id, ended_at is null as runs from cases
        where flow_version_id = ${'00000000-0000-7000-8000-000000000000'} order by ended_at desc limit 3000`
    })
    const text = plan.map((line) => line['QUERY PLAN']).join('\n')
    expect(text).toContain('Index Scan Backward using cases_version')
    expect(text).not.toContain('Sort')
  })
})
