import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { redirect } from '@remix-run/node'
import { useTranslation } from 'react-i18next'
import { readSigningList, type ListEntry } from '#db/signing-lists.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader, refused } from '../guard.server.ts'
import { refusalIn } from '../refusal.ts'
import { AgentSigning } from '../signing/AgentSigning.tsx'
import { inWords, signingGround } from '../signing/ground.ts'
import { keyForList } from '../signing/key-for-list.ts'
import { KeyFields } from '../signing/KeyFields.tsx'
import { readListOffer } from '../signing/list-page.server.ts'
import { finishList, isRunning, signList } from '../signing/list-runner.ts'
import { ListProgress } from '../signing/ListProgress.tsx'
import { takeSignature } from '../signing/sent-signature.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useSentence } from '../viewer.ts'
import '../styles/signing.css'

export const handle: RouteHandle = { i18n: ['tasks', 'signing'], title: 'signing:progress.title' }

const unsigned = ({ state }: ListEntry) => state === 'waiting' || state === 'prepared'
const underWay = ({ state }: ListEntry) => state === 'signed' || state === 'proven' || state === 'ready'

/** A list and how far each document is. What was signed and broken off goes on by itself: it asks for no key. */
export const loader = guardedLoader('signing:use', async ({ db, files, viewer, params, now, context }) => {
  const list = await readSigningList(db, viewer, params.listId ?? '')
  const offer = await readListOffer(db, viewer, now, list.entries.find(unsigned)?.role)
  const waitsForService = list.entries.some((entry) => underWay(entry) && entry.fault !== null)
  if (list.entries.some(underWay) && !waitsForService && !isRunning(list.id)) {
    const ground = signingGround({ db, files, dataFolder: context.environment.dataFolder })
    finishList({ ground, listId: list.id, log: context.log, closing: context.closing })
  }
  return { list, offer, running: isRunning(list.id) }
})

/** Goes on with a list: the PIN is asked anew for what is not signed; what waits for a service is tried again without. */
export const action = guardedAction('signing:use', async ({ db, files, viewer, params, request, context }) => {
  const sent = await request.formData()
  const { pin, manner } = takeSignature(sent)
  const ground = signingGround({ db, files, dataFolder: context.environment.dataFolder })
  try {
    const list = await readSigningList(db, viewer, params.listId ?? '')
    const work = { ground, listId: list.id, log: context.log, closing: context.closing }
    const left = list.entries.find(unsigned)
    if (left && sent.get('go') === 'sign') {
      const opened = await keyForList(ground, viewer, manner.fingerprint, pin, left.role)
      if (opened) signList(work, opened)
    } else finishList(work)
    return redirect(`/signing/${list.id}`)
  } catch (error) {
    return refused(inWords(error), context)
  }
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function SigningListPage() {
  const { list, offer, running } = useLoaderData<typeof loader>()
  const refusal = refusalIn(useActionData())
  const { t } = useTranslation('signing')
  const say = useSentence()
  const { entries, refused: notBegun } = list
  const left = entries.filter(unsigned)
  const waiting = entries.filter(underWay)
  const byAgent = offer.certificates[0]?.keyPlace === 'agent'
  const seals = entries.length > 0 && entries.every(({ role }) => role !== 'person' && role !== 'initial')
  const own = seals ? 'progress.seal' : 'progress'
  const columns: Column<ListEntry>[] = [
    {
      name: 'document',
      label: t('list.document'),
      main: true,
      cell: (row) => (
        <span className="two-lines">
          <span>{row.subject}</span>
          <small className="muted">
            {[row.role === 'appendix' && t('progress.appendix'), row.code, row.fileName].filter(Boolean).join(' · ')}
          </small>
        </span>
      ),
    },
    {
      name: 'state',
      label: t('progress.state'),
      width: '320px',
      cell: (row) => (
        <span className="two-lines signing-state" data-state={row.state}>
          <span>{t(`progress.states.${row.state}`)}</span>
          {row.fault && <small>{say(row.fault)}</small>}
        </span>
      ),
    },
  ]
  return (
    <>
      <PageHeader
        above={<Link to="/signing">{t(`${own}.toList`)}</Link>}
        title={t(`${own}.title`)}
        subtitle={t('progress.subtitle', { count: entries.length })}
      />
      <ListProgress entries={entries} running={running || (waiting.length > 0 && waiting.every((row) => !row.fault))} />
      <FormRefusal refusal={refusal} />
      {left.length > 0 && !running && byAgent && (
        <AgentSigning listId={list.id} count={left.length} agentUrl={offer.agentUrl} />
      )}
      {left.length > 0 && !running && !byAgent && (
        <Form method="post" className="signing-list">
          <p>{t('progress.unsigned', { count: left.length })}</p>
          <KeyFields
            offer={offer}
            role={left[0]?.role === 'person' || left[0]?.role === 'initial' ? 'person' : 'organisation'}
            submit={t('progress.goOn')}
            hint={t('progress.goOnHint')}
            name="go"
            value="sign"
          />
        </Form>
      )}
      {waiting.length > 0 && !running && (
        <Form method="post" className="signing-again">
          <p>{t('progress.waiting', { count: waiting.length })}</p>
          <button className="button">{t('progress.tryAgain')}</button>
        </Form>
      )}
      {notBegun.length > 0 && (
        <section className="panel signing-refused" aria-label={t('progress.refused', { count: notBegun.length })}>
          <h2>{t('progress.refused', { count: notBegun.length })}</h2>
          <ul>
            {notBegun.map((one) => (
              <li key={one.taskId}>
                <Link to={`/tasks/${one.taskId}`}>{t('progress.openTask')}</Link>: {say(one)}
              </li>
            ))}
          </ul>
        </section>
      )}
      <DataList
        label={t(`${own}.title`)}
        rows={entries}
        columns={columns}
        rowKey={(row) => row.id}
        rowTo={(row) =>
          row.state === 'embedded' || !row.taskId ? `/documents/${row.documentId}` : `/tasks/${row.taskId}`
        }
        rowTone={(row) => (row.state === 'failed' ? 'bad' : undefined)}
        empty={<EmptyState title={t('progress.nothing')} />}
      />
    </>
  )
}
