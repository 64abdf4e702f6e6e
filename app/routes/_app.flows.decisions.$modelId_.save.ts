import { z } from 'zod'
import { MAX_DECISION_LENGTH, saveDecision } from '#db/decision-drafts.ts'
import { readJson } from '../designer/read-json.server.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'

const schema = z.object({ onto: z.int().min(0), base: z.int().positive().nullable(), xml: z.string() })

export const loader = guardedLoader('flow:draw', ({ request, params }) =>
  formsOnly(request, `/flows/decisions/${encodeURIComponent(params.modelId ?? '')}`),
)

/** Keeps what is drawn of a decision table: a revision of its draft. */
export const action = guardedAction(
  'flow:draw',
  async ({ request, params, db, viewer }) => {
    const { onto, base, xml } = await readJson(request, schema)
    const revision = await saveDecision(db, { modelId: params.modelId ?? '', xml, onto, base, postId: viewer.postId })
    return Response.json({ revision })
  },
  { maxBytes: 2 * MAX_DECISION_LENGTH },
)
