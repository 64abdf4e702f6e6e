import type { Sql, TransactionSql } from 'postgres'
import { parseDmn } from '#bpmn/dmn/parse.ts'
import type { Database } from './database.ts'
import { notFound, Refusal } from './refusal.ts'

/** Characters of a decision file; the largest of the conformance kit has 60,000. */
export const MAX_DECISION_LENGTH = 1_000_000

/** A decision file as the list shows it. Instants are epoch ms, real time. */
export interface DecisionLine {
  modelId: string
  name: string
  /** Newest published; null where it was only drawn. */
  version: number | null
  publishedAt: number | null
  publishedBy: string | null
  draftBy: string | null
  draftAt: number | null
}

/** A window that has not spoken for so long (s) is closed. */
const WINDOW_SILENCE_S = 30

const epoch = (column: string) => `floor(extract(epoch from ${column}) * 1000)::float8`
const person = (column: string) =>
  `(select n.full_name from posts p join persons n on n.id = p.person_id where p.id = ${column})`

/** Every decision file, published or being drawn, by name. */
export async function decisionFiles(db: Database): Promise<DecisionLine[]> {
  const { sql } = db
  return sql<DecisionLine[]>`
    with newest as (select distinct on (model_id) * from decision_models order by model_id, version desc)
    select coalesce(d.model_id, m.model_id) as "modelId", coalesce(d.name, m.name) as name, m.version,
      ${sql.unsafe(epoch('m.published_at'))} as "publishedAt", ${sql.unsafe(epoch('d.saved_at'))} as "draftAt",
      ${sql.unsafe(person('m.published_by_post'))} as "publishedBy", ${sql.unsafe(person('d.saved_by_post'))} as "draftBy"
    from newest m full join decision_drafts d on d.model_id = m.model_id order by 2, 1 limit 500`
}

export interface DecisionDrawing {
  modelId: string
  name: string
  xml: string
  /** Of the draft; 0 where the published version is opened. */
  revision: number
  /** Newest published; null where there is none. */
  version: number | null
  /** The published version that the drawing began with. */
  base: number | null
  /** Of the draft; null where there is none. */
  savedBy: string | null
  /** Epoch ms, real time. */
  savedAt: number | null
}

/** What is drawn of a model: its draft, or else its newest version. Throws Refusal `not-found`. */
export async function decisionDrawing(
  { sql }: { sql: Sql | TransactionSql },
  modelId: string,
): Promise<DecisionDrawing> {
  const [row] = await sql<DecisionDrawing[]>`
    select ${modelId} as "modelId", coalesce(d.name, m.name) as name, coalesce(d.xml, m.xml) as xml, coalesce(d.revision, 0) as revision, m.version,
      case when d.model_id is null then m.version else d.base_version end as base,
      ${sql.unsafe(epoch('d.saved_at'))} as "savedAt", ${sql.unsafe(person('d.saved_by_post'))} as "savedBy"
    from (select 1) one left join decision_drafts d on d.model_id = ${modelId}
      left join lateral (select name, xml, version from decision_models where model_id = ${modelId} order by version desc limit 1) m on true
    where d.model_id is not null or m.version is not null`
  if (!row) throw notFound()
  return row
}

/** The id and name of a decision file. Throws Refusal `decision-refused` where it is none. */
export function decisionFacts(xml: string): { modelId: string; name: string } {
  if (xml.length > MAX_DECISION_LENGTH) throw unreadable('quá lớn', 'it is too large')
  try {
    const { id, name } = parseDmn(xml)
    if (!id) throw new Error('definitions without an id')
    return { modelId: id, name: name || id }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw Object.assign(unreadable(message, message), { cause: error })
  }
}

/**
 * Keeps what is drawn. `onto`: the revision it was drawn on, `base`: the published version it began with. Throws Refusal
 * `decision-refused`, `draft-changed` where somebody saved or published meanwhile: nothing of theirs is lost.
 * @returns the new revision
 */
export async function saveDecision(
  db: Database,
  {
    modelId,
    xml,
    onto,
    base,
    postId,
  }: { modelId: string; xml: string; onto: number; base: number | null; postId: string },
): Promise<number> {
  const facts = decisionFacts(xml)
  if (facts.modelId !== modelId) throw otherModel(modelId)
  const [row] = await db.sql<{ revision: number }[]>`
    insert into decision_drafts (model_id, name, xml, revision, base_version, saved_at, saved_by_post)
    select ${modelId}, ${facts.name}, ${xml}, 1, ${base}, clock_timestamp(), ${postId} where ${onto} = 0
    on conflict (model_id) do nothing returning revision`
  if (row) return row.revision
  // A draft of a later version may have come to the same revision.
  const [saved] = await db.sql<{ revision: number }[]>`
    update decision_drafts set name = ${facts.name}, xml = ${xml}, revision = revision + 1, saved_at = clock_timestamp(), saved_by_post = ${postId}
    where model_id = ${modelId} and revision = ${onto} and base_version is not distinct from ${base}::int returning revision`
  if (!saved) throw changedSince()
  return saved.revision
}

/**
 * Begins the draft of a file that came in. What is being drawn of the same model is somebody's work: it is not replaced. Throws
 * Refusal `decision-refused`, `draft-there`.
 */
export async function importDecision(db: Database, { xml, postId }: { xml: string; postId: string }): Promise<string> {
  const { modelId } = decisionFacts(xml)
  const [there] = await db.sql<{ by: string | null }[]>`
    select ${db.sql.unsafe(person('saved_by_post'))} as by from decision_drafts where model_id = ${modelId}`
  if (there) throw draftThere(modelId, there.by ?? '')
  await saveDecision(db, { modelId, xml, onto: 0, base: null, postId })
  return modelId
}

/** Gives up what is drawn; what is published stays. Throws Refusal `not-found`. */
export async function discardDecision(db: Database, modelId: string): Promise<void> {
  const rows = await db.sql`delete from decision_drafts where model_id = ${modelId} returning model_id`
  if (rows.length === 0) throw notFound()
}

export interface DecisionPresence {
  /** Of the draft; 0 where there is none. */
  revision: number
  savedBy: string | null
  /** Epoch ms, real time. */
  savedAt: number | null
  /** Newest published. */
  version: number | null
  publishedBy: string | null
  /** Others who have the file open now, by name. */
  others: string[]
}

const isUuid = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

/** Says that a window has the file open, and asks who else has, and what has become of it. Throws Refusal `not-found`. */
export async function seeDecision(
  db: Database,
  seen: { modelId: string; windowId: string; postId: string },
): Promise<DecisionPresence> {
  const { sql } = db
  if (!isUuid(seen.windowId)) throw notFound()
  const [row] = await sql<DecisionPresence[]>`
    with known as (
      select 1 from decision_drafts where model_id = ${seen.modelId} union select 1 from decision_models where model_id = ${seen.modelId}
    ), told as (
      insert into decision_draft_editors (model_id, window_id, post_id, seen_at)
      select ${seen.modelId}, ${seen.windowId}, ${seen.postId}, clock_timestamp() where exists (select 1 from known)
      on conflict (model_id, window_id) do update set seen_at = excluded.seen_at, post_id = excluded.post_id
    )
    select coalesce(d.revision, 0) as revision, ${sql.unsafe(epoch('d.saved_at'))} as "savedAt", ${sql.unsafe(person('d.saved_by_post'))} as "savedBy",
      m.version, ${sql.unsafe(person('m.published_by_post'))} as "publishedBy",
      array(select distinct n.full_name from decision_draft_editors e join posts p on p.id = e.post_id join persons n on n.id = p.person_id
        where e.model_id = ${seen.modelId} and e.window_id <> ${seen.windowId} and e.post_id <> ${seen.postId}
          and e.seen_at > clock_timestamp() - ${WINDOW_SILENCE_S} * interval '1 second' order by n.full_name) as others
    from known left join decision_drafts d on d.model_id = ${seen.modelId}
      left join lateral (select version, published_by_post from decision_models where model_id = ${seen.modelId} order by version desc limit 1) m on true`
  if (!row) throw notFound()
  return row
}

/** The window is closed. */
export async function leaveDecision(db: Database, left: { modelId: string; windowId: string }): Promise<void> {
  if (!isUuid(left.windowId)) return
  await db.sql`delete from decision_draft_editors where model_id = ${left.modelId} and window_id = ${left.windowId}
    or seen_at < clock_timestamp() - interval '1 day'`
}

const unreadable = (vi: string, en: string) =>
  new Refusal('decision-refused', 422, {
    vi: `Không đọc được bảng quyết định: ${vi}. Chưa có gì thay đổi; hãy sửa tệp rồi thử lại.`,
    en: `The decision table cannot be read: ${en}. Nothing was changed; correct the file and try again.`,
  })

const otherModel = (modelId: string) =>
  new Refusal('decision-refused', 422, {
    vi: `Bản vẽ không còn mang mã “${modelId}” nên chưa được lưu. Hãy giữ nguyên mã, hoặc nhập tệp như một bảng khác.`,
    en: `The drawing no longer has the id “${modelId}”, so it was not saved. Keep the id, or import the file as another table.`,
  })

const draftThere = (modelId: string, by: string) =>
  new Refusal('draft-there', 409, {
    vi: `${by} đang vẽ bảng “${modelId}”, nên tệp chưa được nhập và bản vẽ đó giữ nguyên. Hãy ban hành hoặc bỏ bản vẽ đó trước, rồi nhập lại.`,
    en: `${by} is drawing the table “${modelId}”, so the file was not imported and that draft stays as it is. Publish or discard the draft first, then import again.`,
  })

export const changedSince = () =>
  new Refusal('draft-changed', 409, {
    vi: 'Người khác vừa lưu hoặc ban hành bảng này nên bản vẽ ở đây chưa được lưu. Hãy tải tệp về nếu cần giữ, rồi tải lại trang.',
    en: 'Somebody else has just saved or published this table, so what is drawn here was not saved. Download it if you need it, then reload the page.',
  })
