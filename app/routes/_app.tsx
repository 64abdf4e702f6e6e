import { Outlet, useRouteError, type ShouldRevalidateFunction } from '@remix-run/react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { workingCalendar } from '#db/calendar.ts'
import { navCounts } from '#db/tasks.ts'
import { ErrorView } from '../components/ErrorView.tsx'
import { Frame } from '../components/Frame.tsx'
import { Skeleton } from '../components/Skeleton.tsx'
import { guardedLoader } from '../guard.server.ts'

/** How far back "overdue" is counted in working days (ms). */
const COUNTED = 60 * 86_400_000

/** The days out of the ordinary, for counting working days in the page. */
function officeDaysAround({ off, worked }: { off: ReadonlySet<string>; worked: ReadonlySet<string> }, now: number) {
  const from = new Date(now - COUNTED).toISOString()
  const to = new Date(now).toISOString()
  const near = (days: ReadonlySet<string>) => [...days].filter((day) => day >= from.slice(0, 10) && day <= to)
  return { off: near(off), worked: near(worked) }
}

/** What every page of a signed-in person has around it. */
export const loader = guardedLoader('self:use', async ({ db, viewer, person, post, posts, now, request, context }) => ({
  person,
  post,
  posts,
  now,
  load: context.requestId,
  counts: await navCounts(db, viewer, person.email),
  officeDays: officeDaysAround(await workingCalendar(db), now),
  search: new URL(request.url).searchParams.get('q') ?? '',
}))

/** Anew after something was done; going from page to page the stream of counts keeps it fresh. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod, defaultShouldRevalidate }) =>
  formMethod !== undefined && formMethod !== 'GET' && defaultShouldRevalidate

export default function App() {
  return (
    <Frame>
      <Suspense fallback={<Skeleton rows={10} />}>
        <Outlet />
      </Suspense>
    </Frame>
  )
}

/** A page of the frame failed: the frame stays. When the frame itself could not be loaded, the sentence stands alone. */
export function ErrorBoundary() {
  useRouteError()
  const { t } = useTranslation('frame')
  return (
    <main className="alone" aria-label={t('main')}>
      <ErrorView />
    </main>
  )
}
