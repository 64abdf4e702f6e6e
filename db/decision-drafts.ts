import { parseDmn } from '#bpmn/dmn/parse.ts'
import { publishDecisions } from './decisions.ts'
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

const epoch = (column: string) => `floor(extract(epoch from ${column}) * 1000)::float8`

/** Every decision file, published or being drawn, by name. */
export async function decisionFiles(db: Database): Promise<DecisionLine[]> {
  const { sql } = db
  return sql<DecisionLine[]>`
    with newest as (select distinct on (model_id) * from decision_models order by model_id, version desc)
    select coalesce(d.model_id, m.model_id) as "modelId", coalesce(d.name, m.name) as name, m.version,
      ${sql.unsafe(epoch('m.published_at'))} as "publishedAt", ${sql.unsafe(epoch('d.saved_at'))} as "draftAt",
      (select n.full_name from posts p join persons n on n.id = p.person_id where p.id = m.published_by_post) as "publishedBy",
      (select n.full_name from posts p join persons n on n.id = p.person_id where p.id = d.saved_by_post) as "draftBy"
    from newest m full join decision_drafts d on d.model_id = m.model_id order by 2, 1 limit 500`
}

export interface DecisionDrawing {
  modelId: string
  name: string
  xml: string
  /** Of the draft; 0 where the published version is opened. */
  revision: number
  version: number | null
}

/** What is drawn of a model: its draft, or else its newest version. Throws Refusal `not-found`. */
export async function decisionDrawing(db: Database, modelId: string): Promise<DecisionDrawing> {
  const [row] = await db.sql<DecisionDrawing[]>`
    select ${modelId} as "modelId", coalesce(d.name, m.name) as name, coalesce(d.xml, m.xml) as xml, coalesce(d.revision, 0) as revision, m.version
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
 * Keeps what is drawn. `onto`: the revision it was drawn on. Throws Refusal `decision-refused`, `draft-changed` where somebody saved
 * meanwhile: nothing of theirs is lost.
 * @returns the new revision
 */
export async function saveDecision(
  db: Database,
  { modelId, xml, onto, postId }: { modelId: string; xml: string; onto: number; postId: string },
): Promise<number> {
  const facts = decisionFacts(xml)
  if (facts.modelId !== modelId) throw otherModel(modelId)
  const [row] = await db.sql<{ revision: number }[]>`
    insert into decision_drafts (model_id, name, xml, revision, saved_at, saved_by_post)
    select ${modelId}, ${facts.name}, ${xml}, 1, clock_timestamp(), ${postId} where ${onto} = 0
    on conflict (model_id) do nothing returning revision`
  if (row) return row.revision
  const [saved] = await db.sql<{ revision: number }[]>`
    update decision_drafts set name = ${facts.name}, xml = ${xml}, revision = revision + 1, saved_at = clock_timestamp(), saved_by_post = ${postId}
    where model_id = ${modelId} and revision = ${onto} returning revision`
  if (!saved) throw changedSince()
  return saved.revision
}

/** Publishes what is drawn, for every business rule task from now on. Throws as `publishDecisions`, and `draft-changed`. */
export async function publishDrawnDecision(
  db: Database,
  { modelId, revision, postId }: { modelId: string; revision: number; postId: string },
): Promise<{ version: number }> {
  const drawing = await decisionDrawing(db, modelId)
  if (drawing.revision !== revision) throw changedSince()
  const { version } = await publishDecisions(db, { xml: drawing.xml, postId })
  await db.sql`delete from decision_drafts where model_id = ${modelId} and revision = ${revision}`
  return { version }
}

/** Gives up what is drawn; what is published stays. Throws Refusal `not-found`. */
export async function discardDecision(db: Database, modelId: string): Promise<void> {
  const rows = await db.sql`delete from decision_drafts where model_id = ${modelId} returning model_id`
  if (rows.length === 0) throw notFound()
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

const changedSince = () =>
  new Refusal('draft-changed', 409, {
    vi: 'Người khác vừa lưu hoặc ban hành bảng này nên bản vẽ ở đây chưa được lưu. Hãy tải tệp về nếu cần giữ, rồi tải lại trang.',
    en: 'Somebody else has just saved or published this table, so what is drawn here was not saved. Download it if you need it, then reload the page.',
  })
