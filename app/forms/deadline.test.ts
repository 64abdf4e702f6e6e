import { describe, expect, it } from 'vitest'
import type { WorkingCalendar } from '#bpmn/working-time.ts'
import { parseDeadline } from './deadline.ts'

const calendar: WorkingCalendar = {
  timeZone: 'Asia/Ho_Chi_Minh',
  hours: [
    [480, 720],
    [780, 1020],
  ],
  workingWeekdays: [1, 2, 3, 4, 5],
  off: new Set(['2026-11-25']),
  worked: new Set(),
}
// Monday 23 November 2026, 10:00 in Hà Nội
const now = Date.parse('2026-11-23T10:00:00+07:00')
const at = (day: string) => Date.parse(`${day}T17:00:00+07:00`)

describe('deadlines in words', () => {
  it.each([
    ['2026-11-30', at('2026-11-30')],
    ['30/11', at('2026-11-30')],
    ['30/11/2026', at('2026-11-30')],
    ['05/01', at('2027-01-05')],
    ['1 ngày', at('2026-11-24')],
    ['3 ngày', at('2026-11-27')],
    ['3 ngày làm việc', at('2026-11-27')],
    ['2 tuần', at('2026-12-08')],
    ['3 days', at('2026-11-27')],
    ['4 giờ', Date.parse('2026-11-23T15:00:00+07:00')],
    ['thứ Sáu', at('2026-11-27')],
    ['thứ Hai', at('2026-11-30')],
    ['thứ sáu tuần sau', at('2026-12-04')],
    ['hôm nay', at('2026-11-23')],
    ['ngày mai', at('2026-11-24')],
    ['Friday', at('2026-11-27')],
  ])('reads "%s"', (words, expected) => {
    expect(new Date(parseDeadline(words, now, calendar) ?? 0).toISOString()).toBe(new Date(expected).toISOString())
  })

  it.each(['', 'sớm', '31/02/2027', '22/11/2026', '2020-01-01', '9999 ngày', 'ngày'])('refuses "%s"', (words) => {
    expect(parseDeadline(words, now, calendar)).toBeNull()
  })
})
