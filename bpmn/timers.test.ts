import { describe, expect, it } from 'vitest'
import { officeHours } from './drawn.ts'
import { nextDue, readTimer } from './timers.ts'
import { isoInZone, offsetAt, parseInstant } from './time-zone.ts'

const context = officeHours()
const iso = (instant: number | undefined) =>
  instant === undefined ? undefined : isoInZone('Asia/Ho_Chi_Minh', instant)

describe('a timer', () => {
  it.each([
    ['P3D', '2026-11-23T09:00:00+07:00'],
    ['PT8H', '2026-11-20T17:00:00+07:00'],
    ['P1M', '2026-12-20T09:00:00+07:00'],
    ['2026-12-01T10:00:00Z', '2026-12-01T17:00:00+07:00'],
    ['2026-12-01T10:00', '2026-12-01T10:00:00+07:00'],
    ['2026-12-01', '2026-12-01T00:00:00+07:00'],
  ])('%s comes due at %s', (text, expected) => {
    expect(iso(readTimer(context, text, false)?.dueAt)).toBe(expected)
  })

  it('adds a month to the last day of a short one', () => {
    const january = officeHours(Date.parse('2027-01-31T09:00:00+07:00'))
    expect(iso(readTimer(january, 'P1M', false)?.dueAt)).toBe('2027-02-28T09:00:00+07:00')
  })

  it('counts the occurrences of a cycle', () => {
    expect(readTimer(context, 'R3/PT10M', false)).toMatchObject({
      dueAt: context.now + 600_000,
      cycle: { left: 2, every: 'PT10M' },
    })
    expect(readTimer(context, 'R/PT10M', false)?.cycle?.left).toBe(-1)
    const dated = readTimer(context, 'R2/2026-12-01T08:00:00+07:00/P1W', false)
    expect(iso(dated?.dueAt)).toBe('2026-12-01T08:00:00+07:00')
    expect(iso(nextDue(context, dated?.dueAt ?? 0, 'P1W', false) ?? undefined)).toBe('2026-12-08T08:00:00+07:00')
  })

  it.each(['tomorrow', 'R/', 'R3/PT0S', 'R0/PT1H', 'P', '2026-13-01', '25:00', 'R3/2026/PT1H/PT1H'])(
    '%j cannot be read',
    (text) => {
      expect(readTimer(context, text, false)).toBeNull()
    },
  )
})

describe('zones', () => {
  it('other than ours go by their own clocks', () => {
    expect(offsetAt('Europe/Berlin', Date.parse('2026-07-01T00:00:00Z'))).toBe(2 * 3_600_000)
    expect(offsetAt('Europe/Berlin', Date.parse('2026-12-01T00:00:00Z'))).toBe(3_600_000)
    expect(parseInstant('Europe/Berlin', '2026-07-01T12:00')).toBe(Date.parse('2026-07-01T10:00:00Z'))
  })
})
