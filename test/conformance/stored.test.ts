import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConformanceProcess } from '#bpmn/conformance.ts'
import { pendingWork, fireTimer, type HandOver } from '#db/case-work.ts'
import { travelTo } from '#db/clock-travel.ts'
import { readClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'
import { isCarrying } from '#db/deliveries.ts'
import { createFileStore } from '#db/file-store.ts'
import { until } from '#test/fixtures/until.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { temporalAddress } from '#test/servers.ts'
import { makeCall } from '#workflows/activities.ts'
import { startCarrier } from '#workflows/carrier.ts'
import { handOver, startDispatcher } from '#workflows/dispatcher.ts'
import { createLog } from '#workflows/log.ts'
import type { WorkLoop } from '#workflows/work-loop.ts'
import { startWorker } from '#workflows/worker.ts'
import { StoredCase, wordServices } from './stored-cases.ts'

const set = join(import.meta.dirname, '../../../shared/conformance')
const list = join(set, 'cases.json')

/** All cases of the set in one database, all of one delay at once. */
async function storedCases(): Promise<StoredCase[]> {
  const processes = JSON.parse(await readFile(list, 'utf8')) as ConformanceProcess[]
  const cases: StoredCase[] = []
  for (const process of processes) {
    const xml = await readFile(join(set, process.file), 'utf8')
    for (const one of process.cases) cases.push(await StoredCase.of(process, one, xml, `c${cases.length}.`))
  }
  return cases
}

/** Plays the cases of one delay after the other; gives what differs. */
async function play(db: Database, cases: StoredCase[], handOver: (work: HandOver) => Promise<void>) {
  const idle = () => until('nothing to do', async () => !(await isBusy(db)), 60_000)
  const verdicts = []
  for (const delayMs of [...new Set(cases.map(({ one }) => one.delayMs))].sort((a, b) => a - b)) {
    const together = cases.filter(({ one }) => one.delayMs === delayMs)
    await Promise.all(together.filter((each) => each.hasParallel).map((each) => each.startParallel(db)))
    await idle()
    await Promise.all(together.map((each) => each.startMain(db)))
    await idle()
    if (delayMs > 0) await travelTo(db, (await readClock(db)).now + delayMs, { handOver })
    await idle()
    for (const each of together) verdicts.push(await each.verdict(db))
  }
  return verdicts
}

/** Whether anything is due, on its way between cases, or waits for an answer. */
async function isBusy(db: Database): Promise<boolean> {
  const [row] = await db.sql<{ busy: boolean }[]>`
    select exists (select 1 from calls where token is not null and state in ('open', 'claimed'))
      or exists (select 1 from timers where due_at <= clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond') as busy`
  return row!.busy || (await isCarrying(db))
}

describe.skipIf(!existsSync(list))(`the conformance set at ${set} (skipped where it is absent)`, () => {
  let db: Database
  let url: string
  const loops: WorkLoop[] = []

  beforeEach(async () => {
    ;({ db, url } = await openEmptyDatabase({ max: 12 }))
  })
  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop()))
    await db.close()
  })

  it('leaves the same traces through steps in the database, on its own clock', async () => {
    const cases = await storedCases()
    const outside = {
      db,
      files: createFileStore('/nonexistent'),
      gateway: null,
      smtp: { host: '127.0.0.1', port: 9 },
      services: wordServices(db, cases),
      environment: { publicUrl: '', mailDomain: 'moit.example', organ: { id: '', name: '' } },
    }
    /** What a case's workflow does, in this process: one thing after the other for each case. */
    const doOne = async (caseId: string) => {
      const pending = await pendingWork(db, caseId)
      for (const call of pending?.calls ?? []) await makeCall(outside, call.id)
      for (const timer of pending?.dueTimers ?? []) await fireTimer(db, { caseId, ...timer })
    }
    const atWork = new Map<string, Promise<void>>()
    const doWork = async (work: HandOver) => {
      await Promise.all(
        work.map(({ caseId }) => {
          const next = (atWork.get(caseId) ?? Promise.resolve()).then(() => doOne(caseId))
          atWork.set(caseId, next)
          return next
        }),
      )
    }
    const onError = (error: unknown) => {
      throw error
    }
    loops.push(await startDispatcher({ db, handOver: doWork, onError }), await startCarrier({ db, onError }))
    for (const each of cases) await each.publish(db)

    const verdicts = await play(db, cases, doWork)

    expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
    expect(verdicts).toHaveLength(98)
  }, 180_000)

  it('leaves the same traces with a worker and Temporal, which fire its timers and make its calls', async () => {
    const address = await temporalAddress()
    const cases = await storedCases()
    const taskQueue = `conformance-${randomUUID()}`
    const connection = await Connection.connect({ address })
    const client = new Client({ connection })
    const worker = startWorker(
      {
        ...{ databaseUrl: url, temporalAddress: address, namespace: 'default', exchange: null },
        ...{ filesFolder: '/nonexistent', smtp: { host: '127.0.0.1', port: 9 }, mailDomain: 'moit.example' },
        ...{ publicUrl: 'http://127.0.0.1:3000', organ: { id: '', name: '' } },
      },
      {
        taskQueue,
        scheduleId: `sweep-${taskQueue}`,
        log: createLog('test', 'silent'),
        services: wordServices(db, cases),
      },
    )
    try {
      for (const each of cases) await each.publish(db)

      const verdicts = await play(db, cases, (work) => handOver(client, taskQueue, work))

      expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
      expect(verdicts).toHaveLength(98)
    } finally {
      await worker.stop()
      await connection.close()
    }
  }, 300_000)
})
