import { Form, Link, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { decisionDrawing } from '#db/decision-drafts.ts'
import { PageHeader } from '../components/PageHeader.tsx'
import { countDifferences } from '../decisions/compare-decisions.ts'
import { DecisionComparison } from '../decisions/DecisionComparison.tsx'
import { compareXml, decisionSides, sideXml, type DecisionSide } from '../decisions/decision-sides.server.ts'
import { guardedLoader } from '../guard.server.ts'
import '../styles/administration.css'
import '../styles/compare.css'
import '../styles/decisions.css'
import '../styles/designer.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['decisions'], title: 'decisions:compare.title' }

/** Two drawings of a table (`?from=`, `?to=`: a version's number, or `draft`) and what differs. */
export const loader = guardedLoader('flow:draw', async ({ params, request, db }) => {
  const modelId = params.modelId ?? ''
  const asked = new URL(request.url).searchParams
  const [{ name }, sides] = await Promise.all([decisionDrawing(db, modelId), decisionSides(db, modelId)])
  const to = asked.get('to') ?? sides[0]?.value ?? ''
  const from = asked.get('from') ?? sides[1]?.value ?? to
  const [before, after] = await Promise.all([sideXml(db, modelId, from), sideXml(db, modelId, to)])
  return { modelId, name, sides, from, to, decisions: compareXml(before, after) }
})

export default function CompareDecisions() {
  const { modelId, name, sides, from, to, decisions } = useLoaderData<typeof loader>()
  const { t } = useTranslation('decisions')
  return (
    <>
      <PageHeader
        above={<Link to={`/flows/decisions/${encodeURIComponent(modelId)}`}>{name}</Link>}
        title={t('compare.title')}
        subtitle={t('compare.count', { count: countDifferences(decisions) })}
      />
      <Form className="compare-choice">
        <SideChoice name="from" label={t('compare.from')} sides={sides} chosen={from} />
        <SideChoice name="to" label={t('compare.to')} sides={sides} chosen={to} />
        <button className="designer-small">{t('compare.do')}</button>
      </Form>
      <DecisionComparison decisions={decisions} />
    </>
  )
}

function SideChoice({
  name,
  label,
  sides,
  chosen,
}: {
  name: string
  label: string
  sides: readonly DecisionSide[]
  chosen: string
}) {
  const { t } = useTranslation('decisions')
  const { number } = useFormats()
  return (
    <label>
      {label}
      <select name={name} defaultValue={chosen} key={chosen}>
        {sides.map(({ value, version, savedBy }) => (
          <option key={value} value={value}>
            {version === null
              ? t('compare.draftOf', { name: savedBy ?? '' })
              : t('versionNumber', { version: number(version) })}
          </option>
        ))}
      </select>
    </label>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
