import { redirect } from '@remix-run/node'
import { useLoaderData, type ShouldRevalidateFunction } from '@remix-run/react'
import { workingCalendar } from '#db/calendar.ts'
import { readClock } from '#db/clock.ts'
import { knownServices } from '#db/flow-check.ts'
import { discardDraft, draftHistory, readDraft } from '#db/flow-drafts.ts'
import {
  approvePublication,
  declinePublication,
  newestVersion,
  pendingPublication,
  publishDraft,
} from '#db/flow-publications.ts'
import { readDrawing } from '../designer/drawing.ts'
import { DesignerPage } from '../designer/DesignerPage.tsx'
import { officeFindings } from '../designer/office-findings.server.ts'
import { holdToTrials } from '../designer/trials.server.ts'
import { taskForms } from '../forms/complete-form.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = {
  i18n: ['designer', 'ownForms'],
  title: (data: { draft: { name: string } }) => data.draft.name,
}

export const loader = guardedLoader('flow:draw', async ({ params, db, viewer, request }) => {
  const draft = await readDraft(db, params.draftId ?? '')
  const [newest, history, pending, calendar, clock, officeDoubts] = await Promise.all([
    newestVersion(db, draft.flowId),
    draftHistory(db, draft.id),
    pendingPublication(db, draft.id),
    workingCalendar(db),
    readClock(db),
    officeFindings(db, draft.xml),
  ])
  return {
    draft,
    newest,
    history: [...history],
    pending,
    isAsker: pending?.askedByPerson === viewer.personId,
    imported: new URL(request.url).searchParams.has('imported') ? readDrawing(draft.xml) : null,
    serviceTypes: [...knownServices],
    forms: [...taskForms.keys()],
    calendar: { ...calendar, off: [...calendar.off], worked: [...calendar.worked] },
    now: clock.now,
    officeDoubts,
  }
})

/** Autosaves tell the page themselves; only what was sent as a form loads it anew. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod, defaultShouldRevalidate }) =>
  formMethod !== undefined && formMethod !== 'GET' && defaultShouldRevalidate

export const action = guardedAction('flow:publish', async ({ request, params, db, viewer }) => {
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '')
  const draftId = params.draftId ?? ''
  const onto = text('onto') === '' ? null : Number(text('onto'))
  const { flowId } = await readDraft(db, draftId)
  switch (text('intent')) {
    case 'publish': {
      await holdToTrials(db, draftId)
      const done = await publishDraft(db, viewer, {
        draftId,
        revision: Number(text('revision')),
        onto,
        compared: form.has('compared'),
        reason: text('reason'),
        forms: taskForms,
      })
      return 'asked' in done ? { asked: true } : redirect(`/flows/${flowId}?version=${done.version}`)
    }
    case 'approve': {
      await holdToTrials(db, draftId)
      const { version } = await approvePublication(db, viewer, { draftId, onto, forms: taskForms })
      return redirect(`/flows/${flowId}?version=${version}`)
    }
    case 'decline':
      await declinePublication(db, viewer, { draftId, answer: text('reason') })
      return { declined: true }
    case 'discard':
      await discardDraft(db, draftId)
      return redirect('/flows/drafts')
    default:
      throw new Response(null, { status: 400 })
  }
})

export default function Draft() {
  return <DesignerPage {...useLoaderData<typeof loader>()} />
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
