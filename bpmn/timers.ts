import type { AdvanceContext } from './case.ts'
import { parseDuration } from './duration.ts'
import { offsetAt, instantOf, parseInstant } from './time-zone.ts'
import { addWorkingTime } from './working-time.ts'

/** When a timer first comes due, and how it goes on. `left` counts the occurrences after the first, -1 without end. */
export interface Due {
  dueAt: number
  cycle?: { left: number; every: string }
}

/** `from` + ISO duration → epoch ms; calendar months in the calendar's zone. Null when it is no duration. */
export function addDuration(
  context: AdvanceContext,
  from: number,
  duration: string,
  workingTime: boolean,
): number | null {
  if (workingTime) return addWorkingTime(context.calendar, from, duration)
  const parts = parseDuration(duration)
  if (!parts) return null
  const rest = (parts.weeks * 7 + parts.days) * 86_400_000 + parts.timeMs
  if (parts.months === 0) return from + rest
  const zone = context.calendar.timeZone
  const local = new Date(from + offsetAt(zone, from))
  const day = local.getUTCDate()
  local.setUTCDate(1)
  local.setUTCMonth(local.getUTCMonth() + parts.months)
  const lastDay = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate()
  local.setUTCDate(Math.min(day, lastDay))
  return instantOf(zone, local.getTime()) + rest
}

/**
 * Reads what a timer says: an ISO date-time, a duration (both answer to `type` date and duration, as an expression may give
 * either), or a cycle `R3/PT10M`, `R/2026-01-05T08:00:00+07:00/P1W`. Null when it cannot be read.
 */
export function readTimer(
  context: AdvanceContext,
  text: string,
  workingTime: boolean,
  from: number = context.now,
): Due | null {
  if (text.startsWith('R')) return readCycle(context, text, workingTime, from)
  const dueAt = text.startsWith('P')
    ? addDuration(context, from, text, workingTime)
    : parseInstant(context.calendar.timeZone, text)
  return dueAt === null ? null : { dueAt }
}

function readCycle(context: AdvanceContext, text: string, workingTime: boolean, from: number): Due | null {
  const [repeat = '', ...rest] = text.split('/')
  const match = /^R(\d{1,6})?$/.exec(repeat)
  const every = rest[rest.length - 1]
  if (!match || every === undefined || rest.length > 2) return null
  const times = match[1] === undefined ? -1 : Number(match[1])
  if (times === 0) return null
  const start = rest.length === 2 ? parseInstant(context.calendar.timeZone, rest[0] ?? '') : null
  if (rest.length === 2 && start === null) return null
  const second = addDuration(context, start ?? from, every, workingTime)
  if (second === null || second <= (start ?? from)) return null
  return { dueAt: start ?? second, cycle: { left: times < 0 ? -1 : times - 1, every } }
}

/**
 * The due instant after `dueAt`, on the grid that began there (no drift). Of instants missed in an outage only the last is
 * kept, so that a cycle does not pile up.
 */
export function nextDue(context: AdvanceContext, dueAt: number, every: string, workingTime: boolean): number | null {
  let next = addDuration(context, dueAt, every, workingTime)
  for (let guard = 0; next !== null && next < context.now && guard < MAX_CATCH_UP; guard++) {
    const after: number | null = addDuration(context, next, every, workingTime)
    if (after === null || after > context.now) break
    next = after
  }
  return next
}

const MAX_CATCH_UP = 100_000
