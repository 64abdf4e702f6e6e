import { describe, expect, it } from 'vitest'
import { roles } from '#db/roles.ts'
import { readCsv } from '#db/reference/csv.ts'
import { foldForSearch } from '#db/search-text.ts'
import { incomingLetters, internalNotices, outgoingLetters } from './letters.ts'
import { governmentOfficeLetter, publicServicesReply } from './public-services.ts'
import { notice55 } from './notice-55.ts'
import { demonstrationPosts, sortNameOf } from './people.ts'

const units = readCsv(new URL('../../db/reference/units.csv', import.meta.url)).map((row) => row.code)
const posts = demonstrationPosts()
/** People who have led the ministry, its units or its partners: nobody invented may be called so. */
const officials = [
  ...['Trần Tuấn Anh', 'Nguyễn Hồng Diên', 'Vũ Huy Hoàng', 'Hoàng Trung Hải', 'Trương Đình Tuyển', 'Lê Danh Vĩnh'],
  ...['Trần Quốc Khánh', 'Trần Hữu Linh', 'Đỗ Thắng Hải', 'Cao Quốc Hưng', 'Hoàng Quốc Vượng', 'Đặng Hoàng An'],
  ...[
    'Nguyễn Sinh Nhật Tân',
    'Phan Thị Thắng',
    'Trương Thanh Hoài',
    'Nguyễn Hoàng Long',
    'Lê Hoàng Tài',
    'Đặng Hoàng Oanh',
  ],
  ...['Nguyễn Minh Hồng', 'Mai Tiến Dũng', 'Trần Văn Sơn', 'Hồ Thị Kim Thoa', 'Lê Dương Quang', 'Trần Thanh Hải'],
].map(foldForSearch)

describe('the people of the demonstration', () => {
  it('are about eighty, in every unit, with real roles and memorable names', () => {
    const names = new Set(posts.map((post) => post.username))
    expect(names.size).toBeGreaterThanOrEqual(78)
    expect(new Set(posts.map((post) => post.unit))).toEqual(new Set(units))
    for (const post of posts) {
      expect(roles).toContain(post.role)
      expect(post.username).toMatch(/^[a-z0-9]+(\.[a-z0-9]+)?$/)
    }
    for (const username of [
      'botruong',
      'thutruong1',
      'thutruong2',
      'chanhvp',
      'vanthu',
      'vanthu2',
      'theodoi',
      'quantri',
    ])
      expect(names).toContain(username)
  })

  it('have a head and somebody to work in every unit but the leadership', () => {
    for (const unit of units.filter((code) => code !== 'LDB')) {
      const roleOf = posts.filter((post) => post.unit === unit).map((post) => post.role)
      expect(roleOf.some((role) => role === 'head' || role === 'chief-of-office')).toBe(true)
      expect(roleOf).toContain('specialist')
    }
  })

  it('have names of their own, one person two posts, and no name of an official', () => {
    const byName = new Map<string, Set<string>>()
    for (const { fullName, username } of posts) byName.set(fullName, (byName.get(fullName) ?? new Set()).add(username))
    for (const usernames of byName.values()) expect(usernames.size).toBe(1)
    expect(posts.length - byName.size).toBe(1)
    for (const fullName of byName.keys()) expect(officials).not.toContain(foldForSearch(fullName))
  })

  it('are sorted by the given name', () => expect(sortNameOf('Lạc Đình Khuê')).toBe('Khuê Lạc Đình'))
})

describe('the letters of the demonstration', () => {
  const written = JSON.stringify([
    incomingLetters(new Map(), 2026),
    outgoingLetters(),
    internalNotices(2026),
    governmentOfficeLetter(Date.UTC(2026, 1, 3)),
    publicServicesReply({ code: '1234/VPCP-KSTT', date: '2026-02-03' }),
    notice55(Date.UTC(2026, 2, 7)),
  ])

  it('name no official', () => {
    const folded = foldForSearch(written)
    for (const official of officials) expect(folded).not.toContain(official)
  })

  it('leave no placeholder open and name only units that there are', () => {
    expect(written).not.toMatch(/\{\w+\}|undefined/)
    for (const letter of incomingLetters(new Map(), 2026)) {
      for (const unit of [letter.lead, ...letter.coordinating, ...letter.informed]) expect(units).toContain(unit)
      expect(letter.coordinating).not.toContain(letter.lead)
    }
  })

  it('keep the distances between the days of Notice 55/TB-BCT', () => {
    const text = JSON.stringify(notice55(Date.parse('2017-03-07T09:00:00+07:00')))
    for (const day of ['ngày 22 tháng 02 năm 2017', 'ngày 31 tháng 3 năm 2017', 'ngày 15 tháng 4 năm 2017'])
      expect(text).toContain(day)
    for (const day of ['ngày 30 tháng 4 năm 2017', 'ngày 30 tháng 6 năm 2017', 'ngày 30 tháng 9 năm 2017'])
      expect(text).toContain(day)
  })
})
