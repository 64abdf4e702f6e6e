import { randomUUID } from 'node:crypto'
import { data, redirect } from '@remix-run/node'
import { Link, useActionData, useLoaderData, useSearchParams } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { recordAudit } from '#db/audit.ts'
import { administeredCase } from '#db/case-administration.ts'
import { changeCase, changeDoesNotFit } from '#db/case-changes.ts'
import { caseOutlook } from '#db/case-outlook.ts'
import { rehearseChanges } from '#db/case-rehearsal.ts'
import { endCase, givenReason, retryWith, skipIncident } from '#db/case-remedies.ts'
import { mendIncident } from '#db/incidents.ts'
import { notFound } from '#db/refusal.ts'
import { CaseIncidents } from '../administration/CaseIncidents.tsx'
import { ChangeForms } from '../administration/ChangeForms.tsx'
import { readChanges, readFields, type ChangeFields } from '../administration/change-form.ts'
import { Rehearsal, type RehearsedChange } from '../administration/Rehearsal.tsx'
import { RemedyForm } from '../administration/RemedyForm.tsx'
import { TokenTable } from '../administration/TokenTable.tsx'
import { readVariable } from '../administration/variable.ts'
import { VariableList } from '../administration/VariableList.tsx'
import { CaseDiagram } from '../cases/CaseDiagram.tsx'
import { OutlookPanel } from '../cases/OutlookPanel.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { Mark, StateMark, When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader, refused } from '../guard.server.ts'
import { refusalIn } from '../refusal.ts'
import '../styles/cases.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick, useSentence } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['cases', 'administration', 'tasks'], title: 'cases:case.title' }

export const loader = guardedLoader('case:administer', async ({ db, viewer, params }) => {
  const found = await administeredCase(db, viewer, params.caseId)
  if (!found) throw notFound()
  const { state, ...shown } = found
  const outlook = await caseOutlook(db, { state, flowVersionId: found.flowVersionId })
  return { shown, outlook, form: randomUUID() }
})

interface Answer {
  rehearsed?: RehearsedChange
  /** What was sent and refused: it is still there. */
  sent?: ChangeFields
}

/** Rehearses a change and then makes it, or does what an incident or a case in trouble needs. */
export const action = guardedAction('case:administer', async ({ request, db, viewer, params, context }) => {
  const caseId = params.caseId ?? ''
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '')
  const fields = readFields(form)
  const intent = text('intent') || text('remedy')
  const actor = { personId: viewer.personId, postId: viewer.postId }
  const { reason = '' } = fields
  const incidentId = text('incidentId')
  const key = `${intent}:${caseId}:${incidentId}:${text('form').slice(0, 64)}`
  const audit = (act: string, more: Record<string, unknown> = {}) =>
    recordAudit(db, { ...actor, act, data: { caseId, ...(reason === '' ? {} : { reason }), ...more } })
  const done = (what: string) => redirect(`/administration/cases/${caseId}?done=${what}`)
  try {
    if (intent === 'rehearse' || intent === 'change') {
      const changes = readChanges(fields)
      givenReason(reason)
      if (intent === 'rehearse') {
        const found = await administeredCase(db, viewer, caseId)
        if (!found) throw notFound()
        const said = await rehearseChanges(db, found, changes)
        if (!said.ok) throw changeDoesNotFit(said.late)
        const { consequences, standsAt } = said
        return { rehearsed: { fields: { ...fields, seen: String(found.seen) }, consequences, standsAt } } as Answer
      }
      const { repeated } = await changeCase(db, actor, { caseId, changes, reason, seen: Number(fields.seen), key })
      if (!repeated) await audit('case.changed', { changes: changes.map((change) => change.do) })
      return done('changed')
    }
    if (intent === 'end') {
      const { repeated } = await endCase(db, actor, { caseId, reason, key })
      if (!repeated) await audit('case.ended')
      return done('ended')
    }
    if (intent === 'skip') {
      const { repeated } = await skipIncident(db, actor, { caseId, incidentId, reason, key })
      if (!repeated) await audit('incident.skipped', { incidentId })
      return done('skipped')
    }
    if (intent === 'retryWith') {
      const variables = readVariable(fields.name ?? '', fields.kind ?? '', fields.value ?? '')
      const { repeated } = await retryWith(db, actor, { caseId, incidentId, variables, reason, key })
      if (!repeated) await audit('incident.retried', { incidentId, variables: Object.keys(variables) })
      return done('retried')
    }
    await mendIncident(db, actor, { caseId, incidentId, key })
    await audit('incident.mended', { incidentId })
    return done(incidentId.startsWith('late:') ? 'acknowledged' : 'retried')
  } catch (error) {
    const { data: refusal, init } = refused(error, context)
    return data({ ...refusal, sent: fields } as Answer & typeof refusal, init ?? undefined)
  }
})

const did = ['changed', 'ended', 'skipped', 'retried', 'acknowledged'] as const

export default function AdministeredCase() {
  const { shown, outlook, form } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>() as Answer | undefined
  const { t } = useTranslation('cases')
  const pick = usePick()
  const say = useSentence()
  const { number } = useFormats()
  const [params] = useSearchParams()
  const chosen = shown.tokens.find(({ tokenId, movable }) => movable && tokenId === params.get('token')) ?? null
  const done = did.find((one) => one === params.get('done'))
  const runs = shown.status === 'running' || shown.status === 'stuck'
  const flow = `/flows/${shown.flowId}?version=${shown.flowVersion}`
  return (
    <>
      <PageHeader
        above={<Link to="/administration/cases">{t('title')}</Link>}
        title={pick(shown.flowName, shown.flowNameEn)}
        subtitle={
          <span className="case-facts">
            <StateMark state={shown.status} /> {t('case.code', { code: shown.caseId.slice(-8) })} · {t('case.since')}{' '}
            <When at={shown.startedAt} /> ·{' '}
            <Link to={flow}>{t('case.version', { version: number(shown.flowVersion) })}</Link>
            {shown.flowVersion < shown.newestVersion && (
              <>
                {' '}
                <Mark tone="soon">{t('case.newer', { version: number(shown.newestVersion) })}</Mark>
              </>
            )}
            {shown.documentId && (
              <>
                {' · '}
                <Link to={`/documents/${shown.documentId}`}>{shown.documentCode ?? t('case.document')}</Link>
              </>
            )}
          </span>
        }
      />
      <FormRefusal refusal={refusalIn(answer)} />
      <p role="status" className="done-note" hidden={done === undefined || answer !== undefined}>
        {done === undefined ? '' : t(`done.${done}`)}
      </p>
      <div className="stack">
        <CaseDiagram
          caseId={shown.caseId}
          xml={shown.xml}
          active={shown.active}
          done={[]}
          incidents={shown.incidentLines.map(({ elementId }) => elementId)}
          steps={shown.steps.map(({ id, name }) => ({ id, name: say(name) }))}
        />
        <div className="flow-columns">
          <div className="stack">
            <CaseIncidents of={shown} form={form} />
            <section className="panel" aria-labelledby="tokens">
              <h2 id="tokens">{t('tokens.title')}</h2>
              <TokenTable tokens={shown.tokens} chosen={chosen?.tokenId ?? null} />
            </section>
            {answer?.rehearsed && <Rehearsal of={answer.rehearsed} form={form} />}
            {runs && <ChangeForms of={shown} token={chosen} sent={answer?.sent ?? {}} key={chosen?.tokenId ?? ''} />}
          </div>
          <div className="stack">
            <OutlookPanel outlook={outlook} />
            <section className="panel" aria-labelledby="variables">
              <h2 id="variables">{t('variables.title')}</h2>
              <VariableList variables={shown.variables} names={shown.variableNames} />
            </section>
            {runs && (
              <section className="panel" aria-labelledby="end-case">
                <h2 id="end-case">{t('end.title')}</h2>
                <RemedyForm remedy="end" of={{ intent: 'end', form }} />
              </section>
            )}
          </div>
        </div>
      </div>
    </>
  )
}

export { RouteError as ErrorBoundary }
