import { z } from 'zod'
import { readDraft } from '#db/flow-drafts.ts'
import { dropTrial, flowTrials, keepTrial } from '#db/flow-trials.ts'
import type { KeptTrial } from '../designer/trial.ts'
import { readJson } from '../designer/read-json.server.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'

const variables = z.record(z.string(), z.json())
const step = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('complete'),
    elementId: z.string(),
    group: z.string().optional(),
    outcome: z.string().optional(),
    variables: variables.optional(),
  }),
  z.object({ do: z.literal('wait') }),
  z.object({ do: z.literal('message'), name: z.string(), variables: variables.optional() }),
  z.object({ do: z.literal('signal'), name: z.string(), variables: variables.optional() }),
  z.object({ do: z.literal('retry') }),
  z.object({ do: z.literal('set'), variables }),
])
const kept = z.object({
  trial: z.object({
    variables,
    startEventId: z.string().optional(),
    startsAt: z.number(),
    steps: z.array(step).max(1000),
  }),
  expected: z.object({
    ended: z.string().nullable(),
    waiting: z.array(z.string()),
    path: z.array(z.string()),
    left: z.number(),
  }),
})
const schema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('keep'), name: z.string().trim().min(1).max(200), kept }),
  z.object({ intent: z.literal('drop'), name: z.string() }),
])

/** The kept trials of the draft's flow. */
export const loader = guardedLoader('flow:draw', async ({ params, db }) => {
  const { flowId } = await readDraft(db, params.draftId ?? '')
  return Response.json(await flowTrials<KeptTrial>(db, flowId), { headers: { 'Cache-Control': 'no-store' } })
})

/** Keeps or drops a trial, and answers with those there are. */
export const action = guardedAction('flow:draw', async ({ request, params, db, viewer }) => {
  const asked = await readJson(request, schema)
  const { flowId } = await readDraft(db, params.draftId ?? '')
  if (asked.intent === 'drop') await dropTrial(db, { flowId, name: asked.name })
  else await keepTrial(db, { flowId, name: asked.name, trial: asked.kept, postId: viewer.postId })
  return Response.json(await flowTrials<KeptTrial>(db, flowId))
})
