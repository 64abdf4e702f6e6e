import { parseDuration } from './duration.ts'
import { dayText, instantOf, offsetAt } from './time-zone.ts'

/** Working hours of a day of the week, minutes since midnight, ascending and not overlapping: [[480, 720], [780, 1020]]. */
export type DayHours = [from: number, to: number][]

/** Dated data: the table `holiday` and the office's hours. Days are `YYYY-MM-DD` in `timeZone`. */
export interface WorkingCalendar {
  timeZone: string
  hours: DayHours
  /** 0 = Sunday … 6 = Saturday */
  workingWeekdays: number[]
  off: ReadonlySet<string>
  /** Swapped days: a day off that is worked all the same. */
  worked: ReadonlySet<string>
}

/** Monday to Friday, 8–12 and 13–17 in Hà Nội, no holidays: where no office's calendar is known. */
export const ORDINARY_WEEK: WorkingCalendar = {
  timeZone: 'Asia/Ho_Chi_Minh',
  hours: [
    [480, 720],
    [780, 1020],
  ],
  workingWeekdays: [1, 2, 3, 4, 5],
  off: new Set(),
  worked: new Set(),
}

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** How far to look for a working moment: a calendar with nothing but days off has an answer too, which is none. */
const MAX_DAYS_OFF = 1000

const workingDays = new WeakMap<WorkingCalendar, Map<number, boolean>>()

/** `day` in days since 1970-01-01 of the calendar's zone. */
function isWorkingDay(calendar: WorkingCalendar, day: number): boolean {
  let known = workingDays.get(calendar)
  if (!known) workingDays.set(calendar, (known = new Map()))
  let worked = known.get(day)
  if (worked === undefined) {
    const text = dayText(day)
    const weekday = (((day + 4) % 7) + 7) % 7
    worked = calendar.worked.has(text) || (calendar.workingWeekdays.includes(weekday) && !calendar.off.has(text))
    known.set(day, worked)
  }
  return worked
}

interface Moment {
  day: number
  /** ms since midnight */
  time: number
}

function momentOf(calendar: WorkingCalendar, instant: number): Moment {
  const local = instant + offsetAt(calendar.timeZone, instant)
  const day = Math.floor(local / DAY_MS)
  return { day, time: local - day * DAY_MS }
}

function nextWorkingDay(calendar: WorkingCalendar, day: number): number | null {
  for (let next = day + 1; next <= day + MAX_DAYS_OFF; next++) if (isWorkingDay(calendar, next)) return next
  return null
}

/** The moment itself in working hours (their ends included), else the next opening. */
function atWork(calendar: WorkingCalendar, moment: Moment): Moment | null {
  if (isWorkingDay(calendar, moment.day)) {
    for (const [from, to] of calendar.hours) {
      if (moment.time <= to * MINUTE_MS) return { day: moment.day, time: Math.max(moment.time, from * MINUTE_MS) }
    }
  }
  const day = nextWorkingDay(calendar, moment.day)
  const opening = calendar.hours[0]
  return day === null || !opening ? null : { day, time: opening[0] * MINUTE_MS }
}

/** Working ms of a working day up to that time. */
function workedUntil(calendar: WorkingCalendar, time: number): number {
  let worked = 0
  for (const [from, to] of calendar.hours) worked += Math.max(0, Math.min(time, to * MINUTE_MS) - from * MINUTE_MS)
  return worked
}

/** The earliest moment with that much work of the day done (0 < work <= the day's length). */
function timeAfter(calendar: WorkingCalendar, work: number): number {
  let left = work
  for (const [from, to] of calendar.hours) {
    const length = (to - from) * MINUTE_MS
    if (left <= length) return from * MINUTE_MS + left
    left -= length
  }
  return DAY_MS
}

function addWork(calendar: WorkingCalendar, start: Moment, workMs: number): Moment | null {
  if (workMs <= 0) return start
  const length = workedUntil(calendar, DAY_MS)
  if (length <= 0) return null
  let day = start.day
  let left = workMs + workedUntil(calendar, start.time)
  while (left > length) {
    const next = nextWorkingDay(calendar, day)
    if (next === null) return null
    day = next
    left -= length
  }
  return { day, time: timeAfter(calendar, left) }
}

function toInstant(calendar: WorkingCalendar, moment: Moment): number {
  return instantOf(calendar.timeZone, moment.day * DAY_MS + moment.time)
}

/**
 * `from` (epoch ms) and an ISO duration in working time → epoch ms. A day is a working day and keeps the time of day
 * (Friday 09:00 + P1D = Monday 09:00), a week is as many days as the calendar works in one, hours are working hours. What
 * starts outside of working hours starts at the next opening. Null: not a duration, months (they are no working time), or a
 * calendar that never works.
 */
export function addWorkingTime(calendar: WorkingCalendar, from: number, duration: string): number | null {
  const parts = parseDuration(duration)
  if (!parts || parts.months > 0) return null
  const start = atWork(calendar, momentOf(calendar, from))
  if (!start) return null
  let day = start.day
  for (let left = parts.days + parts.weeks * calendar.workingWeekdays.length; left > 0; left--) {
    const next = nextWorkingDay(calendar, day)
    if (next === null) return null
    day = next
  }
  const end = addWork(calendar, { day, time: start.time }, parts.timeMs)
  return end && toInstant(calendar, end)
}

/** Working ms from one instant to another, negative when `to` is before `from`. */
export function workingTimeBetween(calendar: WorkingCalendar, from: number, to: number): number {
  if (to < from) return -workingTimeBetween(calendar, to, from)
  const start = momentOf(calendar, from)
  const end = momentOf(calendar, to)
  const length = workedUntil(calendar, DAY_MS)
  let worked = 0
  for (let day = start.day; day <= end.day; day++) {
    if (!isWorkingDay(calendar, day)) continue
    worked += day === end.day ? workedUntil(calendar, end.time) : length
    if (day === start.day) worked -= workedUntil(calendar, start.time)
  }
  return worked
}

/**
 * The instant at which that share (0..1) of the working time from one instant to another has gone by. Where there is no
 * working time between them, the share of plain time.
 */
export function shareOfWorkingTime(calendar: WorkingCalendar, from: number, to: number, share: number): number {
  const total = workingTimeBetween(calendar, from, to)
  if (total <= 0) return from + Math.round((to - from) * share)
  const start = atWork(calendar, momentOf(calendar, from))
  const end = start && addWork(calendar, start, Math.round(total * share))
  return end ? toInstant(calendar, end) : to
}
