import { isDeepStrictEqual } from 'node:util'
import { advance } from '#bpmn/advance.ts'
import type { Effect } from '#bpmn/case.ts'
import { migrate } from '#bpmn/migrate.ts'
import type { CaseState } from '#bpmn/state.ts'
import { workingCalendar } from '#db/calendar.ts'
import type { Database } from '#db/database.ts'
import { flowOfVersion } from '#db/flow-versions.ts'
import { localServices } from '#db/local-services.ts'
import type { RecordedEvent } from '#db/step.ts'

interface Recorded {
  caseId: string
  flowVersionId: string
  at: number
  event: RecordedEvent
  late: string | null
  trace: unknown[]
}

/**
 * Plays every case's recorded events from nothing through the engine. What runs inside a step answers with nothing, as all
 * our local services do.
 * @returns the cases that are not where their events say, or that went another way
 */
export async function casesThatDiffer(db: Database): Promise<{ caseId: string; how: string }[]> {
  const [events, states, calendar] = await Promise.all([
    db.sql<Recorded[]>`
      select e.case_id as "caseId", c.flow_version_id as "flowVersionId", round(extract(epoch from e.at) * 1000)::float8 as at,
        e.data -> 'event' as event, e.data ->> 'late' as late, e.data -> 'trace' as trace
      from case_events e join cases c on c.id = e.case_id order by e.case_id, e.seq`,
    db.sql<{ caseId: string; state: CaseState }[]>`select case_id as "caseId", state from case_states`,
    workingCalendar(db),
  ])
  const played = new Map<string, CaseState | null>()
  /** Where a migration has put a case; before the first one it is on the version that was moved from. */
  const versions = new Map<string, string>()
  for (const { caseId, event } of events.toReversed())
    if (event.type === 'caseMigrated') versions.set(caseId, event.from)
  const differing: { caseId: string; how: string }[] = []
  for (const { caseId, flowVersionId, at, event, late, trace } of events) {
    const before = await flowOfVersion(db, versions.get(caseId) ?? flowVersionId)
    if (event.type === 'caseMigrated') versions.set(caseId, event.to)
    const flow = await flowOfVersion(db, versions.get(caseId) ?? flowVersionId)
    const context = { now: at, calendar }
    const state = played.get(caseId) ?? null
    const first =
      event.type === 'caseMigrated'
        ? moved(migrate(state as CaseState, before, flow, { map: event.map }, context))
        : advance(flow, state, event, context)
    if ('late' in first) {
      if (late === null) differing.push({ caseId, how: `${event.type} is late: ${first.reason}` })
      continue
    }
    if (late !== null) differing.push({ caseId, how: `${event.type} is not late, but was: ${late}` })
    let current = first.state
    const path: unknown[] = []
    const waiting: Effect[] = [...first.effects]
    for (let effect = waiting.shift(); effect; effect = waiting.shift()) {
      if (effect.kind === 'trace') path.push({ elementId: effect.elementId, act: effect.act })
      if (effect.kind !== 'callService' || !localServices.has(effect.serviceType)) continue
      const next = advance(flow, current, { type: 'callAnswered', callId: effect.callId, variables: {} }, context)
      if ('late' in next) throw new Error(`the answer of ${effect.serviceType} came late: ${next.reason}`)
      current = next.state
      waiting.push(...next.effects)
    }
    if (!isDeepStrictEqual(path, trace)) differing.push({ caseId, how: `${event.type} took another path` })
    played.set(caseId, asStored(current))
  }
  for (const { caseId, state } of states)
    if (!isDeepStrictEqual(state, played.get(caseId))) differing.push({ caseId, how: 'another state' })
  return differing
}

function moved(result: ReturnType<typeof migrate>) {
  if (!result.ok) throw new Error(`a case was moved that does not fit: ${result.misfits[0]?.en}`)
  return result
}

const asStored = (state: CaseState) => JSON.parse(JSON.stringify(state)) as CaseState
