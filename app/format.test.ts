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

  // 22 November 2026 is a Sunday.
  it.each([
    [now - 4 * day, 'quá hạn 2 ngày làm việc', '2 working days overdue'],
    [now - 3 * day, 'quá hạn 1 ngày làm việc', '1 working day overdue'],
    [now - 2 * day, 'vừa quá hạn', 'just overdue'],
    [now - hour, 'quá hạn 1 giờ', '1 hour overdue'],
    [now + 25 * 60_000, 'hôm nay 15:55', 'today 15:55'],
    [now + day, 'ngày mai 15:30', 'tomorrow 15:30'],
    [now + 5 * day, 'thứ Sáu 15:30', 'Friday 15:30'],
    [now + 8 * day, '30/11', '30/11'],
    [now + 60 * day, '21/01/2027', '21/01/2027'],
  ])('a deadline at %i is said in the time that people work by', (at, vietnamese, english) => {
    expect(vi.due(at, now)).toBe(vietnamese)
    expect(en.due(at, now)).toBe(english)
  })

  it('counts no holiday as a day overdue, and a day worked in exchange as one', () => {
    expect(vi.due(now - 3 * day, now, { off: ['2026-11-20'], worked: [] })).toBe('vừa quá hạn')
    expect(vi.due(now - 2 * day, now, { off: [], worked: ['2026-11-21'] })).toBe('quá hạn 1 ngày làm việc')
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
