import { Form, Link, useActionData, useLoaderData, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { recordAudit } from '#db/audit.ts'
import { CALLS_PER_PAGE, outbox, outboxStates, tryCallAgain, type OutboxCall, type OutboxState } from '#db/outbox.ts'
import { TechnicalDetail } from '../administration/TechnicalDetail.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FacetBar } from '../components/FacetBar.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { Mark, When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { readListQuery, withParams } from '../list-query.ts'
import { refusalIn } from '../refusal.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['administration'], title: 'administration:outbox.title' }

const channels = ['mail', 'exchange', 'internal'] as const

export const loader = guardedLoader('administration:read', async ({ request, db }) => {
  const { searchParams } = new URL(request.url)
  const { page } = readListQuery(request.url, { sortable: ['created'], by: 'created' })
  const state: OutboxState = outboxStates.find((known) => known === searchParams.get('state')) ?? 'waiting'
  const channel = channels.find((known) => known === searchParams.get('channel'))
  return { ...(await outbox(db, { state, channel, page })), state, page, pageSize: CALLS_PER_PAGE }
})

export const action = guardedAction('incident:mend', async ({ request, db, viewer }) => {
  const callId = String((await request.formData()).get('callId') ?? '')
  const { caseId } = await tryCallAgain(db, callId)
  const { personId, postId } = viewer
  await recordAudit(db, { personId, postId, act: 'call.triedAgain', data: { caseId, callId } })
  return { again: callId }
})

export default function Outbox() {
  const { calls, total, state, page, pageSize } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useTranslation('administration')
  const { number } = useFormats()
  const { search } = useLocation()
  const columns: Column<OutboxCall>[] = [
    {
      name: 'service',
      label: t('outbox.service'),
      main: true,
      cell: (row) => (
        <>
          {t(`service.${row.serviceType}`, { defaultValue: row.serviceType })}
          {row.error && <TechnicalDetail>{row.error}</TechnicalDetail>}
        </>
      ),
    },
    { name: 'channel', label: t('outbox.channel'), width: '140px', cell: (row) => t(`outbox.channels.${row.channel}`) },
    {
      name: 'state',
      label: t('outbox.state'),
      width: '220px',
      cell: (row) =>
        row.state === 'failed' ? (
          <Mark tone="bad" icon="warning">
            {row.canBeTriedAgain ? t('outbox.is.refused') : t('outbox.is.incident')}
          </Mark>
        ) : row.canBeTriedAgain ? (
          <Mark tone="bad" icon="warning">
            {t('outbox.is.parked')}
          </Mark>
        ) : row.state === 'done' ? (
          <Mark tone="good" icon="done">
            {t('outbox.is.done')}
          </Mark>
        ) : row.error ? (
          <Mark tone="soon" icon="clock">
            {t('outbox.is.retrying')}
          </Mark>
        ) : (
          t(`outbox.is.${row.state}`)
        ),
    },
    {
      name: 'attempts',
      label: t('outbox.attempts'),
      align: 'right',
      width: '80px',
      cell: (row) => number(row.attempts),
    },
    { name: 'created', label: t('outbox.created'), width: '140px', cell: (row) => <When at={row.createdAt} /> },
  ]
  return (
    <>
      <PageHeader title={t('outbox.title')} subtitle={t('outbox.subtitle')} />
      <FormRefusal refusal={refusalIn(answer)} />
      <p role="status" className="done-note" hidden={!answer || !('again' in answer)}>
        {answer && 'again' in answer ? t('outbox.tried') : ''}
      </p>
      <nav className="years" aria-label={t('outbox.show')}>
        {(['waiting', 'failed', 'done'] as const).map((each) => (
          <Link
            key={each}
            to={withParams(search, { state: each === 'waiting' ? null : each, page: null })}
            aria-current={each === state ? 'true' : undefined}
          >
            {t(`outbox.states.${each}`)}
          </Link>
        ))}
      </nav>
      <FacetBar
        keep={['state']}
        facets={[
          {
            name: 'channel',
            label: t('outbox.channel'),
            kind: 'select',
            options: channels.map((value) => ({ value, label: t(`outbox.channels.${value}`) })),
          },
        ]}
      />
      <DataList
        label={t('outbox.title')}
        rows={calls}
        columns={columns}
        rowKey={(row) => row.id}
        rowTone={(row) => (row.state === 'failed' ? 'bad' : row.error ? 'soon' : undefined)}
        rowAction={(row) =>
          row.canBeTriedAgain ? (
            <Form method="post" preventScrollReset>
              <button data-row-action="" name="callId" value={row.id}>
                {t('outbox.again')}
              </button>
            </Form>
          ) : null
        }
        total={total}
        page={page}
        pageSize={pageSize}
        empty={<EmptyState title={t(`outbox.none.${state}`)}>{t('outbox.noneHint')}</EmptyState>}
      />
    </>
  )
}

export { RouteError as ErrorBoundary }
