import { notFound } from '#db/refusal.ts'
import { guardedLoader } from '../guard.server.ts'

/** Any address that is nobody's page. */
export const loader = guardedLoader('self:use', () => {
  throw notFound()
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function NoPage() {
  return null
}
