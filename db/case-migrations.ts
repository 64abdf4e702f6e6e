import type { TransactionSql } from 'postgres'
import { unmapped } from '#bpmn/migrate.ts'
import type { Database } from './database.ts'
import { asDrawn, elementName } from './element-name.ts'
import { flowOfVersion } from './flow-versions.ts'
import { givenReason } from './case-remedies.ts'
import { notFound, Refusal, type Sentence } from './refusal.ts'
import type { Actor } from './step.ts'
import { isUuid } from './task-page.ts'

export type MigrationState = 'checking' | 'checked' | 'moving' | 'paused' | 'done' | 'dropped'
export type MigratingState = 'unchecked' | 'fits' | 'unfit' | 'moved' | 'gone' | 'failed'

/** Running cases on their way to another version, or a dry run of that. Instants are epoch ms, real time. */
export interface CaseMigration {
  id: string
  flowId: string
  flowName: string
  flowNameEn: string
  fromVersionId: string
  toVersionId: string
  from: number
  to: number
  map: Record<string, string>
  state: MigrationState
  reason: string | null
  createdAt: number
  endedAt: number | null
  by: string | null
  /** Cases in each state. */
  cases: Record<MigratingState, number>
  total: number
}

const noCases: Record<MigratingState, number> = { unchecked: 0, fits: 0, unfit: 0, moved: 0, gone: 0, failed: 0 }

/** Migrations of which a condition on `m` holds, the latest first. */
async function migrationsWhere(sql: Database['sql'], condition: ReturnType<Database['sql']>): Promise<CaseMigration[]> {
  type Row = Omit<CaseMigration, 'cases' | 'total'> & { counted: Partial<Record<MigratingState, number>> | null }
  const rows = await sql<Row[]>`
    select m.id, m.flow_id as "flowId", t.name as "flowName", t.name_en as "flowNameEn", m.from_version_id as "fromVersionId",
      m.to_version_id as "toVersionId", f.version as "from", t.version as "to", m.map, m.state, m.reason,
      floor(extract(epoch from m.created_at) * 1000)::float8 as "createdAt", floor(extract(epoch from m.ended_at) * 1000)::float8 as "endedAt",
      (select n.full_name from persons n where n.id = m.person_id) as by,
      (select jsonb_object_agg(c.state, c.count) from (select state, count(*)::int as count from migrating_cases k where k.migration_id = m.id group by state) c) as counted
    from case_migrations m join flow_versions f on f.id = m.from_version_id join flow_versions t on t.id = m.to_version_id
    where ${condition} order by m.created_at desc limit 50`
  return rows.map(({ counted, ...row }) => {
    const cases = { ...noCases, ...counted }
    return { ...row, cases, total: Object.values(cases).reduce((sum, count) => sum + count, 0) }
  })
}

/** The latest migrations; of one flow, or of all. Dropped ones are left out. */
export function caseMigrations(db: Database, flowId?: string): Promise<CaseMigration[]> {
  const { sql } = db
  const ofFlow = flowId === undefined ? sql`` : sql`and m.flow_id = ${flowId}`
  return migrationsWhere(sql, sql`m.state <> 'dropped' ${ofFlow}`)
}

/** One migration, dropped or not. Throws Refusal `not-found`. */
export async function caseMigration(db: Database, id: string | undefined): Promise<CaseMigration> {
  const [migration] = isUuid(id) ? await migrationsWhere(db.sql, db.sql`m.id = ${id}`) : []
  if (!migration) throw notFound()
  return migration
}

/**
 * Lists the running cases of a version and begins the dry run of moving them to another one of the same flow. Nothing is moved
 * before `startMoving`. Throws Refusal `not-found`, `same-version`.
 * @returns its id
 */
export async function beginMigration(
  db: Database,
  actor: Actor,
  { flowId, from, to, map = {} }: { flowId: string; from: number; to: number; map?: Record<string, string> },
): Promise<string> {
  if (from === to) throw sameVersion()
  const versions = await db.sql<{ id: string; version: number }[]>`
    select id, version from flow_versions where flow_id = ${flowId} and version = any(${[from, to]}::int[])`
  const idOf = (number: number) => versions.find(({ version }) => version === number)?.id
  const [fromId, toId] = [idOf(from), idOf(to)]
  if (fromId === undefined || toId === undefined) throw notFound()
  return db.sql.begin(async (sql) => {
    const [row] = await sql<{ id: string }[]>`
      insert into case_migrations (flow_id, from_version_id, to_version_id, map, state, created_at, person_id, post_id)
      values (${flowId}, ${fromId}, ${toId}, ${JSON.stringify(map)}::text::jsonb, 'checking', clock_timestamp(), ${actor.personId}, ${actor.postId})
      returning id`
    if (!row) throw new Error('beginning a migration wrote no row')
    await sql`insert into migrating_cases (migration_id, case_id, state)
      select ${row.id}, id, 'unchecked' from cases where flow_version_id = ${fromId} and ended_at is null`
    return row.id
  })
}

/**
 * Maps elements of the older version to those of the newer, and begins the dry run anew. Empty values keep the id. Throws Refusal
 * `not-found`, `migration-under-way`, `map-unfit`.
 */
export async function setMap(db: Database, id: string, map: Record<string, string>): Promise<void> {
  const { fromVersionId, toVersionId } = await caseMigration(db, id)
  const [from, to] = await Promise.all([flowOfVersion(db, fromVersionId), flowOfVersion(db, toVersionId)])
  const said = Object.entries(map).filter(([old, now]) => now !== '' && old !== now)
  for (const [old, now] of said) {
    const [was, is] = [from.nodes[old], to.nodes[now]]
    if (!was || was.kind !== is?.kind) throw mapIsUnfit(elementName(from, old), elementName(to, now))
  }
  const changed = await db.sql.begin(async (sql) => {
    const rows =
      await sql`update case_migrations set map = ${JSON.stringify(Object.fromEntries(said))}::text::jsonb, state = 'checking'
      where id = ${id} and state in ('checking', 'checked') returning id`
    if (rows.length > 0)
      await sql`update migrating_cases set state = 'unchecked', reasons = '[]', claimed_until = null
        where migration_id = ${id} and state in ('fits', 'unfit')`
    return rows.length > 0
  })
  if (!changed) throw isUnderWay()
}

/** Moves what fits, a few cases at a time, in the background. Throws Refusal `not-found`, `reason-missing`, `migration-under-way`. */
export async function startMoving(db: Database, actor: Actor, id: string, reason: string): Promise<void> {
  await caseMigration(db, id)
  const text = givenReason(reason)
  const rows =
    await db.sql`update case_migrations set state = 'moving', reason = ${text}, person_id = ${actor.personId}, post_id = ${actor.postId}
    where id = ${id} and state = 'checked' returning id`
  if (rows.length === 0) throw isUnderWay()
}

export type MigrationAct = 'pause' | 'resume' | 'drop' | 'again'

/**
 * `pause` and `resume` the moving; `drop` a dry run that came to nothing; `again`: what did not fit or failed is looked at once
 * more. Throws Refusal `not-found`, `migration-under-way`.
 */
export async function steerMigration(db: Database, id: string, act: MigrationAct): Promise<void> {
  await caseMigration(db, id)
  const done = await db.sql.begin(async (sql) => {
    switch (act) {
      case 'pause':
        return turn(sql, id, ['moving'], 'paused')
      case 'resume':
        return turn(sql, id, ['paused'], 'moving')
      case 'drop':
        return turn(sql, id, ['checking', 'checked'], 'dropped')
      case 'again': {
        const [found] = await sql<
          { state: MigrationState }[]
        >`select state from case_migrations where id = ${id} for update`
        if (found?.state !== 'checked' && found?.state !== 'done') return false
        const [as, next] = found.state === 'done' ? (['fits', 'moving'] as const) : (['unchecked', 'checking'] as const)
        await sql`update migrating_cases set state = ${as}, reasons = '[]', claimed_until = null
          where migration_id = ${id} and state in ('unfit', 'failed')`
        return turn(sql, id, [found.state], next)
      }
    }
  })
  if (!done) throw isUnderWay()
}

/** From one of the states to another. @returns whether it was in one of them */
async function turn(sql: TransactionSql, id: string, from: MigrationState[], to: MigrationState): Promise<boolean> {
  const rows =
    await sql`update case_migrations set state = ${to}, ended_at = null where id = ${id} and state = any(${from}::text[]) returning id`
  return rows.length > 0
}

/** An element of the older version that has no counterpart in the newer one, with those of its kind that it could become. */
export interface Unmapped {
  elementId: string
  element: Sentence
  choices: { elementId: string; element: Sentence }[]
  mapped: string | null
}

/** Elements to be mapped by hand, those that are mapped included. */
export async function elementsToMap(
  db: Database,
  { fromVersionId, toVersionId, map }: Pick<CaseMigration, 'fromVersionId' | 'toVersionId' | 'map'>,
): Promise<Unmapped[]> {
  const [from, to] = await Promise.all([flowOfVersion(db, fromVersionId), flowOfVersion(db, toVersionId)])
  const ids = new Set([...Object.keys(map), ...unmapped(from, to)])
  return [...ids].sort(asDrawn(from)).flatMap((id) => {
    const node = from.nodes[id]
    if (!node) return []
    const choices = Object.values(to.nodes).filter(({ kind }) => kind === node.kind)
    choices.sort((a, b) => asDrawn(to)(a.id, b.id))
    return {
      elementId: id,
      element: elementName(from, id),
      choices: choices.map((choice) => ({ elementId: choice.id, element: elementName(to, choice.id) })),
      mapped: map[id] ?? null,
    }
  })
}

const sameVersion = () =>
  new Refusal('same-version', 422, {
    vi: 'Hồ sơ đã ở phiên bản này nên chưa có gì thay đổi. Hãy chọn hai phiên bản khác nhau.',
    en: 'The cases are on that version already, so nothing was changed. Choose two different versions.',
  })

const isUnderWay = () =>
  new Refusal('migration-under-way', 409, {
    vi: 'Đợt chuyển này vừa sang trạng thái khác nên thao tác chưa được thực hiện. Tình trạng mới nhất ở bên dưới.',
    en: 'This migration has gone on to another state, so that was not done. How it stands now is below.',
  })

const mapIsUnfit = (was: Sentence, is: Sentence) =>
  new Refusal('map-unfit', 422, {
    vi: `Không ghép được “${was.vi}” với “${is.vi}” vì hai phần tử khác loại; chưa có gì thay đổi. Hãy chọn phần tử cùng loại.`,
    en: `“${was.en}” and “${is.en}” are of different kinds and were not mapped; nothing was changed. Choose one of the same kind.`,
  })
