import { Link, useActionData, useLoaderData, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { flowPage } from '#db/administration.ts'
import { recordAudit } from '#db/audit.ts'
import {
  caseMigration,
  elementsToMap,
  setMap,
  startMoving,
  steerMigration,
  type CaseMigration,
  type MigratingState,
  type MigrationAct,
} from '#db/case-migrations.ts'
import { versionDrawing } from '#db/flow-publications.ts'
import { compareVersions } from '#db/flow-comparison.ts'
import { MIGRATING_PER_PAGE, migratingCases, misfitsOf, type MigratingCase } from '#db/migrating-cases.ts'
import { notFound } from '#db/refusal.ts'
import { DifferenceList } from '../administration/DifferenceList.tsx'
import { MigrationMark } from '../administration/MigrationMark.tsx'
import { MapSection } from '../administration/MapSection.tsx'
import { LoadTable } from '../administration/LoadTable.tsx'
import { MigrationSteering } from '../administration/MigrationSteering.tsx'
import { RefreshWithoutScripts, useFollowing } from '../administration/use-following.tsx'
import { DataList, type Column } from '../components/DataList.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { FormRefusal } from '../components/Field.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { readListQuery, withParams } from '../list-query.ts'
import { refusalIn } from '../refusal.ts'
import '../styles/administration.css'
import '../styles/cases.css'
import type { RouteHandle } from '../translation-data.tsx'
import { useFormats, usePick, useSentence } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['migrations', 'flows'], title: 'migrations:title' }

const states = ['unfit', 'fits', 'moved', 'failed', 'gone', 'unchecked'] as const satisfies MigratingState[]
const acts = ['pause', 'resume', 'drop', 'again'] as const satisfies MigrationAct[]

/** What is worth looking at first: what does not fit, else what there is. */
function firstOf({ cases }: CaseMigration): MigratingState {
  return states.find((state) => cases[state] > 0) ?? 'unfit'
}

export const loader = guardedLoader('case:administer', async ({ request, db, viewer, params }) => {
  const migration = await caseMigration(db, params.migrationId)
  const { page } = readListQuery(request.url, { sortable: ['case'], by: 'case', pageSize: MIGRATING_PER_PAGE })
  const asked = new URL(request.url).searchParams.get('state')
  const shown = states.find((state) => state === asked) ?? firstOf(migration)
  const { id, flowId, from, to } = migration
  const [before, after, cases, misfits, elements, differences] = await Promise.all([
    flowPage(db, flowId, from),
    versionDrawing(db, flowId, to),
    migratingCases(db, viewer, { id, states: [shown], page }),
    misfitsOf(db, migration),
    elementsToMap(db, migration),
    compareVersions(db, { flowId, from, to }),
  ])
  return {
    migration,
    before: { xml: before?.xml ?? '', elements: before?.elements ?? [] },
    after: { xml: after.xml },
    cases,
    misfits,
    elements,
    differences: differences ?? [],
    shown,
    page,
    pageSize: MIGRATING_PER_PAGE,
  }
})

export const action = guardedAction('case:administer', async ({ request, db, viewer, params }) => {
  const id = params.migrationId ?? ''
  const form = await request.formData()
  const act = String(form.get('act') ?? '')
  const actor = { personId: viewer.personId, postId: viewer.postId }
  const reason = String(form.get('reason') ?? '')
  if (act === 'map') {
    const map = [...form].flatMap(([name, value]) =>
      name.startsWith('map:') && typeof value === 'string' ? [[name.slice('map:'.length), value] as const] : [],
    )
    await setMap(db, id, Object.fromEntries(map))
  } else if (act === 'move') await startMoving(db, actor, id, reason)
  else {
    const known = acts.find((one) => one === act)
    if (!known) throw notFound()
    await steerMigration(db, id, known)
  }
  await recordAudit(db, { ...actor, act: `migration.${act}`, data: { id, ...(reason === '' ? {} : { reason }) } })
  return { act }
})

export default function Migration() {
  const { migration, before, after, cases, misfits, elements, differences, shown, page, pageSize } =
    useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { t } = useTranslation('migrations')
  const pick = usePick()
  const say = useSentence()
  const { number } = useFormats()
  const { search } = useLocation()
  const { state, total } = migration
  const works = state === 'checking' || state === 'moving'
  useFollowing(works)
  const behind = state === 'checking' ? total - migration.cases.unchecked : total - migration.cases.fits
  const columns: Column<MigratingCase>[] = [
    {
      name: 'case',
      label: t('cases.case'),
      main: true,
      cell: (row) => row.documentCode ?? t('cases.code', { code: row.caseId.slice(-8) }),
    },
    {
      name: 'why',
      label: t('cases.why'),
      width: '60%',
      cell: (row) =>
        row.reasons.length > 0 ? row.reasons.map((reason) => say(reason)).join(' ') : t(`cases.is.${row.state}`),
    },
  ]
  return (
    <>
      <PageHeader
        above={<Link to="/administration/migrations">{t('title')}</Link>}
        title={pick(migration.flowName, migration.flowNameEn)}
        subtitle={
          <>
            <MigrationMark state={state} /> {t('fromTo', { from: number(migration.from), to: number(migration.to) })}
            {migration.reason && <> · {migration.reason}</>}
            {migration.by && <> · {migration.by}</>}
          </>
        }
      />
      <FormRefusal refusal={refusalIn(answer)} />
      <div className="stack">
        <section className="panel" aria-labelledby="progress">
          <h2 id="progress">{t(works || state === 'paused' ? 'progress.title' : 'progress.result')}</h2>
          {works && <RefreshWithoutScripts />}
          <div role="status" className="stack">
            {(works || state === 'paused') && (
              <label>
                {t(`progress.${state === 'checking' ? 'checked' : 'moved'}`, {
                  part: number(behind),
                  all: number(total),
                })}
                <progress max={Math.max(1, total)} value={behind} />
              </label>
            )}
            <p>
              {states
                .filter((each) => migration.cases[each] > 0)
                .map((each) => t(`count.${each}`, { count: migration.cases[each] }))
                .join(' · ') || t('count.none')}
            </p>
          </div>
          <MigrationSteering migration={migration} />
        </section>
        <MapSection
          key={JSON.stringify(migration.map)}
          migration={migration}
          before={before}
          after={after}
          elements={elements}
          misfits={misfits}
        >
          <section className="panel" aria-labelledby="differences">
            <h2 id="differences">{t('difference.title')}</h2>
            <DifferenceList differences={differences} />
          </section>
        </MapSection>
        <section className="panel" aria-labelledby="standing">
          <h2 id="standing">{t('standing')}</h2>
          <LoadTable elements={before.elements} />
        </section>
        <nav className="years" aria-label={t('cases.show')}>
          {states
            .filter((each) => migration.cases[each] > 0)
            .map((each) => (
              <Link
                key={each}
                to={withParams(search, { state: each, page: null })}
                aria-current={each === shown ? 'true' : undefined}
                preventScrollReset
              >
                {t(`cases.states.${each}`, { number: number(migration.cases[each]) })}
              </Link>
            ))}
        </nav>
        <DataList
          label={t(`cases.states.${shown}`, { number: number(migration.cases[shown]) })}
          rows={cases}
          columns={columns}
          rowKey={(row) => row.caseId}
          rowTo={(row) => `/administration/cases/${row.caseId}`}
          rowTone={(row) => (row.state === 'unfit' || row.state === 'failed' ? 'bad' : undefined)}
          total={migration.cases[shown]}
          page={page}
          pageSize={pageSize}
          empty={<EmptyState title={t('cases.none')} />}
        />
      </div>
    </>
  )
}

export { RouteError as ErrorBoundary }
