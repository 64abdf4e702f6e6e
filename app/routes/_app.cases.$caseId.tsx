import { Link, useLoaderData } from '@remix-run/react'
import { randomUUID } from 'node:crypto'
import { useTranslation } from 'react-i18next'
import { readCaseView, takeBackOfferOf } from '#db/case-view.ts'
import { notFound } from '#db/refusal.ts'
import { isUuid } from '#db/task-page.ts'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import { CaseSection } from '../tasks/CaseSection.tsx'
import { TakeBack } from '../tasks/DoneBanner.tsx'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['tasks'], title: 'tasks:case.title' }

export const loader = guardedLoader('document:read', async ({ db, viewer, params }) => {
  const { caseId } = params
  if (!isUuid(caseId)) throw notFound()
  const [view, offer] = await Promise.all([readCaseView(db, viewer, caseId), takeBackOfferOf(db, viewer, caseId)])
  if (!view) throw notFound()
  return { view, offer, formId: randomUUID() }
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function Case() {
  const { view, offer, formId } = useLoaderData<typeof loader>()
  const { t } = useTranslation('tasks')
  return (
    <div className="task-page">
      <PageHeader
        title={t('case.title')}
        above={view.documentId && <Link to={`/documents/${view.documentId}`}>{t('document.open')}</Link>}
        actions={offer && <TakeBack caseId={view.caseId} subscriptionId={offer.subscriptionId} formId={formId} />}
      />
      <CaseSection view={view} />
    </div>
  )
}
