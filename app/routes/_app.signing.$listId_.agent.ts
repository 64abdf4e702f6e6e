import { z } from 'zod'
import { readSigningList } from '#db/signing-lists.ts'
import { Refusal } from '#db/refusal.ts'
import { guardedAction, guardedLoader, refusalOf } from '../guard.server.ts'
import { acceptValues, agentOrders } from '../signing/agent-orders.ts'
import { inWords, signingGround } from '../signing/ground.ts'
import { finishList } from '../signing/list-runner.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'

const asked = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('orders') }),
  z.object({
    ask: z.literal('values'),
    values: z.array(z.object({ id: z.uuid(), value: z.string().max(4_000) })).max(200),
  }),
])

export const loader = guardedLoader('signing:use', ({ params, request }) =>
  formsOnly(request, `/signing/${params.listId}`),
)

/** Between the page and the signing program on the signer's machine: what is to be signed, and what the token made of it. */
export const action = guardedAction('signing:use', async ({ db, files, viewer, params, request, context }) => {
  try {
    const { id: listId } = await readSigningList(db, viewer, params.listId ?? '')
    const ground = signingGround({ db, files, dataFolder: context.environment.dataFolder })
    const body = asked.safeParse(await request.json())
    if (!body.success) throw malformed()
    if (body.data.ask === 'orders') return Response.json(await agentOrders(ground, listId))
    await acceptValues(ground, listId, body.data.values)
    finishList({ ground, listId, log: context.log, closing: context.closing })
    return Response.json({ accepted: body.data.values.length })
  } catch (error) {
    const refusal = refusalOf(inWords(error), context)
    return Response.json({ refusal }, { status: refusal.status })
  }
})

const malformed = () =>
  new Refusal('request-malformed', 400, {
    vi: 'Yêu cầu ký không đúng dạng nên chưa có gì được ghi. Hãy tải lại trang rồi ký lại.',
    en: 'The request is not in its form, so nothing was recorded. Reload the page and sign again.',
  })
