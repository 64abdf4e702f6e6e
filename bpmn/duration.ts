const PATTERN = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** An ISO 8601 duration in its parts; `timeMs` is everything after the T. */
export interface Duration {
  months: number
  weeks: number
  days: number
  timeMs: number
}

/** Null where the text is no duration (ISO 8601, positive, fractions only of seconds). */
export function parseDuration(text: string): Duration | null {
  const match = PATTERN.exec(text.trim())
  if (!match || match.slice(1).every((part) => part === undefined)) return null
  const part = (index: number) => Number(match[index] ?? 0)
  const duration = {
    months: part(1) * 12 + part(2),
    weeks: part(3),
    days: part(4),
    timeMs: Math.round(part(5) * 3_600_000 + part(6) * 60_000 + part(7) * 1000),
  }
  const days = duration.months * 31 + duration.weeks * 7 + duration.days + duration.timeMs / 86_400_000
  return days <= MAX_DAYS ? duration : null
}

/** A century: further away is a slip of the pen, and beyond it the arithmetic of instants has no meaning for an office. */
const MAX_DAYS = 36_600
