import { Link, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { documentFacts } from '#db/documents.ts'
import { opinionLines, synthesisOf } from '#db/opinions.ts'
import { When } from '../components/marks.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { OpinionTable } from '../drafting/OpinionTable.tsx'
import { guardedLoader } from '../guard.server.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['tasks'], title: 'tasks:opinions.table' }

export const loader = guardedLoader('document:read', async ({ db, viewer, params }) => {
  const { id, subject, code, note } = await documentFacts(db, viewer, params.documentId ?? '')
  const [lines, synthesis] = await Promise.all([opinionLines(db, id), synthesisOf(db, id)])
  return { id, subject, code, note, lines: [...lines], synthesis }
})

/** What the units said about a document, and what was made of it. */
export default function Opinions() {
  const { id, subject, code, lines, synthesis } = useLoaderData<typeof loader>()
  const { t } = useTranslation('tasks')
  return (
    <>
      <PageHeader
        above={<Link to={`/documents/${id}`}>{code ?? t('document.open')}</Link>}
        title={t('opinions.table')}
        subtitle={subject}
      />
      {lines.length === 0 ? (
        <EmptyState title={t('opinions.none')}>
          <p>{t('opinions.noneWhy')}</p>
        </EmptyState>
      ) : (
        <div className="panel">
          <OpinionTable lines={lines} documentId={id} />
          {synthesis && (
            <section aria-labelledby="synthesis-heading">
              <h3 id="synthesis-heading">{t('opinions.synthesis')}</h3>
              <p className="as-written">{synthesis.text}</p>
              <small className="muted">
                {synthesis.fullName} · <When at={synthesis.at} />
              </small>
            </section>
          )}
        </div>
      )}
    </>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
