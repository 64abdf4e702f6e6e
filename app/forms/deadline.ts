import { addWorkingTime, type WorkingCalendar } from '#bpmn/working-time.ts'
import { foldForSearch } from '#db/search-text.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Viet Nam keeps UTC+7 all year. */
const OFFSET_MS = 7 * HOUR_MS
const END_OF_OFFICE_MS = 17 * HOUR_MS
const NOON_MS = 12 * HOUR_MS

/** Days since Sunday, by their folded names. */
const weekdays: Record<string, number> = Object.fromEntries(
  [
    ['chu nhat', 'cn', 'sunday', 'sun'],
    ['hai', '2', 't2', 'monday', 'mon'],
    ['ba', '3', 't3', 'tuesday', 'tue'],
    ['tu', '4', 't4', 'wednesday', 'wed'],
    ['nam', '5', 't5', 'thursday', 'thu'],
    ['sau', '6', 't6', 'friday', 'fri'],
    ['bay', '7', 't7', 'saturday', 'sat'],
  ].flatMap((names, day) => names.map((name) => [name, day])),
)

const numbers: Record<string, number> = Object.fromEntries(
  [
    ['mot', 'one', 'a', 'an'],
    ['hai', 'two'],
    ['ba', 'three'],
    ['bon', 'four'],
    ['nam', 'five'],
    ['sau', 'six'],
    ['bay', 'seven'],
    ['tam', 'eight'],
    ['chin', 'nine'],
    ['muoi', 'ten'],
  ].flatMap((names, index) => names.map((name) => [name, index + 1])),
)

const midnight = (instant: number) => Math.floor((instant + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS
const dateOf = (instant: number) => new Date(instant + OFFSET_MS)

/**
 * Reads a deadline as people write one: a day (`2026-11-30`, `30/11`, `30/11/2026`, "thứ Sáu", "thứ Sáu tuần sau", "ngày
 * mai", "cuối tuần", "cuối tháng"), a span ("3 ngày" and "4 giờ" of working time, "2 tuần", "1 tháng"), each day with a
 * time if wanted ("trước 17h mai", "sáng thứ Hai", "16:30 30/11"), and the same in English. A day ends when the office
 * closes, at 17:00, a morning at noon.
 * @returns epoch ms after `now`, or null when it cannot be read or has passed
 */
export function parseDeadline(words: string, now: number, calendar: WorkingCalendar): number | null {
  const { rest, time } = takeTime(words.trim())
  if (rest === '' && time === undefined) return null
  const found = time === undefined ? (span(rest, now, calendar) ?? onDay(rest, END_OF_OFFICE_MS)) : onDay(rest, time)
  return found !== null && found > now ? found : null

  function onDay(text: string, at: number): number | null {
    const start = day(text, now, calendar)
    return start === null ? null : start + at
  }
}

const lead =
  /^(?:truoc|den|cham nhat|muon nhat|han|vao|luc|trong vong|trong|by|before|until|within|no later than|in|on|at|the) /

/** Takes the time of day out of the words: ms since midnight, undefined where none is said. */
function takeTime(words: string): { rest: string; time: number | undefined } {
  let time: number | undefined
  let text = ` ${foldForSearch(words.replace(/(\d)\s*:\s*(\d\d)/g, '$1h$2'))} `
  const set = (said: string, hours: number, minutes: number) => {
    if (hours > 23 || minutes > 59) return said
    time = hours * HOUR_MS + minutes * 60_000
    return ' '
  }
  text = text.replace(/ (\d{1,2}) ?(am|pm) /, (all, hours: string, half: string) =>
    set(all, (Number(hours) % 12) + (half === 'pm' ? 12 : 0), 0),
  )
  text = text.replace(/ (\d{1,2}) ?[hg](\d\d)? ?(am|pm)? /, (all, hours: string, minutes = '0', half = '') =>
    set(all, half === 'pm' ? (Number(hours) % 12) + 12 : Number(hours), Number(minutes)),
  )
  // "9 giờ sáng mai" is a time, "9 giờ" a span.
  text = text.replace(/ (\d{1,2}) gio (?=sang|trua|chieu|ngay|mai|nay|hom|thu)/, (all, hours: string) =>
    set(all, Number(hours), 0),
  )
  text = text.replace(/ (?:buoi )?(sang|trua|chieu|morning|noon|afternoon) /, (_all, part: string) => {
    const late = /chieu|afternoon/.test(part)
    if (time === undefined) time = late ? END_OF_OFFICE_MS : NOON_MS
    else if (late && time < NOON_MS) time += NOON_MS
    return ' '
  })
  text = text.replace(/\s+/g, ' ').trimStart()
  while (lead.test(text)) text = text.replace(lead, '')
  return { rest: text.trim(), time }
}

/** "3 ngày", "4 giờ", "hai tuần", "1 tháng nữa". */
function span(text: string, now: number, calendar: WorkingCalendar): number | null {
  if (/^(nua ngay|half a day)$/.test(text)) return addWorkingTime(calendar, now, 'PT4H')
  const counted =
    /^(\d{1,3}|[a-z]+) (?:working )?(ngay|gio|tuan|thang|days?|hours?|weeks?|months?)(?: lam viec)?(?: nua)?$/.exec(
      text,
    )
  if (!counted) return null
  const [, amount = '', unit = ''] = counted
  const count = numbers[amount] ?? Number(amount)
  if (!(count > 0)) return null
  if (/^(gio|hour)/.test(unit)) return addWorkingTime(calendar, now, `PT${count}H`)
  if (/^(thang|month)/.test(unit)) {
    const date = dateOf(now)
    // The 31st of a shorter month is its last day.
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count + 1, 0))
    return startOf(last.getUTCFullYear(), last.getUTCMonth() + 1, Math.min(date.getUTCDate(), last.getUTCDate()), 17)
  }
  const days = /^(tuan|week)/.test(unit) ? count * calendar.workingWeekdays.length : count
  const instant = addWorkingTime(calendar, now, `P${days}D`)
  return instant === null ? null : midnight(instant) + END_OF_OFFICE_MS
}

/** The day's midnight. */
function day(text: string, now: number, calendar: WorkingCalendar): number | null {
  const today = midnight(now)
  const date = dateOf(now)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth() + 1
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (iso) return startOf(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const dated = /^(?:ngay )?(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?$/.exec(text)
  if (dated) {
    const start = startOf(dated[3] ? Number(dated[3]) : year, Number(dated[2]), Number(dated[1]))
    // Without its year it is the next such day.
    return start !== null && !dated[3] && start + END_OF_OFFICE_MS <= now
      ? startOf(year + 1, Number(dated[2]), Number(dated[1]))
      : start
  }
  if (/^(|(trong )?(ngay )?(hom )?nay|today|this|end of (the )?day)$/.test(text)) return today
  if (/^(ngay )?mai$|^tomorrow$/.test(text)) return today + DAY_MS
  if (/^(ngay )?(kia|mot)$|^day after tomorrow$/.test(text)) return today + 2 * DAY_MS
  const weekday = date.getUTCDay()
  /** Of this week, month …; of the next one when its last working day is over. */
  const comingEnd = (lastDay: (later: number) => number) => {
    const start = lastWorked(lastDay(0), calendar)
    return start + END_OF_OFFICE_MS > now ? start : lastWorked(lastDay(1), calendar)
  }
  /** Of this week, which begins on Monday. */
  const monday = today - ((weekday + 6) % 7) * DAY_MS
  if (/^cuoi tuan( nay)?$|^(the )?end of (the |this )?week$|^this week$|^(trong )?tuan nay$/.test(text))
    return comingEnd((weeks) => monday + (6 + 7 * weeks) * DAY_MS)
  if (/^(cuoi )?tuan (sau|toi)$|^((the )?end of )?next week$/.test(text))
    return lastWorked(monday + 13 * DAY_MS, calendar)
  if (/^dau tuan (sau|toi)$/.test(text)) return monday + 7 * DAY_MS
  if (/^cuoi thang( nay)?$|^(the )?end of (the |this )?month$/.test(text))
    return comingEnd((months) => Date.UTC(year, month + months, 0) - OFFSET_MS)
  if (/^cuoi thang (sau|toi)$|^(the )?end of next month$/.test(text))
    return lastWorked(Date.UTC(year, month + 1, 0) - OFFSET_MS, calendar)
  if (/^cuoi nam( nay)?$|^(the )?end of (the |this )?year$/.test(text))
    return lastWorked(Date.UTC(year, 12, 0) - OFFSET_MS, calendar)
  const next = /^(?:next (.+)|(.+) (?:tuan (?:sau|toi)|next week))$/.exec(text)
  const name = (next?.[1] ?? next?.[2] ?? text).replace(/^thu (?=.)/, '')
  // A figure alone is no day of the week: "thứ 6" is.
  if (/^\d$/.test(name) && name === text) return null
  const named = weekdays[name]
  if (named === undefined) return null
  if (next) return monday + (7 + ((named + 6) % 7)) * DAY_MS
  return today + ((named - weekday + 7) % 7 || 7) * DAY_MS
}

/** The last day up to this one (midnights) that the office works. */
function lastWorked(from: number, { off, worked, workingWeekdays }: WorkingCalendar): number {
  for (let start = from; start > from - 14 * DAY_MS; start -= DAY_MS) {
    const date = dateOf(start)
    const name = date.toISOString().slice(0, 10)
    if (worked.has(name) || (workingWeekdays.includes(date.getUTCDay()) && !off.has(name))) return start
  }
  return from
}

function startOf(year: number, month: number, date: number, hour = 0): number | null {
  const utc = Date.UTC(year, month - 1, date)
  const made = new Date(utc)
  // 31/02 would roll over into March.
  if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== date || year < 2000 || year > 2100) return null
  return utc - OFFSET_MS + hour * HOUR_MS
}
