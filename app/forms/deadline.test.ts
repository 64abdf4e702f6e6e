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
    ['thứ 6', at('2026-11-27')],
    ['chủ nhật', at('2026-11-29')],
    ['next Friday', at('2026-12-04')],
    ['hai tuần', at('2026-12-08')],
    ['3 ngày nữa', at('2026-11-27')],
    ['trong 3 ngày', at('2026-11-27')],
    ['within 3 working days', at('2026-11-27')],
    ['1 tháng', at('2026-12-23')],
    ['cuối tuần', at('2026-11-27')],
    ['end of the week', at('2026-11-27')],
    ['tuần sau', at('2026-12-04')],
    ['đầu tuần sau', at('2026-11-30')],
    ['cuối tháng', at('2026-11-30')],
    ['cuối năm', at('2026-12-31')],
    ['ngày kia', at('2026-11-25')],
    ['chiều nay', at('2026-11-23')],
    ['sáng mai', Date.parse('2026-11-24T12:00:00+07:00')],
    ['tomorrow morning', Date.parse('2026-11-24T12:00:00+07:00')],
    ['trước 17h mai', at('2026-11-24')],
    ['trước 16h30 ngày mai', Date.parse('2026-11-24T16:30:00+07:00')],
    ['9 giờ sáng thứ Hai', Date.parse('2026-11-30T09:00:00+07:00')],
    ['3 giờ chiều mai', Date.parse('2026-11-24T15:00:00+07:00')],
    ['16:30 30/11', Date.parse('2026-11-30T16:30:00+07:00')],
    ['14h', Date.parse('2026-11-23T14:00:00+07:00')],
    ['Friday 3pm', Date.parse('2026-11-27T15:00:00+07:00')],
    ['by Friday', at('2026-11-27')],
  ])('reads "%s"', (words, expected) => {
    expect(new Date(parseDeadline(words, now, calendar) ?? 0).toISOString()).toBe(new Date(expected).toISOString())
  })

  it('takes the end of the coming week once this week’s work is over', () => {
    const sunday = Date.parse('2026-11-22T10:00:00+07:00')

    expect(parseDeadline('cuối tuần', sunday, calendar)).toBe(at('2026-11-27'))
  })

  it.each([
    '',
    'sớm',
    '31/02/2027',
    '22/11/2026',
    '2020-01-01',
    '9999 ngày',
    'ngày',
    '6',
    '0 ngày',
    '9h',
    '25h mai',
    'abc',
    'mai mốt',
    '31/11 17h',
  ])('refuses "%s"', (words) => {
    expect(parseDeadline(words, now, calendar)).toBeNull()
  })
})
