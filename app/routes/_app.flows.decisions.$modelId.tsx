import { redirect } from '@remix-run/node'
import { useLoaderData, type ShouldRevalidateFunction } from '@remix-run/react'
import { recordAudit } from '#db/audit.ts'
import { workingCalendar } from '#db/calendar.ts'
import { readClock } from '#db/clock.ts'
import { decisionDrawing, discardDecision } from '#db/decision-drafts.ts'
import { decisionsOf, decisionVersions } from '#db/decision-publications.ts'
import { decisionUses } from '#db/decision-use.ts'
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
  const modelId = params.modelId ?? ''
  const [drawing, versions, { now }, calendar] = await Promise.all([
    decisionDrawing(db, modelId),
    decisionVersions(db, modelId),
    readClock(db),
    workingCalendar(db),
  ])
  const asked = drawing.version === null ? [] : await decisionsOf(db.sql, modelId, drawing.version)
  return {
    drawing,
    uses: [...(await decisionUses(db.sql, asked))],
    versions: [...versions],
    now,
    calendar: { ...calendar, off: [...calendar.off], worked: [...calendar.worked] },
  }
})

/** Autosaves tell the page themselves. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod, defaultShouldRevalidate }) =>
  formMethod !== undefined && formMethod !== 'GET' && defaultShouldRevalidate

/** Gives up what is drawn. */
export const action = guardedAction('flow:publish', async ({ request, db, viewer, params }) => {
  const modelId = params.modelId ?? ''
  const form = await request.formData()
  if (form.get('intent') !== 'discard') throw notFound()
  await discardDecision(db, modelId)
  const { personId, postId } = viewer
  await recordAudit(db, { personId, postId, act: 'decision.discarded', data: { modelId } })
  return redirect('/flows/decisions')
})

export default function Decision() {
  const loaded = useLoaderData<typeof loader>()
  return <DecisionPage key={loaded.drawing.modelId} {...loaded} />
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
