import type { Words } from './words.ts'

const units: Record<string, 'D' | 'H' | 'M'> = {
  ngày: 'D',
  ngay: 'D',
  day: 'D',
  days: 'D',
  d: 'D',
  giờ: 'H',
  gio: 'H',
  hour: 'H',
  hours: 'H',
  h: 'H',
  phút: 'M',
  phut: 'M',
  minute: 'M',
  minutes: 'M',
}

/** "3 ngày" → `P3D`, "4 hours" → `PT4H`; anything else (ISO 8601, FEEL) as it was written. */
export function readSpan(text: string): string {
  const [, number, unit] = /^(\d{1,4})\s*(\p{L}+)$/u.exec(text.trim().toLowerCase()) ?? []
  const sign = unit === undefined ? undefined : units[unit.normalize('NFC')]
  if (number === undefined || sign === undefined) return text.trim()
  return sign === 'D' ? `P${number}D` : `PT${number}${sign}`
}

/** `P3D` → "3 ngày"; what is more than a number and a unit as it is written. */
export function writeSpan(duration: string, words: Words): string {
  const [, days, hours, minutes] = /^P(?:(\d+)D|T(?:(\d+)H|(\d+)M))$/.exec(duration) ?? []
  if (days !== undefined) return words('span.days', { count: days })
  if (hours !== undefined) return words('span.hours', { count: hours })
  if (minutes !== undefined) return words('span.minutes', { count: minutes })
  return duration
}
