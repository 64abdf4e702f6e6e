import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OfficeMember } from '#test/fixtures/small-office.ts'
import { openOfficeDatabase } from '#test/fixtures/open-database.ts'
import type { Database } from './database.ts'
import { findAssignees, nameAssignees } from './flow-directory.ts'

let db: Database
let office: Record<string, OfficeMember>

beforeAll(async () => {
  ;({ db, office } = await openOfficeDatabase())
})
afterAll(() => db.close())

const keysOf = async (search: string) => (await findAssignees(db, search, 'vi')).map(({ key }) => key)

describe('whom a step can be given to', () => {
  it('is found without accents: relations, roles, units, people', async () => {
    expect((await keysOf('lanh dao'))[0]).toBe('="unit:" + leadUnit + ":head"')
    expect(await keysOf('van thu bo')).toContain('role:ministry-clerk')
    expect(await keysOf('chuyen vien vu phap che')).toEqual(['unit:PC:specialist'])
    expect(await keysOf('nguoi pchead')).toEqual([`post:${office.pcHead!.viewer.postId}`])
  })

  it('is nobody without words, or with words that fit nobody', async () => {
    expect(await keysOf('  ')).toEqual([])
    expect(await keysOf('khong co ai ca')).toEqual([])
  })

  it('is named in the language of the reader, from whatever form an assignment has', async () => {
    const named = await nameAssignees(db, '=["unit:" + leadUnit + ":head"]', 'en')
    expect(named).toMatchObject([{ name: 'Head of the lead unit' }])
    const several = await nameAssignees(db, 'role:leader, unit:PC:head', 'vi')
    expect(several.map(({ name }) => name)).toEqual(['Lãnh đạo Bộ', 'Lãnh đạo Vụ Pháp chế'])
    expect(await nameAssignees(db, '=some + "thing"', 'vi')).toMatchObject([{ name: '=some + "thing"', gone: false }])
  })

  it('is said to be gone when the unit was dissolved or never was, and not offered any more', async () => {
    await db.sql`update units set valid_to = current_date - 1 where code = 'XNK'`
    expect(await nameAssignees(db, 'unit:XNK:head', 'vi')).toMatchObject([{ gone: true }])
    expect(await nameAssignees(db, 'unit:NEVER:head', 'vi')).toMatchObject([{ gone: true, name: 'unit:NEVER:head' }])
    expect(await keysOf('xuat nhap khau lanh dao')).toEqual([])
  })
})
