import { findAssignees, nameAssignees } from '#db/flow-directory.ts'
import { guardedLoader } from '../guard.server.ts'

/** Whom a step can be given to: `?q=` searches, `?of=` names whom an assignment means. */
export const loader = guardedLoader('flow:draw', async ({ request, db, person }) => {
  const asked = new URL(request.url).searchParams
  const of = asked.get('of')
  const found =
    of === null ? findAssignees(db, asked.get('q') ?? '', person.language) : nameAssignees(db, of, person.language)
  return Response.json(await found, { headers: { 'Cache-Control': 'private, no-store' } })
})
