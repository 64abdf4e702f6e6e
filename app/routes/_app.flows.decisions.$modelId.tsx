import { redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { recordAudit } from '#db/audit.ts'
import { workingCalendar } from '#db/calendar.ts'
import { readClock } from '#db/clock.ts'
import { decisionDrawing, discardDecision, publishDrawnDecision } from '#db/decision-drafts.ts'
import { notFound } from '#db/refusal.ts'
import { DecisionPage } from '../decisions/DecisionPage.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import '../styles/administration.css'
import '../styles/decisions.css'
import '../styles/designer.css'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = {
  i18n: ['decisions'],
  title: (data: { drawing: { name: string } }) => data.drawing.name,
}

export const loader = guardedLoader('flow:draw', async ({ db, params }) => {
  const [drawing, { now }, calendar] = await Promise.all([
    decisionDrawing(db, params.modelId ?? ''),
    readClock(db),
    workingCalendar(db),
  ])
  return { drawing, now, calendar: { ...calendar, off: [...calendar.off], worked: [...calendar.worked] } }
})

/** Publishes what is drawn, or gives it up. */
export const action = guardedAction('flow:publish', async ({ request, db, viewer, params }) => {
  const modelId = params.modelId ?? ''
  const form = await request.formData()
  const actor = { personId: viewer.personId, postId: viewer.postId }
  if (form.get('intent') === 'discard') {
    await discardDecision(db, modelId)
    await recordAudit(db, { ...actor, act: 'decision.discarded', data: { modelId } })
    return redirect('/flows/decisions')
  }
  if (form.get('intent') !== 'publish') throw notFound()
  const { version } = await publishDrawnDecision(db, {
    modelId,
    revision: Number(form.get('revision')),
    postId: viewer.postId,
  })
  await recordAudit(db, { ...actor, act: 'decision.published', data: { modelId, version } })
  return redirect('/flows/decisions')
})

export default function Decision() {
  const loaded = useLoaderData<typeof loader>()
  return <DecisionPage key={loaded.drawing.modelId} {...loaded} />
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
