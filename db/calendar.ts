import type { WorkingCalendar } from '#bpmn/working-time.ts'
import type { Database } from './database.ts'

const fresh = new WeakMap<Database, { calendar: WorkingCalendar; readAt: number }>()
const KEEP_MS = 60_000

/** The office's working time. Read again each minute, so that a holiday announced today counts from now on. */
export async function workingCalendar(db: Database): Promise<WorkingCalendar> {
  const kept = fresh.get(db)
  if (kept && Date.now() - kept.readAt < KEEP_MS) return kept.calendar
  const rows = await db.sql<
    { day: string; kind: string }[]
  >`select to_char(day, 'YYYY-MM-DD') as day, kind from holidays`
  const calendar: WorkingCalendar = {
    timeZone: 'Asia/Ho_Chi_Minh',
    hours: [
      [8 * 60, 12 * 60],
      [13 * 60, 17 * 60],
    ],
    workingWeekdays: [1, 2, 3, 4, 5],
    off: new Set(rows.filter((row) => row.kind === 'off').map((row) => row.day)),
    worked: new Set(rows.filter((row) => row.kind === 'worked').map((row) => row.day)),
  }
  fresh.set(db, { calendar, readAt: Date.now() })
  return calendar
}
