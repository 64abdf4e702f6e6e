import type { Database } from './database.ts'
import type { FileStore } from './file-store.ts'
import { foldForSearch } from './search-text.ts'

/** A letter as it was read from the wire. */
export interface ArrivedLetter {
  messageId: string
  from: { name: string; address: string } | null
  to: { name: string; address: string }[]
  cc: { name: string; address: string }[]
  subject: string
  /** Epoch ms. */
  date: number | null
  text: string
  attachments: { name: string; mediaType: string; content: Uint8Array }[]
}

export interface LetterAttachment {
  name: string
  mediaType: string
  size: number
  sha256: string
}

export interface LetterSummary {
  id: string
  /** As written: `iMOIT <imoit@moit.example>`. */
  sender: string
  subject: string
  /** Epoch ms on the one clock. */
  receivedAt: number
  readAt: number | null
  attachments: LetterAttachment[]
}

export interface LetterPage extends LetterSummary {
  messageId: string
  recipients: string[]
  sentAt: number | null
  text: string
}

const written = (address: { name: string; address: string }) =>
  address.name === '' ? address.address : `${address.name} <${address.address}>`

/**
 * Keeps a letter for each of its mailboxes: once for each Message-ID, so that a repeat changes nothing. Files first, rows
 * after them: a row never names a file that is not there.
 * @returns how many mailboxes had not seen it
 */
export async function storeLetter(
  db: Database,
  files: FileStore,
  { letter, raw, mailboxes }: { letter: ArrivedLetter; raw: Uint8Array; mailboxes: string[] },
): Promise<number> {
  const limit = raw.byteLength
  const original = await files.put(raw, limit)
  const attachments: LetterAttachment[] = []
  for (const { name, mediaType, content } of letter.attachments) {
    attachments.push({ name, mediaType, ...(await files.put(content, limit)) })
  }
  const contents = [
    { sha256: original.sha256, size: original.size, mediaType: 'message/rfc822' },
    ...attachments.map(({ sha256, size, mediaType }) => ({ sha256, size, mediaType })),
  ]
  const boxes = [...new Set(mailboxes.map((mailbox) => mailbox.toLowerCase()))]
  return db.sql.begin(async (sql) => {
    await sql`insert into files (sha256, size, media_type, created_at)
      select distinct on (r.sha256) r.sha256, r.size, r."mediaType", clock_timestamp()
      from jsonb_to_recordset(${JSON.stringify(contents)}::text::jsonb) as r(sha256 text, size bigint, "mediaType" text) on conflict do nothing`
    const stored =
      await sql`insert into letters (mailbox, message_id, sender, recipients, subject, text, sent_at, received_at, attachments, raw_sha256)
      select mailbox, ${letter.messageId}, ${letter.from ? written(letter.from) : ''}, ${[...letter.to, ...letter.cc].map(written)}::text[],
        ${letter.subject}, ${letter.text}, to_timestamp(${letter.date}::float8 / 1000),
        clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond',
        ${JSON.stringify(attachments)}::text::jsonb, ${original.sha256}
      from unnest(${boxes}::text[]) as mailbox on conflict (mailbox, message_id) do nothing returning id`
    return stored.length
  })
}

/** Whether letters to an address have a reader. */
export async function knowsMailbox(db: Database, address: string): Promise<boolean> {
  const [row] = await db.sql`select 1 from persons where lower(email) = ${address.toLowerCase()} and active`
  return row !== undefined
}

const LETTERS_PER_PAGE = 30

export interface MailboxQuery {
  /** From 1. */
  page?: number
  unreadOnly?: boolean
  /** Words of sender, subject or text, with or without accents; all of them have to be there. */
  search?: string
  /** The letter that is being read stays in a list of unread ones. */
  reading?: string
}

/** A page of a mailbox, newest first. `total` and `unread` are of the whole mailbox, `found` and `pages` of what was asked. */
export async function mailbox(
  db: Database,
  address: string,
  query: MailboxQuery = {},
): Promise<{ letters: LetterSummary[]; total: number; unread: number; found: number; pages: number }> {
  const { sql } = db
  const page = Math.max(1, query.page ?? 1)
  const asked = askedLetters(db, address, query)
  const [letters, [counts]] = await Promise.all([
    sql<LetterSummary[]>`
      select id, sender, subject, floor(extract(epoch from received_at) * 1000)::float8 as "receivedAt",
        floor(extract(epoch from read_at) * 1000)::float8 as "readAt", attachments
      from letters where ${asked} order by received_at desc, id desc limit ${LETTERS_PER_PAGE} offset ${(page - 1) * LETTERS_PER_PAGE}`,
    sql<{ total: number; unread: number; found: number }[]>`
      select count(*)::int as total, count(*) filter (where read_at is null)::int as unread, count(*) filter (where ${asked})::int as found
      from letters where mailbox = ${address.toLowerCase()}`,
  ])
  const { total, unread, found } = counts ?? { total: 0, unread: 0, found: 0 }
  return { letters: [...letters], total, unread, found, pages: Math.max(1, Math.ceil(found / LETTERS_PER_PAGE)) }
}

/** The newest unread letters of a mailbox. */
export function unreadLetters(
  db: Database,
  address: string,
  most: number,
): Promise<Pick<LetterSummary, 'id' | 'sender' | 'subject' | 'receivedAt'>[]> {
  return db.sql`
    select id, sender, subject, floor(extract(epoch from received_at) * 1000)::float8 as "receivedAt"
    from letters where mailbox = ${address.toLowerCase()} and read_at is null order by received_at desc, id desc limit ${most}`
}

/** The letters before and after one in the same list: `newer` stands above it, `older` below. */
export async function neighbours(
  db: Database,
  address: string,
  id: string,
  query: Omit<MailboxQuery, 'page'> = {},
): Promise<{ newer: string | null; older: string | null }> {
  const asked = askedLetters(db, address, query)
  const [row] = await db.sql<{ newer: string | null; older: string | null }[]>`
    with here as (select received_at, id from letters where mailbox = ${address.toLowerCase()} and id::text = ${id})
    select (select letters.id from letters, here where ${asked} and (letters.received_at, letters.id) > (here.received_at, here.id)
        order by letters.received_at, letters.id limit 1) as newer,
      (select letters.id from letters, here where ${asked} and (letters.received_at, letters.id) < (here.received_at, here.id)
        order by letters.received_at desc, letters.id desc limit 1) as older`
  return row ?? { newer: null, older: null }
}

/** In SQL: of this mailbox, and what was asked for. */
function askedLetters({ sql }: Database, address: string, { unreadOnly, search, reading }: MailboxQuery) {
  const words = foldForSearch(search ?? '')
    .split(' ')
    .filter((word) => word !== '')
  // The same folding as `foldForSearch`; a mailbox is small enough to be read through.
  const folded = sql`regexp_replace(replace(lower(regexp_replace(normalize(sender || ' ' || subject || ' ' || text, NFD),
    '[\\u0300-\\u036f]', '', 'g')), 'đ', 'd'), '[^[:alnum:]/-]+', ' ', 'g')`
  return sql`mailbox = ${address.toLowerCase()}
    and ${unreadOnly ? sql`(read_at is null or letters.id::text = ${reading ?? ''})` : sql`true`}
    and ${words.length > 0 ? sql`(select bool_and(position(word in ${folded}) > 0) from unnest(${words}::text[]) as word)` : sql`true`}`
}

/** One letter of a mailbox; null when that mailbox has none such, whoever else may have it. */
export async function letter(db: Database, address: string, id: string): Promise<LetterPage | null> {
  const [row] = await db.sql<LetterPage[]>`
    select id, message_id as "messageId", sender, recipients, subject, text, attachments,
      floor(extract(epoch from sent_at) * 1000)::float8 as "sentAt", floor(extract(epoch from received_at) * 1000)::float8 as "receivedAt",
      floor(extract(epoch from read_at) * 1000)::float8 as "readAt"
    from letters where mailbox = ${address.toLowerCase()} and id::text = ${id}`
  return row ?? null
}

/** Notes that the letter was opened; the first time counts. */
export async function markRead(db: Database, address: string, id: string): Promise<void> {
  await db.sql`update letters set read_at = clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond'
    where mailbox = ${address.toLowerCase()} and id::text = ${id} and read_at is null`
}

/** Puts a letter back among the unread ones. */
export async function markUnread(db: Database, address: string, id: string): Promise<void> {
  await db.sql`update letters set read_at = null where mailbox = ${address.toLowerCase()} and id::text = ${id}`
}
