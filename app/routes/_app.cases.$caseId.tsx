import { Link, useLoaderData } from '@remix-run/react'
import { randomUUID } from 'node:crypto'
import { useTranslation } from 'react-i18next'
import { caseOutlook } from '#db/case-outlook.ts'
import { readCase, readCaseView, takeBackOfferOf } from '#db/case-view.ts'
import { notFound } from '#db/refusal.ts'
import { isUuid } from '#db/task-page.ts'
import { OutlookPanel } from '../cases/OutlookPanel.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import { CaseSection } from '../tasks/CaseSection.tsx'
import { TakeBack } from '../tasks/DoneBanner.tsx'
import '../styles/cases.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useMay } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['tasks', 'cases'], title: 'tasks:case.title' }

export const loader = guardedLoader('document:read', async ({ db, viewer, params }) => {
  const { caseId } = params
  if (!isUuid(caseId)) throw notFound()
  const [view, standing, offer] = await Promise.all([
    readCaseView(db, viewer, caseId),
    readCase(db, viewer, caseId),
    takeBackOfferOf(db, viewer, caseId),
  ])
  if (!view || !standing) throw notFound()
  return { view, offer, outlook: await caseOutlook(db, standing), formId: randomUUID() }
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function Case() {
  const { view, offer, outlook, formId } = useLoaderData<typeof loader>()
  const { t } = useTranslation(['tasks', 'cases'])
  const may = useMay()
  return (
    <div className="task-page">
      <PageHeader
        title={t('case.title')}
        above={view.documentId && <Link to={`/documents/${view.documentId}`}>{t('document.open')}</Link>}
        actions={
          <>
            {offer && <TakeBack caseId={view.caseId} subscriptionId={offer.subscriptionId} formId={formId} />}
            {may('case:administer') && <Link to={`/administration/cases/${view.caseId}`}>{t('cases:administer')}</Link>}
          </>
        }
      />
      <CaseSection view={view} />
      <OutlookPanel outlook={outlook} />
    </div>
  )
}
