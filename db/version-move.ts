import type { ReservedSql } from 'postgres'
import { migrate, type MigrationPlan, type Misfit } from '#bpmn/migrate.ts'
import { workingCalendar } from './calendar.ts'
import type { Database } from './database.ts'
import { flowOfVersion } from './flow-versions.ts'
import { Refusal, type Sentence } from './refusal.ts'
import { stepStatements } from './step-commit.ts'
import { inOneStep } from './step-frame.ts'
import { lockCase } from './step-lock.ts'
import { deciding, follow, stepScope } from './step-move.ts'
import { needsWorker, type Actor, type CaseMigrated, type StepAnswer } from './step.ts'

export interface MoveToVersion {
  caseId: string
  /** Flow versions' ids. A case that is on another than `from` is not moved. */
  from: string
  to: string
  plan: MigrationPlan
  /** What the audit keeps. */
  reason: string
  key: string
  actor: Actor
  /** Written in the same transaction. */
  beside?(sql: ReservedSql): PromiseLike<unknown>
}

/** A case that cannot be moved, and each thing it holds that has no place in the other version. Nothing of it was written. */
export class CaseDoesNotFit extends Refusal {
  constructor(readonly misfits: Misfit[]) {
    const all = (language: keyof Sentence) => misfits.map((misfit) => misfit[language]).join(' ')
    super('case-does-not-fit', 409, {
      vi: `Hồ sơ chưa chuyển được và giữ nguyên ở phiên bản cũ. ${all('vi')} Hãy ghép các bước này với bước của phiên bản mới.`,
      en: `The case was not moved and stays on its version. ${all('en')} Map these elements to those of the other version.`,
    })
  }
}

/** It has ended, or is on another version than it was thought to be. Nothing was written. */
const caseIsGone = () =>
  new Refusal('case-gone', 409, {
    vi: 'Hồ sơ đã kết thúc hoặc đã ở phiên bản khác nên chưa có gì thay đổi.',
    en: 'The case has ended or is on another version by now, so nothing was changed.',
  })

/**
 * Moves a running case to another version of its flow, in one transaction or not at all: where it stands, its tasks, timers,
 * calls and what it waits for go with it. Throws CaseDoesNotFit, and Refusal `case-gone`.
 */
export async function moveToVersion(db: Database, request: MoveToVersion): Promise<StepAnswer> {
  const [calendar, from, to] = await Promise.all([
    workingCalendar(db),
    flowOfVersion(db, request.from),
    flowOfVersion(db, request.to),
  ])
  return inOneStep(
    db,
    request.key,
    (sql) => lockCase(sql, { of: { caseId: request.caseId }, key: request.key }),
    async (sql, { locked }) => {
      const { status } = locked.state
      if (locked.flowVersionId !== request.from || (status !== 'running' && status !== 'stuck')) throw caseIsGone()
      const ground = { db, flow: to, flowVersionId: request.to, calendar }
      const scope = stepScope(sql, locked, request.actor)
      const result = await deciding(ground, scope, (context) => migrate(locked.state, from, to, request.plan, context))
      if (!result.ok) throw new CaseDoesNotFit(result.misfits)
      const moved = await follow(ground, result, scope)
      const { caseId } = locked
      scope.write(() => sql`update cases set flow_version_id = ${request.to} where id = ${caseId}`)
      scope.write(() => sql`update case_states set moved_to_version = ${request.to} where case_id = ${caseId}`)
      for (const statement of elementsFollow(sql, caseId, result.moved)) scope.write(statement)
      const { beside } = request
      if (beside) scope.write(() => beside(sql))
      const event: CaseMigrated = {
        type: 'caseMigrated',
        from: request.from,
        to: request.to,
        map: request.plan.map,
        reason: request.reason,
      }
      const answer = { caseId, status: moved.state.status, repeated: false, late: null }
      const record = { opinion: request.reason }
      const statements = stepStatements(sql, { key: request.key, record, event, locked, moved, scope, answer })
      return { answer, statements, wake: needsWorker(moved, scope) }
    },
  )
}

/**
 * What stands beside the state says where it is by element as well. Rows that the migration itself writes are not there yet: each
 * is renamed once, also where two elements change places.
 */
function elementsFollow(
  sql: ReservedSql,
  caseId: string,
  moved: Record<string, string>,
): (() => PromiseLike<unknown>)[] {
  if (Object.keys(moved).length === 0) return []
  const map = sql`${JSON.stringify(moved)}::text::jsonb`
  const now = (column: string) => sql`coalesce(${map} ->> ${sql(column)}, ${sql(column)})`
  return [
    () => sql`update tasks set element_id = ${now('element_id')},
        scope = array(select coalesce(${map} ->> s.id, s.id) from unnest(scope) with ordinality as s(id, place) order by s.place)
      where case_id = ${caseId} and state = 'open'`,
    () => sql`update timers set element_id = ${now('element_id')} where case_id = ${caseId}`,
    () =>
      sql`update subscriptions set element_id = ${now('element_id')}, attached_to = ${now('attached_to')} where case_id = ${caseId}`,
    () => sql`update incidents set element_id = ${now('element_id')} where case_id = ${caseId} and resolved_at is null`,
  ]
}
