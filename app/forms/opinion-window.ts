import { addWorkingTime, type WorkingCalendar } from '#bpmn/working-time.ts'
import type { OpinionWindow } from '#db/start-drafting.ts'
import { parseDeadline } from './deadline.ts'
import { deadlineUnreadable } from './person-choice.ts'

/** What the units get where nobody says until when. */
const usual = '3 ngày'
/** Working time between the chasing of those who are late and their silence counting as agreement. */
const grace = 'P1D'

/**
 * Until when units are asked for their opinions, from the words of who asks; nothing where no unit is asked.
 * @throws Refusal beside the field `opinionDeadline`
 */
export function opinionWindow(
  units: readonly string[],
  words: string | null,
  { now, calendar }: { now: number; calendar: WorkingCalendar },
): OpinionWindow {
  if (units.length === 0) return { opinionDeadline: null, opinionsCloseAt: null }
  const dueAt = parseDeadline(words ?? usual, now, calendar)
  const closesAt = dueAt === null ? null : addWorkingTime(calendar, dueAt, grace)
  if (dueAt === null || closesAt === null) throw deadlineUnreadable('opinionDeadline')
  return { opinionDeadline: new Date(dueAt).toISOString(), opinionsCloseAt: new Date(closesAt).toISOString() }
}
