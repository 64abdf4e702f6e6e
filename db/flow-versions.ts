import type { Sql, TransactionSql } from 'postgres'
import type { CalledVersion } from '#bpmn/case.ts'
import type { Flow } from '#bpmn/flow.ts'
import { readFlow } from '#bpmn/formats.ts'
import type { Database } from './database.ts'
import { KnownForMoments } from './known-for-moments.ts'

/** Published versions never change, so each process reads one once. */
const versions = new Map<string, Flow>()
const bindings = new KnownForMoments<string>()

/** The IR of a published version. */
export async function flowOfVersion(db: { sql: Sql }, versionId: string): Promise<Flow> {
  const known = versions.get(versionId)
  if (known) return known
  const [row] = await db.sql<{ ir: { format: number } }[]>`select ir from flow_versions where id = ${versionId}`
  if (!row) throw new Error(`no flow version ${versionId}`)
  const flow = readFlow(row.ir)
  versions.set(versionId, flow)
  return flow
}

export function knownFlow(versionId: string): Flow | undefined {
  return versions.get(versionId)
}

/** The version a new case of the flow starts on. */
export async function latestFlowVersion(db: Database, flowId: string): Promise<string> {
  const versionId = await boundVersion(db, db.sql, {
    flowId,
    version: { binding: 'latest' },
    callerVersionId: '',
  })
  if (versionId === null) throw new Error(`no published flow ${flowId}`)
  return versionId
}

/** How a call activity names the flow it calls. */
export interface Binding {
  flowId: string
  version: CalledVersion
  /** The version that the call activity is drawn in: what `deployment` goes by. */
  callerVersionId: string
}

const keyOf = ({ flowId, version, callerVersionId }: Binding) =>
  JSON.stringify([
    flowId,
    version.binding,
    version.binding === 'deployment' ? callerVersionId : version.binding === 'versionTag' ? version.versionTag : '',
  ])

/** The version that a binding means, as far as it is known; null where there is none, undefined where it has to be read. */
export function knownBinding(db: Database, binding: Binding): string | null | undefined {
  return bindings.of(db, keyOf(binding))
}

/** The version that a binding means. Null where there is none. */
export async function boundVersion(db: Database, sql: Sql, binding: Binding): Promise<string | null> {
  const known = knownBinding(db, binding)
  if (known !== undefined) return known
  const versionId = await readBinding(sql, binding)
  bindings.keep(db, keyOf(binding), versionId)
  return versionId
}

/** What was published in this process counts at once; what was published in another, in moments. */
export function forgetBindings(db: Database): void {
  bindings.forget(db)
}

/**
 * `latest`: the newest version. `deployment`: the one that was the newest when the caller was published. `versionTag`: the newest
 * of that tag, else the version of that number.
 */
export async function readBinding(
  sql: Sql | TransactionSql,
  { flowId, version, callerVersionId }: Binding,
): Promise<string | null> {
  const tag = version.binding === 'versionTag' ? version.versionTag : null
  const which =
    tag !== null
      ? sql`(v.version_tag = ${tag} or v.version::text = ${tag})`
      : version.binding === 'deployment'
        ? sql`v.published_at <= (select c.published_at from flow_versions c where c.id = ${callerVersionId})`
        : sql`true`
  const [row] = await sql<{ id: string }[]>`
    select v.id from flow_versions v where v.flow_id = ${flowId} and ${which}
    order by coalesce(v.version_tag = ${tag}::text, false) desc, v.version desc limit 1`
  return row?.id ?? null
}
