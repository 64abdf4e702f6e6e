import type { Sql } from 'postgres'
import type { Database } from './database.ts'
import { notFound, Refusal } from './refusal.ts'

export type DraftReason = 'begun' | 'drawn' | 'imported' | 'restored' | 'overwritten'

export interface FlowDraft {
  id: string
  flowId: string
  name: string
  baseVersion: number | null
  revision: number
  xml: string
  state: 'open' | 'published' | 'discarded'
  /** Epoch ms, real time. */
  savedAt: number
  savedBy: string
}

/** A draft in a list, without its drawing. */
export type FlowDraftLine = Omit<FlowDraft, 'xml'> & {
  /** Somebody's approval is asked for. */
  asked: boolean
}

export interface DraftRevision {
  revision: number
  reason: DraftReason
  savedAt: number
  savedBy: string
}

/** Bytes of XML; the largest drawings in use have some hundred thousand. */
export const MAX_DRAWING_BYTES = 5_000_000

/** A window that has not spoken for so long (s) is closed. */
const WINDOW_SILENCE_S = 30

const person = (sql: Pick<Sql, 'unsafe'>, column: string) =>
  sql.unsafe(`(select n.full_name from posts p join persons n on n.id = p.person_id where p.id = ${column})`)
const epoch = (sql: Pick<Sql, 'unsafe'>, column: string) =>
  sql.unsafe(`floor(extract(epoch from ${column}) * 1000)::float8`)

const isId = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

/** Begins a draft of a flow. @returns its id */
export async function beginDraft(
  db: Database,
  draft: {
    flowId: string
    name: string
    baseVersion: number | null
    xml: string
    postId: string
    reason?: DraftReason
  },
): Promise<string> {
  holdToSize(draft.xml)
  return db.sql.begin(async (sql) => {
    const [row] = await sql<{ id: string }[]>`
      insert into flow_drafts (flow_id, name, base_version, revision, xml, state, created_at, saved_at, saved_by_post)
      values (${draft.flowId}, ${draft.name}, ${draft.baseVersion}, 1, ${draft.xml}, 'open', clock_timestamp(), clock_timestamp(), ${draft.postId})
      returning id`
    if (!row) throw new Error('beginning a draft wrote no row')
    await sql`insert into flow_draft_revisions (draft_id, revision, xml, reason, saved_at, saved_by_post)
      values (${row.id}, 1, ${draft.xml}, ${draft.reason ?? 'begun'}, clock_timestamp(), ${draft.postId})`
    return row.id
  })
}

/** A draft with its drawing. Throws Refusal `not-found`. */
export async function readDraft(db: Database, id: string): Promise<FlowDraft> {
  const { sql } = db
  const [row] = isId(id)
    ? await sql<FlowDraft[]>`
        select id, flow_id as "flowId", name, base_version as "baseVersion", revision, xml, state,
          ${epoch(sql, 'saved_at')} as "savedAt", ${person(sql, 'saved_by_post')} as "savedBy"
        from flow_drafts where id = ${id}`
    : []
  if (!row) throw notFound()
  return row
}

/** Drafts that are being drawn, the latest first; of one flow, or of all. */
export function openDrafts(db: Database, flowId?: string): Promise<FlowDraftLine[]> {
  const { sql } = db
  return sql<FlowDraftLine[]>`
    select d.id, d.flow_id as "flowId", d.name, d.base_version as "baseVersion", d.revision, d.state,
      ${epoch(sql, 'd.saved_at')} as "savedAt", ${person(sql, 'd.saved_by_post')} as "savedBy",
      exists (select 1 from flow_publications a where a.draft_id = d.id and a.state = 'asked') as asked
    from flow_drafts d where d.state = 'open' and ${flowId === undefined ? sql`true` : sql`d.flow_id = ${flowId}`}
    order by d.saved_at desc limit 100`
}

export interface DraftSave {
  id: string
  /** The revision that what is saved was drawn on. */
  onto: number
  xml: string
  flowId: string
  name: string
  postId: string
  reason: DraftReason
}

/**
 * Saves a drawing onto the revision it began with. Of a minute in which one person draws, the history keeps the last.
 * Throws Refusal `draft-changed` where somebody else has saved meanwhile, `draft-closed` where it is no draft any more:
 * nothing is written then.
 * @returns the new revision
 */
export async function saveDraft(db: Database, save: DraftSave): Promise<{ revision: number; savedAt: number }> {
  holdToSize(save.xml)
  return db.sql.begin(async (sql) => {
    const [row] = isId(save.id)
      ? await sql<
          { revision: number; state: FlowDraft['state']; savedBy: string; savedByPost: string; savedAt: number }[]
        >`
          select revision, state, ${person(sql, 'saved_by_post')} as "savedBy", saved_by_post as "savedByPost", ${epoch(sql, 'saved_at')} as "savedAt"
          from flow_drafts where id = ${save.id} for update`
      : []
    if (!row) throw notFound()
    if (row.state !== 'open') throw draftIsClosed(row.state)
    if (row.revision !== save.onto) throw draftChanged(row.savedBy)
    const revision = row.revision + 1
    const [saved] = await sql<{ savedAt: number }[]>`
      update flow_drafts set revision = ${revision}, xml = ${save.xml}, flow_id = ${save.flowId}, name = ${save.name},
        saved_at = clock_timestamp(), saved_by_post = ${save.postId} where id = ${save.id}
      returning ${epoch(sql, 'saved_at')} as "savedAt"`
    await sql`delete from flow_draft_revisions where draft_id = ${save.id} and revision = ${row.revision} and reason = 'drawn'
      and saved_by_post = ${save.postId} and ${save.reason} = 'drawn' and date_trunc('minute', saved_at) = date_trunc('minute', clock_timestamp())`
    await sql`insert into flow_draft_revisions (draft_id, revision, xml, reason, saved_at, saved_by_post)
      values (${save.id}, ${revision}, ${save.xml}, ${save.reason}, clock_timestamp(), ${save.postId})`
    return { revision, savedAt: saved?.savedAt ?? Date.now() }
  })
}

/** What a draft looked like, the latest first. */
export function draftHistory(db: Database, id: string): Promise<DraftRevision[]> {
  const { sql } = db
  return sql<DraftRevision[]>`
    select revision, reason, ${epoch(sql, 'saved_at')} as "savedAt", ${person(sql, 'saved_by_post')} as "savedBy"
    from flow_draft_revisions where draft_id = ${id} order by revision desc limit 200`
}

/** A drawing out of the history. Throws Refusal `not-found`. */
export async function draftRevision(db: Database, id: string, revision: number): Promise<string> {
  const [row] = isId(id)
    ? await db.sql<{ xml: string }[]>`
        select xml from flow_draft_revisions where draft_id = ${id} and revision = ${revision}`
    : []
  if (!row) throw notFound()
  return row.xml
}

/** Nobody draws on it any more; its history stays. */
export async function discardDraft(db: Database, id: string): Promise<void> {
  if (!isId(id)) throw notFound()
  const done = await db.sql`update flow_drafts set state = 'discarded' where id = ${id} and state = 'open' returning id`
  if (done.length === 0) throw draftIsClosed('discarded')
}

export interface DraftPresence {
  revision: number
  state: FlowDraft['state']
  savedBy: string
  savedAt: number
  /** Others who have the draft open now, by name. */
  others: string[]
}

/** Says that a window has the draft open, and asks who else has. */
export async function seeDraft(
  db: Database,
  seen: { id: string; windowId: string; postId: string },
): Promise<DraftPresence> {
  const { sql } = db
  if (!isId(seen.id) || !isId(seen.windowId)) throw notFound()
  await sql`insert into flow_draft_editors (draft_id, window_id, post_id, seen_at)
    values (${seen.id}, ${seen.windowId}, ${seen.postId}, clock_timestamp())
    on conflict (draft_id, window_id) do update set seen_at = excluded.seen_at, post_id = excluded.post_id`
  const [row] = await sql<DraftPresence[]>`
    select d.revision, d.state, ${person(sql, 'd.saved_by_post')} as "savedBy", ${epoch(sql, 'd.saved_at')} as "savedAt",
      array(select distinct n.full_name from flow_draft_editors e join posts p on p.id = e.post_id join persons n on n.id = p.person_id
        where e.draft_id = d.id and e.window_id <> ${seen.windowId} and e.post_id <> ${seen.postId} and e.seen_at > clock_timestamp() - ${WINDOW_SILENCE_S} * interval '1 second'
        order by n.full_name) as others
    from flow_drafts d where d.id = ${seen.id}`
  if (!row) throw notFound()
  return row
}

/** The window is closed. */
export async function leaveDraft(db: Database, left: { id: string; windowId: string }): Promise<void> {
  if (!isId(left.id) || !isId(left.windowId)) return
  await db.sql`delete from flow_draft_editors where draft_id = ${left.id} and window_id = ${left.windowId}
    or seen_at < clock_timestamp() - interval '1 day'`
}

function holdToSize(xml: string): void {
  if (Buffer.byteLength(xml) <= MAX_DRAWING_BYTES) return
  const megabytes = MAX_DRAWING_BYTES / 1_000_000
  throw new Refusal('drawing-too-large', 413, {
    vi: `Sơ đồ lớn hơn ${megabytes} MB nên chưa được lưu; bản đã lưu trước đó giữ nguyên. Hãy tách thành các quy trình nhỏ hơn.`,
    en: `The drawing is larger than ${megabytes} MB and was not saved; what was saved before stays as it is. Split it into smaller flows.`,
  })
}

const draftChanged = (by: string) =>
  new Refusal('draft-changed', 409, {
    vi: `${by} đã lưu bản thảo này sau khi đồng chí mở. Chưa có gì bị mất: phần đồng chí vẽ vẫn ở đây. Hãy chọn giữ bản nào.`,
    en: `${by} saved this draft after you opened it. Nothing is lost: what you drew is still here. Choose what to keep.`,
  })

const draftIsClosed = (state: FlowDraft['state']) =>
  state === 'published'
    ? new Refusal('draft-closed', 409, {
        vi: 'Bản thảo này đã được ban hành nên không lưu thêm được. Phần đồng chí vẽ vẫn ở đây; hãy giữ thành bản thảo khác.',
        en: 'This draft has been published and takes no more changes. What you drew is still here; keep it as another draft.',
      })
    : new Refusal('draft-closed', 409, {
        vi: 'Bản thảo này đã bị bỏ nên không lưu thêm được. Phần đồng chí vẽ vẫn ở đây; hãy giữ thành bản thảo khác.',
        en: 'This draft was discarded and takes no more changes. What you drew is still here; keep it as another draft.',
      })
