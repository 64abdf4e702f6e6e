import { Link, useLoaderData, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { DocumentLine, FacetCount } from '#db/document-list.ts'
import { DataList } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { FacetBar, type Facet, type FacetOption } from '../components/FacetBar.tsx'
import { Icon } from '../components/Icon.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { withParams } from '../list-query.ts'
import { useFormats, useMay, usePick } from '../viewer.ts'
import { facetNames } from './arranging.ts'
import { useDocumentColumns } from './columns.tsx'
import { ListArranger } from './ListArranger.tsx'
import type { documentListLoader } from './list.server.ts'
import '../styles/documents.css'

/** Incoming, outgoing or internal documents: filters with counts, the columns of the book, pages. */
export function DocumentListPage() {
  const loaded = useLoaderData<ReturnType<typeof documentListLoader>>()
  const { direction, rows, total, more, page, pageSize, sizes, sortedBy } = loaded
  const { t } = useTranslation('documents')
  const all = useDocumentColumns(direction)
  const columns = all.filter(({ name }) => !loaded.arranged.hiddenColumns.includes(name))
  const facets = useFacets(loaded.facets)
  const { search } = useLocation()
  const params = new URLSearchParams(search)
  const filtered = facetNames.some((name) => params.get(name))
  const exported = [...facetNames, 'sort'].flatMap((name) => {
    const value = params.get(name)
    return value ? [[name, value] as const] : []
  })
  const tone = ({ overdue, dueAt, ended }: DocumentLine) =>
    overdue ? 'bad' : !ended && dueAt !== null && params.get('due') === 'soon' ? 'soon' : undefined
  return (
    <div className="document-list">
      <PageHeader title={t(`list.${direction}`)} actions={<Actions direction={direction} />} />
      <FacetBar facets={facets} keep={['size']} />
      <ListArranger direction={direction} arranged={loaded.arranged} columns={all} />
      <form action={`/exports/${direction}.xlsx`} className="exported-list">
        {exported.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {total > 0 && <ExportBar total={total} more={more} />}
        <DataList
          selectName="id"
          label={t(`list.${direction}`)}
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          rowTo={(row) => `/documents/${row.id}`}
          rowTone={tone}
          total={total}
          more={more}
          page={page}
          pageSize={pageSize}
          sortedBy={sortedBy}
          empty={<Empty direction={direction} filtered={filtered} beyond={total > 0} />}
        />
      </form>
      {total > sizes[0] && (
        <p className="page-sizes not-printed muted">
          {t('list.pageSize')}{' '}
          {sizes.map((size) => (
            <Link
              key={size}
              to={withParams(search, { size: size === sizes[0] ? null : size, page: null })}
              aria-current={size === pageSize ? 'true' : undefined}
              preventScrollReset
            >
              {size}
            </Link>
          ))}
        </p>
      )}
    </div>
  )
}

/** The list as a spreadsheet: the whole of it, or the lines that are ticked. */
function ExportBar({ total, more }: { total: number; more: boolean }) {
  const { t } = useTranslation('documents')
  const { number } = useFormats()
  return (
    <p className="export-bar not-printed">
      <button className="text-button" name="of" value="all">
        <Icon name="file" /> {t('export.all')} ({number(total)}
        {more && '+'})
      </button>
      <button className="text-button of-ticked" name="of" value="ticked">
        {t('export.ticked')}
      </button>
    </p>
  )
}

function Actions({ direction }: { direction: string }) {
  const { t } = useTranslation('documents')
  const may = useMay()
  return (
    <>
      {direction !== 'internal' && may('register-book:read') && (
        <Link to={`/registers/${direction}`} className="text-button">
          <Icon name="register" /> {t(`list.book.${direction}`)}
        </Link>
      )}
      {direction === 'incoming' && may('paper:receive') && (
        <Link to="/receive" className="button">
          <Icon name="plus" /> {t('receive.title')}
        </Link>
      )}
      {direction === 'outgoing' && may('drafting:begin') && (
        <Link to="/outgoing/new" className="button">
          <Icon name="plus" /> {t('list.draftOutgoing')}
        </Link>
      )}
      {direction === 'internal' && may('drafting:begin') && (
        <>
          <Link to="/slips/new" className="text-button">
            <Icon name="plus" /> {t('list.draftSlip')}
          </Link>
          <Link to="/opinions/new" className="text-button">
            <Icon name="plus" /> {t('list.requestOpinions')}
          </Link>
        </>
      )}
      {direction === 'internal' && may('notice:create') && (
        <Link to="/notices/new" className="button">
          <Icon name="plus" /> {t('notice.title')}
        </Link>
      )}
    </>
  )
}

function Empty({ direction, filtered, beyond }: { direction: string; filtered: boolean; beyond: boolean }) {
  const { t } = useTranslation('documents')
  const { pathname, search } = useLocation()
  if (beyond)
    return (
      <EmptyState title={t('empty.beyond')}>
        <Link to={withParams(search, { page: null })}>{t('empty.first')}</Link>
      </EmptyState>
    )
  if (filtered)
    return (
      <EmptyState title={t('empty.filtered')}>
        <p>{t('empty.filteredHint')}</p>
        <Link to={pathname}>{t('empty.clear')}</Link>
      </EmptyState>
    )
  return (
    <EmptyState title={t(`empty.${direction}`)}>
      <p>{t('empty.why')}</p>
    </EmptyState>
  )
}

/** The choices that something is there for, and the one chosen even when nothing is. */
function useFacets(counts: readonly FacetCount[]): Facet[] {
  const { t } = useTranslation(['documents', 'common'])
  const pick = usePick()
  const { search } = useLocation()
  const params = new URLSearchParams(search)
  const options = (facet: FacetCount['facet'], name: (count: FacetCount) => string): FacetOption[] => {
    const found = counts
      .filter((count) => count.facet === facet)
      .map((count) => ({ value: count.value, label: name(count), count: count.count ?? undefined }))
    const chosen = params.get(facet)
    if (!chosen || found.some(({ value }) => value === chosen)) return found
    const absent: FacetCount = { facet, value: chosen, label: chosen, labelEn: chosen, count: 0 }
    return [...found, { value: chosen, label: name(absent), count: 0 }]
  }
  const named = ({ value, label, labelEn }: FacetCount) => pick(label ?? value, labelEn ?? value)
  return [
    { name: 'text', label: t('facet.text'), kind: 'text' },
    {
      name: 'state',
      label: t('facet.state'),
      kind: 'select',
      options: options('state', ({ value }) => t(`common:state.${value}`)),
    },
    { name: 'unit', label: t('facet.unit'), kind: 'select', options: options('unit', named) },
    { name: 'kind', label: t('facet.kind'), kind: 'select', options: options('kind', named) },
    {
      name: 'urgency',
      label: t('facet.urgency'),
      kind: 'select',
      options: options('urgency', ({ value }) => t(`common:urgency.${value}`)),
    },
    { name: 'due', label: t('facet.due'), kind: 'select', options: options('due', ({ value }) => t(`due.${value}`)) },
    { name: 'from', label: t('facet.from'), kind: 'date' },
    { name: 'to', label: t('facet.to'), kind: 'date' },
  ]
}
