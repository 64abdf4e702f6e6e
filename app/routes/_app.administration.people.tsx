import { useLoaderData } from '@remix-run/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { staff, STAFF_PER_PAGE, unitList, type StaffPost } from '#db/administration.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FacetBar, type Facet } from '../components/FacetBar.tsx'
import { Mark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import { readListQuery } from '../list-query.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['administration'], title: 'administration:people.title' }

export const loader = guardedLoader('administration:read', async ({ request, db }) => {
  const { searchParams } = new URL(request.url)
  const { page } = readListQuery(request.url, { sortable: ['unit'], by: 'unit' })
  const [found, units] = await Promise.all([
    staff(db, { unit: searchParams.get('unit') ?? '', search: (searchParams.get('find') ?? '').slice(0, 200), page }),
    unitList(db),
  ])
  return { ...found, units: [...units], page, pageSize: STAFF_PER_PAGE }
})

export default function People() {
  const { posts, total, units, page, pageSize } = useLoaderData<typeof loader>()
  const { t } = useTranslation('administration')
  const { number } = useFormats()
  const pick = usePick()
  const facets = useMemo<Facet[]>(
    () => [
      { name: 'find', label: t('people.find'), kind: 'text' },
      {
        name: 'unit',
        label: t('people.unit'),
        kind: 'select',
        options: units.map((unit) => ({ value: unit.code, label: pick(unit.name, unit.nameEn), count: unit.posts })),
      },
    ],
    [t, units, pick],
  )
  const columns: Column<StaffPost>[] = [
    { name: 'name', label: t('people.name'), main: true, cell: (row) => row.fullName },
    { name: 'title', label: t('people.post'), cell: (row) => pick(row.title, row.titleEn) },
    { name: 'unit', label: t('people.unit'), cell: (row) => pick(row.unitName, row.unitNameEn) },
    { name: 'role', label: t('people.role'), cell: (row) => t(`role.${row.role}`, { defaultValue: row.role }) },
    { name: 'username', label: t('people.username'), cell: (row) => <code>{row.username}</code> },
    {
      name: 'active',
      label: t('people.account'),
      cell: (row) => (row.active ? t('people.open') : <Mark tone="bad">{t('people.closed')}</Mark>),
    },
  ]
  return (
    <>
      <PageHeader
        title={t('people.title')}
        subtitle={t('people.subtitle', { count: total, units: number(units.length) })}
      />
      <FacetBar facets={facets} />
      <DataList
        label={t('people.title')}
        rows={posts}
        columns={columns}
        rowKey={(row) => row.postId}
        total={total}
        page={page}
        pageSize={pageSize}
        empty={<EmptyState title={t('people.none')} />}
      />
    </>
  )
}

export { RouteError as ErrorBoundary }
