import { Button } from '@mantine/core'
import { redirect } from '@remix-run/node'
import { Form, Link, useLoaderData, useNavigation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { recordAudit } from '#db/audit.ts'
import { decisionDrawing } from '#db/decision-drafts.ts'
import { publishDrawnDecision } from '#db/decision-publications.ts'
import { CheckField, FormRefusal, TextAreaField } from '../components/Field.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { countDifferences } from '../decisions/compare-decisions.ts'
import { DecisionComparison } from '../decisions/DecisionComparison.tsx'
import { compareXml, sideXml } from '../decisions/decision-sides.server.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { useRefusal } from '../refusal.ts'
import '../styles/administration.css'
import '../styles/decisions.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['decisions'], title: 'decisions:publishing.title' }

const pageOf = (modelId: string) => `/flows/decisions/${encodeURIComponent(modelId)}`

/** What publishing would change of what is in use. */
export const loader = guardedLoader('flow:draw', async ({ params, db }) => {
  const modelId = params.modelId ?? ''
  const { xml, ...drawing } = await decisionDrawing(db, modelId)
  if (drawing.revision === 0) throw redirect(pageOf(modelId))
  const before = drawing.version === null ? null : await sideXml(db, modelId, String(drawing.version))
  return { drawing, decisions: compareXml(before, xml) }
})

/** Publishes what was looked at, with its reason. */
export const action = guardedAction('flow:publish', async ({ request, db, viewer, params }) => {
  const modelId = params.modelId ?? ''
  const form = await request.formData()
  const onto = String(form.get('onto') ?? '')
  const reason = String(form.get('reason') ?? '')
  const { version } = await publishDrawnDecision(db, {
    modelId,
    revision: Number(form.get('revision')),
    onto: onto === '' ? null : Number(onto),
    compared: form.has('compared'),
    reason,
    postId: viewer.postId,
  })
  const { personId, postId } = viewer
  await recordAudit(db, { personId, postId, act: 'decision.published', data: { modelId, version, reason } })
  return redirect(pageOf(modelId))
})

export default function PublishDecision() {
  const { drawing, decisions } = useLoaderData<typeof loader>()
  const { t } = useTranslation('decisions')
  const { number } = useFormats()
  const refusal = useRefusal()
  const busy = useNavigation().state !== 'idle'
  const { version, base } = drawing
  return (
    <>
      <PageHeader
        above={<Link to={pageOf(drawing.modelId)}>{drawing.name}</Link>}
        title={t('publishing.title')}
        subtitle={
          version === null
            ? t('publishing.first')
            : t('publishing.against', {
                version: number(version),
                differences: t('compare.count', { count: countDifferences(decisions) }),
              })
        }
      />
      <FormRefusal refusal={refusal} />
      <div className="decision-columns">
        <DecisionComparison decisions={decisions} />
        <section className="panel" aria-labelledby="publish">
          <h2 id="publish">{t('publish')}</h2>
          <p className="small-text">{t('publishing.effect', { version: number((version ?? 0) + 1) })}</p>
          <Form method="post" className="stack">
            <input type="hidden" name="revision" value={drawing.revision} />
            <input type="hidden" name="onto" value={version ?? ''} />
            {version !== null && base !== version && (
              <>
                <p className="small-text">
                  {base === null
                    ? t('publishing.imported')
                    : t('publishing.older', { base: number(base), version: number(version) })}
                </p>
                <CheckField
                  name="compared"
                  label={t('publishing.compared', { version: number(version) })}
                  error={refusal?.fields.compared}
                />
              </>
            )}
            <TextAreaField
              name="reason"
              label={t('publishing.reason')}
              hint={t('publishing.reasonHint')}
              error={refusal?.fields.reason}
              rows={3}
              maxLength={2000}
              required
            />
            <div>
              <Button type="submit" disabled={busy}>
                {t('publish')}
              </Button>
            </div>
          </Form>
        </section>
      </div>
    </>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
