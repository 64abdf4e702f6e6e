import { Button } from '@mantine/core'
import { redirect } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { recordAudit } from '#db/audit.ts'
import { beginMigration, caseMigrations, type CaseMigration } from '#db/case-migrations.ts'
import { runningVersions } from '#db/flow-comparison.ts'
import { notFound } from '#db/refusal.ts'
import { MigrationMark } from '../administration/MigrationMark.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FormRefusal, SelectField } from '../components/Field.tsx'
import { When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { refusalIn } from '../refusal.ts'
import '../styles/cases.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['migrations'], title: 'migrations:title' }

export const loader = guardedLoader('case:administer', async ({ db }) => {
  const [migrations, flows] = await Promise.all([caseMigrations(db), runningVersions(db)])
  return { migrations, flows }
})

/** Begins a dry run: `move` is a flow with the version its cases are on and the one they are to be on. */
export const action = guardedAction('case:administer', async ({ request, db, viewer }) => {
  const [, flowId, from, to] =
    /^(.+) (\d{1,9}) (\d{1,9})$/.exec(String((await request.formData()).get('move') ?? '')) ?? []
  if (flowId === undefined) throw notFound()
  const actor = { personId: viewer.personId, postId: viewer.postId }
  const asked = { flowId, from: Number(from), to: Number(to) }
  const id = await beginMigration(db, actor, asked)
  await recordAudit(db, { ...actor, act: 'migration.checked', data: { id, ...asked } })
  return redirect(`/administration/migrations/${id}`)
})

export default function Migrations() {
  const { migrations, flows } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useTranslation('migrations')
  const pick = usePick()
  const { number } = useFormats()
  const moves = flows.flatMap(({ flowId, name, nameEn, versions, newest }) =>
    versions
      .filter(({ running, version }) => running > 0 && version !== newest)
      .map(({ version, running }) => ({
        value: `${flowId} ${version} ${newest}`,
        label: t('begin.choice', {
          name: pick(name, nameEn),
          from: number(version),
          to: number(newest),
          count: running,
        }),
      })),
  )
  const columns: Column<CaseMigration>[] = [
    {
      name: 'flow',
      label: t('list.flow'),
      main: true,
      cell: (row) => pick(row.flowName, row.flowNameEn),
    },
    {
      name: 'versions',
      label: t('list.versions'),
      width: '140px',
      cell: (row) => t('fromTo', { from: number(row.from), to: number(row.to) }),
    },
    { name: 'state', label: t('list.state'), width: '200px', cell: (row) => <MigrationMark state={row.state} /> },
    {
      name: 'cases',
      label: t('list.moved'),
      width: '120px',
      align: 'right',
      cell: (row) => t('ofAll', { part: number(row.cases.moved), all: number(row.total) }),
    },
    { name: 'created', label: t('list.created'), width: '140px', cell: (row) => <When at={row.createdAt} /> },
  ]
  return (
    <>
      <PageHeader
        above={<Link to="/administration/cases">{t('toCases')}</Link>}
        title={t('title')}
        subtitle={t('subtitle')}
      />
      <FormRefusal refusal={refusalIn(answer)} />
      <div className="stack">
        <section className="panel" aria-labelledby="begin">
          <h2 id="begin">{t('begin.title')}</h2>
          {moves.length === 0 ? (
            <p className="muted">{t('begin.none')}</p>
          ) : (
            <Form method="post" className="begin-migration">
              <SelectField name="move" label={t('begin.move')} hint={t('begin.hint')} choices={moves} />
              <Button type="submit">{t('begin.check')}</Button>
            </Form>
          )}
        </section>
        <DataList
          label={t('title')}
          rows={migrations}
          columns={columns}
          rowKey={(row) => row.id}
          rowTo={(row) => `/administration/migrations/${row.id}`}
          empty={<EmptyState title={t('list.none')}>{t('list.noneHint')}</EmptyState>}
        />
      </div>
    </>
  )
}

export { RouteError as ErrorBoundary }
