import { unreadLetters } from '#db/letters.ts'
import { guardedLoader } from '../guard.server.ts'

/** How many letters the bell shows; the mailbox has them all. */
const SHOWN = 6

/** The newest letters of one's own that are unread. */
export const loader = guardedLoader('mailbox:read', async ({ db, person }) => ({
  letters: [...(await unreadLetters(db, person.email, SHOWN))],
}))
