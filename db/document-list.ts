import { sql, type SQL } from 'drizzle-orm'
import { nowSql } from './clock.ts'
import type { Database } from './database.ts'
import { foldForSearch } from './search-text.ts'
import { documents, documentStates, type directions } from './tables/documents.ts'
import { visibleDocument, type Viewer } from './visibility.ts'

export type Direction = (typeof directions)[number]

export const dueClasses = ['overdue', 'soon', 'week', 'none'] as const
export type DueClass = (typeof dueClasses)[number]

export interface DocumentFilter {
  direction: Direction
  state?: string | null
  /** Code of the unit that has the lead, or that drafted it. */
  unit?: string | null
  kind?: string | null
  urgency?: number | null
  due?: DueClass | null
  /** Days `YYYY-MM-DD`, both included: of arrival, or of the number taken. */
  from?: string | null
  to?: string | null
  /** Words of number, notation, agency and subject, in any order, accents or not. */
  text?: string | null
  /** These and no others. */
  ids?: readonly string[] | null
}

export const documentSorts = [
  'date',
  'number',
  'agency',
  'code',
  'issued',
  'kind',
  'subject',
  'unit',
  'due',
  'state',
] as const
export type DocumentSort = (typeof documentSorts)[number]

/** A line of a list of documents. Instants are epoch ms, days `YYYY-MM-DD`. */
export interface DocumentLine {
  id: string
  state: string
  registerNumber: number | null
  /** Day of arrival, or of the number taken. */
  day: string
  code: string | null
  issuedOn: string | null
  /** Where it is of no kind, the name of the flow that it goes through: "Phiếu trình". */
  kindName: string | null
  kindNameEn: string | null
  subject: string
  agencyName: string
  signerName: string | null
  recipients: string | null
  unitName: string | null
  unitNameEn: string | null
  /** Units with a part beside the lead. */
  otherUnits: number
  dueAt: number | null
  /** Its deadline no longer runs. */
  ended: boolean
  overdue: boolean
  urgency: number
  secrecy: number
  /** Who has it now: the first of the open tasks' people or units, and how many tasks are open. */
  holder: string | null
  openTasks: number
}

export interface FacetCount {
  facet: 'state' | 'unit' | 'kind' | 'urgency' | 'due'
  value: string
  label: string | null
  labelEn: string | null
  /** Null where there is too much to count: the choice is there, how many it would leave is not said. */
  count: number | null
}

/** So many documents are counted, and no more: "10.000+". */
const mostCounted = 10_000

export interface DocumentCounts {
  facets: FacetCount[]
  /** How many the whole filter leaves; `mostCounted` when there are more. */
  total: number
  more: boolean
}

/** States in which a deadline no longer runs. */
const ended = sql`(documents.closed_at is not null or documents.state in ('closed', 'filed', 'issued', 'refused', 'withdrawn'))`
const day = sql`coalesce(documents.registered_on, (documents.received_at at time zone 'Asia/Ho_Chi_Minh')::date)`
const vi = sql.raw('collate "vi-x-icu"')

const dueConditions: Record<DueClass, SQL> = {
  overdue: sql`(not ${ended} and documents.due_at < moment.now)`,
  soon: sql`(not ${ended} and documents.due_at >= moment.now and documents.due_at < moment.now + interval '1 day')`,
  week: sql`(not ${ended} and documents.due_at >= moment.now and documents.due_at < moment.now + interval '7 days')`,
  none: sql`documents.due_at is null`,
}

const orders: Record<DocumentSort, SQL[]> = {
  date: [sql`documents.received_at`],
  number: [sql`documents.register_number`],
  agency: [sql`documents.agency_name ${vi}`],
  code: [sql`documents.code ${vi}`],
  issued: [sql`documents.issued_on`],
  kind: [sql`k.name ${vi}`],
  subject: [sql`documents.subject ${vi}`],
  unit: [sql`u.name ${vi}`],
  due: [sql`documents.due_at`],
  state: [
    sql`array_position(array['received', 'registered', 'directed', 'processing', 'draft', 'signed', 'issued', 'closed', 'filed', 'refused', 'withdrawn'], documents.state)`,
  ],
}

/** Words are looked for in the folded text; its trigrams are indexed. */
export function textCondition(text: string | null | undefined): SQL {
  const words = foldForSearch(text ?? '')
    .split(' ')
    .filter(Boolean)
    .slice(0, 12)
  return words.length === 0
    ? sql`true`
    : sql.join(
        words.map((word) => sql`documents.search like ${`%${word}%`}`),
        sql` and `,
      )
}

/** What no facet of the list is about: direction, days, words, and what the viewer may see. */
function within(viewer: Viewer, filter: DocumentFilter): SQL {
  const conditions = [sql`documents.direction = ${filter.direction}`, visibleDocument(viewer, documents)]
  if (filter.from) conditions.push(sql`${day} >= ${filter.from}::date`)
  if (filter.to) conditions.push(sql`${day} <= ${filter.to}::date`)
  if (filter.ids) conditions.push(filter.ids.length > 0 ? sql`documents.id in ${filter.ids}` : sql`false`)
  if (filter.text) conditions.push(textCondition(filter.text))
  return sql.join(conditions, sql` and `)
}

/** Each facet's own condition; `true` where it is not set. */
function chosen(filter: DocumentFilter) {
  return {
    state: filter.state ? sql`documents.state = ${filter.state}` : sql`true`,
    unit: filter.unit ? sql`documents.unit_id = (select id from units where code = ${filter.unit})` : sql`true`,
    kind: filter.kind ? sql`documents.kind_code = ${filter.kind}` : sql`true`,
    urgency:
      filter.urgency === null || filter.urgency === undefined ? sql`true` : sql`documents.urgency = ${filter.urgency}`,
    due: filter.due ? dueConditions[filter.due] : sql`true`,
  }
}

/** A page of a list, as far as the viewer may see it. */
export async function listDocuments(
  db: Database,
  viewer: Viewer,
  filter: DocumentFilter,
  page: { sort: DocumentSort; descending: boolean; limit: number; offset: number },
): Promise<DocumentLine[]> {
  const direction = sql.raw(page.descending ? 'desc nulls last' : 'asc nulls last')
  const order = sql.join(
    [...orders[page.sort].map((each) => sql`${each} ${direction}`), sql`documents.id desc`],
    sql`, `,
  )
  const conditions = sql.join(Object.values(chosen(filter)), sql` and `)
  const rows = await db.orm.execute<Record<string, unknown>>(sql`
    with moment as (select ${nowSql} as now),
    page as (
      select documents.id, moment.now from documents cross join moment
        left join units u on u.id = documents.unit_id left join document_kinds k on k.code = documents.kind_code
      where ${within(viewer, filter)} and ${conditions} order by ${order} limit ${page.limit} offset ${page.offset}
    ), placed as (select id, now, row_number() over () as place from page)
    select documents.id, documents.state, documents.register_number as "registerNumber", ${day}::text as day, documents.code,
      documents.issued_on::text as "issuedOn", coalesce(k.name, flow.name) as "kindName", coalesce(k.name_en, flow.name_en) as "kindNameEn", documents.subject, documents.agency_name as "agencyName",
      documents.signer_name as "signerName", documents.recipients, u.name as "unitName", u.name_en as "unitNameEn",
      (select count(*)::int from document_parts p where p.document_id = documents.id and p.unit_id is distinct from documents.unit_id) as "otherUnits",
      floor(extract(epoch from documents.due_at) * 1000)::float8 as "dueAt", ${ended} as ended,
      coalesce(not ${ended} and documents.due_at < placed.now, false) as overdue, documents.urgency, documents.secrecy,
      open.holder, coalesce(open.count, 0)::int as "openTasks"
    from placed join documents on documents.id = placed.id
      left join units u on u.id = documents.unit_id left join document_kinds k on k.code = documents.kind_code
      left join lateral (
        select v.name, v.name_en from cases c join flow_versions v on v.id = c.flow_version_id where c.id = documents.case_id
      ) flow on documents.kind_code is null and documents.source = 'internal'
      left join lateral (
        select count(*) as count, min(coalesce(n.full_name, (select name from units where code = split_part(t.candidate_groups[1], ':', 2)),
          t.candidate_groups[1])) as holder
        from tasks t left join posts p on p.id = t.assignee_post left join persons n on n.id = p.person_id
        where (t.document_id = documents.id or t.case_id = documents.case_id) and t.state = 'open'
      ) open on not ${ended}
    order by placed.place`)
  return rows as unknown as DocumentLine[]
}

/**
 * How many of the list each choice would leave. A facet counts within all the others but not within itself, so that another
 * of its choices can be weighed; `total` counts within all. Beyond `most` documents that the facets could be about (a ministry's
 * years, seen by those who see all), nothing is counted but the total, and that up to `most`: what a page costs must not follow the
 * size of the archive.
 */
export async function documentFacets(
  db: Database,
  viewer: Viewer,
  filter: DocumentFilter,
  most = mostCounted,
): Promise<DocumentCounts> {
  const counted = await countWithin(db, viewer, filter, most)
  if (counted) return counted
  const [facets, total] = await Promise.all([everyChoice(db), countUpTo(db, viewer, filter, most + 1)])
  return { facets, total: Math.min(total, most), more: total > most }
}

/** Exact counts; null where the facets are about more than `most` documents. */
async function countWithin(
  db: Database,
  viewer: Viewer,
  filter: DocumentFilter,
  most: number,
): Promise<DocumentCounts | null> {
  const is = chosen(filter)
  const rows = (await db.orm.execute<Record<string, unknown>>(sql`
    with moment as (select ${nowSql} as now),
    base as materialized (
      select documents.state, documents.kind_code, documents.unit_id, documents.urgency,
        coalesce(${dueConditions.overdue}, false) as overdue, coalesce(${dueConditions.soon}, false) as soon,
        coalesce(${dueConditions.week}, false) as week, ${dueConditions.none} as undated,
        coalesce(${is.state}, false) as is_state, coalesce(${is.unit}, false) as is_unit, coalesce(${is.kind}, false) as is_kind,
        coalesce(${is.urgency}, false) as is_urgency, coalesce(${is.due}, false) as is_due
      from documents cross join moment where ${within(viewer, filter)} limit ${most + 1}
    ),
    counted as (
      select 'state' as facet, state as value, count(*) from base where is_unit and is_kind and is_urgency and is_due group by state
      union all select 'unit', unit_id::text, count(*) from base where is_state and is_kind and is_urgency and is_due group by unit_id
      union all select 'kind', kind_code, count(*) from base where is_state and is_unit and is_urgency and is_due group by kind_code
      union all select 'urgency', urgency::text, count(*) from base where is_state and is_unit and is_kind and is_due group by urgency
      union all select 'due', d.value, count(*) from base cross join lateral (values ('overdue', overdue), ('soon', soon), ('week', week), ('none', undated)) as d(value, holds)
        where d.holds and is_state and is_unit and is_kind and is_urgency group by d.value
      union all select 'total', 'all', count(*) from base where is_state and is_unit and is_kind and is_urgency and is_due
      union all select 'base', 'all', count(*) from base
    )
    select facet, coalesce(u.code, value) as value, coalesce(u.name, k.name) as label, coalesce(u.name_en, k.name_en) as "labelEn", counted.count::int as count
    from counted left join units u on facet = 'unit' and u.id::text = value left join document_kinds k on facet = 'kind' and k.code = value
    where value is not null order by facet, u.sort, k.ordinal, value`)) as unknown as (Omit<FacetCount, 'facet'> & {
    facet: FacetCount['facet'] | 'total' | 'base'
  })[]
  const one = (facet: 'total' | 'base') => rows.find((row) => row.facet === facet)?.count ?? 0
  if (one('base') > most) return null
  const isFacet = (row: (typeof rows)[number]): row is FacetCount => row.facet !== 'total' && row.facet !== 'base'
  return { facets: rows.filter(isFacet), total: one('total'), more: false }
}

async function countUpTo(db: Database, viewer: Viewer, filter: DocumentFilter, most: number): Promise<number> {
  const conditions = sql.join(Object.values(chosen(filter)), sql` and `)
  const [row] = await db.orm.execute<Record<string, unknown>>(sql`
    with moment as (select ${nowSql} as now)
    select count(*)::int as count from (
      select 1 from documents cross join moment where ${within(viewer, filter)} and ${conditions} limit ${most}
    ) found`)
  return Number(row?.count ?? 0)
}

/** Whatever can be chosen, uncounted. */
async function everyChoice(db: Database): Promise<FacetCount[]> {
  const rows = await db.sql<Omit<FacetCount, 'count'>[]>`
    select facet, value, label, "labelEn" from (
      select 'unit' as facet, code as value, name as label, name_en as "labelEn", sort as place from units
      union all select 'kind', code, name, name_en, coalesce(ordinal, 1000) from document_kinds
    ) choices order by facet, place, value`
  const plain = (facet: FacetCount['facet'], values: readonly string[]) =>
    values.map((value) => ({ facet, value, label: null, labelEn: null }))
  const choices = [
    ...plain('state', documentStates),
    ...rows,
    ...plain('urgency', ['0', '1', '2', '3', '4']),
    ...plain('due', dueClasses),
  ]
  return choices.map((choice) => ({ ...choice, count: null }))
}
