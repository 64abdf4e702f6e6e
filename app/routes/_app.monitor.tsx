import { Link, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { listDocuments, type DocumentLine } from '#db/document-list.ts'
import { monitorOf, type UnitLoad, type UnopenedNotice, type Waiting } from '#db/monitor.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { DueMark, Mark, When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'
import '../styles/monitor.css'

export const handle: RouteHandle = { i18n: ['documents'], title: 'documents:monitor.title' }

/** Of the documents due next. */
const soonest = 12

export const loader = guardedLoader('monitor:read', async ({ db, viewer }) => {
  const [monitor, soon] = await Promise.all([
    monitorOf(db, viewer),
    listDocuments(
      db,
      viewer,
      { direction: 'incoming', due: 'week' },
      { sort: 'due', descending: false, limit: soonest, offset: 0 },
    ),
  ])
  return { ...monitor, soon }
})

export default function Monitor() {
  const { units, waiting, notices, soon } = useLoaderData<typeof loader>()
  const { t } = useTranslation('documents')
  return (
    <div className="monitor">
      <PageHeader title={t('monitor.title')} />
      <Figures units={units} waiting={waiting} />
      <section aria-labelledby="units-heading">
        <h2 id="units-heading">{t('monitor.overdueByUnit')}</h2>
        <UnitTable units={units} />
      </section>
      <section aria-labelledby="soon-heading">
        <h2 id="soon-heading">
          <Link to="/documents/incoming?due=week&sort=due">{t('monitor.soonest')}</Link>
        </h2>
        <SoonList soon={soon} />
      </section>
      <section aria-labelledby="notices-heading">
        <h2 id="notices-heading">{t('monitor.unopened')}</h2>
        <NoticeList notices={notices} />
      </section>
    </div>
  )
}

const waitingNames = {
  'incoming.register': { name: 'toRegister', state: 'received' },
  'incoming.submit': { name: 'toSubmit', state: 'registered' },
  'incoming.direct': { name: 'toDirect', state: 'registered' },
} as const

/** What waits and what is late, each a way to the list of it. */
function Figures({ units, waiting }: { units: readonly UnitLoad[]; waiting: readonly Waiting[] }) {
  const { t } = useTranslation('documents')
  const { number } = useFormats()
  const sum = (of: (unit: UnitLoad) => number) => units.reduce((total, unit) => total + of(unit), 0)
  const overdue = sum((unit) => unit.overdue)
  return (
    <ul className="figures">
      <li data-tone={overdue > 0 ? 'bad' : undefined}>
        <Link to="/documents/incoming?due=overdue&sort=due">
          <strong>{number(overdue)}</strong> {t('monitor.overdueTotal')}
        </Link>
      </li>
      <li>
        <Link to="/documents/incoming?due=week&sort=due">
          <strong>{number(sum((unit) => unit.dueSoon))}</strong> {t('monitor.dueSoon')}
        </Link>
      </li>
      {waiting.map((each) => {
        const { name, state } = waitingNames[each.formKey]
        return (
          <li key={each.formKey}>
            <Link to={`/documents/incoming?state=${state}`}>
              <strong>{number(each.count)}</strong> {t(`monitor.${name}`)}
            </Link>
            {each.oldestAt !== null && (
              <small className="muted">
                {t('monitor.oldest')} <When at={each.oldestAt} />
              </small>
            )}
            {each.overdue > 0 && (
              <Mark tone="bad" icon="warning">
                {t('monitor.late', { count: each.overdue, total: number(each.overdue) })}
              </Mark>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** A bar for each unit, as long as what it has open; the part that is late, and the part due soon, stand out in it. */
function UnitTable({ units }: { units: readonly UnitLoad[] }) {
  const { t } = useTranslation('documents')
  const { number } = useFormats()
  const pick = usePick()
  const most = Math.max(1, ...units.map(({ open }) => open))
  const share = (count: number) => `${(100 * count) / most}%`
  if (units.length === 0) return <EmptyState title={t('monitor.noneOpen')} />
  return (
    <div className="unit-loads">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{t('monitor.unit')}</th>
            {(['overdue', 'dueSoon', 'open'] as const).map((counted) => (
              <th scope="col" className="number" key={counted}>
                {t(`monitor.${counted}`)}
              </th>
            ))}
            <th scope="col" className="bar-cell" aria-hidden="true">
              <span className="bar-legend" data-part="overdue">
                {t('monitor.overdue')}
              </span>
              <span className="bar-legend" data-part="soon">
                {t('monitor.dueSoon')}
              </span>
              <span className="bar-legend">{t('monitor.open')}</span>
            </th>
            <th scope="col">{t('monitor.longest')}</th>
          </tr>
        </thead>
        <tbody>
          {units.map((unit) => {
            const to = (due: string) =>
              unit.unitCode === null
                ? null
                : `/documents/incoming?unit=${unit.unitCode}${due && `&due=${due}`}&sort=due`
            const count = (value: number, due: string) => {
              const address = to(due)
              return value > 0 && address ? <Link to={address}>{number(value)}</Link> : number(value)
            }
            return (
              <tr key={unit.unitCode ?? ''}>
                <th scope="row">
                  {unit.unitName ? (
                    pick(unit.unitName, unit.unitNameEn ?? unit.unitName)
                  ) : (
                    <span className="muted">{t('monitor.noUnit')}</span>
                  )}
                </th>
                <td className="number" data-bad={unit.overdue > 0 ? '' : undefined}>
                  {count(unit.overdue, 'overdue')}
                </td>
                <td className="number">{count(unit.dueSoon, 'week')}</td>
                <td className="number">{count(unit.open, '')}</td>
                <td className="bar-cell" aria-hidden="true">
                  <div className="bar">
                    <span data-part="overdue" style={{ width: share(unit.overdue) }} />
                    <span data-part="soon" style={{ width: share(unit.dueSoon) }} />
                    <span style={{ width: share(unit.open - unit.overdue - unit.dueSoon) }} />
                  </div>
                </td>
                <td>{unit.worstDueAt !== null && <DueMark dueAt={unit.worstDueAt} />}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function SoonList({ soon }: { soon: readonly DocumentLine[] }) {
  const { t } = useTranslation('documents')
  const pick = usePick()
  if (soon.length === 0) return <p className="muted">{t('monitor.noneSoon')}</p>
  return (
    <ul className="monitor-lines">
      {soon.map((document) => (
        <li key={document.id}>
          <DueMark dueAt={document.dueAt} />
          <div>
            <Link to={`/documents/${document.id}`}>
              {document.code && <strong>{document.code} </strong>}
              {document.subject}
            </Link>
            <small className="muted block">
              {document.unitName && pick(document.unitName, document.unitNameEn ?? document.unitName)}
            </small>
          </div>
        </li>
      ))}
    </ul>
  )
}

function NoticeList({ notices }: { notices: readonly UnopenedNotice[] }) {
  const { t } = useTranslation('documents')
  const { number } = useFormats()
  const pick = usePick()
  if (notices.length === 0) return <p className="muted">{t('monitor.noneUnopened')}</p>
  return (
    <ul className="monitor-lines">
      {notices.map((notice) => (
        <li key={notice.id}>
          <span className="opened-count">
            {t('monitor.openedOf', {
              opened: number(notice.units - notice.unopened.length),
              total: number(notice.units),
            })}
          </span>
          <div>
            <Link to={`/documents/${notice.id}`}>
              {notice.code && <strong>{notice.code} </strong>}
              {notice.subject}
            </Link>{' '}
            <small className="muted">
              <When at={notice.issuedAt} />
            </small>
            <details>
              <summary>
                {t('monitor.notOpenedBy', { count: notice.unopened.length, total: number(notice.unopened.length) })}
              </summary>
              <p className="muted">{notice.unopened.map((unit) => pick(unit.name, unit.nameEn)).join('; ')}</p>
            </details>
          </div>
        </li>
      ))}
    </ul>
  )
}

export { RouteError as ErrorBoundary }
