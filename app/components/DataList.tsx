import { Link, useLocation } from '@remix-run/react'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { withParams } from '../list-query.ts'
import { useFormats } from '../viewer.ts'
import { Icon } from './Icon.tsx'
import { isTyping } from './KeyList.tsx'

export interface Column<Row> {
  /** Its name in `?sort=`. */
  name: string
  label: ReactNode
  cell: (row: Row) => ReactNode
  sortable?: boolean
  align?: 'right'
  /** Any CSS width. */
  width?: string
  /** The cell that carries the row's link, and the first line of the card on the phone. One column has it. */
  main?: boolean
  /** Beside the main cell's text, which is cut to one line where it is long: marks that must not be cut off with it. */
  marks?: (row: Row) => ReactNode
  /** Not shown on the phone. */
  phone?: 'hide'
}

export interface DataListProps<Row> {
  /** What is listed, for screen readers. */
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  /** Where a row leads; its main cell is the link, the whole row the place to click. */
  rowTo?: (row: Row) => string
  /** The row's main action (key `e`): a Link or a button, with `data-row-action`. */
  rowAction?: (row: Row) => ReactNode
  /** A colour at the row's edge, beside the words that say the same. */
  rowTone?: (row: Row) => 'bad' | 'soon' | undefined
  rowIsNew?: (row: Row) => boolean
  /** Checkboxes named so, with the row's key as value; the list has to stand in a form then, or `selectForm` names one by its id. */
  selectName?: string
  selectForm?: string
  /** Shown in the list's place when there are no rows. */
  empty: ReactNode
  /** All rows of the result. */
  total?: number
  /** There are more than `total`, uncounted. */
  more?: boolean
  page?: number
  pageSize?: number
  /** `sort` of the address when it says none: "-receivedAt". */
  sortedBy?: string
}

/** A table as the server made it: sorted, paged and filtered by its address. `j k Enter x e` move and act in it. */
export function DataList<Row>(props: DataListProps<Row>) {
  const { label, rows, columns, rowKey, rowTo, rowAction, rowTone, rowIsNew, selectName, selectForm, empty } = props
  const { t } = useTranslation('common')
  const body = useRowKeys()
  if (rows.length === 0) return <>{empty}</>
  return (
    <div className="data-list">
      <table className="list">
        <caption className="only-read">{label}</caption>
        <thead>
          <tr>
            {selectName && (
              <th scope="col" className="select-cell">
                <span className="only-read">{t('list.select')}</span>
                <input
                  type="checkbox"
                  className="needs-script"
                  aria-label={t('list.selectAll')}
                  onChange={({ currentTarget }) => tickAll(body.current, currentTarget.checked)}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeaderCell key={column.name} column={column} sortedBy={props.sortedBy} />
            ))}
            {rowAction && (
              <th scope="col">
                <span className="only-read">{t('list.action')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => {
            const key = rowKey(row)
            return (
              <tr key={key} data-tone={rowTone?.(row)} data-new={rowIsNew?.(row) ? '' : undefined}>
                {selectName && (
                  <td className="select-cell">
                    <label>
                      <input
                        type="checkbox"
                        name={selectName}
                        form={selectForm}
                        value={key}
                        aria-label={t('list.selectRow')}
                      />
                    </label>
                  </td>
                )}
                {columns.map((column) => (
                  <td
                    key={column.name}
                    data-label={typeof column.label === 'string' ? column.label : undefined}
                    data-main={column.main ? '' : undefined}
                    data-phone={column.phone}
                    className={column.align === 'right' ? 'number' : undefined}
                  >
                    {column.main ? <MainCell column={column} row={row} to={rowTo?.(row)} /> : column.cell(row)}
                  </td>
                ))}
                {rowAction && <td className="action-cell">{rowAction(row)}</td>}
              </tr>
            )
          })}
        </tbody>
      </table>
      <Pages {...props} />
    </div>
  )
}

function MainCell<Row>({ column, row, to }: { column: Column<Row>; row: Row; to: string | undefined }) {
  const content = column.cell(row)
  const title = typeof content === 'string' ? content : undefined
  return (
    <div className="main-cell">
      {to === undefined ? (
        <span className="row-text" title={title}>
          {content}
        </span>
      ) : (
        <Link to={to} className="row-text row-link" title={title}>
          {content}
        </Link>
      )}
      {column.marks?.(row)}
    </div>
  )
}

function HeaderCell<Row>({ column, sortedBy }: { column: Column<Row>; sortedBy: string | undefined }) {
  const { search } = useLocation()
  const active = new URLSearchParams(search).get('sort') ?? sortedBy
  const direction = active === column.name ? 'ascending' : active === `-${column.name}` ? 'descending' : undefined
  const next = direction === 'ascending' ? `-${column.name}` : column.name
  return (
    <th
      scope="col"
      aria-sort={direction}
      className={column.align === 'right' ? 'number' : undefined}
      style={column.width ? { width: column.width, minWidth: column.width } : undefined}
    >
      {column.sortable ? (
        <Link to={withParams(search, { sort: next, page: null })} preventScrollReset>
          {column.label}
          {direction && <Icon name={direction === 'ascending' ? 'up' : 'down'} size={14} />}
        </Link>
      ) : (
        column.label
      )}
    </th>
  )
}

function Pages<Row>({ rows, total, more = false, page = 1, pageSize }: DataListProps<Row>) {
  const { t } = useTranslation('common')
  const { number } = useFormats()
  const { search } = useLocation()
  if (total === undefined) return null
  const from = pageSize ? (page - 1) * pageSize + 1 : 1
  const last = pageSize ? Math.max(1, Math.ceil(total / pageSize)) : 1
  return (
    <nav className="pages" aria-label={t('list.pages')}>
      <span>
        {t('list.count', {
          from: number(from),
          to: number(from + rows.length - 1),
          total: number(total) + (more ? '+' : ''),
        })}
      </span>
      {last > 1 && (
        <span className="row">
          {page > 1 && (
            <Link to={withParams(search, { page: page === 2 ? null : page - 1 })} rel="prev">
              <Icon name="left" /> {t('list.previous')}
            </Link>
          )}
          <span>{t('list.page', { page: number(page), last: number(last) })}</span>
          {page < last && (
            <Link to={withParams(search, { page: page + 1 })} rel="next">
              {t('list.next')} <Icon name="right" />
            </Link>
          )}
        </span>
      )}
    </nav>
  )
}

/** `j` and `k` go from row to row (Enter is the link's own), `x` ticks, `e` does the row's main action. */
function useRowKeys() {
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!body.current || isTyping(event)) return
      const rows = [...body.current.rows]
      const at = rows.findIndex((row) => row.contains(document.activeElement))
      const row = rows[at]
      if (event.key === 'j') focusRow(rows[Math.min(at + 1, rows.length - 1)])
      else if (event.key === 'k') focusRow(rows[Math.max(at - 1, 0)])
      else if (event.key === 'x') row?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
      else if (event.key === 'e') row?.querySelector<HTMLElement>('[data-row-action]')?.click()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return body
}

function tickAll(body: HTMLTableSectionElement | null, on: boolean): void {
  for (const box of body?.querySelectorAll<HTMLInputElement>('.select-cell input') ?? []) {
    if (box.checked !== on) box.click()
  }
}

function focusRow(row: HTMLTableRowElement | undefined): void {
  const target = row?.querySelector<HTMLElement>('.row-link') ?? row?.querySelector<HTMLElement>('a, button, input')
  target?.focus()
  row?.scrollIntoView({ block: 'nearest' })
}
