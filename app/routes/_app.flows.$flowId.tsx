import { Button } from '@mantine/core'
import { Form, Link, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { flowPage } from '#db/administration.ts'
import { flowOutlook } from '#db/flow-outlook.ts'
import { openDrafts } from '#db/flow-drafts.ts'
import { countTrouble } from '#db/incidents.ts'
import { notFound } from '#db/refusal.ts'
import { AdministrationTabs } from '../administration/AdministrationTabs.tsx'
import { LoadMap } from '../administration/LoadMap.tsx'
import { LoadTable } from '../administration/LoadTable.tsx'
import { MoveCases } from '../administration/MoveCases.tsx'
import { FlowSteps } from '../cases/FlowSteps.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { Facts } from '../components/Facts.tsx'
import { When } from '../components/marks.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import '../styles/administration.css'
import { publicationsOf } from '#db/flow-publications.ts'
import { FlowVersions, type ShownVersion } from '../administration/FlowVersions.tsx'
import { may } from '../permissions.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, useMay, usePick } from '../viewer.ts'

export const handle: RouteHandle = {
  i18n: ['flows', 'administration', 'cases', 'tasks'],
  title: (data: { flow: { name: string; version: number } }) => `${data.flow.name} ${data.flow.version}`,
}

export const loader = guardedLoader('flow:read', async ({ request, params, db, viewer }) => {
  const asked = new URL(request.url).searchParams.get('version')
  if (asked !== null && !/^[1-9]\d{0,8}$/.test(asked)) throw notFound()
  const flow = await flowPage(db, params.flowId ?? '', asked === null ? null : Number(asked))
  if (!flow) throw notFound()
  const [steps, publications, trouble, drafts] = await Promise.all([
    flowOutlook(db, flow.versionId),
    publicationsOf(db, flow.flowId),
    may(viewer, 'administration:read') ? countTrouble(db) : null,
    may(viewer, 'flow:draw') ? openDrafts(db, flow.flowId) : null,
  ])
  const versions = flow.versions.map((version): ShownVersion => {
    const publication = publications.find((one) => one.version === version.version && one.state === 'published') ?? null
    return { ...version, publication }
  })
  return { flow, versions, steps, trouble, drafts: drafts && [...drafts] }
})

export default function Flow() {
  const { flow, versions, steps, trouble, drafts } = useLoaderData<typeof loader>()
  const { t } = useTranslation('flows')
  const { number } = useFormats()
  const pick = usePick()
  const mayMove = useMay()('case:administer')
  const isNewest = flow.versions[0]?.version === flow.version
  return (
    <div className="administration">
      {trouble && <AdministrationTabs trouble={trouble} />}
      <PageHeader
        above={<Link to="/flows">{t('title')}</Link>}
        title={pick(flow.name, flow.nameEn)}
        subtitle={
          isNewest ? t('newest', { version: number(flow.version) }) : t('older', { version: number(flow.version) })
        }
        actions={drafts && <DrawOn flow={flow} drafts={drafts} />}
      />
      <div className="stack">
        {mayMove && <MoveCases flow={flow} />}
        <LoadMap xml={flow.xml} elements={flow.elements} />
        <section className="panel" aria-labelledby="elements">
          <h2 id="elements">{t('elements')}</h2>
          <LoadTable elements={flow.elements} />
        </section>
        <FlowSteps steps={steps} />
        <div className="flow-facts">
          <section className="panel" aria-labelledby="version">
            <h2 id="version">{t('about')}</h2>
            <Facts
              facts={[
                { label: t('id'), value: <code>{flow.flowId}</code> },
                { label: t('version'), value: number(flow.version) },
                { label: t('published'), value: <When at={flow.publishedAt} /> },
                { label: t('publishedBy'), value: flow.publishedBy ?? t('shipped') },
                { label: t('running'), value: number(flow.running) },
                { label: t('hash'), value: <code className="hash">{flow.hash}</code> },
              ]}
            />
          </section>
          <section className="panel" aria-labelledby="versions">
            <h2 id="versions">{t('versions')}</h2>
            <FlowVersions flowId={flow.flowId} shown={flow.version} versions={versions} compares={drafts !== null} />
          </section>
        </div>
      </div>
    </div>
  )
}

/** The drafts of the flow that are being drawn, and the way to begin one of this version. */
function DrawOn({
  flow,
  drafts,
}: {
  flow: { flowId: string; version: number }
  drafts: { id: string; savedBy: string }[]
}) {
  const { t } = useTranslation('flows')
  return (
    <>
      {drafts.slice(0, 3).map(({ id, savedBy }) => (
        <Link key={id} to={`/flows/drafts/${id}`} className="text-button">
          {t('goOn', { name: savedBy })}
        </Link>
      ))}
      <Form method="post" action="/flows/drafts?index">
        <input type="hidden" name="flowId" value={flow.flowId} />
        <input type="hidden" name="version" value={flow.version} />
        <Button type="submit">{t('edit')}</Button>
      </Form>
    </>
  )
}

export { RouteError as ErrorBoundary }
