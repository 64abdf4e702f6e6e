import { redirect } from '@remix-run/node'
import { useParams } from '@remix-run/react'
import { askVerification } from '#db/verifications.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'
import { RefusedPage } from '../tasks/RefusedPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['tasks', 'signatures'], title: 'signatures:again' }

export const loader = guardedLoader('document:read', ({ request, params }) =>
  formsOnly(request, `/documents/${params.documentId ?? ''}`),
)

/** Has the signatures of one of the document's files checked again; the worker does it. */
export const action = guardedAction('document:read', async ({ db, viewer, params, request }) => {
  const documentId = params.documentId ?? ''
  const sha256 = (await request.formData()).get('sha256')
  await askVerification(db, viewer, documentId, typeof sha256 === 'string' ? sha256 : '')
  return redirect(`/documents/${documentId}`)
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function CheckAgain() {
  const { documentId } = useParams()
  return <RefusedPage back={`/documents/${documentId ?? ''}`} />
}
