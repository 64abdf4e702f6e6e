import { describe, expect, it } from 'vitest'
import { journeyTarget, localInput } from './journey.ts'

/** In Việt Nam. */
const vn = (text: string) => Date.parse(`${text}+07:00`)
const now = vn('2026-11-22T15:30:00')

describe('where the clock is to go', () => {
  it.each([
    ['2026-11-22T15:30:00', '2026-11-23T08:00:00'],
    ['2026-11-22T00:00:00', '2026-11-23T08:00:00'],
    ['2026-11-22T23:59:59', '2026-11-23T08:00:00'],
    ['2026-12-31T06:00:00', '2027-01-01T08:00:00'],
  ])('from %s tomorrow is %s', (from, to) => {
    expect(journeyTarget('tomorrow', null, vn(from))).toBe(vn(to))
  })

  it('goes an hour, a week, or to a day and time of Việt Nam', () => {
    expect(journeyTarget('hour', null, now)).toBe(vn('2026-11-22T16:30:00'))
    expect(journeyTarget('week', null, now)).toBe(vn('2026-11-29T15:30:00'))
    expect(journeyTarget('at', '2026-12-01T08:00', now)).toBe(vn('2026-12-01T08:00:00'))
    expect(localInput(now)).toBe('2026-11-22T15:30')
  })

  it.each([
    ['at', '2026-11-22T15:30', 'goes forward'],
    ['at', '2025-01-01T00:00', 'goes forward'],
    ['at', '2028-01-01T00:00', 'one year'],
    ['at', '2026-13-45T00:00', 'no date'],
    ['at', '', 'no date'],
    ['at', null, 'no date'],
    ['yesterday', '2026-12-01T08:00', 'no date'],
    [null, null, 'no date'],
  ])('refuses %s %s', (jump, at, words) => {
    expect(() => journeyTarget(jump, at, now)).toThrow(words)
  })
})
