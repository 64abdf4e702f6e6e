import { migrate, type Misfit } from '#bpmn/migrate.ts'
import { readState } from '#bpmn/formats.ts'
import type { CaseState } from '#bpmn/state.ts'
import { workingCalendar } from './calendar.ts'
import type { MigratingState } from './case-migrations.ts'
import { readClock } from './clock.ts'
import type { Database } from './database.ts'
import { elementName } from './element-name.ts'
import { flowOfVersion } from './flow-versions.ts'
import { Refusal, type Sentence } from './refusal.ts'
import { knowing } from './step-knowledge.ts'
import { CaseDoesNotFit, moveToVersion } from './version-move.ts'
import { visibleDocumentIn, type Viewer } from './visibility.ts'

/** A case is somebody's for so long; a worker that dies over it loses it then. */
const CLAIM = '60 seconds'

/** A migration that has something to do now. */
export interface MigrationAtWork {
  id: string
  state: 'checking' | 'moving'
  fromVersionId: string
  toVersionId: string
  map: Record<string, string>
  reason: string
  personId: string
  postId: string
}

/** Migrations that are checked or moved, the oldest first. */
export function migrationsAtWork(db: Database): Promise<MigrationAtWork[]> {
  return db.sql<MigrationAtWork[]>`
    select id, state, from_version_id as "fromVersionId", to_version_id as "toVersionId", map, coalesce(reason, '') as reason,
      person_id as "personId", post_id as "postId"
    from case_migrations where state in ('checking', 'moving') order by id`
}

/**
 * Takes cases that nobody is at. Where none is left to take or wait for, the migration is checked, or done.
 * @returns their ids
 */
export async function claimCases(db: Database, { id, state }: MigrationAtWork, limit: number): Promise<string[]> {
  const waiting: MigratingState = state === 'checking' ? 'unchecked' : 'fits'
  const rows = await db.sql<{ caseId: string }[]>`
    update migrating_cases set claimed_until = clock_timestamp() + ${CLAIM}::interval
    where migration_id = ${id} and case_id in (
      select k.case_id from migrating_cases k join case_migrations m on m.id = k.migration_id and m.state = ${state}
      where k.migration_id = ${id} and k.state = ${waiting} and (k.claimed_until is null or k.claimed_until < clock_timestamp())
      order by k.case_id limit ${limit} for update of k skip locked)
    returning case_id as "caseId"`
  if (rows.length === 0)
    await db.sql`update case_migrations set state = ${state === 'checking' ? 'checked' : 'done'}, ended_at = clock_timestamp()
      where id = ${id} and state = ${state} and not exists (select 1 from migrating_cases where migration_id = ${id} and state = ${waiting})`
  return rows.map(({ caseId }) => caseId)
}

/** The dry run of some cases: nothing of them is changed. */
export async function checkCases(db: Database, migration: MigrationAtWork, caseIds: string[]): Promise<void> {
  const { id, fromVersionId, toVersionId, map } = migration
  const [from, to, calendar, { now }, rows] = await Promise.all([
    flowOfVersion(db, fromVersionId),
    flowOfVersion(db, toVersionId),
    workingCalendar(db),
    readClock(db),
    db.sql<{ caseId: string; state: CaseState }[]>`
      select s.case_id as "caseId", s.state from case_states s join cases c on c.id = s.case_id
      where s.case_id = any(${caseIds}::uuid[]) and c.flow_version_id = ${fromVersionId} and c.ended_at is null`,
  ])
  const found = new Map(rows.map(({ caseId, state }) => [caseId, readState(state)]))
  const results: { caseId: string; state: MigratingState; reasons: Misfit[] }[] = []
  for (const caseId of caseIds) {
    const state = found.get(caseId)
    if (!state) {
      results.push({ caseId, state: 'gone', reasons: [] })
      continue
    }
    const tried = await knowing({ db, sql: db.sql, flowVersionId: toVersionId }, { now, calendar }, (context) =>
      migrate(state, from, to, { map }, context),
    )
    results.push(tried.ok ? { caseId, state: 'fits', reasons: [] } : { caseId, state: 'unfit', reasons: tried.misfits })
  }
  // A plan that was changed meanwhile has its own dry run.
  await db.sql`update migrating_cases k set state = r.state, reasons = r.reasons, changed_at = clock_timestamp(), claimed_until = null
    from jsonb_to_recordset(${JSON.stringify(results)}::text::jsonb) as r("caseId" uuid, state text, reasons jsonb), case_migrations m
    where k.migration_id = ${id} and k.case_id = r."caseId" and k.state = 'unchecked' and m.id = ${id} and m.state = 'checking'
      and m.map = ${JSON.stringify(map)}::text::jsonb`
}

/** Moves one case, in its own transaction with what became of it. What cannot be moved stays as it is, and says why. */
export async function moveOne(db: Database, migration: MigrationAtWork, caseId: string): Promise<void> {
  const { id, fromVersionId, toVersionId, map, reason, personId, postId } = migration
  const note = (state: MigratingState, reasons: Misfit[] = []) => noteCase(db.sql, id, { caseId, state, reasons })
  try {
    await moveToVersion(db, {
      caseId,
      from: fromVersionId,
      to: toVersionId,
      plan: { map },
      reason,
      key: `migration:${id}:${caseId}`,
      actor: { personId, postId },
      beside: (sql) => noteCase(sql, id, { caseId, state: 'moved', reasons: [] }),
    })
  } catch (error) {
    if (error instanceof CaseDoesNotFit) await note('unfit', error.misfits)
    // Refused: it has ended, or is on another version by now.
    else if (error instanceof Refusal) await note('gone')
    else throw error
  }
}

/** A case whose step failed again and again stays on its version until somebody asks for it once more. */
export async function noteFailure(
  db: Database,
  { id }: MigrationAtWork,
  caseId: string,
  message: string,
): Promise<void> {
  const sentence = {
    vi: 'Bước chuyển bị lỗi nên hồ sơ giữ nguyên ở phiên bản cũ.',
    en: `The step failed and the case stays on its version: ${message.slice(0, 500)}`,
  }
  await db.sql`update migrating_cases set state = 'failed', changed_at = clock_timestamp(), claimed_until = null,
      reasons = ${JSON.stringify([{ elementId: '', reason: 'failed', ...sentence }])}::text::jsonb
    where migration_id = ${id} and case_id = ${caseId}`
}

/** What became of a case; nobody is at it any more. */
function noteCase(
  sql: Pick<Database, 'sql'>['sql'],
  id: string,
  { caseId, state, reasons }: { caseId: string; state: MigratingState; reasons: Misfit[] },
): PromiseLike<unknown> {
  return sql`update migrating_cases set state = ${state}, reasons = ${JSON.stringify(reasons)}::text::jsonb, changed_at = clock_timestamp(),
    claimed_until = null where migration_id = ${id} and case_id = ${caseId}`
}

/** A case of a migration, by what the viewer may know of it. */
export interface MigratingCase {
  caseId: string
  state: MigratingState
  reasons: ({ elementId: string } & Sentence)[]
  documentId: string | null
  documentCode: string | null
  registerNumber: number | null
}

export const MIGRATING_PER_PAGE = 40

/** A page of a migration's cases in one of the states, each with why. */
export function migratingCases(
  db: Database,
  viewer: Viewer,
  { id, states, page = 1 }: { id: string; states: MigratingState[]; page?: number },
): Promise<MigratingCase[]> {
  const { sql } = db
  return sql<MigratingCase[]>`
    select k.case_id as "caseId", k.state, k.reasons, d.id as "documentId", d.code as "documentCode", d.register_number as "registerNumber"
    from migrating_cases k join cases c on c.id = k.case_id
      left join documents d on d.id = c.document_id and ${visibleDocumentIn(sql, viewer, 'd')}
    where k.migration_id = ${id} and k.state = any(${states}::text[])
    order by k.case_id limit ${MIGRATING_PER_PAGE} offset ${(Math.max(1, page) - 1) * MIGRATING_PER_PAGE}`
}

/** What does not fit, and in how many cases: the most frequent first. */
export async function misfitsOf(
  db: Database,
  migration: { id: string; fromVersionId: string },
): Promise<{ elementId: string; element: Sentence; reason: Misfit['reason'] | 'failed'; cases: number }[]> {
  const [from, rows] = await Promise.all([
    flowOfVersion(db, migration.fromVersionId),
    db.sql<{ elementId: string; reason: Misfit['reason'] | 'failed'; cases: number }[]>`
      select r ->> 'elementId' as "elementId", r ->> 'reason' as reason, count(*)::int as cases
      from migrating_cases k, jsonb_array_elements(k.reasons) as r where k.migration_id = ${migration.id}
      group by 1, 2 order by 3 desc, 1 limit 50`,
  ])
  return rows.map((row) => ({ ...row, element: elementName(from, row.elementId) }))
}
