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
  left: (duration: string) => string
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
    left: (duration) => `còn ${duration}`,
    days: (count) => `${count} ngày`,
    hours: (count) => `${count} giờ`,
    minutes: (count) => `${count} phút`,
  },
  en: {
    today: 'today',
    yesterday: 'yesterday',
    tomorrow: 'tomorrow',
    overdue: (duration) => `${duration} overdue`,
    left: (duration) => `${duration} left`,
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
  /** `quá hạn 2 ngày`, `còn 3 giờ`: whole days or, under one, hours or minutes. */
  due(instant: Instant, now: number): string
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
  return {
    language,
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
    due: (instant, now) => {
      const left = toMs(instant) - now
      return left < 0 ? say.overdue(duration(left)) : say.left(duration(left))
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
