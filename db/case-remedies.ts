import type { CaseChange, Json, LateEvent, Variables } from '#bpmn/case.ts'
import type { CaseState } from '#bpmn/state.ts'
import type { Database } from './database.ts'
import { Refusal } from './refusal.ts'
import { runStep, type Actor, type LockedCase, type StepAnswer } from './step.ts'
import { wholeFlow } from './whole-flow.ts'

/** What an administrator does to a case in trouble. `reason` is kept with the case's events; `key` is the form's. */
export interface Remedied {
  caseId: string
  reason: string
  key: string
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const caseHasEnded = () =>
  new Refusal('case-ended', 409, {
    vi: 'Hồ sơ này đã kết thúc hoặc không còn nữa nên chưa có gì thay đổi. Danh sách bên dưới là mới nhất.',
    en: 'This case has ended or is gone, so nothing was changed. The list below is up to date.',
  })

const troubleIsGone = ({ sentence }: Partial<LateEvent> = {}) =>
  new Refusal('trouble-gone', 409, {
    vi: `${sentence?.vi ?? 'Hồ sơ không còn vướng ở bước này.'} Chưa có gì thay đổi; danh sách bên dưới là mới nhất.`,
    en: `${sentence?.en ?? 'The case is no longer held up at this step.'} Nothing was changed; the list below is up to date.`,
  })

const reasonMissing = () => {
  const sentence = {
    vi: 'Hãy ghi lý do (từ 5 đến 500 ký tự); lý do được lưu cùng hồ sơ. Chưa có gì thay đổi.',
    en: 'Give a reason (5 to 500 characters); it is kept with the case. Nothing was changed.',
  }
  return new Refusal('reason-missing', 422, sentence, { reason: sentence })
}

/** The reason as it is kept. @throws Refusal `reason-missing` */
export function givenReason(reason: string): string {
  // PostgreSQL keeps no NUL
  const text = reason.replaceAll('\0', '').trim()
  if (text.length < 5 || text.length > 500) throw reasonMissing()
  return text
}

const recordOf = (remedy: string, reason: string): Record<string, Json> => ({ remedy, opinion: reason })

function mustRun({ status }: Pick<LockedCase, 'status'>): void {
  if (status !== 'running' && status !== 'stuck') throw caseHasEnded()
}

/**
 * Lets the element of an incident count as done without having run. Of the engine's own incidents only: a step that was parked is
 * tried again, or its case ended.
 */
export async function skipIncident(
  db: Database,
  actor: Actor,
  { caseId, incidentId, reason, key }: Remedied & { incidentId: string },
): Promise<StepAnswer> {
  if (!uuid.test(caseId)) throw caseHasEnded()
  return runStep(db, {
    of: { caseId },
    key,
    actor,
    record: recordOf('skipped', givenReason(reason)),
    decide(locked) {
      mustRun(locked)
      return { type: 'incidentSkipped', incidentId }
    },
    refuseLate: troubleIsGone,
  })
}

/** Corrects what an element of the case sees, and has it tried again. Of the engine's own incidents only. */
export async function retryWith(
  db: Database,
  actor: Actor,
  { caseId, incidentId, variables, reason, key }: Remedied & { incidentId: string; variables: Variables },
): Promise<StepAnswer> {
  if (!uuid.test(caseId)) throw caseHasEnded()
  const text = givenReason(reason)
  return runStep(db, {
    of: { caseId },
    key,
    actor,
    record: {
      ...recordOf('retried', text),
      changes: [{ do: 'setVariables', variables: Object.keys(variables) }],
    },
    decide(locked) {
      mustRun(locked)
      return { type: 'incidentRetried', incidentId, variables }
    },
    refuseLate: troubleIsGone,
  })
}

/** Lets a case go on behind a join with the branches that have come, where the others cannot come any more. */
export async function passJoin(
  db: Database,
  actor: Actor,
  { caseId, elementId, reason, key }: Remedied & { elementId: string },
): Promise<StepAnswer> {
  const text = givenReason(reason)
  const [found] = uuid.test(caseId)
    ? await db.sql<
        { flowVersionId: string; called: CaseState['called'] | null }[]
      >`select c.flow_version_id as "flowVersionId", s.state -> 'called' as called
        from cases c join case_states s on s.case_id = c.id where c.id = ${caseId}`
    : []
  if (!found) throw caseHasEnded()
  const flow = await wholeFlow(db, found.flowVersionId, found.called ?? undefined)
  const behind = (flow.nodes[elementId]?.outgoing ?? []).flatMap((id) => flow.sequenceFlows[id]?.target ?? [])
  return runStep(db, {
    of: { caseId },
    key,
    actor,
    record: recordOf('joinPassed', text),
    decide(locked) {
      mustRun(locked)
      if (locked.status !== 'stuck' || locked.flowVersionId !== found.flowVersionId) throw troubleIsGone()
      return { type: 'caseModified', changes: changesBehind(locked.state, elementId, behind), reason: text }
    },
    refuseLate: troubleIsGone,
  })
}

/** One token goes on for all that have come; where the join splits again, each further branch gets one of its own. */
function changesBehind(state: CaseState, elementId: string, [first, ...more]: string[]): CaseChange[] {
  const [one, ...others] = state.tokens.filter(({ at, joining }) => at === elementId && joining)
  if (!one || first === undefined) throw troubleIsGone()
  return [
    { do: 'moveToken', tokenId: one.id, to: first },
    ...others.map(({ id }): CaseChange => ({ do: 'cancelToken', tokenId: id })),
    ...more.map((at): CaseChange => ({ do: 'addToken', at, scopeId: one.scope })),
  ]
}

/**
 * Ends a running or stuck case where it stands: its tasks, timers and calls end with it, and so does the deadline of its document.
 * What it has done stays.
 */
export async function endCase(db: Database, actor: Actor, { caseId, reason, key }: Remedied): Promise<StepAnswer> {
  if (!uuid.test(caseId)) throw caseHasEnded()
  return runStep(db, {
    of: { caseId },
    key,
    actor,
    record: recordOf('ended', givenReason(reason)),
    decide(locked) {
      mustRun(locked)
      return { type: 'caseCancelled' }
    },
    act(scope) {
      const { sql, documentId } = scope
      const at = sql`to_timestamp(${scope.now}::float8 / 1000)`
      scope.write(() => sql`update incidents set resolved_at = ${at} where case_id = ${caseId} and resolved_at is null`)
      if (documentId)
        scope.write(
          () => sql`update documents set state = 'closed', closed_at = ${at}, version = version + 1
            where id = ${documentId} and state not in ('closed', 'filed', 'issued', 'refused', 'withdrawn')`,
        )
      return Promise.resolve()
    },
    refuseLate: troubleIsGone,
  })
}
