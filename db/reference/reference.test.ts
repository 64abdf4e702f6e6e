import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { knownHolidays, loadReference } from '#db/reference.ts'
import { openEmptyDatabase } from '#test/fixtures/open-database.ts'
import { holidaysOfYear } from './holidays.ts'

let db: Database
beforeAll(async () => {
  ;({ db } = await openEmptyDatabase({ max: 2 }))
})
afterAll(() => db.close())

const countsOf = async () => {
  const [row] = await db.sql<Record<string, number>[]>`select (select count(*)::int from units) as units,
    (select count(*)::int from document_kinds where not is_copy) as kinds,
    (select count(*)::int from document_kinds where is_copy) as copies, (select count(*)::int from agencies) as agencies,
    (select count(*)::int from holidays) as holidays`
  return row
}

describe('loadReference', () => {
  it('loads 31 units, 29 kinds, 3 forms of copy and 26 agencies, and twice the same', async () => {
    await loadReference(db)
    const first = await countsOf()
    await loadReference(db)
    expect(await countsOf()).toEqual(first)
    expect(first).toMatchObject({ units: 31, kinds: 29, copies: 3, agencies: 26, holidays: knownHolidays().length })
  })

  it('brings a changed row back to what the files say and keeps its id', async () => {
    const [before] = await db.sql<{ id: string }[]>`select id from units where code = 'TMDT'`
    await db.sql`update units set name = 'Đổi tên' where code = 'TMDT'`
    await loadReference(db)
    const [after] = await db.sql<
      { id: string; name: string; notation: string }[]
    >`select id, name, notation from units where code = 'TMDT'`
    expect(after).toEqual({ id: before!.id, name: 'Cục Thương mại điện tử và Kinh tế số', notation: 'BCT-TMĐT' })
  })

  it('gives an official letter a kind without an abbreviation', async () => {
    const rows = await db.sql<
      { code: string }[]
    >`select code from document_kinds where abbreviation is null order by ordinal`
    expect(rows.map((row) => row.code)).toEqual(['CV', 'TCg'])
  })
})

describe('holidays', () => {
  const daysOf = (year: number, newYear: string, hungKings: string) =>
    holidaysOfYear({ year, newYear, hungKings }).map((holiday) => holiday.day)

  it('makes up for days that fall on a weekend: Tết and the end of April 2023', () => {
    expect(daysOf(2023, '2023-01-22', '2023-04-29')).toEqual([
      ...['2023-01-01', '2023-01-02'],
      ...['2023-01-20', '2023-01-21', '2023-01-22', '2023-01-23', '2023-01-24', '2023-01-25', '2023-01-26'],
      ...['2023-04-29', '2023-04-30', '2023-05-01', '2023-05-02', '2023-05-03'],
      ...['2023-09-01', '2023-09-02', '2023-09-04'],
    ])
  })

  it('gives the National Day one day until 2020 and two from 2021', () => {
    const september = (year: number, newYear: string, kings: string) =>
      daysOf(year, newYear, kings).filter((day) => day.includes('-09-'))
    expect(september(2020, '2020-01-25', '2020-04-02')).toEqual(['2020-09-02'])
    expect(september(2021, '2021-02-12', '2021-04-21')).toEqual(['2021-09-02', '2021-09-03'])
    expect(september(2024, '2024-02-10', '2024-04-18')).toEqual(['2024-09-02', '2024-09-03'])
    expect(september(2025, '2025-01-29', '2025-04-07')).toEqual(['2025-09-01', '2025-09-02'])
  })

  it('holds the Saturday that was worked in exchange in 2025', () => {
    expect(knownHolidays().find((holiday) => holiday.day === '2025-04-26')?.kind).toBe('worked')
  })
})
