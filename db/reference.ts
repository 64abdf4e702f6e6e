import type { Database } from './database.ts'
import { readCsv } from './reference/csv.ts'
import { holidaysOfYear, type Holiday } from './reference/holidays.ts'

const rowsOf = (name: string) => readCsv(new URL(`./reference/${name}.csv`, import.meta.url))
const orNull = (cell: string | undefined) => (cell ? cell : null)

/** Days off 2016–2031: by rule, and as the Government announced them, which wins. */
export function knownHolidays(): Holiday[] {
  const days = new Map<string, Holiday>()
  for (const row of rowsOf('lunar-days')) {
    const year = { year: Number(row.year), newYear: row.lunar_new_year ?? '', hungKings: row.hung_kings ?? '' }
    for (const holiday of holidaysOfYear(year)) days.set(holiday.day, holiday)
  }
  for (const { day = '', kind, name = '', name_en = '' } of rowsOf('announced-days')) {
    days.set(day, { day, kind: kind === 'worked' ? 'worked' : 'off', name, nameEn: name_en })
  }
  return [...days.values()]
}

/**
 * Loads what the ministry works with: its 31 units as they stood in 2018 (none has ended), the kinds of document and forms of
 * copy of NĐ 30/2020, the agencies on the exchange, the holidays. Run again, it brings the rows to what the files say.
 */
export async function loadReference(db: Database): Promise<void> {
  const units = rowsOf('units').map((row, index) => ({ ...row, notation: orNull(row.notation), sort: index + 1 }))
  const kinds = rowsOf('document-kinds').map((row) => ({
    ...row,
    ordinal: row.ordinal ? Number(row.ordinal) : null,
    abbreviation: orNull(row.abbreviation),
    is_copy: !row.ordinal,
  }))
  const holidays = knownHolidays().map(({ nameEn, ...row }) => ({ ...row, name_en: nameEn }))
  const json = (rows: unknown) => JSON.stringify(rows)
  await db.sql.begin(async (sql) => {
    await sql`insert into units (code, name, name_en, kind, notation, sort, valid_from)
      select code, name, name_en, kind, notation, sort, valid_from
      from jsonb_to_recordset(${json(units)}::text::jsonb)
        as r(code text, name text, name_en text, kind text, notation text, sort int, valid_from date)
      on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, kind = excluded.kind,
        notation = excluded.notation, sort = excluded.sort, valid_from = excluded.valid_from`
    await sql`insert into document_kinds (code, ordinal, name, name_en, abbreviation, is_copy)
      select code, ordinal, name, name_en, abbreviation, is_copy
      from jsonb_to_recordset(${json(kinds)}::text::jsonb)
        as r(code text, ordinal int, name text, name_en text, abbreviation text, is_copy boolean)
      on conflict (code) do update set ordinal = excluded.ordinal, name = excluded.name, name_en = excluded.name_en,
        abbreviation = excluded.abbreviation, is_copy = excluded.is_copy`
    await sql`insert into agencies (code, short_code, name, name_en, on_exchange)
      select code, short_code, name, name_en, true
      from jsonb_to_recordset(${json(rowsOf('agencies'))}::text::jsonb)
        as r(code text, short_code text, name text, name_en text)
      on conflict (code) do update set short_code = excluded.short_code, name = excluded.name, name_en = excluded.name_en,
        on_exchange = excluded.on_exchange`
    await sql`insert into holidays (day, kind, name, name_en)
      select day, kind, name, name_en
      from jsonb_to_recordset(${json(holidays)}::text::jsonb) as r(day date, kind text, name text, name_en text)
      on conflict (day) do update set kind = excluded.kind, name = excluded.name, name_en = excluded.name_en`
  })
}
