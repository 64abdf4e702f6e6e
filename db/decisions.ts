import { createHash } from 'node:crypto'
import type { Sql } from 'postgres'
import type { DecisionModel } from '#bpmn/dmn/model.ts'
import { parseDmn } from '#bpmn/dmn/parse.ts'
import { canonicalJson } from './chain.ts'
import type { Database } from './database.ts'
import { KnownForMoments } from './known-for-moments.ts'
import { Refusal } from './refusal.ts'

/** Of what `parseDmn` gives; a newer one needs a reader for the old. */
const FORMAT = 1

const newest = new KnownForMoments<DecisionModel>()

/**
 * Publishes a DMN file. The same file again is the same version. Throws Refusal `decision-refused`, naming what is wrong, where
 * it cannot be read, or has decisions that cannot be evaluated.
 */
export async function publishDecisions(
  db: Database,
  drawing: { xml: string; postId?: string | null },
): Promise<{ id: string; modelId: string; version: number; decisions: string[] }> {
  const model = readModel(drawing.xml)
  const decisions = [...new Set(model.decisions.flatMap(({ id, name }) => [id, name]))]
  const modelId = model.id ?? (model.name || decisions[0] || '')
  const hash = createHash('sha256').update(drawing.xml).update('\n').update(canonicalJson(model)).digest('hex')
  const published = await db.sql.begin(async (sql) => {
    await sql`select pg_advisory_xact_lock(hashtext('publish'))`
    const [before] = await sql<{ id: string; version: number; hash: string }[]>`
      select id, version, hash from decision_models where model_id = ${modelId} order by version desc limit 1`
    if (before?.hash === hash) return { id: before.id, version: before.version }
    const [row] = await sql<{ id: string; version: number }[]>`
      insert into decision_models (model_id, version, name, xml, model, format, hash, decisions, published_at, published_by_post)
      values (${modelId}, ${(before?.version ?? 0) + 1}, ${model.name || modelId}, ${drawing.xml}, ${JSON.stringify(model)}::text::jsonb, ${FORMAT},
        ${hash}, ${decisions}::text[], clock_timestamp(), ${drawing.postId ?? null}) returning id, version`
    if (!row) throw new Error('publishing wrote no row')
    return row
  })
  newest.forget(db)
  return { ...published, modelId, decisions }
}

function readModel(xml: string): DecisionModel {
  let model: DecisionModel
  try {
    model = parseDmn(xml)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw refused({ vi: `Không đọc được tệp: ${message}`, en: `The file cannot be read: ${message}` })
  }
  const left = model.decisions.flatMap(({ id, logic }) => (logic.kind === 'leftOut' ? [`"${id}" (${logic.what})`] : []))
  if (model.decisions.length === 0)
    throw refused({ vi: 'Tệp không có quyết định nào.', en: 'The file holds no decision.' })
  if (left.length > 0) {
    throw refused({
      vi: `Chưa tính được: ${left.join(', ')}.`,
      en: `These cannot be evaluated: ${left.join(', ')}.`,
    })
  }
  return model
}

const refused = ({ vi, en }: { vi: string; en: string }) =>
  new Refusal('decision-refused', 422, {
    vi: `Bảng quyết định chưa được ban hành, bản đang dùng giữ nguyên. ${vi}`,
    en: `The decisions were not published and what is in use stays as it is. ${en}`,
  })

/** The newest published model that has a decision, as far as that is known; null where there is none, undefined where it has to be read. */
export function knownDecision(db: Database, decisionId: string): DecisionModel | null | undefined {
  return newest.of(db, decisionId)
}

/** The newest published model that has a decision of that id or name. Null where there is none. */
export async function decisionModel(db: Database, sql: Sql, decisionId: string): Promise<DecisionModel | null> {
  const known = knownDecision(db, decisionId)
  if (known !== undefined) return known
  const [row] = await sql<{ id: string; model: DecisionModel; format: number }[]>`
    select id, format, model from decision_models where decisions @> ${[decisionId]}::text[] order by published_at desc limit 1`
  if (row && row.format > FORMAT) throw new Error(`the decision model ${row.id} is of a newer release's format`)
  newest.keep(db, decisionId, row?.model ?? null)
  return row?.model ?? null
}
