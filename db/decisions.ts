import { createHash } from 'node:crypto'
import type { Sql, TransactionSql } from 'postgres'
import type { DecisionModel } from '#bpmn/dmn/model.ts'
import { parseDmn } from '#bpmn/dmn/parse.ts'
import { canonicalJson } from './chain.ts'
import type { Database } from './database.ts'
import { KnownForMoments } from './known-for-moments.ts'
import { Refusal } from './refusal.ts'

/** Of what `parseDmn` gives; a newer one needs a reader for the old. */
const FORMAT = 1

const newest = new KnownForMoments<DecisionModel>()

/** What is published of a model, and why. `reason`: null for what comes with the project. */
export interface DecisionDrawn {
  xml: string
  postId?: string | null
  reason?: string | null
}

export interface DecisionPublished {
  id: string
  modelId: string
  version: number
  decisions: string[]
  /** False where the newest version is the same file already. */
  isNew: boolean
}

/**
 * Publishes a DMN file. The same file again is the same version. Throws Refusal `decision-refused`, naming what is wrong, where
 * it cannot be read, or has decisions that cannot be evaluated.
 */
export function publishDecisions(db: Database, drawn: DecisionDrawn): Promise<DecisionPublished> {
  return publishing(db, (_sql, publish) => publish(drawn))
}

/**
 * One publishing after the other: `act` looks at what is published and publishes, in one transaction. From its end the new
 * version answers.
 */
export async function publishing<T>(
  db: Database,
  act: (sql: TransactionSql, publish: (drawn: DecisionDrawn) => Promise<DecisionPublished>) => Promise<T>,
): Promise<T> {
  const done = await db.sql.begin(async (sql) => {
    await sql`select pg_advisory_xact_lock(hashtext('publish'))`
    return { of: await act(sql, (drawn) => writeVersion(sql, drawn)) }
  })
  newest.forget(db)
  return done.of
}

async function writeVersion(sql: TransactionSql, { xml, postId, reason }: DecisionDrawn): Promise<DecisionPublished> {
  const model = readModel(xml)
  const decisions = [...new Set(model.decisions.flatMap(({ id, name }) => [id, name]))]
  const modelId = model.id ?? (model.name || decisions[0] || '')
  const hash = createHash('sha256').update(xml).update('\n').update(canonicalJson(model)).digest('hex')
  const [before] = await sql<{ id: string; version: number; hash: string }[]>`
    select id, version, hash from decision_models where model_id = ${modelId} order by version desc limit 1`
  if (before?.hash === hash) return { id: before.id, version: before.version, modelId, decisions, isNew: false }
  const [row] = await sql<{ id: string; version: number }[]>`
    insert into decision_models (model_id, version, name, xml, model, format, hash, decisions, published_at, published_by_post, reason)
    values (${modelId}, ${(before?.version ?? 0) + 1}, ${model.name || modelId}, ${xml}, ${JSON.stringify(model)}::text::jsonb, ${FORMAT},
      ${hash}, ${decisions}::text[], clock_timestamp(), ${postId ?? null}, ${reason ?? null}) returning id, version`
  if (!row) throw new Error('publishing wrote no row')
  return { ...row, modelId, decisions, isNew: true }
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
