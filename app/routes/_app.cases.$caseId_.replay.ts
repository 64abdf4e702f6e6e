import { caseReplay } from '#db/case-replay.ts'
import { isVisibleCase } from '#db/case-view.ts'
import { notFound } from '#db/refusal.ts'
import { isUuid } from '#db/task-page.ts'
import { guardedLoader } from '../guard.server.ts'
import { may } from '../permissions.ts'

/** A case's way, for playing it again: to whoever may see the case, and to whoever administers cases, as it says no more than where. */
export const loader = guardedLoader('document:read', async ({ db, viewer, params }) => {
  const { caseId } = params
  if (!isUuid(caseId)) throw notFound()
  if (!may(viewer, 'case:administer') && !(await isVisibleCase(db, viewer, caseId))) throw notFound()
  return caseReplay(db, caseId)
})
