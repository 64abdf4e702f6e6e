import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { frameAfter } from '#bpmn/replay.ts'
import type { CaseState } from '#bpmn/state.ts'
import { checkAudit } from '#db/audit-check.ts'
import { fireTimer } from '#db/case-work.ts'
import {
  beginMigration,
  caseMigration,
  elementsToMap,
  setMap,
  startMoving,
  steerMigration,
} from '#db/case-migrations.ts'
import { caseReplay } from '#db/case-replay.ts'
import { readCaseView } from '#db/case-view.ts'
import type { Database } from '#db/database.ts'
import { publishFlow } from '#db/flows.ts'
import { checkCases, claimCases, migratingCases, migrationsAtWork, misfitsOf, moveOne } from '#db/migrating-cases.ts'
import { runStep, startCase, type Actor } from '#db/step.ts'
import { moveToVersion } from '#db/version-move.ts'
import type { Viewer } from '#db/visibility.ts'
import { drawnCases } from '#test/fixtures/drawn-cases.ts'
import { drawnFlow, drawnGraph, end, gateway, start, task, messageOn, waits } from '#test/fixtures/drawn-flow.ts'
import { casesThatDiffer } from '#test/kills/replay.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'

let db: Database
let admin: Viewer
let actor: Actor
let cases: ReturnType<typeof drawnCases>

beforeAll(async () => {
  const opened = await openOfficeDatabase()
  db = opened.db
  admin = opened.office.admin!.viewer
  actor = { personId: admin.personId, postId: admin.postId }
  cases = drawnCases(db)
})
afterAll(() => db.close())

/** Publishes versions of a flow, the first one last named being the newest; cases are begun on each by number. */
async function versions(flowId: string, ...drawings: string[]) {
  const ids: string[] = []
  for (const xml of drawings) ids.push((await publishFlow(db, { xml })).id)
  return {
    ids,
    begin: async (version: number, variables = {}) => {
      const flowVersionId = ids[version - 1]!
      const { caseId } = await startCase(db, {
        flowId,
        flowVersionId,
        documentId: null,
        variables,
        key: randomUUID(),
        actor: null,
      })
      return caseId
    },
    /** From the first version to the second. */
    move: (caseId: string, { map = {}, key = randomUUID() }: { map?: Record<string, string>; key?: string } = {}) =>
      moveToVersion(db, { caseId, from: ids[0]!, to: ids[1]!, plan: { map }, reason: 'Đổi các bước', key, actor }),
  }
}

const row = (flowId: string, ...names: string[]) =>
  drawnFlow(flowId, { s: start(), ...Object.fromEntries(names.map((name) => [name, task()])), e: end() })

/** As the worker does it, until nothing is left to do. */
async function work() {
  for (let busy = true; busy;) {
    busy = false
    for (const migration of await migrationsAtWork(db)) {
      const claimed = await claimCases(db, migration, 3)
      if (migration.state === 'checking') {
        if (claimed.length > 0) await checkCases(db, migration, claimed)
      } else for (const caseId of claimed) await moveOne(db, migration, caseId)
      busy ||= claimed.length > 0
    }
  }
}

describe('a case that is moved to another version', () => {
  it('goes on as one that began there, with its task, timer and what it waits for under their new names', async () => {
    const drawing = (a: string, more: string[]) => {
      const ids = ['s', a, ...more, 'e']
      return drawnGraph(
        'renamed',
        {
          s: start(),
          [a]: task(),
          ...Object.fromEntries(more.map((name) => [name, task()])),
          e: end(),
          [`back_${a}`]: messageOn(a, 'recall', 'k'),
        },
        [...ids.slice(1).map((to, index) => `${ids[index]} > ${to}`), `back_${a} > e`],
      )
    }
    const { begin, move } = await versions('renamed', drawing('old', []), drawing('anew', ['after']))
    const [caseId, fresh] = [await begin(1, { k: 'x' }), await begin(2, { k: 'x' })]
    await move(caseId, { map: { old: 'anew', back_old: 'back_anew' } })
    expect(await cases.open(caseId)).toEqual(['anew'])
    expect(
      await db.sql`select element_id, attached_to, message_name from subscriptions where case_id = ${caseId}`,
    ).toEqual([{ element_id: 'back_anew', attached_to: 'anew', message_name: 'recall' }])
    expect(await cases.completeAll(caseId)).toEqual(await cases.completeAll(fresh))
    expect(await cases.status(caseId)).toBe('completed')
  })

  it('keeps its timer’s instant, which then fires on the new version', async () => {
    const timed = (then: string) =>
      drawnFlow('timed', { s: start(), pause: waits('Duration', 'PT2H'), [then]: task(), e: end() })
    const { begin, move } = await versions('timed', timed('a'), timed('b'))
    const caseId = await begin(1)
    const timers = () =>
      db.sql<
        { timer_id: string; occurrence: number; due: string }[]
      >`select timer_id, occurrence, due_at::text as due from timers where case_id = ${caseId}`
    const [before] = await timers()
    await move(caseId)
    expect(await timers()).toEqual([before])
    await fireTimer(db, { caseId, timerId: before!.timer_id, occurrence: before!.occurrence })
    expect(await cases.open(caseId)).toEqual(['b'])
  })

  it('is moved once, whoever asks twice or at the same time as somebody completes its task', async () => {
    const { begin, move } = await versions('raced', row('raced', 'a', 'b'), row('raced', 'a', 'b', 'c'))
    const caseId = await begin(1)
    const key = randomUUID()
    const twice = () => move(caseId, { key })
    const [first, second] = await Promise.all([twice(), twice(), cases.complete(caseId, 'a')])
    expect([first.repeated, second.repeated].filter(Boolean)).toHaveLength(1)
    // whichever came first
    expect(await cases.completeAll(caseId)).toEqual(['b', 'c'])
  })

  it('a step that waited for the move goes on where that has put the case', async () => {
    const { begin, move } = await versions('waited', row('waited', 'a', 'b'), row('waited', 'a', 'c'))
    const caseId = await begin(1)
    let [letGo, locked] = [() => {}, () => {}]
    const held = new Promise<void>((resolve) => (letGo = resolve))
    const isLocked = new Promise<void>((resolve) => (locked = resolve))
    // given: somebody holds the case's lock, and two steps queue behind: the move first
    const holding = runStep(db, {
      of: { caseId },
      key: null,
      actor: null,
      decide: () => ({ type: 'signalReceived', name: 'nobody waits' }),
      act: () => {
        locked()
        return held
      },
    })
    await isLocked
    const queued = async (count: number) => {
      await expect
        .poll(async () => {
          const [found] = await db.sql<{ count: number }[]>`
            select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
          return found?.count
        })
        .toBe(count)
    }
    const moving = move(caseId)
    await queued(1)
    const completed = cases.complete(caseId, 'a')
    await queued(2)
    letGo()
    await Promise.all([holding, moving, completed])
    expect(await cases.open(caseId)).toEqual(['c'])
  })

  it('is not moved at all where something of it has no place', async () => {
    const { begin, move } = await versions('narrow', row('narrow', 'a', 'b'), row('narrow', 'a'))
    const caseId = await begin(1)
    await cases.complete(caseId, 'a')
    const before = await everything(caseId)
    await expect(move(caseId)).rejects.toMatchObject({
      code: 'case-does-not-fit',
      misfits: [{ elementId: 'b', reason: 'removed' }],
    })
    expect(await everything(caseId)).toEqual(before)
    expect(await cases.completeAll(caseId)).toEqual(['b'])
  })
})

const everything = async (caseId: string) => ({
  state: await db.sql`select state, event_count, moved_to_version from case_states where case_id = ${caseId}`,
  tasks: await db.sql`select element_id, state from tasks where case_id = ${caseId} order by id`,
  events: await db.sql`select hash from case_events where case_id = ${caseId} order by seq`,
  version: await db.sql`select flow_version_id from cases where id = ${caseId}`,
})

describe('moving the running cases of a version', () => {
  const flowId = 'crowd'
  /** Side by side, so that cases stand in more than one place. */
  const both = drawnGraph(
    flowId,
    { s: start(), f: gateway('parallel'), a: task(), b: task(), j: gateway('parallel'), c: task(), e: end() },
    ['s > f', 'f > a', 'f > b', 'a > j', 'b > j', 'j > c', 'c > e'],
  )
  const longer = drawnGraph(
    flowId,
    {
      s: start(),
      f: gateway('parallel'),
      a: task(),
      d: task(),
      j: gateway('parallel'),
      c: task(),
      x: task(),
      e: end(),
    },
    ['s > f', 'f > a', 'f > d', 'a > j', 'd > j', 'j > c', 'c > x', 'x > e'],
  )

  it('names in the dry run what does not fit, moves the rest, and what is mapped afterwards', async () => {
    const { begin } = await versions(flowId, both, longer)
    const atStart = await Promise.all([1, 2, 3].map(() => begin(1)))
    const past = await begin(1)
    for (const name of ['a', 'b']) await cases.complete(past, name)
    const ended = await begin(1)
    await cases.completeAll(ended)

    // when: the dry run
    const id = await beginMigration(db, actor, { flowId, from: 1, to: 2 })
    await work()
    const checked = await caseMigration(db, id)
    expect(checked).toMatchObject({ state: 'checked', total: 4, cases: { fits: 1, unfit: 3 } })
    expect(await misfitsOf(db, checked)).toMatchObject([{ elementId: 'b', reason: 'removed', cases: 3 }])
    const unfit = await migratingCases(db, admin, { id, states: ['unfit'] })
    expect(unfit.map(({ caseId }) => caseId).sort()).toEqual(atStart.toSorted())
    expect(unfit[0]?.reasons[0]?.vi).toContain('Việc b')
    expect(await elementsToMap(db, checked)).toMatchObject([{ elementId: 'b', mapped: null }])
    // nothing has happened to any case
    expect(await cases.open(past)).toEqual(['c'])
    expect(await db.sql`select 1 from case_events where type = 'caseMigrated' and case_id = ${past}`).toHaveLength(0)

    await expect(setMap(db, id, { b: 'f' })).rejects.toMatchObject({ code: 'map-unfit', status: 422 })
    await setMap(db, id, { b: 'd' })
    await work()
    expect(await caseMigration(db, id)).toMatchObject({ state: 'checked', cases: { fits: 4, unfit: 0 } })

    // and then: a case ends meanwhile, the others are moved
    await cases.completeAll(past)
    await expect(startMoving(db, actor, id, ' ')).rejects.toMatchObject({ code: 'reason-missing' })
    await startMoving(db, actor, id, 'Bổ sung bước x')
    await expect(setMap(db, id, {})).rejects.toMatchObject({ code: 'migration-under-way' })
    await work()
    expect(await caseMigration(db, id)).toMatchObject({
      state: 'done',
      cases: { moved: 3, gone: 1 },
      by: 'Người admin',
    })
    for (const caseId of atStart) {
      expect(await cases.open(caseId)).toEqual(['a', 'd'])
      expect(await cases.completeAll(caseId)).toEqual(['a', 'd', 'c', 'x'])
    }
  })

  it('stops at a pause, survives workers that die, and moves each case once', async () => {
    const { begin } = await versions('steady', row('steady', 'a'), row('steady', 'a', 'b'))
    const all = await Promise.all(Array.from({ length: 8 }, () => begin(1)))
    const id = await beginMigration(db, actor, { flowId: 'steady', from: 1, to: 2 })
    await work()
    await startMoving(db, actor, id, 'Thêm bước b')
    // given: a worker has taken some and died, another has moved one
    const [migration] = await migrationsAtWork(db)
    const lost = await claimCases(db, migration!, 3)
    expect(lost).toHaveLength(3)
    const [one] = await claimCases(db, migration!, 1)
    await moveOne(db, migration!, one!)
    await steerMigration(db, id, 'pause')
    expect(await claimCases(db, migration!, 9)).toEqual([])
    expect(await caseMigration(db, id)).toMatchObject({ state: 'paused', cases: { moved: 1, fits: 7 } })
    // when: it goes on, and two workers are at it at once
    await steerMigration(db, id, 'resume')
    await Promise.all([work(), work()])
    expect(await caseMigration(db, id)).toMatchObject({ state: 'moving', cases: { moved: 5, fits: 3 } })
    await db.sql`update migrating_cases set claimed_until = clock_timestamp() where claimed_until is not null`
    await Promise.all([work(), work()])
    expect(await caseMigration(db, id)).toMatchObject({ state: 'done', cases: { moved: 8, fits: 0 } })
    const moves = await db.sql<{ count: number }[]>`
      select count(*)::int as count from case_events where type = 'caseMigrated' and case_id = any(${all}::uuid[]) group by case_id`
    expect(moves.map(({ count }) => count)).toEqual(all.map(() => 1))
  })

  it('is refused where it makes no sense, and dropped where it came to nothing', async () => {
    await expect(beginMigration(db, actor, { flowId, from: 1, to: 1 })).rejects.toMatchObject({ code: 'same-version' })
    await expect(beginMigration(db, actor, { flowId, from: 1, to: 99 })).rejects.toMatchObject({ status: 404 })
    const id = await beginMigration(db, actor, { flowId, from: 2, to: 1 })
    await steerMigration(db, id, 'drop')
    await expect(startMoving(db, actor, id, 'Không cần nữa')).rejects.toMatchObject({ code: 'migration-under-way' })
    await expect(caseMigration(db, 'x')).rejects.toMatchObject({ status: 404 })
  })
})

describe('afterwards', () => {
  it('the audit holds, and each case is where its events say', async () => {
    expect(await checkAudit(db)).toMatchObject({ brokenChains: 0 })
    expect(await casesThatDiffer(db)).toEqual([])
  })

  it('each case played again from its events stands where it stands, moved ones included', async () => {
    const rows = await db.sql<{ id: string; state: CaseState }[]>`select case_id as id, state from case_states`
    expect(rows.length).toBeGreaterThan(10)
    for (const { id, state } of rows) {
      const { steps } = await caseReplay(db, id)
      const standing = state.tokens.filter(({ child, listening }) => child === undefined && !listening)
      expect(frameAfter(steps, steps.length).standing.toSorted()).toEqual(
        [...new Set(standing.map(({ at }) => at))].toSorted(),
      )
    }
    await expect(caseReplay(db, randomUUID())).rejects.toMatchObject({ code: 'not-found' })
  })

  it('the history says who moved it, why, and names the steps of the version it was on', async () => {
    const viewer = { ...admin, groups: ['role:ministry-clerk'] }
    const [moved] = await db.sql<{ id: string }[]>`
      select c.id from cases c join case_events e on e.case_id = c.id and e.type = 'caseMigrated' join flow_versions v on v.id = c.flow_version_id
      where v.flow_id = 'renamed'`
    const view = await readCaseView(db, viewer, moved!.id)
    expect(view?.history.map(({ act, nameVi, version }) => [act, act === 'migrated' ? version : nameVi])).toEqual([
      ['started', 's'],
      ['migrated', 2],
      ['completed', 'Việc anew'],
      ['completed', 'Việc after'],
    ])
    expect(view?.history[1]).toMatchObject({ opinion: 'Đổi các bước', by: { fullName: 'Người admin' } })
  })
})
