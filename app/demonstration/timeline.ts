import { addWorkingTime, workingTimeBetween, type WorkingCalendar } from '#bpmn/working-time.ts'
import { fireTimer } from '#db/case-work.ts'
import { moveClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** How far back the demonstration's stories may begin, in days of the calendar. */
const REACH_DAYS = 120

/** What happens to one document: it yields the instant (epoch ms) that it waits for, and does the next thing then. */
export type Story = AsyncGenerator<number, void>

/** Instants of the past, counted back in working hours from `now`, so that people act while the office is open. */
export function pastOf(calendar: WorkingCalendar, now: number): (hoursAgo: number) => number {
  const anchor = now - REACH_DAYS * DAY_MS
  const worked = workingTimeBetween(calendar, anchor, now)
  return (hoursAgo) => {
    const minutes = Math.max(1, Math.round((worked - hoursAgo * HOUR_MS) / 60_000))
    const instant = addWorkingTime(calendar, anchor, `PT${minutes}M`)
    if (instant === null) throw new Error('the calendar has no working time')
    return Math.min(instant, now)
  }
}

/**
 * Lets the stories happen in the order of their instants, with the clock set to each of them, and every timer that comes due
 * between fired at its own. The clock only goes forward.
 */
export async function tell(db: Database, stories: Story[], onStep: (done: number) => void): Promise<void> {
  const waiting: { at: number; story: Story }[] = []
  const goOn = async (story: Story) => {
    const next = await story.next()
    if (!next.done) waiting.push({ at: next.value, story })
  }
  await Promise.all(stories.map(goOn))
  for (let done = 1; waiting.length > 0; done += 1) {
    waiting.sort((a, b) => a.at - b.at)
    const { at, story } = waiting.shift()!
    await fireUntil(db, at)
    await moveClock(db, at)
    await goOn(story)
    onStep(done)
  }
}

/** Fires what is due up to an instant, one after the other. */
export async function fireUntil(db: Database, until: number): Promise<void> {
  for (;;) {
    const [due] = await db.sql<{ caseId: string; timerId: string; occurrence: number; at: number }[]>`
      select case_id as "caseId", timer_id as "timerId", occurrence, ceil(extract(epoch from due_at) * 1000)::float8 as at from timers
      where due_at <= to_timestamp(${until}::float8 / 1000) order by due_at, case_id, timer_id, occurrence limit 1`
    if (!due) return
    await moveClock(db, due.at)
    await fireTimer(db, due)
  }
}
