const DAY_MS = 86_400_000

/** Viet Nam: seven hours since 13 June 1975, no daylight saving; looked up so often that it does not go through Intl. */
const FIXED: Record<string, number> = { 'Asia/Ho_Chi_Minh': 7 * 3_600_000, UTC: 0 }

const formatters = new Map<string, Intl.DateTimeFormat>()

/** What the zone's clocks are ahead of UTC at that instant, in ms. RangeError for an unknown zone. */
export function offsetAt(timeZone: string, instant: number): number {
  const fixed = FIXED[timeZone]
  if (fixed !== undefined) return fixed
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(timeZone, formatter)
  }
  const parts: Record<string, number> = {}
  for (const part of formatter.formatToParts(instant)) parts[part.type] = Number(part.value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const local = Date.UTC(year, month - 1, day, hour, minute, second)
  return local - Math.floor(instant / 1000) * 1000
}

/** Wall-clock ms (as if UTC) → the instant; in the hour that clocks skip or repeat, the earlier offset counts. */
export function instantOf(timeZone: string, local: number): number {
  const first = local - offsetAt(timeZone, local)
  return local - offsetAt(timeZone, first)
}

/** Days since 1970-01-01 → `YYYY-MM-DD`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** The instant as the zone writes it, e.g. `2026-11-22T10:00:00+07:00`. */
export function isoInZone(timeZone: string, instant: number): string {
  const offset = offsetAt(timeZone, instant)
  const local = new Date(instant + offset).toISOString()
  const minutes = Math.abs(offset) / 60_000
  const two = (value: number) => String(value).padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`
  return `${local.slice(0, local.endsWith('.000Z') ? 19 : 23)}${zone}`
}

const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?(?:[@[].*)?)?$/

/** ISO date or date-time → instant. Without an offset it is meant in the zone; a day alone is its first moment. Null if unreadable. */
export function parseInstant(timeZone: string, text: string): number | null {
  const match = LOCAL.exec(text.trim())
  if (!match) return null
  const [, day, time = '00:00:00', zone] = match
  const utc = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${zone ?? 'Z'}`)
  if (Number.isNaN(utc)) return null
  return zone ? utc : instantOf(timeZone, utc)
}
