import { Refusal, type Sentence } from '#db/refusal.ts'
import { formatsOf } from '../format.ts'

export type Jump = 'tomorrow' | 'hour' | 'week' | 'at'

const hour = 3_600_000
const day = 24 * hour
/** Việt Nam: +7 without summer time. */
const offset = 7 * hour
/** At once at most; every timer on the way is visited. */
const furthest = 366 * day

/**
 * Where the demonstration's clock is to go, epoch ms. `now` likewise; `at` is the form's day and time in Việt Nam,
 * `2026-12-01T08:00`. Throws Refusal `clock-jump`.
 */
export function journeyTarget(jump: unknown, at: unknown, now: number): number {
  switch (jump as Jump) {
    case 'hour':
      return now + hour
    case 'week':
      return now + 7 * day
    case 'tomorrow':
      // 08:00, when the office opens.
      return (Math.floor((now + offset) / day) + 1) * day + 8 * hour - offset
    case 'at': {
      const to =
        typeof at === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(at)
          ? Date.parse(`${at}+07:00`)
          : Number.NaN
      if (Number.isNaN(to)) throw refusal(notATime)
      if (to <= now) throw refusal(past(now))
      if (to - now > furthest) throw refusal(tooFar)
      return to
    }
    default:
      throw refusal(notATime)
  }
}

/** The form's own value for an instant, in Việt Nam: `2026-12-01T08:00`. */
export const localInput = (instant: number): string => new Date(instant + offset).toISOString().slice(0, 16)

const refusal = (sentence: Sentence) => new Refusal('clock-jump', 422, sentence, { at: sentence })

const notATime: Sentence = {
  vi: 'Ngày giờ chưa đúng nên thời gian chưa thay đổi. Hãy chọn lại ngày và giờ.',
  en: 'That is no date and time, so the clock was not moved. Choose both again.',
}

const past = (now: number): Sentence => ({
  vi: `Thời gian chỉ đi tới, bây giờ đã là ${formatsOf('vi').dateTime(now)}; thời gian chưa thay đổi. Hãy chọn thời điểm sau đó.`,
  en: `The clock only goes forward and it is ${formatsOf('en').dateTime(now)} now, so it was not moved. Choose a later time.`,
})

const tooFar: Sentence = {
  vi: 'Mỗi lần chỉ đi được tối đa một năm nên thời gian chưa thay đổi. Hãy chọn thời điểm gần hơn.',
  en: 'At most one year at a time, so the clock was not moved. Choose a nearer time.',
}
