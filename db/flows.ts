import { createHash } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import type { Finding } from '#bpmn/finding.ts'
import type { Flow } from '#bpmn/flow.ts'
import { FlowRefused, parseBpmn } from '#bpmn/parse.ts'
import { workingCalendar } from './calendar.ts'
import { canonicalJson } from './chain.ts'
import { readClock } from './clock.ts'
import type { Database } from './database.ts'
import { checkForPublishing, type OfficeForms } from './flow-check.ts'
import { forgetBindings } from './flow-versions.ts'
import { lockGathering } from './gathered-starts.ts'
import { Refusal, type Sentence } from './refusal.ts'
import { registerStarters, startersOf, type BegunVersion } from './starters.ts'

export interface Drawing {
  xml: string
  nameEn?: string
  postId?: string | null
  /** Those that its tasks may ask for; without them that is not checked. */
  forms?: OfficeForms
}

export interface PublishedVersion {
  id: string
  version: number
}

export interface Published extends PublishedVersion {
  /** What is doubtful about it. */
  warnings: Finding[]
  /** All flows of the file, by id: it may hold several executable processes. */
  flows: Record<string, PublishedVersion>
}

/**
 * Publishes a drawing in BPMN, once nothing bars it: every executable process of the file is a flow. The same drawing again is
 * the same version. Throws Refusal `flow-refused`, naming what bars it.
 * @returns the first process's version
 */
export async function publishFlow(db: Database, drawing: Drawing): Promise<Published> {
  const parsed = await parseBpmn(drawing.xml)
  if (!parsed.ok) throw new FlowRefused(parsed.findings)
  const executable = parsed.flows.filter((flow) => flow.executable)
  const flows = executable.length > 0 ? executable : parsed.flows.slice(0, 1)
  const begun = await withStarters(db, flows)
  const findings = [
    ...(await checkForPublishing(db.sql, flows, drawing.forms)),
    ...begun.flatMap(({ starters }) => starters.findings),
  ]
  const barring = findings.filter((finding) => finding.severity === 'error')
  if (barring.length > 0) throw refused(barring)
  const published = await storeFlows(db, begun, drawing)
  const first = published[flows[0]?.id ?? '']
  if (!first) throw new Error('publishing wrote no row')
  return { ...first, warnings: findings, flows: published }
}

const refused = (faults: Sentence[]) =>
  new Refusal('flow-refused', 422, {
    vi: `Luồng chưa được ban hành, bản đang chạy giữ nguyên. Cần sửa: ${faults.map((fault) => fault.vi).join(' ')}`,
    en: `The flow was not published and what runs stays as it is. To mend: ${faults.map((fault) => fault.en).join(' ')}`,
  })

export interface BegunFlow {
  flow: Flow
  starters: ReturnType<typeof startersOf>
}

/** Flows with what begins their cases by itself, as it stands now. */
export async function withStarters(db: Database, flows: Flow[]): Promise<BegunFlow[]> {
  const [calendar, { now }] = await Promise.all([workingCalendar(db), readClock(db)])
  return flows.map((flow) => ({ flow, starters: startersOf(flow, { now, calendar }) }))
}

/**
 * Stores flows of one file that nothing bars, each as the newest version of its id, with what begins their cases, in one
 * transaction. Publishing goes one after the other, so that it is known which versions were there at each.
 * @returns the versions by flow
 */
export async function storeFlows(
  db: Database,
  flows: BegunFlow[],
  drawing: Drawing,
): Promise<Record<string, PublishedVersion>> {
  const published = await db.sql.begin(async (sql) => {
    await sql`select pg_advisory_xact_lock(hashtext('publish'))`
    // before any other lock of theirs, so that nobody who gathers for one of them waits for this and this for him
    for (const { flow } of flows) await lockGathering(sql, flow.id)
    const versions: Record<string, PublishedVersion> = {}
    const begun: BegunVersion[] = []
    for (const { flow, starters } of flows) {
      const { isNew, ...version } = await storeFlow(sql, flow, drawing)
      versions[flow.id] = version
      if (isNew) begun.push({ flowId: flow.id, flowVersionId: version.id, rows: starters.rows })
    }
    if (begun.length > 0) await registerStarters(sql, begun)
    return versions
  })
  forgetBindings(db)
  return published
}

async function storeFlow(
  sql: TransactionSql,
  flow: Flow,
  drawing: Drawing,
): Promise<PublishedVersion & { isNew: boolean }> {
  const hash = createHash('sha256').update(drawing.xml).update('\n').update(canonicalJson(flow)).digest('hex')
  const [newest] = await sql<{ id: string; version: number; hash: string }[]>`
    select id, version, hash from flow_versions where flow_id = ${flow.id} order by version desc limit 1`
  if (newest?.hash === hash) return { id: newest.id, version: newest.version, isNew: false }
  const [published] = await sql<PublishedVersion[]>`
    insert into flow_versions (flow_id, version, name, name_en, xml, ir, hash, version_tag, published_at, published_by_post)
    values (${flow.id}, ${(newest?.version ?? 0) + 1}, ${flow.name}, ${drawing.nameEn ?? flow.properties['imoit.name.en'] ?? flow.name}, ${drawing.xml},
      ${JSON.stringify(flow)}::text::jsonb, ${hash}, ${flow.versionTag ?? null}, clock_timestamp(), ${drawing.postId ?? null})
    returning id, version`
  if (!published) throw new Error('publishing wrote no row')
  return { ...published, isNew: true }
}
