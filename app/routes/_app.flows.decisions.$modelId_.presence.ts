import { z } from 'zod'
import { leaveDecision, seeDecision } from '#db/decision-drafts.ts'
import { readJson } from '../designer/read-json.server.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'

const schema = z.object({ windowId: z.uuid(), leaving: z.boolean().default(false) })

export const loader = guardedLoader('flow:draw', ({ request, params }) =>
  formsOnly(request, `/flows/decisions/${encodeURIComponent(params.modelId ?? '')}`),
)

/** A window says that it has the table open, or closes, and hears who else has and what was saved or published last. */
export const action = guardedAction('flow:draw', async ({ request, params, db, viewer }) => {
  const { windowId, leaving } = await readJson(request, schema)
  const modelId = params.modelId ?? ''
  if (leaving) {
    await leaveDecision(db, { modelId, windowId })
    return Response.json({ left: true })
  }
  return Response.json(await seeDecision(db, { modelId, windowId, postId: viewer.postId }))
})
