import { sql } from 'drizzle-orm'
import { nowSql } from './clock.ts'
import type { Database } from './database.ts'
import { documents } from './tables/documents.ts'
import { visibleDocument, type Viewer } from './visibility.ts'

/** How a unit stands with the incoming documents it has the lead in. Instants are epoch ms. */
export interface UnitLoad {
  /** Null: no unit has been named yet. */
  unitCode: string | null
  unitName: string | null
  unitNameEn: string | null
  open: number
  overdue: number
  dueSoon: number
  /** The earliest deadline that has passed. */
  worstDueAt: number | null
}

/** A step of the Office's own that documents wait for, by its form. */
export interface Waiting {
  formKey: 'incoming.register' | 'incoming.submit' | 'incoming.direct'
  count: number
  overdue: number
  oldestAt: number | null
}

/** An issued internal document that some units have not opened. */
export interface UnopenedNotice {
  id: string
  code: string | null
  subject: string
  issuedAt: number
  units: number
  /** Names of the units that have not opened it, in the ministry's order. */
  unopened: { name: string; nameEn: string }[]
}

export interface Monitor {
  units: UnitLoad[]
  waiting: Waiting[]
  notices: UnopenedNotice[]
}

const ms = (instant: string) => sql.raw(`floor(extract(epoch from ${instant}) * 1000)::float8`)

/** What the Office follows up (NĐ 30/2020 Điều 24): who is late, what waits, what was not opened. */
export async function monitorOf(db: Database, viewer: Viewer): Promise<Monitor> {
  const visible = visibleDocument(viewer, documents)
  const read = async <Row>(query: ReturnType<typeof sql>) =>
    (await db.orm.execute<Record<string, unknown>>(query)) as unknown as Row[]
  const [units, waiting, notices] = await Promise.all([
    // The same conditions as the list's facets have: a number leads to a list of as many.
    read<UnitLoad>(sql`
      with moment as (select ${nowSql} as now),
      counted as (
        select documents.unit_id, count(*)::int as open, (count(*) filter (where documents.due_at < moment.now))::int as overdue,
          (count(*) filter (where documents.due_at >= moment.now and documents.due_at < moment.now + interval '7 days'))::int as due_soon,
          min(documents.due_at) filter (where documents.due_at < moment.now) as worst
        from documents cross join moment
        where documents.direction = 'incoming' and documents.closed_at is null
          and documents.state not in ('closed', 'filed', 'issued', 'refused', 'withdrawn') and ${visible}
        group by documents.unit_id
      )
      select u.code as "unitCode", u.name as "unitName", u.name_en as "unitNameEn", c.open, c.overdue, c.due_soon as "dueSoon", ${ms('c.worst')} as "worstDueAt"
      from counted c left join units u on u.id = c.unit_id order by c.overdue desc, c.due_soon desc, c.open desc, u.sort`),
    read<Waiting>(sql`
      select forms.key as "formKey", count(t.id)::int as count, (count(t.id) filter (where t.due_at < ${nowSql}))::int as overdue, ${ms('min(t.opened_at)')} as "oldestAt"
      from (values (1, 'incoming.register'), (2, 'incoming.submit'), (3, 'incoming.direct')) as forms(place, key)
        left join (tasks t join documents on documents.id = t.document_id and ${visible}) on t.form_key = forms.key and t.state = 'open'
      group by forms.place, forms.key order by forms.place`),
    read<UnopenedNotice>(sql`
      select documents.id, documents.code, documents.subject, ${ms('min(p.since)')} as "issuedAt", count(*)::int as units,
        coalesce(json_agg(json_build_object('name', u.name, 'nameEn', u.name_en) order by u.sort) filter (where p.opened_at is null), '[]') as unopened
      from documents join document_parts p on p.document_id = documents.id join units u on u.id = p.unit_id
      where documents.direction = 'internal' and documents.state in ('issued', 'closed') and ${visible}
      group by documents.id having count(*) filter (where p.opened_at is null) > 0
      order by min(p.since) desc limit 30`),
  ])
  return { units, waiting, notices }
}
