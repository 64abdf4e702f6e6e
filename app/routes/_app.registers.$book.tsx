import { Form, Link, useLoaderData, useLocation } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { notFound } from '#db/refusal.ts'
import { bookLines, bookYears, type BookLine } from '#db/registers.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { Icon } from '../components/Icon.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { timeZone } from '../format.ts'
import { guardedLoader } from '../guard.server.ts'
import { readListQuery, withParams } from '../list-query.ts'
import { bookOf, volumeLines } from '../registers/books.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, useMay, usePick } from '../viewer.ts'
import '../styles/documents.css'
import '../styles/registers.css'

export const handle: RouteHandle = {
  i18n: ['registers'],
  title: ({ book, year }: { book: string; year: number }, t) => `${t(`registers:title.${book}`)} ${year}`,
}

const pageSize = 100

export const loader = guardedLoader('register-book:read', async ({ request, params, db, viewer, now }) => {
  const book = bookOf(params.book)
  if (!book) throw notFound()
  const thisYear = Number(new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(now))
  const asked = new URL(request.url).searchParams.get('year')
  const year = asked !== null && /^(?:19|20|21)\d\d$/.test(asked) ? Number(asked) : thisYear
  const { page, offset } = readListQuery(request.url, { sortable: ['number'], by: '-number', pageSize })
  const [known, { lines, total }] = await Promise.all([
    bookYears(db, book),
    bookLines(db, viewer, { book, year, from: offset, limit: pageSize, newestFirst: true }),
  ])
  const years = [...new Set([year, thisYear, ...known])].sort((a, b) => b - a)
  return { book, year, years, page, total, lines, volumes: Math.max(1, Math.ceil(total / volumeLines)) }
})

export default function RegisterBook() {
  const { book, year, years, page, total, lines, volumes } = useLoaderData<typeof loader>()
  const { t } = useTranslation('registers')
  const { number } = useFormats()
  const may = useMay()
  const columns = useColumns(book)
  const { search } = useLocation()
  const other = book === 'incoming' ? 'outgoing' : 'incoming'
  return (
    <div className="register-book">
      <PageHeader
        title={t(`title.${book}`)}
        subtitle={t('subtitle', { year, count: total, total: number(total) })}
        actions={
          <>
            <Link to={`/registers/${other}${withParams(search, { page: null })}`} className="text-button">
              {t(`title.${other}`)}
            </Link>
            {may('register-book:print') &&
              Array.from({ length: volumes }, (_, index) => (
                <a
                  key={index}
                  className="button"
                  href={`/registers/${book}/${year}.pdf${index > 0 ? `?volume=${index + 1}` : ''}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  <Icon name="file" /> {volumes > 1 ? t('printVolume', { volume: index + 1 }) : t('print')}
                </a>
              ))}
          </>
        }
      />
      <Form className="facets not-printed">
        <label htmlFor="year">
          <span>{t('year')}</span>
          <select id="year" name="year" defaultValue={year}>
            {years.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <button className="text-button">{t('show')}</button>
      </Form>
      <DataList
        label={`${t(`title.${book}`)} ${year}`}
        rows={lines}
        columns={columns}
        rowKey={(line) => line.documentId}
        rowTo={(line) => `/documents/${line.documentId}`}
        total={total}
        page={page}
        pageSize={pageSize}
        empty={
          <EmptyState title={t('empty', { year })}>
            <p>{t('emptyHint')}</p>
          </EmptyState>
        }
      />
    </div>
  )
}

/** The ten columns of the form. The place of the signature is for the printed book. */
function useColumns(book: 'incoming' | 'outgoing'): Column<BookLine>[] {
  const { t } = useTranslation('registers')
  const { date, number } = useFormats()
  const pick = usePick()
  const column = (name: string, cell: (line: BookLine) => ReactNode, more: Partial<Column<BookLine>> = {}) => ({
    name,
    label: t(`column.${name}`),
    cell,
    ...more,
  })
  const subject = column(
    'subject',
    (line) => (
      <>
        {line.kindName && <span className="muted">{pick(line.kindName, line.kindNameEn ?? line.kindName)}: </span>}
        {line.subject}
      </>
    ),
    { main: true },
  )
  const passed = column('passed', (line) => line.passedAt && date(line.passedAt), { width: '96px' })
  const received = column('received', () => '', { width: '60px', phone: 'hide' })
  const note = column('note', (line) => line.note, { width: '7%' })
  if (book === 'incoming')
    return [
      column('arrived', (line) => date(line.takenAt), { width: '96px' }),
      column('arrivalNumber', (line) => number(line.number), { align: 'right', width: '56px' }),
      column('author', (line) => line.agencyName, { width: '12%' }),
      column('code', (line) => line.code, { width: '128px' }),
      column('issued', (line) => line.issuedOn && date(line.issuedOn), { width: '96px' }),
      subject,
      column('receivers', (line) => pick(line.receivers ?? '', line.receiversEn ?? ''), { width: '14%' }),
      passed,
      received,
      note,
    ]
  return [
    column('code', (line) => line.code ?? number(line.number), { width: '128px' }),
    column('issued', (line) => date(line.issuedOn ?? line.takenAt), { width: '96px' }),
    subject,
    column('signer', (line) => line.signerName, { width: '11%' }),
    column('recipients', (line) => line.recipients, { width: '17%' }),
    column('keeper', (line) => pick(line.keeper ?? '', line.keeperEn ?? ''), { width: '12%' }),
    column('copies', (line) => (line.copies === null ? '' : number(line.copies)), { align: 'right', width: '64px' }),
    passed,
    received,
    note,
  ]
}

export { RouteError as ErrorBoundary }
