import { expect } from 'vitest'
import { checkAudit } from '#db/audit-check.ts'
import { readEdxml } from '#exchange/edxml/read.ts'
import { letterId } from './letters-of-the-office.ts'
import type { MinistryProcesses } from './ministry-processes.ts'
import { casesThatDiffer } from './replay.ts'

/** What is still open anywhere, by kind; all zero when everything has come to rest. */
export async function openEnds({ db }: MinistryProcesses): Promise<Record<string, number>> {
  const [row] = await db.sql<Record<string, number>[]>`
    select (select count(*)::int from cases where status <> 'completed') as cases,
      (select count(*)::int from tasks where state = 'open') as tasks,
      (select count(*)::int from task_candidates) as candidates,
      (select count(*)::int from timers) as timers,
      (select count(*)::int from subscriptions) as subscriptions,
      (select count(*)::int from calls where state not in ('done', 'cancelled')) as calls,
      (select count(*)::int from incidents where resolved_at is null) as incidents,
      (select count(*)::int from exchange_messages where state in ('waiting', 'failed', 'refused')) as messages,
      (select count(*)::int from documents where direction = 'incoming' and state <> 'closed') as documents`
  return row ?? {}
}

/** What is still open, named, for the one who reads why a test failed. */
export async function namedOpenEnds({ db }: MinistryProcesses): Promise<unknown> {
  return {
    tasks:
      await db.sql`select t.element_id, t.form_key, d.code, t.assignee_post from tasks t left join documents d on d.id = t.document_id where t.state = 'open' limit 5`,
    calls:
      await db.sql`select service_type, state, attempts, error, handed_at, created_at, now() from calls where state not in ('done', 'cancelled') limit 5`,
    incidents: await db.sql`select code, message from incidents where resolved_at is null limit 5`,
  }
}

const OPENED_BY = ['register', 'submit', 'direct', 'assign', 'signOff', 'dispatch']

/** Holds the ministry to its word after whatever has happened to its processes: nothing lost, nothing twice, nothing open. */
export async function expectWhole(ministry: MinistryProcesses, numbers: number[]): Promise<void> {
  const { db } = ministry
  const count = numbers.length
  expect(Object.entries(await openEnds(ministry)).filter(([, left]) => left > 0)).toEqual([])

  // Every case is where its events say, and nobody has changed an event.
  expect(await casesThatDiffer(db)).toEqual([])
  expect(await checkAudit(db)).toMatchObject({ cases: count, brokenChains: 0, broken: [] })

  // Each letter became one case, and each of its steps was taken once.
  expect(
    await db.sql`select exchange_document_id as id from documents where direction = 'incoming' order by number::int`,
  ).toEqual(numbers.map((number) => ({ id: letterId(number) })))
  expect(
    await db.sql`select element_id as element, count(*)::int from tasks where element_id = any(${OPENED_BY}::text[]) and state = 'completed' group by 1 having count(*) <> ${count}`,
  ).toEqual([])
  expect(await db.sql`select 1 from tasks where state = 'cancelled'`).toHaveLength(0)

  await expectBooks(ministry, count)
  await expectLetters(ministry)
  await expectExchange(ministry, numbers)
}

/** Numbers 1 to `count` in both books, one for each document, and the same in the document itself. */
async function expectBooks({ db }: MinistryProcesses, count: number): Promise<void> {
  for (const [book, series, direction] of [
    ['incoming', '*', 'incoming'],
    ['outgoing', 'CV', 'outgoing'],
  ] as const) {
    const entries = await db.sql<{ number: number; ofDocument: number; direction: string }[]>`
      select e.number, d.register_number as "ofDocument", d.direction from register_entries e join documents d on d.id = e.document_id
      where e.book = ${book} and e.series = ${series} order by e.number`
    expect([...entries]).toEqual(
      Array.from({ length: count }, (_, index) => ({ number: index + 1, ofDocument: index + 1, direction })),
    )
    expect(
      await db.sql`select last_number as last from register_series where book = ${book} and series = ${series}`,
    ).toEqual([{ last: count }])
    expect(
      await db.sql`select document_id from register_entries where book = ${book} group by 1 having count(*) > 1`,
    ).toEqual([])
  }
}

/**
 * Every letter that is owed is in its mailbox once: the one about a task when its task was given to somebody, the reply's to
 * everybody concerned. A letter that was sent twice would stand there under two Message-IDs.
 */
async function expectLetters({ db }: MinistryProcesses): Promise<void> {
  const twice = await db.sql`
    select k.service_type, l.mailbox, array_agg(l.message_id) as ids from calls k join letters l on l.message_id like '<' || k.id || '%'
    where k.channel = 'mail' group by k.id, k.service_type, l.mailbox having count(*) > 1`
  expect([...twice]).toEqual([])
  const missing = await db.sql`
    select k.service_type, k.input, k.answer, count(l.id)::int as found from calls k left join letters l on l.message_id like '<' || k.id || '%'
    where k.channel = 'mail' group by k.id having count(l.id) < coalesce((k.answer ->> 'letters')::int, 1)`
  expect([...missing]).toEqual([])
  expect(
    await db.sql`select 1 from letters l where not exists (select 1 from calls k where l.message_id like '<' || k.id || '%')`,
  ).toHaveLength(0)

  // The reply: to the coordinating units' heads and clerks, and to everybody who worked on the case.
  const owed = await db.sql`
    with replies as (select k.id, k.case_id from calls k where k.service_type = 'letter.dispatch'),
    concerned as (
      select r.id, n.email from replies r join tasks t on t.case_id = r.case_id join persons n on n.id = t.ended_by_person
      union
      select r.id, n.email from replies r, post_groups g join posts p on p.id = g.post_id join persons n on n.id = p.person_id
        where g.group_key in ('unit:PC:head', 'unit:PC:clerk', 'unit:XNK:head', 'unit:XNK:clerk')
    )
    select c.id, c.email from concerned c
    where (select count(*) from letters l where l.message_id like '<' || c.id || '%' and l.mailbox = c.email) <> 1`
  expect([...owed]).toEqual([])
  // Each task that was given to one person was announced to that person.
  const unannounced = await db.sql`
    select t.element_id, n.email from tasks t join posts p on p.id = t.assignee_post join persons n on n.id = p.person_id
    where cardinality(t.candidate_groups) = 0
      and not exists (select 1 from calls k where k.case_id = t.case_id and k.service_type = 'letter.task' and k.input ->> 'token' = t.token)`
  expect([...unannounced]).toEqual([])
}

/** At the node: the statuses of each letter and its one answer, each once. */
async function expectExchange({ office }: MinistryProcesses, numbers: number[]): Promise<void> {
  const sent = await office.listSent({ limit: 1000 })
  expect(sent).toHaveLength(numbers.length)
  const statuses = Object.fromEntries(
    sent.map((message) => [message.documentId, message.statuses.map(({ statusCode }) => statusCode).sort()]),
  )
  expect(statuses).toEqual(
    Object.fromEntries(numbers.map((number) => [letterId(number), ['01', '03', '04', '05', '06']])),
  )
  const received = await office.listReceived({ messageType: 'status', limit: 1000 })
  expect(received).toHaveLength(numbers.length * 5)

  const replies = await office.listReceived({ messageType: 'edoc', limit: 1000 })
  const answered: string[] = []
  for (const { docId } of replies) {
    const { message } = await readEdxml(await office.download(docId))
    if (message.kind !== 'document') throw new Error(`${docId} is no document`)
    answered.push(...message.responseFor.map(({ documentId }) => documentId))
  }
  expect(answered.sort()).toEqual(numbers.map(letterId).sort())
}
