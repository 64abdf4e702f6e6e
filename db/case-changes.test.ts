import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseChange } from '#bpmn/case.ts'
import { checkAudit } from '#db/audit-check.ts'
import { administeredCase, findCases } from '#db/case-administration.ts'
import { changeCase } from '#db/case-changes.ts'
import { caseOutlook } from '#db/case-outlook.ts'
import { rehearseChanges } from '#db/case-rehearsal.ts'
import { readCaseView } from '#db/case-view.ts'
import { publishFlow } from '#db/flows.ts'
import type { Actor } from '#db/step.ts'
import { drawnCases } from '#test/fixtures/drawn-cases.ts'
import { drawnGraph, end, messageOn, start, task, waits } from '#test/fixtures/drawn-flow.ts'
import { officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { casesThatDiffer } from '#test/kills/replay.ts'

const flowId = 'changing'
const drawing = drawnGraph(
  flowId,
  {
    s: start(),
    a: task('unit:TMDT:head'),
    recalled: messageOn('a', 'recall', 'k'),
    pause: waits('Duration', 'PT2H'),
    b: task('role:ministry-clerk'),
    e: end(),
  },
  ['s > a', 'a > pause', 'pause > b', 'b > e', 'recalled > e'],
)

let office: OfficeAtWork
let db: OfficeAtWork['db']
let actor: Actor
let cases: ReturnType<typeof drawnCases>
const reason = 'Đơn vị đã giải thể'

beforeAll(async () => {
  office = await officeAtWork()
  db = office.db
  const { personId, postId } = office.who('admin').viewer
  actor = { personId, postId }
  cases = drawnCases(db)
  await publishFlow(db, { xml: drawing })
})
afterAll(() => office.close())

const begin = () => cases.start(flowId, { k: 'x' })
const admin = () => office.who('admin').viewer
const standing = async (caseId: string) => {
  const found = await administeredCase(db, admin(), caseId)
  if (!found) throw new Error('there is no such case')
  return found
}
const change = async (
  caseId: string,
  changes: CaseChange[],
  more: { seen?: number; key?: string; reason?: string } = {},
) => {
  const { seen } = await standing(caseId)
  return changeCase(db, actor, { caseId, changes, reason, seen, key: randomUUID(), ...more })
}
const rows = async (caseId: string) => ({
  timers: await db.sql`select element_id from timers where case_id = ${caseId} and purpose = 'flow'`,
  waits: await db.sql`select element_id from subscriptions where case_id = ${caseId}`,
  candidates:
    await db.sql`select group_key from task_candidates c join tasks t on t.id = c.task_id where t.case_id = ${caseId}`,
})

describe('a change to a running case', () => {
  it('is said before it is made, and then made just so', async () => {
    const caseId = await begin()
    const found = await standing(caseId)
    const [token] = found.tokens
    expect(token).toMatchObject({
      elementId: 'a',
      waits: 'task',
      movable: true,
      task: { holder: { group: 'unit:TMDT:head' } },
    })
    expect(found.places.map(({ elementId }) => elementId).sort()).toEqual(['a', 'b', 'e', 'pause'])
    const changes: CaseChange[] = [{ do: 'moveToken', tokenId: token!.tokenId, to: 'pause' }]

    // when: rehearsed, nothing is written
    const before = await rows(caseId)
    const said = await rehearseChanges(db, found, changes)
    if (!said.ok) throw new Error(said.late.reason)
    expect(said.consequences.map(({ kind, element, detail }) => [kind, element?.vi ?? detail])).toEqual([
      ['taskCloses', 'Việc a'],
      ['waitDropped', 'recalled'],
      ['timerSet', 'pause'],
    ])
    expect(said.standsAt).toMatchObject([{ vi: 'pause' }])
    expect(await rows(caseId)).toEqual(before)

    // then: done, task, candidates, subscription and timer follow
    await change(caseId, changes)
    expect(await cases.open(caseId)).toEqual([])
    expect(await rows(caseId)).toEqual({ timers: [{ element_id: 'pause' }], waits: [], candidates: [] })
  })

  it('adds and gives up tokens, sets variables, and tells all of it in the history with its reason', async () => {
    const caseId = await begin()
    await change(caseId, [
      { do: 'addToken', at: 'b' },
      { do: 'setVariables', variables: { urgency: 2 } },
    ])
    expect(await cases.open(caseId)).toEqual(['a', 'b'])
    const [first] = (await standing(caseId)).tokens
    await change(caseId, [{ do: 'cancelToken', tokenId: first!.tokenId }])
    expect(await cases.open(caseId)).toEqual(['b'])
    expect((await standing(caseId)).variables).toMatchObject({ urgency: 2 })
    const view = await readCaseView(db, office.who('clerk').viewer, caseId)
    expect(view?.history.slice(1)).toMatchObject([
      {
        act: 'modified',
        opinion: reason,
        by: { fullName: 'Người admin' },
        changes: [
          { do: 'addToken', to: { vi: 'Việc b' } },
          { do: 'setVariables', variables: ['urgency'] },
        ],
      },
      { act: 'modified', changes: [{ do: 'cancelToken', from: { vi: 'Việc a' } }] },
    ])
  })

  it('is made once for a form that was sent twice, and not on a case that has moved on', async () => {
    const caseId = await begin()
    const { seen } = await standing(caseId)
    const key = randomUUID()
    const [one, two] = await Promise.all([1, 2].map(() => change(caseId, [{ do: 'addToken', at: 'b' }], { seen, key })))
    expect([one!.repeated, two!.repeated].filter(Boolean)).toHaveLength(1)
    await expect(change(caseId, [{ do: 'addToken', at: 'b' }], { seen })).rejects.toMatchObject({
      code: 'case-moved-on',
      status: 409,
    })
    expect(await cases.open(caseId)).toEqual(['a', 'b'])
  })

  it('is refused in words where it cannot be made: nothing is written, not even an event', async () => {
    const caseId = await begin()
    const before = await standing(caseId)
    for (const [changes, code] of [
      [[{ do: 'moveToken', tokenId: 't999', to: 'b' }], 'change-does-not-fit'],
      [[{ do: 'addToken', at: 'nowhere' }], 'change-does-not-fit'],
      [[{ do: 'addToken', at: 'recalled' }], 'change-does-not-fit'],
    ] as [CaseChange[], string][])
      await expect(change(caseId, changes)).rejects.toMatchObject({
        code,
        status: 409,
        sentence: { vi: expect.stringMatching(/Chưa có gì thay đổi/) as string },
      })
    await expect(change(caseId, [{ do: 'addToken', at: 'b' }], { reason: ' x ' })).rejects.toMatchObject({
      code: 'reason-missing',
    })
    expect((await standing(caseId)).seen).toBe(before.seen)
    await cases.completeAll(caseId)
    await expect(
      changeCase(db, actor, { caseId: randomUUID(), changes: [], reason, seen: 1, key: randomUUID() }),
    ).rejects.toMatchObject({ status: 404 })
  })
})

describe('a case as an administrator finds it', () => {
  it('is listed by flow and state, and says nothing of a document that is not theirs to see', async () => {
    const documentId = await office.arrive('Kế hoạch điều tra')
    const [{ caseId }] = (await db.sql<
      { caseId: string }[]
    >`select case_id as "caseId" from documents where id = ${documentId}`) as unknown as [{ caseId: string }]
    const found = await standing(caseId)
    expect(found).toMatchObject({ hidden: true, variables: null, documentId: null, documentCode: null })
    expect(JSON.stringify(found.tokens)).not.toContain('điều tra')
    const { cases: listed, total } = await findCases(db, admin(), { flowId })
    expect(listed.length).toBe(total)
    expect(listed.every((line) => line.flowId === flowId && line.endedAt === null)).toBe(true)
    const [one] = (await findCases(db, admin(), { text: caseId.slice(-8) })).cases
    expect(one).toMatchObject({ caseId, documentCode: null })
    expect((await findCases(db, admin(), { text: '%' })).total).toBe(0)
    expect((await findCases(db, admin(), { status: 'stuck' })).total).toBe(0)
  })

  it('says what can come next, who could do it and by when, and what else it waits for', async () => {
    const caseId = await begin()
    const { state, flowVersionId } = await standing(caseId)
    const outlook = await caseOutlook(db, { state, flowVersionId })
    expect(outlook.steps).toMatchObject([{ elementId: 'b', group: 'role:ministry-clerk', certain: true }])
    expect(outlook.waits).toMatchObject([{ kind: 'message', name: 'recall', at: { vi: 'Việc a' } }])
    await cases.complete(caseId, 'a')
    const later = await standing(caseId)
    expect((await caseOutlook(db, later)).waits).toMatchObject([
      { kind: 'timer', elementId: 'pause', dueAt: expect.any(Number) as number },
    ])
  })
})

describe('afterwards', () => {
  it('the audit holds, and each case is where its events say', async () => {
    expect(await checkAudit(db)).toMatchObject({ brokenChains: 0 })
    expect(await casesThatDiffer(db)).toEqual([])
  })
})
