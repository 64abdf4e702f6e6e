import { redirect } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { openLists } from '#db/signing-lists.ts'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { DueMark, UrgencyMark, When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader, refused } from '../guard.server.ts'
import { refusalIn } from '../refusal.ts'
import { beginList, listLevel, waitingToSign, type ListLevel } from '../signing/begin-list.ts'
import { signingGround } from '../signing/ground.ts'
import { inWords } from '../signing/ground.ts'
import { keyForList } from '../signing/key-for-list.ts'
import { readListOffer } from '../signing/list-page.server.ts'
import { signList } from '../signing/list-runner.ts'
import { KeyFields } from '../signing/KeyFields.tsx'
import { takeSignature, ticksIn } from '../signing/sent-signature.ts'
import type { RouteHandle } from '../translation-data.tsx'
import '../styles/signing.css'

export const handle: RouteHandle = {
  i18n: ['tasks', 'signing'],
  title: ({ level }: { level: ListLevel }, t) => t(`signing:${level === 'personal' ? 'list' : 'list.seal'}.title`),
}

const roleOf = { personal: 'person', organisation: 'organisation' } as const

/** What waits for the viewer's own signature, or for the seal, and the lists that were broken off. */
export const loader = guardedLoader('signing:use', async ({ db, viewer, now }) => {
  const level = listLevel(viewer)
  const [tasks, lists, offer] = await Promise.all([
    waitingToSign({ db }, viewer, level),
    openLists(db, viewer),
    readListOffer(db, viewer, now, roleOf[level]),
  ])
  return { level, tasks: [...tasks], lists: [...lists], offer }
})

/** Begins a list of what was ticked. The PIN is tried first: a wrong one begins nothing. */
export const action = guardedAction('signing:use', async ({ db, files, viewer, request, context }) => {
  const sent = await request.formData()
  const { pin, manner } = takeSignature(sent)
  const ground = signingGround({ db, files, dataFolder: context.environment.dataFolder })
  try {
    const opened = await keyForList(ground, viewer, manner.fingerprint, pin, roleOf[listLevel(viewer)])
    const listId = await beginList(ground, viewer, ticksIn(sent), manner.fingerprint).catch((error: unknown) => {
      opened?.close()
      throw error
    })
    if (opened) signList({ ground, listId, log: context.log, closing: context.closing }, opened)
    return redirect(`/signing/${listId}`)
  } catch (error) {
    return refused(inWords(error), context)
  }
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

/** All, or none where all are ticked. */
function tickEach({ currentTarget }: MouseEvent<HTMLButtonElement>): void {
  const boxes = [...(currentTarget.form?.querySelectorAll<HTMLInputElement>('input[name=tick]') ?? [])]
  const on = boxes.some((box) => !box.checked)
  for (const box of boxes) box.checked = on
}

export default function ToSign() {
  const { level, tasks, lists, offer } = useLoaderData<typeof loader>()
  const refusal = refusalIn(useActionData())
  const { t } = useTranslation('signing')
  const own = level === 'personal' ? 'list' : 'list.seal'
  type Row = (typeof tasks)[number]
  const columns: Column<Row>[] = [
    {
      name: 'document',
      label: t('list.document'),
      main: true,
      cell: (row) => (
        <span className="two-lines">
          <span>{row.subject}</span>
          <small className="muted">
            <UrgencyMark level={row.urgency} /> {[row.code, row.agencyName].filter(Boolean).join(' · ')}
          </small>
        </span>
      ),
    },
    {
      name: 'file',
      label: t('list.file'),
      width: '220px',
      cell: (row) => (
        <span className="two-lines">
          <a href={`/documents/${row.draftDocumentId}/files/${row.fileId}?inline`} target="_blank" rel="noreferrer">
            {t('list.open', { version: row.version })}
          </a>
          <small className="muted">
            {row.read ? t('list.read') : t('list.unread')} · <code>{row.sha256.slice(0, 12)}</code>
          </small>
        </span>
      ),
    },
    { name: 'from', label: t('list.from'), width: '220px', phone: 'hide', cell: (row) => row.from },
    { name: 'due', label: t('list.due'), width: '130px', cell: (row) => <DueMark dueAt={row.dueAt} /> },
  ]
  return (
    <>
      <PageHeader title={t(`${own}.title`)} subtitle={t(`${own}.subtitle`)} />
      {lists.map((list) => (
        <p className="signing-left panel" key={list.id}>
          <Link to={`/signing/${list.id}`}>
            {t(`${own}.brokenOff`, { count: list.count })} · <When at={list.createdAt} />
          </Link>{' '}
          <span className="muted">{t('list.left', { unsigned: list.unsigned, underWay: list.underWay })}</span>
        </p>
      ))}
      <Form method="post" className="signing-list">
        <FormRefusal refusal={refusal} />
        <DataList
          label={t(`${own}.title`)}
          rows={tasks}
          columns={columns}
          rowKey={(row) => `${row.taskId}:${row.sha256}`}
          rowTo={(row) => `/tasks/${row.taskId}`}
          selectName="tick"
          empty={
            <EmptyState title={t(`${own}.empty`)}>
              <p>{t(`${own}.emptyWhy`)}</p>
              <Link to="/">{t('list.toTasks')}</Link>
            </EmptyState>
          }
        />
        {tasks.length > 0 && (
          <KeyFields offer={offer} role={roleOf[level]} submit={t(`${own}.sign`)} hint={t(`${own}.hint`)}>
            <button type="button" className="text-button needs-script" onClick={tickEach}>
              {t('list.tickAll', { count: tasks.length })}
            </button>
          </KeyFields>
        )}
      </Form>
    </>
  )
}
