import { useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { kindList, type KindRow } from '#db/administration.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['administration'], title: 'administration:kinds.title' }

export const loader = guardedLoader('administration:read', async ({ db }) => ({ kinds: [...(await kindList(db))] }))

export default function Kinds() {
  const { kinds } = useLoaderData<typeof loader>()
  const { t } = useTranslation('administration')
  const columns: Column<KindRow>[] = [
    {
      name: 'ordinal',
      label: t('kinds.ordinal'),
      align: 'right',
      width: '64px',
      cell: (row) => row.ordinal ?? t('kinds.copy'),
    },
    { name: 'name', label: t('kinds.name'), main: true, cell: (row) => row.name },
    { name: 'nameEn', label: t('kinds.nameEn'), cell: (row) => row.nameEn },
    {
      name: 'abbreviation',
      label: t('kinds.abbreviation'),
      width: '160px',
      cell: (row) => row.abbreviation ?? <span className="muted">{t('kinds.noAbbreviation')}</span>,
    },
  ]
  return (
    <>
      <PageHeader title={t('kinds.title')} subtitle={t('kinds.subtitle')} />
      <DataList
        label={t('kinds.title')}
        rows={kinds}
        columns={columns}
        rowKey={(row) => row.code}
        total={kinds.length}
        empty={<EmptyState title={t('kinds.none')} />}
      />
    </>
  )
}

export { RouteError as ErrorBoundary }
