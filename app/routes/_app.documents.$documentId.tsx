import { Link, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { readCaseView } from '#db/case-view.ts'
import { documentCompany, documentFacts } from '#db/documents.ts'
import { documentViews, recordView } from '#db/document-views.ts'
import { verifiedFiles } from '#db/verifications.ts'
import { CaseDiagram } from '../cases/CaseDiagram.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { SecrecyMark, StateMark, UrgencyMark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { DocumentHistory } from '../documents/DocumentHistory.tsx'
import { DocumentFactList } from '../documents/DocumentFactList.tsx'
import { ExchangePanel, FilesPanel, RelationsPanel, SignOffsPanel } from '../documents/DocumentPanels.tsx'
import { HoldersPanel, PartsPanel } from '../documents/PartsPanel.tsx'
import { ShownFile } from '../documents/ShownFile.tsx'
import { SignaturesPanel } from '../documents/SignaturesPanel.tsx'
import { ViewsPanel } from '../documents/ViewsPanel.tsx'
import { PrintsPanel } from '../drafting/PrintsPanel.tsx'
import { guardedLoader } from '../guard.server.ts'
import { may } from '../permissions.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { usePick } from '../viewer.ts'
import '../styles/documents.css'

export const handle: RouteHandle = {
  i18n: ['documents', 'signatures', 'tasks'],
  title: ({ facts }: { facts: { code: string | null; subject: string } }) => facts.code ?? facts.subject,
}

export const loader = guardedLoader('document:read', async ({ params, request, db, viewer }) => {
  const facts = await documentFacts(db, viewer, params.documentId ?? '')
  const [company, verified, caseView] = await Promise.all([
    documentCompany(db, viewer, facts),
    verifiedFiles(db, facts.id),
    facts.caseId === null ? null : readCaseView(db, viewer, facts.caseId),
    // What a browser fetches beforehand nobody has looked at yet.
    request.headers.get('sec-purpose')?.includes('prefetch') ? null : recordView(db, viewer, facts.id),
  ])
  const views = await documentViews(db, viewer, facts.id)
  // Who opened it is for the Office, and for the unit whose document it is.
  const showsOpened = viewer.seesAll || viewer.unitId === facts.unitId
  const certifies = may(viewer, 'document:certify') && facts.state !== 'draft'
  return { facts, ...company, verified, caseView, views, showsOpened, certifies }
})

export default function DocumentPage() {
  const { facts, files, signOffs, verified, parts, related, exchange, caseView, views, showsOpened, certifies } =
    useLoaderData<typeof loader>()
  const { t } = useTranslation('documents')
  const pick = usePick()
  // A submission slip or a request for opinions is no kind of document: it goes by the name of its flow.
  const named = facts.source === 'internal' && caseView ? caseView.flow : null
  const kind = facts.kindName
    ? pick(facts.kindName, facts.kindNameEn ?? facts.kindName)
    : named && pick(named.name, named.nameEn)
  return (
    <article className="document">
      <PageHeader
        above={
          <span className="row">
            <Link to={`/documents/${facts.direction}`}>{t(`list.${facts.direction}`)}</Link>
            <strong>{[kind, facts.code].filter(Boolean).join(' ') || t('unnumbered')}</strong>
            <StateMark state={facts.state} />
            <UrgencyMark level={facts.urgency} />
            <SecrecyMark level={facts.secrecy} />
          </span>
        }
        title={facts.subject}
      />
      <div className="side-by-side">
        <ShownFile documentId={facts.id} files={files} />
        <div className="stack">
          <DocumentFactList facts={facts} />
          <HoldersPanel tasks={caseView?.tasks ?? []} ended={facts.closedAt !== null} />
          <FilesPanel documentId={facts.id} files={files} certifies={certifies} />
          <SignaturesPanel documentId={facts.id} files={verified} />
          <SignOffsPanel signOffs={signOffs} />
          <PartsPanel parts={parts} showsOpened={showsOpened} />
          <PrintsPanel documentId={facts.id} tasks={caseView?.tasks ?? []} />
          <RelationsPanel related={related} />
          <ExchangePanel lines={exchange} />
        </div>
      </div>
      {caseView && (
        <>
          <DocumentHistory history={caseView.history} />
          <section aria-labelledby="flow-heading" className="document-section not-printed">
            <h2 id="flow-heading">
              {t('section.flow')}: {pick(caseView.flow.name, caseView.flow.nameEn)}{' '}
              <small className="muted">{t('flowVersion', { version: caseView.flow.version })}</small>
            </h2>
            <CaseDiagram
              caseId={caseView.caseId}
              xml={caseView.flow.xml}
              active={caseView.active}
              done={caseView.done}
              incidents={caseView.incidents}
              steps={caseView.steps.map((step) => ({ id: step.id, name: pick(step.vi, step.en) }))}
            />
          </section>
        </>
      )}
      <ViewsPanel views={views} />
    </article>
  )
}

export { RouteError as ErrorBoundary }
