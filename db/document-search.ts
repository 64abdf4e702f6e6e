import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { textCondition, type Direction } from './document-list.ts'
import { foldForSearch } from './search-text.ts'
import { documents } from './tables/documents.ts'
import { visibleDocument, type Viewer } from './visibility.ts'

export interface FoundDocument {
  id: string
  direction: Direction
  state: string
  code: string | null
  kindName: string | null
  kindNameEn: string | null
  subject: string
  agencyName: string
  registerNumber: number | null
  issuedOn: string | null
  day: string
  urgency: number
  secrecy: number
}

export interface SearchResult {
  /** Best first. */
  found: FoundDocument[]
  /** How many there are in each direction; `most` of them at most are counted. */
  counts: Record<Direction, number>
  /** There may be more than were looked at. */
  more: boolean
}

/** So many matches are weighed; whoever gets more adds a word. */
const most = 1000

/** Words with accents, as they were typed. */
const accented = (text: string) =>
  text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}/-]+/u)
    .filter(Boolean)
    .slice(0, 12)

/**
 * Finds documents by number, notation, agency and subject: all words in any order, accents or not. First whose number and
 * notation is what was asked, then whose it begins with; where accents were typed, whatever has them so comes before what has
 * others; then the newest. Words are looked up in the trigram index.
 */
export async function searchDocuments(
  db: Database,
  viewer: Viewer,
  asked: { text: string; direction?: Direction | null; limit: number },
): Promise<SearchResult> {
  const none: SearchResult = { found: [], counts: { incoming: 0, outgoing: 0, internal: 0 }, more: false }
  const folded = foldForSearch(asked.text)
  if (folded === '') return none
  // A number or a code may stand among other words: "công văn 7816/VPCP-TTĐT".
  const numbers = sql`${sql.param(folded.split(' ').filter((word) => /\d/.test(word)))}::text[]`
  const codes = sql`${sql.param(
    asked.text
      .trim()
      .split(/\s+/)
      .slice(0, 12)
      .flatMap((word) => [word, word.toUpperCase()]),
  )}::text[]`
  // Folding takes no letter away: where it changed something but capitals, accents were typed.
  const words = accented(asked.text)
  const withAccents = words.join(' ') !== words.map((word) => foldForSearch(word)).join(' ')
  const spelled = withAccents
    ? sql.join(
        words.map((word) => sql`position(${word} in spelling) > 0`),
        sql` and `,
      )
    : sql`true`
  const visible = visibleDocument(viewer, documents)
  const only = asked.direction ? sql`direction = ${asked.direction}` : sql`true`
  const rows = await db.orm.execute<Record<string, unknown>>(sql`
    with matching as materialized (
      select documents.id from documents where ${textCondition(asked.text)} and ${visible} limit ${most + 1}
    ), exact as materialized (
      select documents.id from documents where documents.code = any(${codes}) and ${visible} limit 100
    ), weighed as materialized (
      select d.id, d.direction, d.received_at, lower(normalize(concat_ws(' ', d.code, d.agency_name, d.subject)) collate "vi-x-icu") as spelling,
        -- As foldForSearch folds: no accents, no capitals.
        translate(regexp_replace(normalize(lower(d.code collate "vi-x-icu"), nfd), '[\\u0300-\\u036f]', '', 'g'), 'đ', 'd') as code,
        lower(d.number) as number, d.register_number::text as register_number
      from (select id from matching union select id from exact) m join documents d on d.id = m.id
    ), counted as (select direction, count(*)::int as count from weighed group by direction),
    ranked as (
      select id, row_number() over (order by
        case when code = any(${numbers}) then 0 when number = any(${numbers}) then 1
          when exists (select 1 from unnest(${numbers}) as asked where starts_with(code, asked)) then 2
          when register_number = any(${numbers}) then 3 else 4 end,
        ${spelled} desc, received_at desc, id desc) as place
      from weighed where ${only} order by place limit ${asked.limit}
    )
    select d.id, d.direction, d.state, d.code, k.name as "kindName", k.name_en as "kindNameEn", d.subject, d.agency_name as "agencyName",
      d.register_number as "registerNumber", d.issued_on::text as "issuedOn",
      coalesce(d.registered_on, (d.received_at at time zone 'Asia/Ho_Chi_Minh')::date)::text as day, d.urgency, d.secrecy,
      (select jsonb_object_agg(direction, count) from counted) as counts, (select count(*) from matching)::int as matching
    from (select 1) as once left join ranked on true left join documents d on d.id = ranked.id left join document_kinds k on k.code = d.kind_code
    order by ranked.place`)
  const [first] = rows
  return {
    found: rows
      .filter((row) => row.id !== null)
      .map(({ counts: _counts, matching: _matching, ...row }) => row as unknown as FoundDocument),
    counts: { ...none.counts, ...(first?.counts as Partial<SearchResult['counts']> | null) },
    more: Number(first?.matching ?? 0) > most,
  }
}
