import { randomUUID } from 'node:crypto'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { recordAudit } from '#db/audit.ts'
import { mendMany } from '#db/bulk-remedies.ts'
import { endCase, passJoin, skipIncident } from '#db/case-remedies.ts'
import { dropGathered, waitingStarts } from '#db/gathered-starts.ts'
import { mendIncident, openIncidents, stuckCases, type Incident, type StuckCase } from '#db/incidents.ts'
import { failedStarters, retryStarter } from '#db/starters.ts'
import { readBulk } from '../administration/bulk.ts'
import { BULK_FORM, BulkRemedies, BulkResults } from '../administration/BulkRemedies.tsx'
import { CaseName } from '../administration/CaseName.tsx'
import { FailedStarts } from '../administration/FailedStarts.tsx'
import { RemedyForm } from '../administration/RemedyForm.tsx'
import { TechnicalDetail } from '../administration/TechnicalDetail.tsx'
import { WaitingStarts } from '../administration/WaitingStarts.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { refusalIn } from '../refusal.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['administration'], title: 'administration:incidents.title' }

export const loader = guardedLoader('administration:read', async ({ db, viewer }) => {
  const [incidents, stuck, starts, gathered] = await Promise.all([
    openIncidents(db, viewer),
    stuckCases(db, viewer),
    failedStarters(db),
    waitingStarts(db),
  ])
  return { incidents, stuck, starts, gathered, form: randomUUID() }
})

/** Tries again (`retry`, also for a button without a name), or with a reason: skips an element, passes a join, ends a case. */
export const action = guardedAction('incident:mend', async ({ request, db, viewer, context }) => {
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '')
  const actor = { personId: viewer.personId, postId: viewer.postId }
  const bulk = readBulk(form)
  if (bulk) {
    const asked = { ...bulk, reason: text('reason'), form: text('form').slice(0, 64) }
    const results = await mendMany(db, actor, asked, (error) => context.log.error({ err: error }, 'bulk remedy failed'))
    await recordAudit(db, {
      ...actor,
      act: 'incidents.mended',
      data: {
        remedy: bulk.remedy,
        ...(asked.reason === '' ? {} : { reason: asked.reason }),
        done: results
          .filter(({ refused }) => refused === null)
          .map(({ caseId, incidentId }) => ({ caseId, incidentId })),
      },
    })
    return { results }
  }
  const [caseId, incidentId, elementId, reason] = [
    text('caseId'),
    text('incidentId'),
    text('elementId'),
    text('reason'),
  ]
  const remedy = text('remedy') || 'retry'
  if (remedy === 'start') {
    const starter = { flowId: text('flowId'), elementId, part: Number(text('part')) || 0 }
    if (await retryStarter(db, starter)) await recordAudit(db, { ...actor, act: 'starter.retried', data: starter })
    return { mended: elementId, done: 'started' }
  }
  if (remedy === 'dropGathered') {
    const start = { flowId: text('flowId'), elementId }
    const dropped = await dropGathered(db, start)
    if (dropped > 0) await recordAudit(db, { ...actor, act: 'starter.gatheredDropped', data: { ...start, dropped } })
    return { mended: elementId, done: 'dropped' }
  }
  const key = `${remedy}:${caseId}:${incidentId || elementId}:${text('form').slice(0, 64)}`
  if (remedy === 'skip') {
    const { repeated } = await skipIncident(db, actor, { caseId, incidentId, reason, key })
    if (!repeated) await recordAudit(db, { ...actor, act: 'incident.skipped', data: { caseId, incidentId, reason } })
  } else if (remedy === 'pass') {
    const { repeated } = await passJoin(db, actor, { caseId, elementId, reason, key })
    if (!repeated) await recordAudit(db, { ...actor, act: 'case.joinPassed', data: { caseId, elementId, reason } })
  } else if (remedy === 'end') {
    const { repeated } = await endCase(db, actor, { caseId, reason, key })
    if (!repeated) await recordAudit(db, { ...actor, act: 'case.ended', data: { caseId, reason } })
  } else {
    await mendIncident(db, actor, {
      caseId,
      incidentId,
      key: `mend:${caseId}:${incidentId}:${text('form').slice(0, 64)}`,
    })
    await recordAudit(db, { ...actor, act: 'incident.mended', data: { caseId, incidentId } })
    return { mended: incidentId, done: incidentId.startsWith('late:') ? 'acknowledged' : 'retried' }
  }
  return { mended: incidentId, done: remedy }
})

export default function Incidents() {
  const { incidents, stuck, starts, gathered, form } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useTranslation('administration')
  const done = answer && 'done' in answer ? answer.done : undefined
  const results = answer && 'results' in answer ? answer.results : undefined
  const columns: Column<Incident>[] = [
    {
      name: 'what',
      label: t('incidents.what'),
      main: true,
      cell: (row) => (
        <>
          <strong>{t(`incidents.code.${row.code}`, { defaultValue: row.code })}</strong>
          <TechnicalDetail>{row.message}</TechnicalDetail>
        </>
      ),
    },
    {
      name: 'element',
      label: t('incidents.element'),
      width: '18%',
      cell: (row) => row.elementName ?? t(`service.${row.elementId}`, { defaultValue: row.elementId }),
    },
    { name: 'case', label: t('incidents.case'), width: '22%', cell: (row) => <CaseName of={row} /> },
    { name: 'raised', label: t('incidents.raised'), width: '120px', cell: (row) => <When at={row.raisedAt} /> },
  ]
  const stuckColumns: Column<StuckCase>[] = [
    {
      name: 'waits',
      label: t('stuck.waitsAt'),
      main: true,
      cell: (row) => row.waitsAt.map(({ name }) => name).join(', ') || t('stuck.nowhere'),
    },
    { name: 'case', label: t('incidents.case'), width: '30%', cell: (row) => <CaseName of={row} /> },
    { name: 'started', label: t('stuck.started'), width: '140px', cell: (row) => <When at={row.startedAt} /> },
  ]
  return (
    <>
      <PageHeader title={t('incidents.title')} subtitle={t('incidents.subtitle')} />
      <FormRefusal refusal={refusalIn(answer)} />
      <p role="status" className="done-note" hidden={done === undefined}>
        {done === undefined ? '' : t(`incidents.${done}`)}
      </p>
      {results && <BulkResults results={results} />}
      <div className="stack">
        {incidents.length > 1 && <BulkRemedies form={form} />}
        <DataList
          label={t('incidents.title')}
          selectName={incidents.length > 1 ? 'incident' : undefined}
          selectForm={BULK_FORM}
          rows={incidents}
          columns={columns}
          rowKey={(row) => `${row.caseId} ${row.incidentId}`}
          rowTone={() => 'bad'}
          rowAction={(row) => (
            <div className="row">
              <Form method="post" preventScrollReset>
                <input type="hidden" name="caseId" value={row.caseId} />
                <input type="hidden" name="incidentId" value={row.incidentId} />
                <input type="hidden" name="form" value={form} />
                <button data-row-action="">{t(`incidents.remedy.${row.remedy}`)}</button>
              </Form>
              <Link to={`/administration/cases/${row.caseId}`}>{t('incidents.otherWays')}</Link>
            </div>
          )}
          empty={<EmptyState title={t('incidents.none')}>{t('incidents.noneHint')}</EmptyState>}
        />
        <section aria-labelledby="stuck" className="stack">
          <div>
            <h2 id="stuck">{t('stuck.title')}</h2>
            <p className="muted small-text">{t('stuck.hint')}</p>
          </div>
          <DataList
            label={t('stuck.title')}
            rows={stuck}
            columns={stuckColumns}
            rowKey={(row) => row.caseId}
            rowTone={() => 'bad'}
            rowAction={(row) => (
              <div className="row">
                {row.waitsAt.map(({ elementId }) => (
                  <RemedyForm key={elementId} remedy="pass" of={{ caseId: row.caseId, elementId, form }} />
                ))}
                <RemedyForm remedy="end" of={{ caseId: row.caseId, form }} />
              </div>
            )}
            empty={<EmptyState title={t('stuck.none')} />}
          />
        </section>
        <FailedStarts starts={starts} />
        <WaitingStarts starts={gathered} />
      </div>
    </>
  )
}

export { RouteError as ErrorBoundary }
