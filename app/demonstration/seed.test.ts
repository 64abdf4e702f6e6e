import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { linkHash } from '#db/chain.ts'
import { readClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'
import { createFileStore, type FileStore } from '#db/file-store.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { arrivalMessage } from '../start/demonstration-letter.ts'
import { draftedLetters, draftedRequests, draftedSlips } from './drafted-documents.ts'
import { incomingLetters, internalNotices } from './letters.ts'
import { seedDemonstration } from './seed.ts'

let db: Database
let folder: string
let files: FileStore
const seed = () => seedDemonstration(db, files, { dataFolder: folder, messageOf: arrivalMessage })

beforeAll(async () => {
  ;({ db } = await openEmptyDatabase())
  folder = await mkdtemp(path.join(tmpdir(), 'imoit-demonstration-'))
  files = createFileStore(folder)
  // Given a seeding that was cut short in the middle and called again.
  const cutShort = seedDemonstration(db, files, {
    dataFolder: folder,
    messageOf: arrivalMessage,
    onProgress: (done) => {
      if (done === 150) throw new Error('cut short')
    },
  })
  await expect(cutShort).rejects.toThrow('cut short')
  expect((await seed()).created).toBe(true)
})
afterAll(async () => {
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

async function counts(): Promise<Record<string, number>> {
  const [row] = await db.sql<Record<string, number>[]>`select
    (select count(*)::int from persons) as persons, (select count(*)::int from posts) as posts,
    (select count(*)::int from documents) as documents, (select count(*)::int from cases) as cases,
    (select count(*)::int from case_events) as events, (select count(*)::int from tasks) as tasks,
    (select count(*)::int from register_entries) as entries, (select count(*)::int from document_files) as files,
    (select count(*)::int from flow_versions) as flows, (select count(*)::int from document_views) as views,
    (select count(*)::int from exchange_messages) as messages`
  return row ?? {}
}

describe('the demonstration ministry', () => {
  it('has no doubles, though making it was cut short: each letter and notice has one case', async () => {
    const { cases, documents, flows } = await counts()
    const letters = incomingLetters(new Map(), 2026).length
    const notices = internalNotices(2026).length
    const drafted = draftedLetters().length + draftedSlips().length + draftedRequests(2026).length
    expect({ cases, flows }).toEqual({ cases: letters + notices + 1 + drafted, flows: 6 })
    const [doubled] = await db.sql<{ count: number }[]>`select count(*)::int as count from (
      select 1 from documents where direction = 'incoming' group by agency_name, subject having count(*) > 1) d`
    expect(doubled?.count).toBe(0)
    expect(documents).toBeGreaterThan(letters + notices)
    const [drafts] = await db.sql<{ count: number }[]>`select count(*)::int as count from (
      select 1 from document_files where role = 'draft' group by document_id, sha256 having count(*) > 1) d`
    expect(drafts?.count).toBe(0)
  })

  it('has enough documents of each direction, and incoming ones in every state', async () => {
    const rows = await db.sql<{ direction: string; state: string; count: number }[]>`
      select direction, state, count(*)::int as count from documents group by 1, 2 order by 1, 2`
    const of = (direction: string) => rows.filter((row) => row.direction === direction)
    const total = (direction: string) => of(direction).reduce((sum, row) => sum + row.count, 0)
    expect(total('incoming')).toBeGreaterThanOrEqual(60)
    expect(total('outgoing')).toBeGreaterThanOrEqual(15)
    expect(total('internal')).toBeGreaterThanOrEqual(8)
    expect(of('incoming').map((row) => row.state)).toEqual(
      expect.arrayContaining(['received', 'refused', 'registered', 'directed', 'processing', 'closed', 'filed']),
    )
  })

  it('has somebody at every kind of task, some of it overdue and some not', async () => {
    const rows = await db.sql<{ formKey: string; open: number; overdue: number }[]>`
      select form_key as "formKey", count(*)::int as open, (count(*) filter (where due_at < clock_timestamp()))::int as overdue
      from tasks where state = 'open' group by 1`
    expect(rows.map((row) => row.formKey).sort()).toEqual([
      'incoming.approve',
      'incoming.assign',
      'incoming.coordinate',
      'incoming.direct',
      'incoming.dispatch',
      'incoming.handle',
      'incoming.register',
      'incoming.signOff',
      'incoming.submit',
      'notice.carryOut',
      'notice.receive',
      'notice.register',
      'opinion.answer',
      'opinion.close',
      'opinion.conclude',
      'outgoing.approve',
      'outgoing.checkFormat',
      'outgoing.checkLaw',
      'outgoing.revise',
      'slip.decide',
      'slip.office',
      'slip.review',
      'slip.revise',
    ])
    const overdue = rows.reduce((sum, row) => sum + row.overdue, 0)
    const open = rows.reduce((sum, row) => sum + row.open, 0)
    expect(overdue).toBeGreaterThan(5)
    expect(open - overdue).toBeGreaterThan(20)
  })

  it('stands at the present, with nothing due that has not happened and no case in trouble', async () => {
    expect((await readClock(db)).offsetMs).toBe(0)
    const [row] = await db.sql<Record<string, number>[]>`select
      (select count(*)::int from timers where due_at < clock_timestamp() - interval '1 minute') as due,
      (select count(*)::int from incidents) as incidents,
      (select count(*)::int from cases where status not in ('running', 'completed')) as trouble,
      (select count(*)::int from calls where token is not null and state <> 'done') as awaited,
      (select count(*)::int from case_events where at > clock_timestamp()) as future`
    expect(row).toEqual({ due: 0, incidents: 0, trouble: 0, awaited: 0, future: 0 })
  })

  it('has books without gaps or repeats, in the order of days, and 55 as the next notice', async () => {
    const series = await db.sql<{ last: number; count: number; most: number; ordered: boolean }[]>`
      select s.last_number as last, count(e.number)::int as count, coalesce(max(e.number), 0) as most,
        coalesce(bool_and(e.taken_at >= e.before), true) as ordered
      from register_series s left join (
        select *, lag(taken_at, 1, '-infinity') over (partition by book, year, series order by number) as before from register_entries
      ) e using (book, year, series) group by s.book, s.year, s.series, s.last_number`
    for (const each of series) expect(each).toMatchObject({ count: each.last, most: each.last, ordered: true })
    const [notices] = await db.sql<{ last: number }[]>`
      select last_number as last from register_series where series = 'TB' order by year desc limit 1`
    expect(notices?.last).toBe(54)
    const [waiting] = await db.sql<{ subject: string; formKey: string }[]>`
      select d.subject, t.form_key as "formKey" from documents d join tasks t on t.document_id = d.id
      where d.direction = 'internal' and d.state = 'draft' and t.state = 'open' and t.form_key = 'notice.register'`
    expect(waiting).toMatchObject({ formKey: 'notice.register' })
    expect(waiting?.subject).toContain('Hội nghị đẩy mạnh triển khai dịch vụ công trực tuyến')
  })

  it('has one notice with all 31 units, some of which have not opened it', async () => {
    const [row] = await db.sql<{ units: number; opened: number }[]>`
      select count(*)::int as units, count(opened_at)::int as opened from document_parts p join documents d on d.id = p.document_id
      where d.direction = 'internal' and d.state = 'issued' group by d.id having count(*) = 31`
    expect(row?.units).toBe(31)
    expect(row?.opened).toBeGreaterThan(10)
    expect(row?.opened).toBeLessThan(31)
  })

  it('has a chain of events in every case that can be followed to its newest link', async () => {
    const events = await db.sql<
      {
        caseId: string
        seq: number
        at: number
        type: string
        personId: string
        postId: string
        data: object
        hash: string
      }[]
    >`select case_id as "caseId", seq, floor(extract(epoch from at) * 1000)::float8 as at, type, person_id as "personId",
        post_id as "postId", data, hash from case_events order by case_id, seq`
    const last = new Map<string, { hash: string; at: number }>()
    for (const { caseId, hash, ...entry } of events) {
      expect(linkHash(last.get(caseId)?.hash ?? '', entry)).toBe(hash)
      expect(entry.at).toBeGreaterThanOrEqual(last.get(caseId)?.at ?? 0)
      last.set(caseId, { hash, at: entry.at })
    }
    const heads = await db.sql<{ id: string; hash: string }[]>`select case_id as id, last_hash as hash from case_states`
    expect(new Map([...last].map(([id, { hash }]) => [id, hash]))).toEqual(
      new Map(heads.map(({ id, hash }) => [id, hash])),
    )
  })

  it('keeps every file that a row names', async () => {
    const named = await db.sql<{ sha256: string }[]>`select distinct sha256 from document_files`
    const missing = await Promise.all(
      named.map(async ({ sha256 }) => {
        const file = await files.open(sha256)
        file?.stream.destroy()
        return file === null
      }),
    )
    expect(missing.filter(Boolean)).toEqual([])
  })

  it('is not made in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    await expect(seed()).rejects.toThrow('production')
    vi.unstubAllEnvs()
  })

  it('leaves some letters to be sent for tasks that are open, and nothing else', async () => {
    const rows = await db.sql<{ service: string; open: number }[]>`
      select service_type as service, count(*)::int as open from calls where state in ('open', 'claimed') group by 1`
    expect(rows).toEqual([{ service: 'letter.task', open: 30 }])
  })

  it('is made once', async () => {
    const before = await counts()
    expect((await seed()).created).toBe(false)
    expect(await counts()).toEqual(before)
  })
})
