export interface Holiday {
  /** `yyyy-MM-dd` */
  day: string
  kind: 'off' | 'worked'
  name: string
  nameEn: string
}

/** The two lunar days of a year that move, as `yyyy-MM-dd` of the solar calendar. */
export interface LunarDays {
  year: number
  newYear: string
  hungKings: string
}

const DAY_MS = 86_400_000
const shift = (day: string, days: number) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
/** 0 Sunday … 6 Saturday */
const weekday = (day: string) => new Date(day).getUTCDay()
const isWeekend = (day: string) => weekday(day) === 0 || weekday(day) === 6

/**
 * Days off of a year by the Labour Code: 1 January, five days of Tết (two before and with the first three of the new year),
 * the Hùng Kings' day, 30 April, 1 May, 2 September. From 2021 on the National Day has a second day, before or after: the one
 * that joins the break to a weekend. A holiday on a weekly day off is made up for on the next working day (Điều 112).
 */
export function holidaysOfYear({ year, newYear, hungKings }: LunarDays): Holiday[] {
  const off: [day: string, name: string, nameEn: string][] = [
    [`${year}-01-01`, 'Tết Dương lịch', 'New Year’s Day'],
    ...[-2, -1, 0, 1, 2].map((days): [string, string, string] => [
      shift(newYear, days),
      'Tết Nguyên đán',
      'Lunar New Year',
    ]),
    [hungKings, 'Giỗ Tổ Hùng Vương', 'Hùng Kings’ Day'],
    [`${year}-04-30`, 'Ngày Chiến thắng', 'Reunification Day'],
    [`${year}-05-01`, 'Ngày Quốc tế lao động', 'Labour Day'],
    [`${year}-09-02`, 'Quốc khánh', 'National Day'],
  ]
  if (year >= 2021) {
    // Monday, Thursday, Sunday: the day after lies next to a weekend or follows one; otherwise the day before does.
    const after = [0, 1, 4].includes(weekday(`${year}-09-02`))
    off.push([`${year}-09-0${after ? 3 : 1}`, 'Quốc khánh', 'National Day'])
  }
  const taken = new Map(off.map(([day, name, nameEn]) => [day, { name, nameEn }]))
  for (const [day, name, nameEn] of off.toSorted(([a], [b]) => a.localeCompare(b))) {
    if (!isWeekend(day)) continue
    let madeUp = shift(day, 1)
    while (isWeekend(madeUp) || taken.has(madeUp)) madeUp = shift(madeUp, 1)
    taken.set(madeUp, { name: `Nghỉ bù ${name}`, nameEn: `${nameEn} (made up for)` })
  }
  return [...taken]
    .map(([day, names]): Holiday => ({ day, kind: 'off', ...names }))
    .toSorted((a, b) => a.day.localeCompare(b.day))
}
