import { Link, useLoaderData, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { publishedFlows } from '#db/administration.ts'
import { CASES_PER_PAGE, findCases, type CaseLine, type CaseSearch } from '#db/case-administration.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FacetBar } from '../components/FacetBar.tsx'
import { Mark, StateMark, When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import { readListQuery, withParams } from '../list-query.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['cases'], title: 'cases:title' }

const states = ['open', 'stuck', 'incident', 'ended'] as const satisfies CaseSearch['status'][]

export const loader = guardedLoader('case:administer', async ({ request, db, viewer }) => {
  const { searchParams } = new URL(request.url)
  const { page } = readListQuery(request.url, { sortable: ['started'], by: '-started', pageSize: CASES_PER_PAGE })
  const status = states.find((known) => known === searchParams.get('state')) ?? 'open'
  const version = searchParams.get('version') ?? ''
  const [found, flows] = await Promise.all([
    findCases(db, viewer, {
      status,
      page,
      flowId: searchParams.get('flow') ?? undefined,
      version: /^[1-9]\d{0,8}$/.test(version) ? Number(version) : undefined,
      text: (searchParams.get('text') ?? '').slice(0, 100),
    }),
    publishedFlows(db),
  ])
  const names = flows.map(({ flowId, name, nameEn }) => ({ flowId, name, nameEn }))
  return { ...found, flows: names, status, page, pageSize: CASES_PER_PAGE }
})

export default function Cases() {
  const { cases, total, flows, status, page, pageSize } = useLoaderData<typeof loader>()
  const { t } = useTranslation('cases')
  const pick = usePick()
  const { number } = useFormats()
  const { search } = useLocation()
  const columns: Column<CaseLine>[] = [
    { name: 'flow', label: t('list.flow'), main: true, cell: (row) => pick(row.flowName, row.flowNameEn) },
    {
      name: 'case',
      label: t('list.case'),
      width: '180px',
      cell: (row) => row.documentCode ?? t('case.code', { code: row.caseId.slice(-8) }),
    },
    {
      name: 'version',
      label: t('list.version'),
      width: '90px',
      align: 'right',
      cell: (row) => number(row.flowVersion),
    },
    {
      name: 'state',
      label: t('list.state'),
      width: '200px',
      cell: (row) => (
        <>
          <StateMark state={row.status} />{' '}
          {row.incidents > 0 && (
            <Mark tone="bad" icon="warning">
              {t('list.incidents', { count: row.incidents })}
            </Mark>
          )}
        </>
      ),
    },
    { name: 'started', label: t('list.started'), width: '140px', cell: (row) => <When at={row.startedAt} /> },
  ]
  return (
    <>
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={<Link to="/administration/migrations">{t('toMigrations')}</Link>}
      />
      <nav className="years" aria-label={t('list.show')}>
        {states.map((each) => (
          <Link
            key={each}
            to={withParams(search, { state: each === 'open' ? null : each, page: null })}
            aria-current={each === status ? 'true' : undefined}
          >
            {t(`list.states.${each}`)}
          </Link>
        ))}
      </nav>
      <FacetBar
        keep={['state', 'version']}
        facets={[
          { name: 'text', label: t('list.find'), kind: 'text' },
          {
            name: 'flow',
            label: t('list.flow'),
            kind: 'select',
            options: flows.map((flow) => ({ value: flow.flowId, label: pick(flow.name, flow.nameEn) })),
          },
        ]}
      />
      <DataList
        label={t('title')}
        rows={cases}
        columns={columns}
        rowKey={(row) => row.caseId}
        rowTo={(row) => `/administration/cases/${row.caseId}`}
        rowTone={(row) => (row.incidents > 0 || row.status === 'stuck' ? 'bad' : undefined)}
        total={total}
        page={page}
        pageSize={pageSize}
        empty={<EmptyState title={t('list.none')}>{t('list.noneHint')}</EmptyState>}
      />
    </>
  )
}

export { RouteError as ErrorBoundary }
