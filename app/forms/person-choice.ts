import { Refusal } from '#db/refusal.ts'

/** The person chosen in `field` is not (any more) one of those who could be. */
export const personNotThere = (field: string) =>
  new Refusal(
    'person-not-there',
    422,
    {
      vi: 'Người được chọn không còn giữ vị trí này nên chưa chuyển đi. Hãy tải lại trang và chọn người khác.',
      en: 'The person you chose does not hold that post any more, so nothing was passed on. Reload the page and choose somebody else.',
    },
    { [field]: { vi: 'Hãy chọn người khác.', en: 'Choose somebody else.' } },
  )

export const deadlineUnreadable = (field: string) =>
  new Refusal(
    'deadline-unreadable',
    422,
    {
      vi: 'Không hiểu thời hạn, hoặc thời hạn đã qua, nên chưa có gì được ghi. Hãy viết "3 ngày", "thứ Sáu" hoặc một ngày như 30/11/2026.',
      en: 'The deadline cannot be read or has passed, so nothing was recorded. Write "3 days", "Friday" or a day such as 30/11/2026.',
    },
    { [field]: { vi: 'Viết "3 ngày", "thứ Sáu" hoặc 30/11/2026.', en: 'Write "3 days", "Friday" or 30/11/2026.' } },
  )
