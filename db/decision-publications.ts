import type { Sql, TransactionSql } from 'postgres'
import type { Database } from './database.ts'
import { holdToUse } from './decision-use.ts'
import { changedSince, decisionDrawing } from './decision-drafts.ts'
import { publishing } from './decisions.ts'
import { notFound, Refusal } from './refusal.ts'

export interface DecisionVersion {
  version: number
  name: string
  /** Epoch ms, real time. */
  publishedAt: number
  /** Null: it comes with the project. */
  publishedBy: string | null
  reason: string | null
}

/** The versions of a model and why each was published, the newest first. */
export function decisionVersions({ sql }: { sql: Sql | TransactionSql }, modelId: string): Promise<DecisionVersion[]> {
  return sql<DecisionVersion[]>`
    select m.version, m.name, m.reason, floor(extract(epoch from m.published_at) * 1000)::float8 as "publishedAt",
      (select n.full_name from posts p join persons n on n.id = p.person_id where p.id = m.published_by_post) as "publishedBy"
    from decision_models m where m.model_id = ${modelId} order by m.version desc limit 200`
}

/** A published version as it was drawn. Throws Refusal `not-found`. */
export async function decisionVersion(
  db: Database,
  modelId: string,
  version: number,
): Promise<{ name: string; xml: string }> {
  const [row] = await db.sql<{ name: string; xml: string }[]>`
    select name, xml from decision_models where model_id = ${modelId} and version = ${version}`
  if (!row) throw notFound()
  return row
}

/**
 * Publishes what is drawn, for every business rule task from now on. `onto`: the newest version that it was compared with.
 * Throws Refusal: as `publishDecisions`; `reason-missing`; `draft-changed` and `published-meanwhile` where something else was
 * looked at; `nothing-changed` where it is the newest version already; `decision-in-use` where it lacks what flows ask for.
 */
export async function publishDrawnDecision(
  db: Database,
  asked: {
    modelId: string
    revision: number
    onto: number | null
    /** It was drawn from an older version, and compared with the newest. */
    compared?: boolean
    reason: string
    postId: string
  },
): Promise<{ version: number }> {
  const { modelId, revision, onto, postId } = asked
  const reason = asked.reason.trim()
  if (reason === '') throw reasonMissing()
  return publishing(db, async (sql, publish) => {
    await sql`select 1 from decision_drafts where model_id = ${modelId} for update`
    const drawing = await decisionDrawing({ sql }, modelId)
    if (drawing.version !== onto) throw publishedMeanwhile(drawing.version, await whoPublished(sql, modelId))
    if (revision === 0 || drawing.revision !== revision) throw changedSince()
    if (onto !== null && onto !== drawing.base && !asked.compared) throw notCompared(onto)
    const { version, isNew, decisions } = await publish({ xml: drawing.xml, postId, reason })
    if (!isNew) throw nothingChanged(version)
    const before = onto === null ? [] : await decisionsOf(sql, modelId, onto)
    await holdToUse(
      sql,
      before.filter((one) => !decisions.includes(one)),
    )
    await sql`delete from decision_drafts where model_id = ${modelId}`
    return { version }
  })
}

/** Ids and names of a version's decisions: what flows may ask for. */
export async function decisionsOf(sql: Sql | TransactionSql, modelId: string, version: number): Promise<string[]> {
  const [row] = await sql<{ decisions: string[] }[]>`
    select decisions from decision_models where model_id = ${modelId} and version = ${version}`
  return row?.decisions ?? []
}

async function whoPublished(sql: TransactionSql, modelId: string): Promise<string | null> {
  const [newest] = await decisionVersions({ sql }, modelId)
  return newest?.publishedBy ?? null
}

const reasonMissing = () => {
  const sentence = {
    vi: 'Chưa nêu lý do nên chưa ban hành; bản vẽ còn nguyên. Hãy ghi một câu để người sau hiểu vì sao.',
    en: 'No reason was given, so nothing was published and the draft stays as it is. Write a sentence for those who come after.',
  }
  return new Refusal('reason-missing', 422, sentence, { reason: sentence })
}

const publishedMeanwhile = (version: number | null, by: string | null) =>
  new Refusal('published-meanwhile', 409, {
    vi: `Phiên bản ${version ?? ''} đã được ${by ?? 'người khác'} ban hành trong lúc đồng chí xem, nên bản vẽ chưa được ban hành và vẫn còn nguyên. Hãy xem lại những thay đổi so với phiên bản đó rồi ban hành.`,
    en: `Version ${version ?? ''} was published by ${by ?? 'somebody else'} while you looked, so the draft was not published and stays as it is. Look at what changes from that version, then publish.`,
  })

const notCompared = (version: number) => {
  const sentence = {
    vi: `Bản vẽ này không bắt đầu từ phiên bản ${version} đang dùng, nên chưa được ban hành và vẫn còn nguyên. Hãy xem những thay đổi so với phiên bản đó, đánh dấu đã so sánh, rồi ban hành.`,
    en: `This draft did not begin with version ${version}, which is in use, so it was not published and stays as it is. Look at what changes from that version, tick that you have, then publish.`,
  }
  return new Refusal('published-meanwhile', 409, sentence, { compared: sentence })
}

const nothingChanged = (version: number) =>
  new Refusal('nothing-changed', 409, {
    vi: `Bản vẽ giống hệt phiên bản ${version} đang dùng nên không có gì để ban hành. Hãy sửa bảng, hoặc bỏ bản vẽ.`,
    en: `The draft is the same as version ${version}, which is in use, so there is nothing to publish. Change the table, or discard the draft.`,
  })
