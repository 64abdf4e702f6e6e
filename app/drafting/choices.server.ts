import type { Database } from '#db/database.ts'
import { postsOfGroup } from '#db/posts.ts'
import { Refusal } from '#db/refusal.ts'
import { agencyChoices, kindChoices, unitChoices } from '#db/task-choices.ts'
import type { Viewer } from '#db/visibility.ts'
import { calendarAhead } from '../tasks/choices.server.ts'

/** What somebody chooses from who drafts an outgoing document. */
export async function outgoingChoices(db: Database, viewer: Viewer, now: number) {
  const [kinds, agencies, units, leaders, calendar] = await Promise.all([
    kindChoices(db),
    agencyChoices(db),
    unitChoices(db, { withLeaders: true }),
    postsOfGroup(db, 'role:leader'),
    calendarAhead(db, now),
  ])
  return { kinds, agencies, units, opinionUnits: await askableUnits(db, viewer), leaders: [...leaders], calendar }
}

/** Units whose heads can be asked for an opinion: all but one's own and the leaders'. */
export async function askableUnits(db: Database, viewer: Viewer) {
  return (await unitChoices(db)).filter(({ code }) => code !== viewer.unitCode)
}

export const codesOf = (list: readonly { code: string }[]): string[] => list.map(({ code }) => code)

/** The list that was chosen from has changed since the page was made. @throws Refusal beside the field */
export function choiceGone(field: string, chosen: readonly string[], offered: readonly string[]): void {
  if (chosen.every((one) => offered.includes(one))) return
  throw new Refusal(
    'choice-gone',
    422,
    {
      vi: 'Danh sách vừa thay đổi nên chưa gửi đi. Hãy chọn lại ở ô được đánh dấu, chọn lại tệp rồi gửi.',
      en: 'A list has changed meanwhile, so nothing was handed in. Choose again in the marked field, choose the file again and send it.',
    },
    { [field]: { vi: 'Hãy chọn lại trong danh sách.', en: 'Choose again from the list.' } },
  )
}
