import { z } from 'zod'
import { leaveDraft, seeDraft } from '#db/flow-drafts.ts'
import { readJson } from '../designer/read-json.server.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'

const schema = z.object({ windowId: z.uuid(), leaving: z.boolean().default(false) })

export const loader = guardedLoader('flow:draw', ({ request, params }) =>
  formsOnly(request, `/flows/drafts/${params.draftId}`),
)

/** A window says that it has the draft open, or closes, and hears who else has and what was saved last. */
export const action = guardedAction('flow:draw', async ({ request, params, db, viewer }) => {
  const { windowId, leaving } = await readJson(request, schema)
  const id = params.draftId ?? ''
  if (leaving) {
    await leaveDraft(db, { id, windowId })
    return Response.json({ left: true })
  }
  return Response.json(await seeDraft(db, { id, windowId, postId: viewer.postId }))
})
