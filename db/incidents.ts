import { sql } from 'drizzle-orm'
import { readState } from '#bpmn/formats.ts'
import type { CaseState } from '#bpmn/state.ts'
import type { Database } from './database.ts'
import { listedCaseColumns, listedCaseJoins, type ListedCase } from './listed-case.ts'
import { retryParked } from './parking.ts'
import { Refusal } from './refusal.ts'
import { answerOf, runStep, type Actor } from './step.ts'
import type { Viewer } from './visibility.ts'
import { wholeFlow } from './whole-flow.ts'

/**
 * What a person can do about it. `retry`: the step or the call is made again. `acknowledge`: outside it happened too late for
 * the case; somebody sees to it and takes it off the list.
 */
export type Remedy = 'retry' | 'acknowledge'

export interface Incident extends ListedCase {
  incidentId: string
  elementId: string
  /** As the flow names it; null where it is no element of the flow but a service or a timer. */
  elementName: string | null
  code: string
  message: string
  /** Epoch ms. */
  raisedAt: number
  remedy: Remedy
  /** Its element may count as done without having run (`skipIncident`). */
  skippable: boolean
  /** Its case still runs and can be ended (`endCase`). */
  running: boolean
}

export interface StuckCase extends ListedCase {
  /** Epoch ms. */
  startedAt: number
  /** Where its tokens wait for others that cannot come any more. */
  waitsAt: { elementId: string; name: string }[]
}

/** Lines of either list; beyond that the first ones say enough of what is wrong. */
const MOST = 200

/** What waits for an administrator, newest first. What a case that has ended raised on its way is over with it. */
export async function openIncidents(db: Database, viewer: Viewer): Promise<Incident[]> {
  type Row = Omit<Incident, 'elementName' | 'remedy' | 'skippable'> & { parked: boolean } & {
    flowVersionId: string
    timerElementId: string | null
    called: CaseState['called'] | null
  }
  const rows = (await db.orm.execute(sql`
    select ${listedCaseColumns}, c.flow_version_id as "flowVersionId",
      i.incident_id as "incidentId", i.element_id as "elementId", i.code, i.message, s.state -> 'called' as called,
      floor(extract(epoch from i.raised_at) * 1000)::float8 as "raisedAt", t.element_id as "timerElementId", i.parked, c.ended_at is null as running
    from incidents i join cases c on c.id = i.case_id join case_states s on s.case_id = c.id ${listedCaseJoins(viewer)}
      left join timers t on t.case_id = i.case_id and i.incident_id = 'step:timer:' || t.timer_id || ':' || t.occurrence
    where i.resolved_at is null and (c.ended_at is null or i.parked)
    order by i.raised_at desc, i.incident_id limit ${MOST}`)) as unknown as Row[]
  return Promise.all(
    rows.map(async ({ flowVersionId, timerElementId, parked, called, ...row }) => {
      const { nodes } = await wholeFlow(db, flowVersionId, called ?? undefined)
      const elementId = timerElementId ?? row.elementId
      const remedy: Remedy = row.incidentId.startsWith('late:') ? 'acknowledge' : 'retry'
      const elementName = nodes[elementId] ? nodes[elementId].name || elementId : null
      return { ...row, elementId, elementName, remedy, skippable: !parked && row.running }
    }),
  )
}

/** Cases that can no longer go on by themselves, oldest first. */
export async function stuckCases(db: Database, viewer: Viewer): Promise<StuckCase[]> {
  type Row = Omit<StuckCase, 'waitsAt'> & { flowVersionId: string; state: CaseState }
  const rows = (await db.orm.execute(sql`
    select ${listedCaseColumns}, c.flow_version_id as "flowVersionId",
      floor(extract(epoch from c.started_at) * 1000)::float8 as "startedAt", s.state
    from cases c join case_states s on s.case_id = c.id ${listedCaseJoins(viewer)}
    where c.status = 'stuck' order by c.started_at, c.id limit ${MOST}`)) as unknown as Row[]
  return Promise.all(
    rows.map(async ({ flowVersionId, state, ...row }) => {
      const { tokens, called } = readState(state)
      const { nodes } = await wholeFlow(db, flowVersionId, called)
      const waiting = new Set(tokens.filter((token) => token.joining).map((token) => token.at))
      return { ...row, waitsAt: [...waiting].map((id) => ({ elementId: id, name: nodes[id]?.name || id })) }
    }),
  )
}

const gone = () =>
  new Refusal('incident-gone', 409, {
    vi: 'Sự cố này đã được xử lý hoặc không còn nữa nên chưa có gì thay đổi. Danh sách bên dưới là mới nhất.',
    en: 'This incident has been dealt with or is gone, so nothing was changed. The list below is up to date.',
  })

/**
 * Does what can be done about an incident: makes the step or the call again, or takes a late answer off the list. `key` is the
 * form's: sent twice it is done once. Throws Refusal `incident-gone`.
 */
export async function mendIncident(
  db: Database,
  actor: Actor,
  { caseId, incidentId, key }: { caseId: string; incidentId: string; key: string },
): Promise<void> {
  const [found] = await db.sql<{ parked: boolean }[]>`
    select parked from incidents where case_id::text = ${caseId} and incident_id = ${incidentId} and resolved_at is null`
  if (!found) {
    if (await answerOf(db, key)) return
    throw gone()
  }
  if (found.parked) {
    if (!(await retryParked(db, caseId, incidentId))) throw gone()
    return
  }
  const answer = await runStep(db, {
    of: { caseId },
    key,
    actor,
    decide: () => ({ type: 'incidentRetried', incidentId }),
  })
  if (answer.late !== null) throw gone()
}

export interface Trouble {
  incidents: number
  stuck: number
  /** Calls on their way, and those of them that have failed before and are tried again. */
  waitingCalls: number
  faultyCalls: number
  failedCalls: number
}

export async function countTrouble(db: Database): Promise<Trouble> {
  const [row] = await db.sql<Trouble[]>`
    select (select count(*)::int from incidents i join cases c on c.id = i.case_id where i.resolved_at is null and (c.ended_at is null or i.parked)) as incidents,
      (select count(*)::int from cases where status = 'stuck') as stuck,
      count(*) filter (where state <> 'failed')::int as "waitingCalls",
      count(*) filter (where state <> 'failed' and error is not null)::int as "faultyCalls",
      count(*) filter (where state = 'failed')::int as "failedCalls"
    from calls where state in ('open', 'claimed', 'failed')`
  if (!row) throw new Error('a count without a row')
  return row
}
