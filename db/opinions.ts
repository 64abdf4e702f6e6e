import type { Database } from './database.ts'

/** Codes of the units that have given their opinion in a case, or said that it is no concern of theirs. */
export async function unitsThatAnswered(db: Database, caseId: string): Promise<string[]> {
  const rows = await db.sql<{ code: string }[]>`
    select distinct input->>'unit' as code from tasks
    where case_id = ${caseId} and form_key in ('opinion.answer', 'opinion.write') and state = 'completed' and outcome <> 'assigned'
      and input->>'unit' is not null`
  return rows.map(({ code }) => code)
}

/** A unit that was asked for its opinion on a document, with the newest of what it was asked. Instants are epoch ms. */
export interface OpinionLine {
  unitCode: string
  unitName: string
  unitNameEn: string
  state: 'open' | 'completed' | 'cancelled'
  /** `agreed`, `commented`, `disagreed`, `notConcerned`; null while nothing was said. */
  outcome: string | null
  /** Its words, or why it is no concern of the unit. */
  opinion: string | null
  fullName: string | null
  title: string | null
  titleEn: string | null
  askedAt: number
  dueAt: number | null
  answeredAt: number | null
}

/** Every unit that was asked about a document, in the ministry's order. */
export function opinionLines(db: Database, documentId: string): Promise<OpinionLine[]> {
  return db.sql<OpinionLine[]>`
    with asked as (
      select distinct on (t.input->>'unit') t.input->>'unit' as unit, t.* from tasks t
      where t.document_id = ${documentId} and t.form_key in ('opinion.answer', 'opinion.write') and t.input->>'unit' is not null
      order by t.input->>'unit', t.opened_at desc, t.token desc
    )
    select u.code as "unitCode", u.name as "unitName", u.name_en as "unitNameEn", a.state,
      case when a.state = 'completed' then a.outcome end as outcome, case when a.state = 'completed' then a.opinion end as opinion,
      n.full_name as "fullName", p.title, p.title_en as "titleEn", floor(extract(epoch from a.opened_at) * 1000)::float8 as "askedAt",
      floor(extract(epoch from a.due_at) * 1000)::float8 as "dueAt",
      case when a.state = 'completed' then floor(extract(epoch from a.ended_at) * 1000)::float8 end as "answeredAt"
    from asked a join units u on u.code = a.unit left join posts p on p.id = a.ended_by_post left join persons n on n.id = a.ended_by_person
    order by u.sort, u.name collate "vi-x-icu"`
}

/** What whoever asked made of the opinions; null until then. */
export async function synthesisOf(
  db: Database,
  documentId: string,
): Promise<{ text: string; fullName: string; at: number } | null> {
  const [row] = await db.sql<{ text: string; fullName: string; at: number }[]>`
    select t.opinion as text, n.full_name as "fullName", floor(extract(epoch from t.ended_at) * 1000)::float8 as at
    from tasks t join persons n on n.id = t.ended_by_person
    where t.document_id = ${documentId} and t.form_key = 'opinion.conclude' and t.state = 'completed' order by t.ended_at desc limit 1`
  return row ?? null
}
