import type { Language } from './language.ts'

/** An instant: epoch ms, an ISO text, or a Date. */
export type Instant = number | string | Date

export const timeZone = 'Asia/Ho_Chi_Minh'
const hour = 3_600_000
const day = 24 * hour

interface Words {
  today: string
  yesterday: string
  tomorrow: string
  overdue: (duration: string) => string
  justOverdue: string
  weekdays: readonly string[]
  workingDays: (count: number) => string
  days: (count: number) => string
  hours: (count: number) => string
  minutes: (count: number) => string
}

const words: Record<Language, Words> = {
  vi: {
    today: 'hôm nay',
    yesterday: 'hôm qua',
    tomorrow: 'ngày mai',
    overdue: (duration) => `quá hạn ${duration}`,
    justOverdue: 'vừa quá hạn',
    weekdays: ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'],
    workingDays: (count) => `${count} ngày làm việc`,
    days: (count) => `${count} ngày`,
    hours: (count) => `${count} giờ`,
    minutes: (count) => `${count} phút`,
  },
  en: {
    today: 'today',
    yesterday: 'yesterday',
    tomorrow: 'tomorrow',
    overdue: (duration) => `${duration} overdue`,
    justOverdue: 'just overdue',
    weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
    workingDays: (count) => (count === 1 ? '1 working day' : `${count} working days`),
    days: (count) => (count === 1 ? '1 day' : `${count} days`),
    hours: (count) => (count === 1 ? '1 hour' : `${count} hours`),
    minutes: (count) => (count === 1 ? '1 minute' : `${count} minutes`),
  },
}

// The offset of Việt Nam has been +7 without summer time since 1975, which keeps these free of Intl on each row.
const offset = 7 * hour
const two = (value: number) => String(value).padStart(2, '0')
const dayNumber = (ms: number) => Math.floor((ms + offset) / day)

function toMs(instant: Instant): number {
  return typeof instant === 'number' ? instant : new Date(instant).getTime()
}

function parts(instant: Instant) {
  const local = new Date(toMs(instant) + offset)
  return {
    date: `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`,
    short: `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}`,
    year: local.getUTCFullYear(),
    time: `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`,
  }
}

/** Days off, and days off that are worked all the same, `YYYY-MM-DD`, as far as anybody counts back. */
export interface OfficeDays {
  off: readonly string[]
  worked: readonly string[]
}

/** Working days after the one day up to and with the other (day numbers). */
function workingDaysBetween(from: number, to: number, { off, worked }: OfficeDays): number {
  let count = 0
  for (let number = from + 1; number <= to; number++) {
    const date = new Date(number * day)
    const name = date.toISOString().slice(0, 10)
    const weekday = date.getUTCDay()
    if (worked.includes(name) || (weekday !== 0 && weekday !== 6 && !off.includes(name))) count++
  }
  return count
}

export interface Formats {
  language: Language
  /** `22/11/2026`. A calendar day (`2026-11-22`, no time) is taken as it stands. */
  date(value: Instant): string
  /** `15:30` */
  time(instant: Instant): string
  /** `22/11/2026 15:30` */
  dateTime(instant: Instant): string
  /** `hôm nay 15:30`, `ngày mai 09:00`, `22/11 15:30`, in another year `22/11/2026`. `now` in epoch ms. */
  relative(instant: Instant, now: number): string
  /** When something is due (`hôm nay 15:30`, `thứ Sáu 09:00`, `05/12`), or how long it has been: `quá hạn 2 ngày làm việc`. */
  due(instant: Instant, now: number, days?: OfficeDays): string
  /** `thứ Sáu` */
  weekday(instant: Instant): string
  /** `2 ngày`, `3 giờ`, `12 phút` of a span in ms. */
  duration(ms: number): string
  /** `1.617.249` (en: `1,617,249`). */
  number(value: number): string
  /** Bytes: `1,4 MB`. */
  size(bytes: number): string
  /** For sorting texts: Vietnamese order in both languages. */
  compare(a: string, b: string): number
}

const collator = new Intl.Collator('vi')

function make(language: Language): Formats {
  const say = words[language]
  const numbers = new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 })
  const duration = (ms: number) => {
    const span = Math.abs(ms)
    if (span >= day) return say.days(Math.floor(span / day))
    if (span >= hour) return say.hours(Math.floor(span / hour))
    return say.minutes(Math.floor(span / 60_000))
  }
  // 1 January 1970 was a Thursday.
  const weekday = (instant: Instant) => say.weekdays[(dayNumber(toMs(instant)) + 4) % 7] ?? ''
  return {
    language,
    weekday,
    date: (value) =>
      typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
        ? value.split('-').reverse().join('/')
        : parts(value).date,
    time: (instant) => parts(instant).time,
    dateTime: (instant) => `${parts(instant).date} ${parts(instant).time}`,
    relative: (instant, now) => {
      const { date, short, time, year } = parts(instant)
      const distance = dayNumber(toMs(instant)) - dayNumber(now)
      if (distance === 0) return `${say.today} ${time}`
      if (distance === -1) return `${say.yesterday} ${time}`
      if (distance === 1) return `${say.tomorrow} ${time}`
      return year === parts(now).year ? `${short} ${time}` : date
    },
    due: (instant, now, days = { off: [], worked: [] }) => {
      const left = toMs(instant) - now
      const { short, time, date, year } = parts(instant)
      const distance = dayNumber(toMs(instant)) - dayNumber(now)
      if (left < 0) {
        const late = workingDaysBetween(dayNumber(toMs(instant)), dayNumber(now), days)
        if (late > 0) return say.overdue(say.workingDays(late))
        return left > -day ? say.overdue(duration(left)) : say.justOverdue
      }
      if (distance === 0) return `${say.today} ${time}`
      if (distance === 1) return `${say.tomorrow} ${time}`
      if (distance < 7) return `${weekday(instant)} ${time}`
      return year === parts(now).year ? short : date
    },
    duration,
    number: (value) => numbers.format(value),
    size: (bytes) =>
      bytes >= 1_000_000
        ? `${numbers.format(bytes / 1_000_000)} MB`
        : bytes >= 1000
          ? `${numbers.format(bytes / 1000)} kB`
          : `${bytes} B`,
    compare: collator.compare,
  }
}

const made: Record<Language, Formats> = { vi: make('vi'), en: make('en') }

/** Dates, times, numbers and order as people here write them. The same on the server, in letters and in the browser. */
export const formatsOf = (language: Language): Formats => made[language]
