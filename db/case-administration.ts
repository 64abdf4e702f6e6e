import { sql, type SQL } from 'drizzle-orm'
import { readState } from '#bpmn/formats.ts'
import { isActivity, type Flow, type FlowNode } from '#bpmn/flow.ts'
import { find } from '#bpmn/rows.ts'
import type { CaseStatus, Variables } from '#bpmn/case.ts'
import { scopePath, type CaseState, type Scope, type Token } from '#bpmn/state.ts'
import type { Holder } from './case-view.ts'
import type { Database } from './database.ts'
import { asDrawn, elementName } from './element-name.ts'
import { flowOfVersion } from './flow-versions.ts'
import { holdersOf } from './holders.ts'
import { listedCaseColumns, listedCaseJoins, type ListedCase } from './listed-case.ts'
import type { Sentence } from './refusal.ts'
import { isUuid } from './task-page.ts'
import type { Viewer } from './visibility.ts'
import { wholeFlow } from './whole-flow.ts'

/** A case as an administrator finds it. Instants are epoch ms. */
export interface CaseLine extends ListedCase {
  status: CaseStatus
  startedAt: number
  endedAt: number | null
  incidents: number
}

export const CASES_PER_PAGE = 40

export interface CaseSearch {
  flowId?: string
  version?: number
  status?: 'open' | 'stuck' | 'incident' | 'ended'
  /** A document's code or number as the administrator may see it, or the end of a case's id. */
  text?: string
  page?: number
}

const columns = sql`${listedCaseColumns}, c.status,
  floor(extract(epoch from c.started_at) * 1000)::float8 as "startedAt", floor(extract(epoch from c.ended_at) * 1000)::float8 as "endedAt",
  (select count(*)::int from incidents i where i.case_id = c.id and i.resolved_at is null) as incidents`
const tables = (viewer: Viewer) => sql`cases c ${listedCaseJoins(viewer)}`

/** Cases of the whole ministry for administrators, newest first. `total` is counted up to ten thousand. */
export async function findCases(
  db: Database,
  viewer: Viewer,
  search: CaseSearch,
): Promise<{ cases: CaseLine[]; total: number }> {
  const { flowId, version, status = 'open', page = 1 } = search
  const text = search.text?.trim() ?? ''
  const conditions: SQL[] = [
    status === 'ended' ? sql`c.ended_at is not null` : sql`c.ended_at is null`,
    ...(status === 'stuck' ? [sql`c.status = 'stuck'`] : []),
    ...(status === 'incident'
      ? [sql`exists (select 1 from incidents i where i.case_id = c.id and i.resolved_at is null)`]
      : []),
    ...(flowId ? [sql`v.flow_id = ${flowId}`] : []),
    ...(version === undefined ? [] : [sql`v.version = ${version}`]),
    ...(text === ''
      ? []
      : [
          sql`(d.code ilike ${`%${text.replace(/[%_\\]/g, String.raw`\$&`)}%`} or d.register_number::text = ${text} or right(c.id::text, 8) = ${text.toLowerCase()})`,
        ]),
  ]
  const where = sql.join(conditions, sql` and `)
  const [cases, [counted]] = await Promise.all([
    db.orm.execute(sql`select ${columns} from ${tables(viewer)} where ${where}
      order by c.started_at desc, c.id limit ${CASES_PER_PAGE} offset ${(Math.max(1, page) - 1) * CASES_PER_PAGE}`),
    db.orm.execute(
      sql`select count(*)::int as total from (select 1 from ${tables(viewer)} where ${where} limit 10000) counted`,
    ),
  ])
  return {
    cases: [...cases] as unknown as CaseLine[],
    total: (counted as { total: number } | undefined)?.total ?? 0,
  }
}

/** A token of a case, and what it waits for. */
export interface TokenLine {
  tokenId: string
  elementId: string
  element: Sentence
  kind: FlowNode['kind'] | null
  /** The activities around it, outermost first. */
  within: Sentence[]
  /** Of one of several units and the like: which. */
  instance: number | null
  task: { holder: Holder; dueAt: number | null } | null
  waits: 'task' | 'call' | 'timer' | 'event' | 'inside' | 'others' | 'incident' | null
  /** It can be moved and cancelled by itself. */
  movable: boolean
  /** Where in its scope it can be moved to. */
  scopeId: string
}

/** An element that a token can be put at, in a scope that is open. */
export interface Place {
  elementId: string
  scopeId: string
  element: Sentence
  kind: FlowNode['kind']
  within: Sentence[]
}

export interface AdministeredCase extends CaseLine {
  flowVersionId: string
  /** How many events it has: what a change is based on. */
  seen: number
  /** Of its document the administrator may know nothing: neither of what its variables say. */
  hidden: boolean
  /** Null where they are kept from the administrator. */
  variables: Variables | null
  variableNames: string[]
  xml: string
  newestVersion: number
  active: string[]
  /** Steps that people do, in the order in which they are drawn. */
  steps: { id: string; name: Sentence }[]
  tokens: TokenLine[]
  places: Place[]
  state: CaseState
  incidentLines: {
    incidentId: string
    elementId: string
    element: Sentence
    code: string
    message: string
    raisedAt: number
    parked: boolean
  }[]
}

/** Tokens that a page lists; a case may have a thousand. */
const MOST_TOKENS = 200

/** Where a case stands and what can be changed in it. Null where there is none. */
export async function administeredCase(
  db: Database,
  viewer: Viewer,
  caseId: string | undefined,
): Promise<AdministeredCase | null> {
  if (!isUuid(caseId)) return null
  type Row = CaseLine & {
    flowVersionId: string
    seen: number
    state: CaseState
    hidden: boolean
    xml: string
    newestVersion: number
  }
  const [rows, tasks, incidentRows] = await Promise.all([
    db.orm.execute(sql`select ${columns}, c.flow_version_id as "flowVersionId", s.event_count as seen, s.state, v.xml,
        c.document_id is not null and d.id is null as hidden,
        (select max(w.version) from flow_versions w where w.flow_id = v.flow_id) as "newestVersion"
      from ${tables(viewer)} join case_states s on s.case_id = c.id where c.id = ${caseId}`),
    db.sql<{ token: string; assignee: string | null; groups: string[]; dueAt: number | null }[]>`
      select token, 'post:' || assignee_post as assignee, candidate_groups as groups, floor(extract(epoch from due_at) * 1000)::float8 as "dueAt"
      from tasks where case_id = ${caseId} and state = 'open' order by opened_at limit ${MOST_TOKENS}`,
    db.sql<
      { incidentId: string; elementId: string; code: string; message: string; raisedAt: number; parked: boolean }[]
    >`
      select incident_id as "incidentId", element_id as "elementId", code, message, parked,
        floor(extract(epoch from raised_at) * 1000)::float8 as "raisedAt"
      from incidents where case_id = ${caseId} and resolved_at is null order by raised_at limit ${MOST_TOKENS}`,
  ])
  const row = rows[0] as unknown as Row | undefined
  if (!row) return null
  const state = readState(row.state)
  const [flow, whole] = await Promise.all([
    flowOfVersion(db, row.flowVersionId),
    wholeFlow(db, row.flowVersionId, state.called),
  ])
  const holders = await holdersOf(
    db.sql,
    tasks.map(({ assignee, groups }) => ({ assignee, candidateGroups: groups })),
  )
  const held = new Map(tasks.map(({ token, dueAt }, index) => [token, { holder: holders[index]!, dueAt }]))
  const tokens = state.tokens.filter(({ listening }) => !listening).slice(0, MOST_TOKENS)
  const named = (id: string) => elementName(whole, id)
  return {
    ...row,
    state,
    variables: row.hidden ? null : state.variables,
    variableNames: Object.keys(state.variables).sort(),
    active: [...new Set(tokens.flatMap(({ at, child }) => (child === undefined ? [at] : [])))],
    steps: Object.values(flow.nodes)
      .filter(({ kind }) => kind === 'userTask')
      .sort((a, b) => asDrawn(flow)(a.id, b.id))
      .map(({ id }) => ({ id, name: named(id) })),
    tokens: tokens.map((token) => ({
      tokenId: token.id,
      elementId: token.at,
      element: named(token.at),
      kind: whole.nodes[token.at]?.kind ?? null,
      within: scopePath(state, token).map(named),
      instance: token.instance === undefined ? null : token.instance + 1,
      task: token.task === undefined ? null : (held.get(token.task) ?? null),
      waits: waitOf(token),
      movable: token.instance === undefined && token.iteration === undefined,
      scopeId: token.scope,
    })),
    places: placesOf(state, whole),
    incidentLines: incidentRows.map((incident) => ({ ...incident, element: named(incident.elementId) })),
  }
}

function waitOf(token: Token): TokenLine['waits'] {
  if (token.incident !== undefined) return 'incident'
  if (token.task !== undefined) return 'task'
  if (token.call !== undefined) return 'call'
  if (token.child !== undefined) return 'inside'
  if (token.joining) return 'others'
  if (token.timers) return 'timer'
  return token.subscriptions || token.conditions ? 'event' : null
}

/** Every element of every open scope at which a token can be put, in the order in which they are drawn. */
function placesOf(state: CaseState, whole: Pick<Flow, 'nodes' | 'shapes'>): Place[] {
  const { nodes } = whole
  const order = asDrawn(whole)
  const byParent = new Map<string, FlowNode[]>()
  for (const node of Object.values(nodes).sort((a, b) => order(a.id, b.id))) {
    if (!holdsTokens(node, nodes)) continue
    const list = byParent.get(node.parent)
    if (list) list.push(node)
    else byParent.set(node.parent, [node])
  }
  const withinScope = (scope: Scope) => {
    const holder = find(state.tokens, scope.token)
    return holder ? [...scopePath(state, holder), holder.at] : []
  }
  return state.scopes
    .filter(({ kind }) => kind === 'process' || kind === 'subProcess')
    .slice(0, MOST_TOKENS)
    .flatMap((scope) => {
      const within = withinScope(scope).map((id) => elementName({ nodes }, id))
      return (byParent.get(scope.elementId) ?? []).map((node) => ({
        elementId: node.id,
        scopeId: scope.id,
        element: elementName({ nodes }, node.id),
        kind: node.kind,
        within,
      }))
    })
}

/** What `modify` lets a token be put at, start events left out: what they lead to says it better. */
function holdsTokens(node: FlowNode, nodes: Record<string, FlowNode>): boolean {
  if (node.kind === 'boundaryEvent' || node.kind === 'startEvent') return false
  if (node.kind === 'subProcess' && node.variant === 'event') return false
  if (isActivity(node) && node.forCompensation) return false
  const around = nodes[node.parent]
  return !(around?.kind === 'subProcess' && around.variant === 'adHoc' && node.kind === 'endEvent')
}
