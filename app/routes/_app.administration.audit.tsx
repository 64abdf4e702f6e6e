import { Button } from '@mantine/core'
import { redirect } from '@remix-run/node'
import { Form, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { beginAuditCheck, countAuditEvents, keptAuditCheck, type KeptAuditCheck } from '#db/audit-check.ts'
import { RefreshWithoutScripts, useFollowing } from '../administration/use-following.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { Mark } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { useRefusal } from '../refusal.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['administration'], title: 'administration:audit.title' }

/** A check that has said nothing for so long (ms) ended with its process. */
const silence = 30_000

const goesOn = (check: KeptAuditCheck | null) => check?.state === 'running' && Date.now() - check.heardAt < silence

export const loader = guardedLoader('administration:read', async ({ db }) => {
  const [counts, check] = await Promise.all([countAuditEvents(db), keptAuditCheck(db)])
  return { counts, check, goesOn: goesOn(check) }
})

/** Begins a check; it goes on by itself, and the page tells how far it is. */
export const action = guardedAction('administration:read', async ({ db, context }) => {
  if (!goesOn(await keptAuditCheck(db))) {
    const { finished } = await beginAuditCheck(db)
    finished.then(
      ({ brokenChains }) => {
        if (brokenChains > 0) context.log.error({ brokenChains }, 'the audit has broken links')
      },
      (error: unknown) => context.log.error({ err: error }, 'the audit could not be checked'),
    )
  }
  return redirect('/administration/audit')
})

export default function Audit() {
  const { counts, check, goesOn } = useLoaderData<typeof loader>()
  const { t } = useTranslation('administration')
  const { number, dateTime } = useFormats()
  const refusal = useRefusal()
  useFollowing(goesOn)
  const all = counts.caseEvents + counts.auditEvents
  return (
    <>
      <PageHeader
        title={t('audit.title')}
        subtitle={t('audit.subtitle')}
        actions={
          <Form method="post">
            <Button type="submit" disabled={goesOn}>
              {t('audit.check')}
            </Button>
          </Form>
        }
      />
      <FormRefusal refusal={refusal} />
      <ul className="figures">
        {(['cases', 'caseEvents', 'auditEvents'] as const).map((name) => (
          <li key={name}>
            <span>
              <strong>{number(counts[name])}</strong>
              <span>{t(`audit.${name}`)}</span>
            </span>
          </li>
        ))}
      </ul>
      <section className="panel" aria-labelledby="last">
        <h2 id="last">{t('audit.last')}</h2>
        {check === null && <p>{t('audit.never')}</p>}
        {check?.state === 'running' && goesOn && (
          <div role="status">
            <RefreshWithoutScripts />
            <p>{t('audit.running', { read: number(check.read), all: number(all) })}</p>
            <progress max={all} value={check.read} aria-label={t('audit.last')} />
          </div>
        )}
        {check?.state === 'running' && !goesOn && <p>{t('audit.brokenOff', { at: dateTime(check.startedAt) })}</p>}
        {check?.state === 'failed' && <p>{t('audit.failed', { at: dateTime(check.endedAt) })}</p>}
        {check?.state === 'done' && <Result check={check} />}
        <p className="muted small-text">
          {t('audit.command')} <code>npm run --silent imoit -- audit verify</code>
        </p>
      </section>
    </>
  )
}

function Result({ check }: { check: Extract<KeptAuditCheck, { state: 'done' }> }) {
  const { t } = useTranslation('administration')
  const { number, dateTime } = useFormats()
  const said = { at: dateTime(check.endedAt), events: number(check.caseEvents + check.auditEvents) }
  if (check.brokenChains === 0)
    return (
      <p>
        <Mark tone="good" icon="done">
          {t('audit.whole')}
        </Mark>{' '}
        {t('audit.wholeSaid', said)}
      </p>
    )
  return (
    <>
      <p>
        <Mark tone="bad" icon="warning">
          {t('audit.broken')}
        </Mark>{' '}
        {t('audit.brokenSaid', { ...said, count: check.brokenChains })}
      </p>
      <ul>
        {check.broken.map(({ caseId, seq, fault }) => (
          <li key={caseId ?? 'acts'}>
            {caseId === null ? t('audit.acts') : t('audit.case', { code: caseId })}:{' '}
            {t(`audit.fault.${fault}`, { seq: number(seq) })}
          </li>
        ))}
      </ul>
    </>
  )
}

export { RouteError as ErrorBoundary }
