import type { Database } from './database.ts'
import type { StepScope } from './step.ts'
import { visibleDocument, type Viewer } from './visibility.ts'
import { sql as fragment } from 'drizzle-orm'
import { documents } from './tables/documents.ts'

export type Book = 'incoming' | 'outgoing'

/** The incoming book has one sequence; the outgoing one a sequence for each kind (NĐ 30/2020 Điều 15). */
export const INCOMING_SERIES = '*'

/**
 * Takes the next number of a book for a document, for good: the series' row stays locked until the step commits, so that numbers
 * have no gaps, and the primary key lets none be taken twice. The year is the office's.
 */
export async function takeNumber(
  scope: Pick<StepScope, 'sql' | 'now' | 'actor'>,
  entry: { book: Book; series: string; documentId: string; note?: string | null },
): Promise<{ number: number; year: number; day: string }> {
  const { sql } = scope
  const [taken] = await sql<{ number: number; year: number; day: string }[]>`
    with moment as (select to_timestamp(${scope.now}::float8 / 1000) as at),
    office as (select extract(year from at at time zone 'Asia/Ho_Chi_Minh')::int as year, to_char(at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD') as day, at from moment),
    series as (
      insert into register_series (book, year, series, last_number) select ${entry.book}, year, ${entry.series}, 1 from office
      on conflict (book, year, series) do update set last_number = register_series.last_number + 1 returning last_number, year
    )
    insert into register_entries (book, year, series, number, document_id, taken_at, taken_by_post, note)
    select ${entry.book}, series.year, ${entry.series}, series.last_number, ${entry.documentId}, office.at, ${scope.actor?.postId ?? null}, ${entry.note ?? null}
    from series, office returning number, year, (select day from office) as day`
  if (!taken) throw new Error('taking a number wrote no row')
  return taken
}

/** A line of the incoming or outgoing book, with what Phụ lục IV of NĐ 30/2020 asks for. */
export interface BookLine {
  documentId: string
  number: number
  series: string
  takenAt: Date
  code: string | null
  issuedOn: string | null
  kindName: string | null
  kindNameEn: string | null
  subject: string
  agencyName: string
  signerName: string | null
  recipients: string | null
  /** Units that got it, lead first. */
  receivers: string | null
  receiversEn: string | null
  /** When it was passed on. */
  passedAt: Date | null
  keeper: string | null
  keeperEn: string | null
  copies: number | null
  note: string | null
}

/** Lines of a book's year in order of their numbers, as far as the viewer may see them. */
export async function bookLines(
  db: Database,
  viewer: Viewer,
  book: { book: Book; year: number; from?: number; limit: number; newestFirst?: boolean },
): Promise<{ lines: BookLine[]; total: number }> {
  const visible = visibleDocument(viewer, documents)
  const order = book.newestFirst ? fragment`e.taken_at desc, e.number desc` : fragment`e.series, e.number`
  const rows = await db.orm.execute<Record<string, unknown>>(fragment`
    select documents.id as "documentId", e.number, e.series, extract(epoch from e.taken_at)::float8 * 1000 as "takenAt", documents.code,
      documents.issued_on as "issuedOn", k.name as "kindName", k.name_en as "kindNameEn", documents.subject, documents.agency_name as "agencyName", documents.signer_name as "signerName",
      documents.recipients, documents.copies, coalesce(e.note, documents.note) as note,
      (select string_agg(u.name, '; ' order by array_position(array['lead', 'coordinate', 'information'], p.part), u.sort)
        from document_parts p join units u on u.id = p.unit_id where p.document_id = documents.id) as receivers,
      (select string_agg(u.name_en, '; ' order by array_position(array['lead', 'coordinate', 'information'], p.part), u.sort)
        from document_parts p join units u on u.id = p.unit_id where p.document_id = documents.id) as "receiversEn",
      (select extract(epoch from min(p.since))::float8 * 1000 from document_parts p where p.document_id = documents.id) as "passedAt",
      (select u.name from units u where u.id = documents.unit_id) as keeper, (select u.name_en from units u where u.id = documents.unit_id) as "keeperEn", count(*) over ()::int as total
    from register_entries e join documents on documents.id = e.document_id left join document_kinds k on k.code = documents.kind_code
    where e.book = ${book.book} and e.year = ${book.year} and ${visible}
    order by ${order} limit ${book.limit} offset ${book.from ?? 0}`)
  return {
    total: Number(rows[0]?.total ?? 0),
    lines: rows.map((row) => ({
      ...(row as unknown as BookLine),
      takenAt: new Date(row.takenAt as number),
      passedAt: row.passedAt === null ? null : new Date(row.passedAt as number),
    })),
  }
}

/** The years that a book has, newest first. */
export async function bookYears(db: Database, book: Book): Promise<number[]> {
  const rows = await db.sql<
    { year: number }[]
  >`select distinct year from register_series where book = ${book} order by year desc`
  return rows.map((row) => row.year)
}
