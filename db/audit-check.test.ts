import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordAudit } from '#db/audit.ts'
import { checkAndKeep, checkAudit, keptAuditCheck } from '#db/audit-check.ts'
import type { Database } from '#db/database.ts'
import { startCase } from '#db/step.ts'
import { completeTask, takeableTasks } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'

let db: Database
let clerk: Viewer
const cases: string[] = []

/** Three cases of the whole approval flow, five events each, and four acts outside them. */
beforeAll(async () => {
  const opened = await openOfficeDatabase()
  db = opened.db
  clerk = opened.office.clerk!.viewer
  for (let made = 0; made < 3; made++) {
    const { caseId } = await startCase(db, {
      flowId: 'approval',
      documentId: null,
      variables: {
        subject: 'Báo cáo “quý”',
        sender: 'y',
        urgency: 0,
        dueDate: '2026-12-31',
        needsReply: true,
        share: 0.1,
      },
      key: randomUUID(),
      actor: null,
    })
    for (const group of ['registry', 'management', 'officers', 'management']) {
      const viewer = { ...clerk, groups: [group] }
      const [task] = await takeableTasks(db, viewer, caseId)
      await completeTask(db, viewer, { taskId: task!.taskId, key: randomUUID(), outcome: 'done', opinion: 'Đồng ý' })
    }
    cases.push(caseId)
  }
  for (let made = 0; made < 4; made++)
    await recordAudit(db, { personId: clerk.personId, postId: null, act: 'session.opened', data: { made, at: 1.5 } })
  await db.sql`create table kept_events as select * from case_events`
  await db.sql`create table kept_acts as select * from audit_events`
})
afterAll(() => db.close())
beforeEach(async () => {
  await db.sql`truncate case_events, audit_events`
  await db.sql`insert into case_events select * from kept_events`
  await db.sql`insert into audit_events select * from kept_acts`
})

const second = () => cases.toSorted()[1]!

describe('the check of the audit', () => {
  it('finds every link of an untouched database in order', async () => {
    expect(await checkAudit(db)).toEqual({ cases: 3, caseEvents: 15, auditEvents: 4, broken: [], brokenChains: 0 })
  })

  it.each([
    ['what was said', `data = jsonb_set(data, '{record}', '{"opinion": "Không đồng ý"}')`],
    ['who said it', `person_id = null`],
    ['when', `at = at + interval '1 millisecond'`],
    ['the type', `type = 'start'`],
    ['the hash', `hash = repeat('0', 64)`],
  ])('names the event of which %s was changed', async (_what, change) => {
    await db.sql.unsafe(`update case_events set ${change} where case_id = '${second()}' and seq = 3`)
    const check = await checkAudit(db)
    expect(check.broken).toEqual([{ caseId: second(), seq: 3, fault: 'changed' }])
    expect(check.brokenChains).toBe(1)
  })

  it.each([1, 3, 5])('names event %i that was removed, the last one too', async (seq) => {
    await db.sql`delete from case_events where case_id = ${second()} and seq = ${seq}`
    expect((await checkAudit(db)).broken).toEqual([{ caseId: second(), seq, fault: 'missing' }])
  })

  it('names a case all of whose events were removed', async () => {
    await db.sql`delete from case_events where case_id = ${second()}`
    expect((await checkAudit(db)).broken).toEqual([{ caseId: second(), seq: 1, fault: 'missing' }])
  })

  it('names the first of two events that were swapped', async () => {
    await db.sql`update case_events set seq = case seq when 2 then -4 else -2 end where case_id = ${second()} and seq in (2, 4)`
    await db.sql`update case_events set seq = -seq where seq < 0`
    expect((await checkAudit(db)).broken).toEqual([{ caseId: second(), seq: 2, fault: 'changed' }])
  })

  it('names an event that was put at the end', async () => {
    await db.sql`insert into case_events select case_id, 6, at, type, person_id, post_id, data, hash from case_events
      where case_id = ${second()} and seq = 5`
    expect((await checkAudit(db)).broken).toEqual([{ caseId: second(), seq: 6, fault: 'changed' }])
  })

  it('finds acts outside cases that were changed or removed', async () => {
    await db.sql`update audit_events set data = '{}' where seq = 2`
    expect((await checkAudit(db)).broken).toEqual([{ caseId: null, seq: 2, fault: 'changed' }])
    await db.sql`delete from audit_events where seq = 2`
    expect((await checkAudit(db)).broken).toEqual([{ caseId: null, seq: 2, fault: 'missing' }])
  })

  it('names one link for each broken chain, and keeps what it found', async () => {
    await db.sql`update case_events set type = 'x' where seq in (2, 4)`
    await db.sql`delete from audit_events where seq = 1`
    const found = await checkAndKeep(db)
    expect(found.brokenChains).toBe(4)
    expect(found.broken.map(({ caseId, seq }) => [caseId, seq])).toEqual([
      ...cases.toSorted().map((caseId) => [caseId, 2]),
      [null, 1],
    ])
    expect(await keptAuditCheck(db)).toMatchObject({ state: 'done', brokenChains: 4, caseEvents: 15 })
  })
})
