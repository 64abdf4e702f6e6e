import { useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { agencyList, type AgencyRow } from '#db/administration.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['administration'], title: 'administration:agencies.title' }

export const loader = guardedLoader('administration:read', async ({ db }) => ({
  agencies: [...(await agencyList(db))],
}))

export default function Agencies() {
  const { agencies } = useLoaderData<typeof loader>()
  const { t } = useTranslation('administration')
  const columns: Column<AgencyRow>[] = [
    { name: 'code', label: t('agencies.code'), width: '160px', cell: (row) => <code>{row.code}</code> },
    { name: 'short', label: t('agencies.shortCode'), width: '100px', cell: (row) => <code>{row.shortCode}</code> },
    { name: 'name', label: t('agencies.name'), main: true, cell: (row) => row.name },
    { name: 'nameEn', label: t('agencies.nameEn'), cell: (row) => row.nameEn },
    {
      name: 'exchange',
      label: t('agencies.exchange'),
      width: '140px',
      cell: (row) => (row.onExchange ? t('agencies.reachable') : t('agencies.notReachable')),
    },
  ]
  return (
    <>
      <PageHeader title={t('agencies.title')} subtitle={t('agencies.subtitle')} />
      <DataList
        label={t('agencies.title')}
        rows={agencies}
        columns={columns}
        rowKey={(row) => row.code}
        total={agencies.length}
        empty={<EmptyState title={t('agencies.none')} />}
      />
    </>
  )
}

export { RouteError as ErrorBoundary }
