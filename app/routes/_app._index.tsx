import { useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { RouteError } from '../components/ErrorView.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedLoader } from '../guard.server.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['home'], title: 'home:title' }

export const loader = guardedLoader('home:read', ({ person }) => ({ name: person.fullName }))

export default function Home() {
  const { name } = useLoaderData<typeof loader>()
  const { t } = useTranslation('home')
  return <PageHeader title={t('title')} subtitle={name} />
}

export { RouteError as ErrorBoundary }
