import { Link, useLoaderData } from '@remix-run/react'
import { randomUUID } from 'node:crypto'
import { useTranslation } from 'react-i18next'
import { givenCases } from '#db/home.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { DueMark, UrgencyMark, When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import { readListQuery } from '../list-query.ts'
import { TakeBack } from '../tasks/DoneBanner.tsx'
import { useHolderWords } from '../tasks/NextHolders.tsx'
import type { RouteHandle } from '../translation-data.tsx'
import { usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['tasks'], title: 'tasks:given.title' }

export const loader = guardedLoader('given:read', async ({ db, viewer, request }) => {
  const { page, pageSize, offset } = readListQuery(request.url, { sortable: ['due'], by: 'due' })
  const cases = await givenCases(db, viewer, { limit: pageSize, offset })
  return { cases: [...cases], page, pageSize, formId: randomUUID() }
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function Given() {
  const { cases, page, pageSize, formId } = useLoaderData<typeof loader>()
  const { t } = useTranslation('tasks')
  const pick = usePick()
  const words = useHolderWords()
  type Row = (typeof cases)[number]
  const columns: Column<Row>[] = [
    {
      name: 'document',
      label: t('field.document'),
      main: true,
      cell: (row) => (
        <span className="two-lines">
          <span>{row.subject}</span>
          <small className="muted">
            <UrgencyMark level={row.urgency} />
            {[row.code, row.agencyName].filter(Boolean).join(' · ')}
          </small>
        </span>
      ),
    },
    {
      name: 'did',
      label: t('given.did'),
      width: '190px',
      cell: (row) => (
        <span className="two-lines">
          <span>{t(`history.${row.formKey}.${row.outcome}`, { defaultValue: t('done.other') })}</span>
          <small className="muted">
            <When at={row.passedAt} />
          </small>
        </span>
      ),
    },
    {
      name: 'with',
      label: t('given.with'),
      width: '260px',
      cell: (row) => {
        const [first] = row.open
        return (
          first && (
            <span className="two-lines">
              <span>
                {words(first)}
                {row.openCount > 1 && (
                  <small className="muted"> {t('given.andOthers', { count: row.openCount - 1 })}</small>
                )}
              </span>
              <small className="muted">
                {pick(first.askVi, first.askEn)} · {t('given.since')} <When at={first.openedAt} />
              </small>
            </span>
          )
        )
      },
    },
    {
      name: 'due',
      label: t('field.deadline'),
      width: '130px',
      cell: (row) => <DueMark dueAt={row.open[0]?.dueAt ?? null} />,
    },
  ]
  return (
    <>
      <PageHeader title={t('given.title')} subtitle={t('given.subtitle')} />
      <DataList
        label={t('given.title')}
        rows={cases}
        columns={columns}
        rowKey={(row) => row.caseId}
        rowTo={(row) => (row.documentId ? `/documents/${row.documentId}` : `/cases/${row.caseId}`)}
        rowAction={(row) =>
          row.subscriptionId && <TakeBack caseId={row.caseId} subscriptionId={row.subscriptionId} formId={formId} />
        }
        empty={
          <EmptyState title={t('given.empty')}>
            <p>{t('given.emptyWhy')}</p>
            <Link to="/">{t('toList')}</Link>
          </EmptyState>
        }
        total={cases[0]?.total}
        page={page}
        pageSize={pageSize}
      />
    </>
  )
}
