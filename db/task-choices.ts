import { documentCode } from './document-code.ts'
import type { Database } from './database.ts'
import { MINISTRY } from './outgoing.ts'
import { visibleTaskIn, type Viewer } from './visibility.ts'

export interface KindChoice {
  code: string
  name: string
  nameEn: string
  abbreviation: string | null
}

/** The kinds of document of NĐ 30/2020 Điều 7, in its order. */
export function kindChoices(db: Database): Promise<KindChoice[]> {
  return db.sql<KindChoice[]>`
    select code, name, name_en as "nameEn", abbreviation from document_kinds where not is_copy order by ordinal nulls last, name`
}

export interface AgencyChoice {
  code: string
  name: string
  nameEn: string
}

/** Agencies on the exchange that a form can name; the whole directory is not sent to a page. */
export function agencyChoices(db: Database): Promise<AgencyChoice[]> {
  return db.sql<AgencyChoice[]>`
    select code, name, name_en as "nameEn" from agencies where on_exchange and code <> ${MINISTRY.code} order by name collate "vi-x-icu" limit 300`
}

export interface UnitChoice {
  code: string
  name: string
  nameEn: string
  notation: string | null
}

/** Units in force whose heads can be given something, in the ministry's order; the leaders' own unit only for what all get. */
export function unitChoices(db: Database, { withLeaders = false } = {}): Promise<UnitChoice[]> {
  return db.sql<UnitChoice[]>`
    select u.code, u.name, u.name_en as "nameEn", u.notation from units u
    where (u.valid_to is null or u.valid_to >= current_date)
      and exists (select 1 from posts p join post_groups g on g.post_id = p.id and g.group_key = 'unit:' || u.code || ':head'
        where p.unit_id = u.id and (${withLeaders} or p.role not in ('minister', 'deputy-minister')))
    order by u.sort, u.name collate "vi-x-icu"`
}

export interface Colleague {
  postId: string
  fullName: string
  title: string
  titleEn: string
  /** Open tasks they have. */
  open: number
  overdue: number
}

/** Everybody with a post in the viewer's unit, by given name, with what lies on them. */
export function colleaguesOf(db: Database, viewer: Viewer): Promise<Colleague[]> {
  return db.sql<Colleague[]>`
    with moment as (select clock_timestamp() + (select offset_ms from clock) * interval '1 millisecond' as now)
    select p.id as "postId", n.full_name as "fullName", p.title, p.title_en as "titleEn", count(t.id)::int as open,
      (count(t.id) filter (where t.due_at < now))::int as overdue
    from moment, posts p join persons n on n.id = p.person_id left join tasks t on t.assignee_post = p.id and t.state = 'open' and ${visibleTaskIn(db.sql, viewer)}
    where p.unit_id = ${viewer.unitId} and n.active and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)
    group by p.id, n.full_name, n.sort_name, p.title, p.title_en order by n.sort_name collate "vi-x-icu"`
}

/** The number and notation that each kind would get now, by the kind's code: a preview, taken only when it is issued. */
export async function nextCodes(
  db: Database,
  now: number,
  unitNotation: string | null,
): Promise<Record<string, string>> {
  const rows = await db.sql<{ code: string; abbreviation: string | null; next: number }[]>`
    select k.code, k.abbreviation, coalesce(s.last_number, 0) + 1 as next from document_kinds k
      left join register_series s on s.book = 'outgoing' and s.series = k.code
        and s.year = extract(year from to_timestamp(${now}::float8 / 1000) at time zone 'Asia/Ho_Chi_Minh')::int
    where not k.is_copy`
  return Object.fromEntries(
    rows.map(({ code, abbreviation, next }) => [
      code,
      documentCode({ number: next, abbreviation, agency: MINISTRY.abbreviation, unitNotation }).code,
    ]),
  )
}

/** What a leader writes most when directing, newest habits first. */
export async function directingPhrases(db: Database, viewer: Viewer): Promise<string[]> {
  const rows = await db.sql<{ opinion: string }[]>`
    select opinion from tasks where ended_by_post = ${viewer.postId} and form_key = 'incoming.direct' and outcome = 'directed'
      and length(opinion) between 3 and 80 group by opinion having count(*) > 1 order by count(*) desc, max(ended_at) desc limit 3`
  return rows.map((row) => row.opinion)
}

export interface SignOff {
  sha256: string
  fullName: string
  title: string
  titleEn: string
  /** epoch ms */
  at: number
}

/** Who signed off on the reply to a document, or on the document itself where it is drafted here; newest first. */
export function signOffsOf(db: Database, documentId: string): Promise<SignOff[]> {
  return db.sql<SignOff[]>`
    select s.sha256, n.full_name as "fullName", p.title, p.title_en as "titleEn", floor(extract(epoch from s.at) * 1000)::float8 as at
    from sign_offs s join persons n on n.id = s.person_id join posts p on p.id = s.post_id
    where s.kind in ('approve', 'personal') and s.document_id in (select ${documentId}::uuid
      union all select r.document_id from document_relations r where r.related_id = ${documentId} and r.kind = 'answers')
    order by s.at desc`
}
