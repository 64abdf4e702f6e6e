import { Outlet, useLoaderData } from '@remix-run/react'
import { countTrouble } from '#db/incidents.ts'
import { AdministrationTabs } from '../administration/AdministrationTabs.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { guardedLoader } from '../guard.server.ts'
import '../styles/administration.css'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['administration'], title: 'administration:title' }

export const loader = guardedLoader('administration:read', ({ db }) => countTrouble(db))

export default function Administration() {
  const trouble = useLoaderData<typeof loader>()
  return (
    <div className="administration">
      <AdministrationTabs trouble={trouble} />
      <Outlet />
    </div>
  )
}

export { RouteError as ErrorBoundary }
