import type { Flow } from '#bpmn/flow.ts'
import { readFlow } from '#bpmn/formats.ts'
import type { Database } from './database.ts'
import { elementLoad, loadAt, type ElementLoad } from './element-load.ts'
import type { Heartbeat, Part } from './heartbeats.ts'
import { parts } from './heartbeats.ts'
import { foldForSearch } from './search-text.ts'

/** Parts speak every five seconds; silent for longer than this, ms, they are late. */
const SILENCE_MS = 20_000

export interface PartHealth {
  part: Part | 'database'
  state: Heartbeat['state'] | 'late' | 'unknown'
  detail: string
  /** Real time, epoch ms: when it spoke last. */
  at: number | null
}

/** How each part is, by its own word; the database by its answering. `now` is real time, epoch ms. */
export async function partsHealth(db: Database, now: number): Promise<PartHealth[]> {
  const [[database], rows] = await Promise.all([
    db.sql<{ version: string; size: string }[]>`
      select split_part(version(), ' ', 2) as version, pg_size_pretty(pg_database_size(current_database())) as size`,
    db.sql<{ key: string; value: Heartbeat }[]>`select key, value from settings where key like 'heartbeat:%'`,
  ])
  const heard = new Map(rows.map(({ key, value }) => [key.slice('heartbeat:'.length), value]))
  return [
    {
      part: 'database',
      state: 'up',
      detail: `PostgreSQL ${database?.version ?? ''}, ${database?.size ?? ''}`,
      at: now,
    },
    ...parts.map((part): PartHealth => {
      const heartbeat = heard.get(part)
      if (!heartbeat) return { part, state: 'unknown', detail: '', at: null }
      const { at, state, detail } = heartbeat
      return { part, state: now - at > SILENCE_MS ? 'late' : state, detail, at }
    }),
  ]
}

export interface StaffPost {
  postId: string
  fullName: string
  username: string
  email: string
  title: string
  titleEn: string
  role: string
  unitCode: string
  unitName: string
  unitNameEn: string
  active: boolean
}

export const STAFF_PER_PAGE = 100

/** Everybody with a post in force, by unit in the office's order. Found by name, user name or unit, accents or not. */
export async function staff(
  db: Database,
  { unit, search = '', page = 1 }: { unit?: string; search?: string; page?: number },
): Promise<{ posts: StaffPost[]; total: number }> {
  const all = await db.sql<StaffPost[]>`
    select p.id as "postId", n.full_name as "fullName", n.username, n.email, p.title, p.title_en as "titleEn", p.role, u.code as "unitCode",
      u.name as "unitName", u.name_en as "unitNameEn", n.active
    from posts p join persons n on n.id = p.person_id join units u on u.id = p.unit_id
    where p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date) and ${unit ? db.sql`u.code = ${unit}` : db.sql`true`}
    order by u.sort, p.sort, n.sort_name collate "vi-x-icu"`
  const words = foldForSearch(search)
    .split(' ')
    .filter((word) => word !== '')
  const found = all.filter((post) => {
    const text = foldForSearch(`${post.fullName} ${post.username} ${post.title} ${post.unitName} ${post.unitCode}`)
    return words.every((word) => text.includes(word))
  })
  const from = (Math.max(1, page) - 1) * STAFF_PER_PAGE
  return { posts: found.slice(from, from + STAFF_PER_PAGE), total: found.length }
}

export interface UnitRow {
  code: string
  name: string
  nameEn: string
  notation: string | null
  posts: number
}

export function unitList(db: Database): Promise<UnitRow[]> {
  return db.sql<UnitRow[]>`
    select u.code, u.name, u.name_en as "nameEn", u.notation,
      (select count(*)::int from posts p where p.unit_id = u.id and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)) as posts
    from units u where u.valid_to is null or u.valid_to >= current_date order by u.sort`
}

export interface AgencyRow {
  code: string
  shortCode: string
  name: string
  nameEn: string
  onExchange: boolean
}

export function agencyList(db: Database): Promise<AgencyRow[]> {
  return db.sql<AgencyRow[]>`
    select code, short_code as "shortCode", name, name_en as "nameEn", on_exchange as "onExchange" from agencies order by code`
}

export interface HolidayRow {
  /** 2026-09-02 */
  day: string
  kind: 'off' | 'worked'
  name: string
  nameEn: string
}

/** Days off and days worked in exchange of one year, and the years there are any of. */
export async function holidaysOf(db: Database, year: number): Promise<{ days: HolidayRow[]; years: number[] }> {
  const [days, years] = await Promise.all([
    db.sql<HolidayRow[]>`
      select to_char(day, 'YYYY-MM-DD') as day, kind, name, name_en as "nameEn" from holidays where extract(year from day) = ${year} order by day`,
    db.sql<{ year: number }[]>`select distinct extract(year from day)::int as year from holidays order by year`,
  ])
  return { days: [...days], years: years.map((row) => row.year) }
}

export interface KindRow {
  code: string
  ordinal: number | null
  name: string
  nameEn: string
  abbreviation: string | null
  isCopy: boolean
}

/** The kinds of document in the order of NĐ 30/2020 Điều 7, then the forms of copy. */
export function kindList(db: Database): Promise<KindRow[]> {
  return db.sql<KindRow[]>`
    select code, ordinal, name, name_en as "nameEn", abbreviation, is_copy as "isCopy" from document_kinds order by is_copy, ordinal, code`
}

export interface PublishedFlow {
  flowId: string
  versionId: string
  version: number
  name: string
  nameEn: string
  /** Epoch ms, real time. */
  publishedAt: number
  publishedBy: string | null
  /** Cases that run: on this version, and on all versions of the flow. */
  running: number
  runningInAll: number
}

/** The newest version of each flow, by name. */
export function publishedFlows(db: Database): Promise<PublishedFlow[]> {
  return db.sql<PublishedFlow[]>`
    with running as (select flow_version_id, count(*)::int as count from cases where ended_at is null group by flow_version_id)
    select distinct on (v.name collate "vi-x-icu", v.flow_id) v.flow_id as "flowId", v.id as "versionId", v.version, v.name, v.name_en as "nameEn",
      floor(extract(epoch from v.published_at) * 1000)::float8 as "publishedAt",
      (select n.full_name from posts p join persons n on n.id = p.person_id where p.id = v.published_by_post) as "publishedBy",
      coalesce(r.count, 0) as running,
      coalesce((select sum(o.count)::int from running o join flow_versions w on w.id = o.flow_version_id where w.flow_id = v.flow_id), 0) as "runningInAll"
    from flow_versions v left join running r on r.flow_version_id = v.id
    order by v.name collate "vi-x-icu", v.flow_id, v.version desc`
}

export interface FlowVersionPage extends Omit<PublishedFlow, 'runningInAll'> {
  xml: string
  hash: string
  /** Newest first. */
  versions: { version: number; publishedAt: number; running: number }[]
  /** Elements of the flow in the order they are drawn, left to right, with what stands there now. */
  elements: FlowElement[]
}

export interface FlowElement extends ElementLoad {
  id: string
  name: string
  nameEn: string
  kind: Flow['nodes'][string]['kind']
  incidents: number
}

/** A version of a flow with what its cases wait for; the newest when none is named, null when there is none such. */
export async function flowPage(db: Database, flowId: string, version: number | null): Promise<FlowVersionPage | null> {
  const [row] = await db.sql<(Omit<FlowVersionPage, 'versions' | 'elements'> & { ir: Flow })[]>`
    select v.flow_id as "flowId", v.id as "versionId", v.version, v.name, v.name_en as "nameEn", v.xml, v.ir, v.hash,
      floor(extract(epoch from v.published_at) * 1000)::float8 as "publishedAt",
      (select n.full_name from posts p join persons n on n.id = p.person_id where p.id = v.published_by_post) as "publishedBy",
      (select count(*)::int from cases c where c.flow_version_id = v.id and c.ended_at is null) as running
    from flow_versions v where v.flow_id = ${flowId} and ${version === null ? db.sql`true` : db.sql`v.version = ${version}`}
    order by v.version desc limit 1`
  if (!row) return null
  const { ir: stored, ...page } = row
  const ir = readFlow(stored)
  const [versions, load, incidents] = await Promise.all([
    db.sql<FlowVersionPage['versions']>`
      select v.version, floor(extract(epoch from v.published_at) * 1000)::float8 as "publishedAt",
        (select count(*)::int from cases c where c.flow_version_id = v.id and c.ended_at is null) as running
      from flow_versions v where v.flow_id = ${flowId} order by v.version desc limit 50`,
    elementLoad(db, row.versionId),
    db.sql<{ id: string; count: number }[]>`
      select i.element_id as id, count(*)::int as count from incidents i join cases c on c.id = i.case_id
      where c.flow_version_id = ${row.versionId} and c.ended_at is null and i.resolved_at is null group by i.element_id`,
  ])
  const incidentsAt = new Map(incidents.map((each) => [each.id, each.count]))
  const elements = Object.values(ir.nodes)
    .sort((a, b) => (ir.shapes[a.id]?.x ?? 0) - (ir.shapes[b.id]?.x ?? 0))
    .map(({ id, name, kind, properties }) => ({
      id,
      name,
      nameEn: properties['imoit.name.en'] ?? name,
      kind,
      ...loadAt(load, id),
      incidents: incidentsAt.get(id) ?? 0,
    }))
  return { ...page, versions: [...versions], elements }
}
