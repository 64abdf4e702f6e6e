import { draftRevision } from '#db/flow-drafts.ts'
import { notFound } from '#db/refusal.ts'
import { guardedLoader } from '../guard.server.ts'

/** What a draft looked like, as BPMN. */
export const loader = guardedLoader('flow:draw', async ({ params, db }) => {
  const { draftId = '', revision = '' } = params
  if (!/^[1-9]\d{0,8}$/.test(revision)) throw notFound()
  const xml = await draftRevision(db, draftId, Number(revision))
  return new Response(xml, {
    headers: { 'Content-Type': 'application/xml; charset=utf-8', 'Cache-Control': 'private, no-store' },
  })
})
