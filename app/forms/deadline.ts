import { addWorkingTime, type WorkingCalendar } from '#bpmn/working-time.ts'
import { foldForSearch } from '#db/search-text.ts'

const weekdays: Record<string, number> = {
  hai: 1,
  ba: 2,
  tu: 3,
  nam: 4,
  sau: 5,
  bay: 6,
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
}
const DAY_MS = 86_400_000
/** Viet Nam keeps UTC+7 all year. */
const OFFSET_MS = 7 * 3_600_000
const END_OF_OFFICE_MS = 17 * 3_600_000

const midnight = (instant: number) => Math.floor((instant + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS

/**
 * Reads a deadline as people write one: `2026-11-30`, `30/11`, `30/11/2026`, "3 ngày" (working days), "4 giờ" (working hours), "2 tuần",
 * "thứ Sáu", "hôm nay", "ngày mai", and the same in English. A day ends when the office closes, at 17:00.
 * @returns epoch ms after `now`, or null when it cannot be read or has passed
 */
export function parseDeadline(words: string, now: number, calendar: WorkingCalendar): number | null {
  const found = read(words, now, calendar)
  return found !== null && found > now ? found : null
}

function read(words: string, now: number, calendar: WorkingCalendar): number | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(words.trim())
  if (iso) return endOf(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const folded = foldForSearch(words)
  const dated = /^(?:ngay )?(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?$/.exec(folded)
  if (dated) {
    const year = dated[3] ? Number(dated[3]) : new Date(now + OFFSET_MS).getUTCFullYear()
    const instant = endOf(year, Number(dated[2]), Number(dated[1]))
    return instant !== null && !dated[3] && instant <= now
      ? endOf(year + 1, Number(dated[2]), Number(dated[1]))
      : instant
  }
  const counted =
    /^(\d{1,3}) (ngay|gio|tuan|days?|hours?|weeks?)(?: lam viec)?$/.exec(folded) ??
    /^(\d{1,3}) working (days?|hours?)$/.exec(folded)
  if (counted) {
    const count = Number(counted[1])
    if (/^(gio|hour)/.test(counted[2]!)) return addWorkingTime(calendar, now, `PT${count}H`)
    const days = /^(tuan|week)/.test(counted[2]!) ? count * 5 : count
    const instant = addWorkingTime(calendar, now, `P${days}D`)
    return instant === null ? null : midnight(instant) + END_OF_OFFICE_MS
  }
  if (/^(hom nay|today)$/.test(folded)) return midnight(now) + END_OF_OFFICE_MS
  if (/^(ngay mai|mai|tomorrow)$/.test(folded)) return midnight(now) + DAY_MS + END_OF_OFFICE_MS
  const named = /^(?:thu )?([a-z]+)(?: tuan sau)?$/.exec(folded)
  const weekday = named ? weekdays[named[1]!] : undefined
  if (weekday !== undefined) {
    const today = new Date(now + OFFSET_MS).getUTCDay()
    const ahead = (weekday - today + 7) % 7 || 7
    return midnight(now) + (ahead + (/tuan sau$/.test(folded) ? 7 : 0)) * DAY_MS + END_OF_OFFICE_MS
  }
  return null
}

function endOf(year: number, month: number, date: number): number | null {
  const utc = Date.UTC(year, month - 1, date)
  const made = new Date(utc)
  // 31/02 would roll over into March.
  if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== date || year < 2000 || year > 2100) return null
  return utc - OFFSET_MS + END_OF_OFFICE_MS
}
