import type { Sql } from 'postgres'
import { createHash } from 'node:crypto'
import type { Flow } from '#bpmn/flow.ts'
import { checkFlow } from '#bpmn/check.ts'
import { parseFlow } from '#bpmn/parse.ts'
import { canonicalJson } from './chain.ts'
import type { Database } from './database.ts'
import { beyondTheStep } from './flow-reach.ts'
import { localServices } from './local-services.ts'
import { Refusal } from './refusal.ts'

/** Published versions never change, so each process reads one once. */
const versions = new Map<string, Flow>()
const latest = new WeakMap<Database, Map<string, { id: string; readAt: number }>>()
const KEEP_LATEST_MS = 2_000

/** What a service task may name: what runs inside the step, and what the worker calls outside. */
const knownServices: ReadonlySet<string> = new Set([...localServices.keys(), 'exchange.send'])

/**
 * Publishes a flow drawn in BPMN, once nothing bars it. The same drawing again is the same version.
 * @returns the version's id and number
 */
export async function publishFlow(
  db: Database,
  drawing: { xml: string; nameEn?: string; postId?: string | null },
): Promise<{ id: string; version: number }> {
  const flow = await parseFlow(drawing.xml)
  const barring = checkFlow(flow, { serviceTypes: knownServices }).filter((finding) => finding.severity === 'error')
  const beyond = beyondTheStep(flow).map(({ elementId, what }) => ({
    vi: `Chưa chạy được "${elementId}" (${what.vi}).`,
    en: `"${elementId}" (${what.en}) cannot be run yet.`,
  }))
  const faults = [...barring, ...beyond]
  if (faults.length > 0) {
    throw new Refusal('flow-refused', 422, {
      vi: `Luồng chưa được ban hành, bản đang chạy giữ nguyên. Cần sửa: ${faults.map((fault) => fault.vi).join(' ')}`,
      en: `The flow was not published and what runs stays as it is. To mend: ${faults.map((fault) => fault.en).join(' ')}`,
    })
  }
  const hash = createHash('sha256').update(drawing.xml).update('\n').update(canonicalJson(flow)).digest('hex')
  return db.sql.begin(async (sql) => {
    await sql`select pg_advisory_xact_lock(hashtext(${'flow:' + flow.id}))`
    const [newest] = await sql<{ id: string; version: number; hash: string }[]>`
      select id, version, hash from flow_versions where flow_id = ${flow.id} order by version desc limit 1`
    if (newest?.hash === hash) return { id: newest.id, version: newest.version }
    const [published] = await sql<{ id: string; version: number }[]>`
      insert into flow_versions (flow_id, version, name, name_en, xml, ir, hash, published_at, published_by_post)
      values (${flow.id}, ${(newest?.version ?? 0) + 1}, ${flow.name}, ${drawing.nameEn ?? flow.properties['imoit.name.en'] ?? flow.name}, ${drawing.xml},
        ${JSON.stringify(flow)}::text::jsonb, ${hash}, clock_timestamp(), ${drawing.postId ?? null})
      returning id, version`
    if (!published) throw new Error('publishing wrote no row')
    return published
  })
}

/** The IR of a published version. */
export async function flowOfVersion(db: { sql: Sql }, versionId: string): Promise<Flow> {
  const known = versions.get(versionId)
  if (known) return known
  const [row] = await db.sql<{ ir: Flow }[]>`select ir from flow_versions where id = ${versionId}`
  if (!row) throw new Error(`no flow version ${versionId}`)
  versions.set(versionId, row.ir)
  return row.ir
}

/** The version a new case of the flow starts on. */
export async function latestFlowVersion(db: Database, flowId: string): Promise<string> {
  let known = latest.get(db)
  if (!known) latest.set(db, (known = new Map()))
  const kept = known.get(flowId)
  if (kept && Date.now() - kept.readAt < KEEP_LATEST_MS) return kept.id
  const [row] = await db.sql<
    { id: string }[]
  >`select id from flow_versions where flow_id = ${flowId} order by version desc limit 1`
  if (!row) throw new Error(`no published flow ${flowId}`)
  known.set(flowId, { id: row.id, readAt: Date.now() })
  return row.id
}
