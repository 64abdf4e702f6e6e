import { z } from 'zod'
import { MAX_DRAWING_BYTES, saveDraft } from '#db/flow-drafts.ts'
import { officeFindings } from '../designer/office-findings.server.ts'
import { readDrawing } from '../designer/drawing.ts'
import { readJson } from '../designer/read-json.server.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'

const schema = z.object({
  /** The revision that was drawn on. */
  onto: z.number().int().min(1),
  xml: z.string(),
  reason: z.enum(['drawn', 'imported', 'restored', 'overwritten']),
})

export const loader = guardedLoader('flow:draw', ({ request, params }) =>
  formsOnly(request, `/flows/drafts/${params.draftId}`),
)

/** Saves what is drawn: a revision of the draft. Answers with what only the office knows against it. */
export const action = guardedAction(
  'flow:draw',
  async ({ request, params, db, viewer }) => {
    const { onto, xml, reason } = await readJson(request, schema)
    const { flowId, name } = readDrawing(xml)
    const { postId } = viewer
    const saved = await saveDraft(db, { id: params.draftId ?? '', onto, xml, reason, flowId, name, postId })
    return Response.json({ ...saved, officeDoubts: await officeFindings(db, xml) })
  },
  // JSON writes a quote as two characters
  { maxBytes: 2 * MAX_DRAWING_BYTES },
)
