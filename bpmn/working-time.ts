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
