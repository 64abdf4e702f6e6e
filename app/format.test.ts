import { describe, expect, it } from 'vitest'
import { formatsOf } from './format.ts'

const vi = formatsOf('vi')
const en = formatsOf('en')
// 22/11/2026 15:30 in Hà Nội.
const now = Date.UTC(2026, 10, 22, 8, 30)
const hour = 3_600_000
const day = 24 * hour

describe('dates and times', () => {
  it('are written day first, in the time of Hà Nội', () => {
    expect(vi.dateTime(now)).toBe('22/11/2026 15:30')
    expect(vi.date(new Date(Date.UTC(2026, 10, 22, 18, 0)))).toBe('23/11/2026')
    expect(vi.date('2026-11-22')).toBe('22/11/2026')
  })

  it.each([
    [now, 'hôm nay 15:30', 'today 15:30'],
    [now - 16 * hour, 'hôm qua 23:30', 'yesterday 23:30'],
    [now + 9 * hour, 'ngày mai 00:30', 'tomorrow 00:30'],
    [now - 4 * day, '18/11 15:30', '18/11 15:30'],
    [now - 400 * day, '18/10/2025', '18/10/2025'],
  ])('%i is said as people say it', (at, vietnamese, english) => {
    expect(vi.relative(at, now)).toBe(vietnamese)
    expect(en.relative(at, now)).toBe(english)
  })

  it.each([
    [now - 2 * day - hour, 'quá hạn 2 ngày', '2 days overdue'],
    [now - hour, 'quá hạn 1 giờ', '1 hour overdue'],
    [now + 25 * 60_000, 'còn 25 phút', '25 minutes left'],
    [now + day, 'còn 1 ngày', '1 day left'],
  ])('a deadline at %i tells what is left', (at, vietnamese, english) => {
    expect(vi.due(at, now)).toBe(vietnamese)
    expect(en.due(at, now)).toBe(english)
  })
})

describe('numbers and order', () => {
  it('group in the language’s way', () => {
    expect(vi.number(1_617_249)).toBe('1.617.249')
    expect(en.number(1_617_249)).toBe('1,617,249')
    expect(vi.size(1_400_000)).toBe('1,4 MB')
  })

  it('sorts as Vietnamese does', () => {
    expect(['Đức', 'Dung', 'Ân', 'An', 'Ánh'].sort(vi.compare)).toEqual(['An', 'Ánh', 'Ân', 'Dung', 'Đức'])
  })
})
