import { readdir, readFile } from 'node:fs/promises'
import { workingCalendar } from '#db/calendar.ts'
import { readClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import { publishFlow } from '#db/flows.ts'
import { loadReference } from '#db/reference.ts'
import type { MessageWriter } from './arrival.ts'
import { draftedLetters, draftedRequests, draftedSlips } from './drafted-documents.ts'
import { draftedLetterStory, requestStory, slipStory } from './drafting-stories.ts'
import { enterHistory } from './history.ts'
import { incomingStory } from './incoming-stories.ts'
import { incomingLetters, internalNotices, type Fate } from './letters.ts'
import { notice55Story, noticeStory, numberingTimes } from './notice-stories.ts'
import { Office } from './office.ts'
import { giveDelegations } from './delegations.ts'
import { createPeople, demonstrationLogins, type DemonstrationLogin } from './people.ts'
import { officeDay } from './public-services.ts'
import { fireUntil, pastOf, tell, type Story } from './timeline.ts'
import { publishShippedDecisions } from './shipped-decisions.ts'

const KEY = 'demonstration'
/** Working hours before now that the first story begins. */
const STORIES_BEGIN = 260
/** Roughly, for showing how far it is. */
const STEPS_PER_STORY = 6
/** Letters about the newest tasks stay to be sent, so that mailboxes are not empty when the ministry opens. */
const LETTERS_LEFT = 30

interface Progress {
  state: 'seeding' | 'seeded'
  /** Epoch ms: the present that every instant of the past is counted from, also when seeding goes on after a break. */
  startedAt: number
}

export interface SeedOptions {
  /** Where the test authority is kept, with the keys that the past was signed with. */
  dataFolder: string
  /** Writes the message that a document came with over the exchange (edXML). */
  messageOf: MessageWriter
  /** Steps done and to do, now and then. */
  onProgress?: (done: number, of: number) => void
}

/**
 * Makes the demonstration ministry: reference data, flows, people, and documents in every state, each brought there by the steps
 * that people take, at instants of the past weeks. Nothing else may work on the database meanwhile: its clock is set back, and
 * stands at the present again at the end. A second call does nothing; one that was cut short is gone on with.
 */
export async function seedDemonstration(
  db: Database,
  files: FileStore,
  options: SeedOptions,
): Promise<{ created: boolean; logins: DemonstrationLogin[] }> {
  if (process.env.NODE_ENV === 'production') throw new Error('The demonstration ministry is not made in production')
  const begun = await progressOf(db)
  if (begun?.state === 'seeded') return { created: false, logins: await demonstrationLogins(db) }
  await loadReference(db)
  await publishShippedFlows(db)
  await publishShippedDecisions(db)
  await createPeople(db)

  const startedAt = begun?.startedAt ?? (await readClock(db)).now
  await keepProgress(db, { state: 'seeding', startedAt })
  const calendar = await workingCalendar(db)
  const ago = pastOf(calendar, startedAt)
  await giveDelegations(db)
  const office = await Office.open(db, files, options.dataFolder)
  try {
    await tellAll(office, ago, { startedAt, fresh: !begun, ...options })
  } finally {
    await office.close()
  }
  await settlePast(db, { state: 'seeded', startedAt })
  return { created: true, logins: await demonstrationLogins(db) }
}

/** The year's books as they were before, and then every story. The clock stands at the present afterwards. */
async function tellAll(
  office: Office,
  ago: (hours: number) => number,
  { startedAt, fresh, messageOf, onProgress }: SeedOptions & { startedAt: number; fresh: boolean },
): Promise<void> {
  const { db } = office
  const year = Number(officeDay(startedAt).slice(0, 4))
  const notices = internalNotices(year)
  await openBooks(db, year)
  await enterHistory(office, {
    now: startedAt,
    storiesFrom: ago(STORIES_BEGIN),
    noticesNumberedAt: numberingTimes(notices, ago),
  })
  const teller = { office, ago, messageOf }
  const ordinals = new Map<Fate, number>()
  const stories: Story[] = incomingLetters(office.agencyNames, year).map((letter, index) => {
    const ordinal = ordinals.get(letter.fate) ?? 0
    ordinals.set(letter.fate, ordinal + 1)
    return incomingStory(teller, letter, { index, ordinal })
  })
  stories.push(...draftingStories(teller, year))
  stories.push(...notices.map((notice, index) => noticeStory(teller, notice, index)), notice55Story(teller))

  if (fresh) await setClockBack(db, ago(STORIES_BEGIN))
  const total = stories.length * STEPS_PER_STORY
  await tell(db, stories, (done) => onProgress?.(Math.min(done, total), total))
  await fireUntil(db, startedAt)
  await db.sql`update clock set offset_ms = 0 where offset_ms < 0`
}

/** Outgoing documents, submission slips and requests for opinions, some of them in each state. */
function draftingStories(teller: Parameters<typeof slipStory>[0], year: number): Story[] {
  return [
    ...draftedLetters().map((letter, index) => draftedLetterStory(teller, letter, index)),
    ...draftedSlips().map((slip, index) => slipStory(teller, slip, index)),
    ...draftedRequests(year).map((request, index) => requestStory(teller, request, index)),
  ]
}

async function progressOf(db: Database): Promise<Progress | null> {
  const [row] = await db.sql<{ value: Progress }[]>`select value from settings where key = ${KEY}`
  return row?.value ?? null
}

async function keepProgress(db: Database, progress: Progress): Promise<void> {
  await db.sql`insert into settings (key, value) values (${KEY}, ${JSON.stringify(progress)}::text::jsonb)
    on conflict (key) do update set value = excluded.value`
}

const diagrams = new URL('../../bpmn/diagrams/', import.meta.url)

/** Publishes the flows that come with the project; one that is published already stays as it is. */
async function publishShippedFlows(db: Database): Promise<void> {
  const names = (await readdir(diagrams)).filter((name) => name.endsWith('.bpmn')).sort()
  for (const name of names) await publishFlow(db, { xml: await readFile(new URL(name, diagrams), 'utf8') })
}

/** The year's books, open and empty. */
async function openBooks(db: Database, year: number): Promise<void> {
  await db.sql`insert into register_series (book, year, series) values ('incoming', ${year}, '*') on conflict do nothing`
}

/** Only here does the clock go back: nothing has happened yet that would come to lie in the future. */
async function setClockBack(db: Database, to: number): Promise<void> {
  await db.sql`update clock set offset_ms = floor(${to}::float8 - extract(epoch from clock_timestamp()) * 1000)::bigint
    where not exists (select 1 from case_events)`
}

/**
 * What was owed to the outside in the past weeks counts as done: statuses as sent to the agencies, replies as delivered, letters
 * as read long ago, all but the newest. Whoever acted on a document has looked at it.
 */
async function settlePast(db: Database, progress: Progress): Promise<void> {
  await db.sql.begin(async (sql) => {
    await sql`update settings set value = ${JSON.stringify(progress)}::text::jsonb where key = ${KEY}`
    await sql`insert into exchange_messages (direction, message_type, peer, exchange_document_id, status_code, transport_id, document_id, state, at)
      select 'out', 'status', d.agency_code, d.exchange_document_id, k.input->>'status', 'demonstration-' || k.key, d.id, 'sent', k.created_at
      from calls k join documents d on d.id = (k.input->>'documentId')::uuid
      where k.service_type = 'exchange.reportStatus' and d.exchange_document_id is not null on conflict do nothing`
    await sql`with sent as (
        update documents d set exchange_document_id = d.agency_code || ',' || to_char(d.issued_on, 'YYYY/MM/DD') || ',' || d.code
        from document_relations r join documents i on i.id = r.related_id
        where r.document_id = d.id and d.state = 'issued' and i.exchange_document_id is not null and d.exchange_document_id is null
        returning d.id, d.exchange_document_id, d.closed_at, i.agency_code as peer
      )
      insert into exchange_messages (direction, message_type, peer, exchange_document_id, transport_id, document_id, state, at)
      select 'out', 'edoc', peer, exchange_document_id, 'demonstration-' || id, id, 'sent', closed_at from sent on conflict do nothing`
    await sql`with sent as (
        update documents d set exchange_document_id = d.agency_code || ',' || to_char(d.issued_on, 'YYYY/MM/DD') || ',' || d.code
        from calls k where k.service_type = 'exchange.send' and k.input->>'documentId' = d.id::text and d.state = 'issued' and d.exchange_document_id is null
        returning d.id, d.exchange_document_id, d.closed_at, k.input->'recipientAgencies' as peers
      )
      insert into exchange_messages (direction, message_type, peer, exchange_document_id, transport_id, document_id, state, at)
      select 'out', 'edoc', peer, exchange_document_id, 'demonstration-' || id || '-' || peer, id, 'sent', closed_at
      from sent, jsonb_array_elements_text(peers) as peer on conflict do nothing`
    await sql`update calls set state = 'done', ended_at = created_at, handed_at = created_at, answer = '{}'
      where token is null and state in ('open', 'claimed') and id not in (
        select k.id from calls k join tasks t on t.case_id = k.case_id and t.token = k.input->>'token' and t.state = 'open'
        where k.service_type = 'letter.task' and k.state = 'open' order by k.created_at desc limit ${LETTERS_LEFT})`
    await sql`update calls set ended_at = created_at, handed_at = created_at where token is not null and state = 'done'`
    await sql`with first as (
        select distinct on (c.document_id, p.unit_id) c.document_id, p.unit_id, e.at, e.person_id
        from case_events e join cases c on c.id = e.case_id join posts p on p.id = e.post_id
        where c.document_id is not null order by c.document_id, p.unit_id, e.at
      )
      update document_parts m set opened_at = greatest(m.since, f.at), opened_by = f.person_id from first f
      where f.document_id = m.document_id and f.unit_id = m.unit_id and m.opened_at is null`
    await sql`insert into document_views (document_id, person_id, post_id, act, at)
      select c.document_id, e.person_id, e.post_id, 'view', e.at - interval '2 minutes' from case_events e join cases c on c.id = e.case_id
      where e.person_id is not null and c.document_id is not null`
  })
}
