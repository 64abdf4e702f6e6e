import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addWorkingTime, shareOfWorkingTime, workingTimeBetween, type WorkingCalendar } from './working-time.ts'

const calendar: WorkingCalendar = {
  timeZone: 'Asia/Ho_Chi_Minh',
  hours: [
    [480, 720],
    [780, 1020],
  ],
  workingWeekdays: [1, 2, 3, 4, 5],
  // National Day 2026: Tuesday and Wednesday off, Monday swapped for the Saturday before
  off: new Set(['2026-08-31', '2026-09-01', '2026-09-02']),
  worked: new Set(['2026-08-22']),
}

const at = (text: string) => Date.parse(`${text}:00+07:00`)
const text = (instant: number | null) =>
  instant === null ? null : new Date(instant + 7 * 3_600_000).toISOString().slice(0, 16)

describe('adding working time', () => {
  it.each([
    ['2026-11-20T09:00', 'P1D', '2026-11-23T09:00', 'a day keeps the time of day, over the weekend'],
    ['2026-11-20T15:00', 'PT4H', '2026-11-23T10:00', 'hours go on at the next opening'],
    ['2026-11-19T11:00', 'PT2H', '2026-11-19T14:00', 'noon is no working time'],
    ['2026-11-19T11:00', 'PT1H', '2026-11-19T12:00', 'an end of the morning is an end'],
    ['2026-11-19T12:30', 'PT1H', '2026-11-19T14:00', 'what comes at noon begins after it'],
    ['2026-11-19T08:00', 'PT8H', '2026-11-19T17:00', 'a whole day of hours ends with it'],
    ['2026-11-19T17:00', 'P1D', '2026-11-20T17:00', 'the end of a day goes to the end of the next'],
    ['2026-11-19T18:00', 'P1D', '2026-11-23T08:00', 'after hours counts from the next opening'],
    ['2026-11-21T10:00', 'PT0S', '2026-11-23T08:00', 'nothing added on a day off is the next opening'],
    ['2026-08-28T09:00', 'P1D', '2026-09-03T09:00', 'holidays are passed over'],
    ['2026-08-21T09:00', 'P1D', '2026-08-22T09:00', 'a swapped Saturday is worked'],
    ['2026-11-19T09:00', 'P1W', '2026-11-26T09:00', 'a week is five working days'],
    ['2026-11-19T09:00', 'P1DT4H', '2026-11-20T14:00', 'days first, then hours'],
  ])('%s + %s = %s: %s', (from, duration, expected) => {
    expect(text(addWorkingTime(calendar, at(from), duration))).toBe(expected)
  })

  it.each(['P1M', 'one day', '', 'P', 'PT', '-P1D', 'P99999999D'])('%j is no working time', (duration) => {
    expect(addWorkingTime(calendar, at('2026-11-19T09:00'), duration)).toBeNull()
  })

  it('has no answer where nobody ever works', () => {
    expect(addWorkingTime({ ...calendar, workingWeekdays: [], worked: new Set() }, 0, 'P1D')).toBeNull()
    expect(addWorkingTime({ ...calendar, hours: [] }, 0, 'PT1H')).toBeNull()
  })
})

/** Counts every minute by itself, with nothing of the code under test. */
function countMinutes(from: number, to: number): number {
  let minutes = 0
  for (let minute = from; minute < to; minute += 60_000) {
    const local = new Date(minute + 7 * 3_600_000)
    const day = local.toISOString().slice(0, 10)
    const works = calendar.worked.has(day) || (!calendar.off.has(day) && local.getUTCDay() % 6 !== 0)
    const time = local.getUTCHours() * 60 + local.getUTCMinutes()
    if (works && ((time >= 480 && time < 720) || (time >= 780 && time < 1020))) minutes++
  }
  return minutes
}

describe('working time, for any instants', () => {
  const start = at('2026-08-15T00:00')
  const minutes = fc.integer({ min: 0, max: 30 * 24 * 60 })
  const instant = minutes.map((count) => start + count * 60_000)

  it('between two instants is what counting the minutes gives', () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        expect(workingTimeBetween(calendar, from, to)).toBe(countMinutes(from, to) * 60_000)
        expect(workingTimeBetween(calendar, to, from) + workingTimeBetween(calendar, from, to)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('that is added lies between, exactly', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 3000 }), (from, add) => {
        const to = addWorkingTime(calendar, from, `PT${add}M`)
        if (to === null) throw new Error('no answer')
        expect(countMinutes(from, to)).toBe(add)
        expect(countMinutes(from, to - 60_000)).toBe(add - 1)
      }),
      { numRuns: 60 },
    )
  })

  it('never puts the later before the earlier', () => {
    const duration = fc.record({ days: fc.nat(5), minutes: fc.nat(600) })
    fc.assert(
      fc.property(instant, instant, duration, (a, b, { days, minutes: more }) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const iso = `P${days}DT${more}M`
        const early = addWorkingTime(calendar, from, iso) ?? NaN
        const late = addWorkingTime(calendar, to, iso) ?? NaN
        expect(early).toBeLessThanOrEqual(late)
        expect(early).toBeGreaterThanOrEqual(from)
      }),
    )
  })

  it('divides by its share', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 60, max: 3000 }), (from, add) => {
        const to = addWorkingTime(calendar, from, `PT${add}M`) ?? NaN
        const half = shareOfWorkingTime(calendar, from, to, 0.5)
        expect(workingTimeBetween(calendar, from, half)).toBe((add * 60_000) / 2)
      }),
    )
  })

  it('is the plain share where nobody works between', () => {
    const from = at('2026-11-21T08:00')
    const to = at('2026-11-22T08:00')
    expect(shareOfWorkingTime(calendar, from, to, 0.25)).toBe(from + 6 * 3_600_000)
  })
})
