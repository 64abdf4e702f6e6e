import { Link, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { compareFlows } from '#bpmn/compare.ts'
import { parseFlow } from '#bpmn/parse.ts'
import { compareChoices, sideDrawing } from '../designer/compare-sides.server.ts'
import { ComparePage } from '../designer/ComparePage.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import '../styles/designer.css'
import '../styles/compare.css'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['designer', 'flows'], title: 'designer:compare.title' }

/** Two drawings of a flow (`?from=`, `?to=`: a version's number, `draft:<id>`, or `draft:<id>:<revision>`) and what differs. */
export const loader = guardedLoader('flow:draw', async ({ params, request, db }) => {
  const flowId = params.flowId ?? ''
  const asked = new URL(request.url).searchParams
  const choices = await compareChoices(db, flowId)
  const [from, to] = [asked.get('from') ?? choices[1]?.value ?? choices[0]?.value, asked.get('to') ?? choices[0]?.value]
  const [before, after] = await Promise.all([sideDrawing(db, flowId, from ?? ''), sideDrawing(db, flowId, to ?? '')])
  const [old, now] = await Promise.all([parseFlow(before.xml), parseFlow(after.xml)])
  return {
    flowId,
    name: after.name,
    from: from ?? '',
    to: to ?? '',
    choices,
    before,
    after,
    differences: compareFlows(old, now),
  }
})

export default function Compare() {
  const loaded = useLoaderData<typeof loader>()
  const { t } = useTranslation('designer')
  return (
    <div className="compare-page">
      <PageHeader
        above={<Link to={`/flows/${loaded.flowId}`}>{loaded.name}</Link>}
        title={t('compare.title')}
        subtitle={t('compare.count', { count: loaded.differences.filter(({ change }) => change !== 'moved').length })}
      />
      <ComparePage {...loaded} />
    </div>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
