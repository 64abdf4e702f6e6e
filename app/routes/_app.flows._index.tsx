import { Link, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { publishedFlows, type PublishedFlow } from '#db/administration.ts'
import { countTrouble } from '#db/incidents.ts'
import { AdministrationTabs } from '../administration/AdministrationTabs.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import '../styles/administration.css'
import { may } from '../permissions.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['flows', 'administration'], title: 'flows:title' }

export const loader = guardedLoader('flow:read', async ({ db, viewer }) => {
  const [flows, trouble] = await Promise.all([
    publishedFlows(db),
    may(viewer, 'administration:read') ? countTrouble(db) : null,
  ])
  return { flows: [...flows], trouble, mayDraw: may(viewer, 'flow:draw') }
})

export default function Flows() {
  const { flows, trouble, mayDraw } = useLoaderData<typeof loader>()
  const { t } = useTranslation('flows')
  const { number } = useFormats()
  const pick = usePick()
  const columns: Column<PublishedFlow>[] = [
    {
      name: 'name',
      label: t('name'),
      main: true,
      cell: (row) => pick(row.name, row.nameEn),
    },
    { name: 'id', label: t('id'), phone: 'hide', cell: (row) => <code>{row.flowId}</code> },
    { name: 'version', label: t('version'), align: 'right', width: '100px', cell: (row) => number(row.version) },
    { name: 'published', label: t('published'), width: '160px', cell: (row) => <When at={row.publishedAt} /> },
    { name: 'by', label: t('publishedBy'), phone: 'hide', cell: (row) => row.publishedBy ?? t('shipped') },
    { name: 'running', label: t('running'), align: 'right', width: '140px', cell: (row) => number(row.runningInAll) },
  ]
  return (
    <div className="administration">
      {trouble && <AdministrationTabs trouble={trouble} />}
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={
          mayDraw && (
            <>
              <Link to="/flows/decisions">{t('decisions')}</Link>
              <Link to="/flows/drafts">{t('drafts')}</Link>
            </>
          )
        }
      />
      <DataList
        label={t('title')}
        rows={flows}
        columns={columns}
        rowKey={(row) => row.flowId}
        rowTo={(row) => `/flows/${row.flowId}`}
        total={flows.length}
        empty={<EmptyState title={t('none')}>{t('noneHint')}</EmptyState>}
      />
    </div>
  )
}

export { RouteError as ErrorBoundary }
