import { Link, useLoaderData } from '@remix-run/react'
import { randomUUID } from 'node:crypto'
import { useTranslation } from 'react-i18next'
import { expiringCertificates } from '#db/certificates.ts'
import { giversOf, givenCases, readDoneTask, registerQueue, unitLoad, waitingCounts } from '#db/home.ts'
import { isUuid } from '#db/task-page.ts'
import { inbox } from '#db/tasks.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { DueMark, PartMark, SecrecyMark, UrgencyMark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import { readListQuery } from '../list-query.ts'
import { may } from '../permissions.ts'
import '../styles/home.css'
import { ExpiringCertificates } from '../administration/ExpiringCertificates.tsx'
import { DoneBanner } from '../tasks/DoneBanner.tsx'
import { UnitLoadChart, WaitedFor } from '../tasks/HomeAside.tsx'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, useFrame, usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['home', 'tasks', 'trust'], title: 'home:title' }

const views = ['all', 'mine', 'group', 'overdue', 'register'] as const
type View = (typeof views)[number]
const scopes = { all: 'inbox', mine: 'assigned', group: 'group' } as const

export const loader = guardedLoader('home:read', async ({ db, viewer, request }) => {
  const search = new URL(request.url).searchParams
  const asked = search.get('show')
  const canRegister = may(viewer, 'document:register')
  const known = views.find((view) => view === asked) ?? 'all'
  const view: View = known === 'register' && !canRegister ? 'all' : known
  const { page, pageSize, offset } = readListQuery(request.url, { sortable: ['due'], by: 'due', pageSize: 25 })
  const doneId = search.get('done') ?? undefined

  const read = async (counting: Promise<{ overdue: number }>) => {
    if (view === 'register') return registerQueue(db, viewer, { limit: pageSize, offset })
    if (view !== 'overdue') return inbox(db, viewer, { scope: scopes[view], limit: pageSize, offset })
    // The first due stand first, so what is overdue is the head of the list.
    const { overdue } = await counting
    const limit = Math.min(pageSize, overdue - offset)
    return limit > 0 ? inbox(db, viewer, { limit, offset }) : []
  }
  const lines = async () => {
    const counting = waitingCounts(db, viewer)
    const withGivers = async () => {
      const found = await read(counting)
      const givers = await giversOf(
        db,
        found.map(({ taskId }) => taskId),
      )
      return found.map((line) => ({ ...line, from: givers.get(line.taskId) ?? line.agencyName ?? null }))
    }
    // Both are waited for together: when the database goes away, neither fails where nobody listens.
    const [waiting, counts] = await Promise.all([withGivers(), counting])
    return { counts, tasks: waiting }
  }
  const [{ tasks, counts }, load, waitedFor, done, expiring] = await Promise.all([
    lines(),
    unitLoad(db, viewer),
    givenCases(db, viewer, { limit: 6 }),
    isUuid(doneId) ? readDoneTask(db, viewer, doneId) : null,
    may(viewer, 'certificate:keep') ? expiringCertificates(db) : 0,
  ])
  return {
    view,
    canRegister,
    page,
    pageSize,
    tasks,
    counts,
    load: [...load],
    waitedFor: [...waitedFor],
    done,
    expiring,
    takenBack: search.has('taken-back'),
    formId: randomUUID(),
  }
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

const totals = { all: 'inbox', mine: 'assigned', group: 'group', overdue: 'overdue', register: 'toRegister' } as const

export default function Home() {
  const { view, canRegister, page, pageSize, tasks, counts, load, waitedFor, done, expiring, takenBack, formId } =
    useLoaderData<typeof loader>()
  const { t } = useTranslation('home')
  const { number } = useFormats()
  const pick = usePick()
  const { person } = useFrame()
  const shown = views.filter((each) => each !== 'register' || canRegister)
  type Row = (typeof tasks)[number]
  const ask = (row: Row) => pick(row.askVi ?? row.name, row.askEn ?? row.name)
  const columns: Column<Row>[] = [
    {
      name: 'document',
      label: t('column.document'),
      main: true,
      cell: (row) => (
        <span className="two-lines">
          <span>{row.subject ?? row.name}</span>
          <small className="muted">
            <UrgencyMark level={row.urgency} />
            <SecrecyMark level={row.secrecy} />
            <PartMark part={row.part} />
            {[row.code, row.agencyName].filter(Boolean).join(' · ')}
          </small>
        </span>
      ),
    },
    {
      name: 'from',
      label: t('column.from'),
      width: '160px',
      cell: (row) =>
        row.from && (
          <span className="from" title={row.from}>
            {row.from}
          </span>
        ),
    },
    { name: 'due', label: t('column.due'), width: '120px', cell: (row) => <DueMark dueAt={row.dueAt} /> },
  ]
  return (
    <div className="home">
      <div className="home-main">
        {done && <DoneBanner done={done} formId={formId} />}
        {takenBack && (
          <p className="done-banner" role="status">
            {t('tasks:done.takenBack')}
          </p>
        )}
        {expiring > 0 && <ExpiringCertificates count={expiring} />}
        <PageHeader
          title={t('title')}
          subtitle={t(counts.overdue > 0 ? 'subtitleOverdue' : 'subtitle', {
            name: person.fullName,
            count: counts.inbox,
            overdue: number(counts.overdue),
          })}
        />
        <nav className="tabs" aria-label={t('filter')}>
          {shown.map((each) => (
            <Link
              key={each}
              to={each === 'all' ? '/' : `/?show=${each}`}
              aria-current={each === view ? 'page' : undefined}
              data-tone={each === 'overdue' && counts.overdue > 0 ? 'bad' : undefined}
            >
              {t(`show.${each}`)} <span className="tab-count">{number(counts[totals[each]])}</span>
            </Link>
          ))}
        </nav>
        <DataList
          label={t('title')}
          rows={tasks}
          columns={columns}
          rowKey={(row) => row.taskId}
          rowTo={(row) => `/tasks/${row.taskId}`}
          rowTone={(row) => (row.overdue ? 'bad' : undefined)}
          rowAction={(row) => (
            <Link to={`/tasks/${row.taskId}`} data-row-action="" tabIndex={-1}>
              {ask(row)}
            </Link>
          )}
          empty={
            <EmptyState title={t(`empty.${view}`)}>
              <p>{t('emptyWhy')}</p>
              <Link to={view === 'all' ? '/documents/incoming' : '/'}>
                {t(view === 'all' ? 'toDocuments' : 'toAll')}
              </Link>
            </EmptyState>
          }
          total={counts[totals[view]]}
          page={page}
          pageSize={pageSize}
        />
      </div>
      <aside className="home-aside">
        <UnitLoadChart load={load} />
        <WaitedFor cases={waitedFor} />
      </aside>
    </div>
  )
}
