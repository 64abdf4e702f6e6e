import { describe, expect, it } from 'vitest'
import { readSpan, writeSpan } from './span.ts'

const units: Record<string, string> = { 'span.days': 'ngày', 'span.hours': 'giờ', 'span.minutes': 'phút' }
const words = (key: string, values: Record<string, string> = {}) => `${values.count} ${units[key]}`

describe('a span of time in words', () => {
  it.each([
    ['3 ngày', 'P3D'],
    ['4 giờ', 'PT4H'],
    ['30 phút', 'PT30M'],
    ['2 days', 'P2D'],
    [' 8H ', 'PT8H'],
    ['P1DT4H', 'P1DT4H'],
    ['=deadline', '=deadline'],
    ['mấy ngày', 'mấy ngày'],
    ['', ''],
  ])('%s is %s', (text, duration) => expect(readSpan(text)).toBe(duration))

  it.each(['P3D', 'PT4H', 'PT30M', 'P1DT4H', '=x', ''])('%s comes back from its words', (duration) => {
    expect(readSpan(writeSpan(duration, words))).toBe(duration)
  })
})
