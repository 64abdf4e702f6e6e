import { Link, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { holidaysOf, type HolidayRow } from '#db/administration.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { Mark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['administration'], title: 'administration:holidays.title' }

const offset = 7 * 3_600_000

export const loader = guardedLoader('administration:read', async ({ request, db, now }) => {
  const asked = new URL(request.url).searchParams.get('year') ?? ''
  const year = /^\d{4}$/.test(asked) ? Number(asked) : new Date(now + offset).getUTCFullYear()
  return { ...(await holidaysOf(db, year)), year }
})

export default function Holidays() {
  const { days, years, year } = useLoaderData<typeof loader>()
  const { t } = useTranslation('administration')
  const { date, language } = useFormats()
  const pick = usePick()
  const weekday = new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', { weekday: 'long', timeZone: 'UTC' })
  const columns: Column<HolidayRow>[] = [
    { name: 'day', label: t('holidays.day'), width: '120px', cell: (row) => date(row.day) },
    {
      name: 'weekday',
      label: t('holidays.weekday'),
      width: '140px',
      cell: (row) => weekday.format(Date.parse(row.day)),
    },
    { name: 'name', label: t('holidays.name'), main: true, cell: (row) => pick(row.name, row.nameEn) },
    {
      name: 'kind',
      label: t('holidays.kind'),
      width: '160px',
      cell: (row) => (row.kind === 'off' ? t('holidays.off') : <Mark tone="soon">{t('holidays.worked')}</Mark>),
    },
  ]
  return (
    <>
      <PageHeader title={t('holidays.title')} subtitle={t('holidays.subtitle')} />
      <nav className="years" aria-label={t('holidays.year')}>
        {years.map((each) => (
          <Link key={each} to={`?year=${each}`} aria-current={each === year ? 'true' : undefined} preventScrollReset>
            {each}
          </Link>
        ))}
      </nav>
      <DataList
        label={t('holidays.title')}
        rows={days}
        columns={columns}
        rowKey={(row) => row.day}
        total={days.length}
        empty={<EmptyState title={t('holidays.none')} />}
      />
    </>
  )
}

export { RouteError as ErrorBoundary }
