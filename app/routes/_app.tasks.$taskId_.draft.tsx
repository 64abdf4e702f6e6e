import { redirect } from '@remix-run/node'
import { useParams } from '@remix-run/react'
import { addOwnDraftVersion, takesOwnDrafts } from '#db/drafted-documents.ts'
import { addDraftVersion } from '#db/outgoing.ts'
import { readTaskPage } from '#db/task-page.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'
import { RefusedPage } from '../tasks/RefusedPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'
import { drafts, fileOf, readUpload, uploadFormBytes } from '../uploads.server.ts'

export const handle: RouteHandle = { i18n: ['tasks'], title: 'tasks:refused.heading' }

export const loader = guardedLoader('document:draft', ({ params, request }) =>
  formsOnly(request, `/tasks/${params.taskId}`),
)

/** Adds a version of the draft: of the reply, or of the document that is drafted here. */
export const action = guardedAction(
  'document:draft',
  async ({ db, files, viewer, params, request }) => {
    // Before a byte is stored: somebody else's task takes no file.
    const { taskId, formKey } = await readTaskPage(db, viewer, params.taskId)
    const upload = await readUpload(request, files, { kinds: drafts, maxFiles: 1 })
    const { name, sha256, size, mediaType } = fileOf(upload.files, 'draft')
    const draft = { taskId, name, sha256, size, mediaType }
    if (takesOwnDrafts(formKey)) await addOwnDraftVersion(db, viewer, draft)
    else await addDraftVersion(db, viewer, { ...draft, subject: null })
    return redirect(`/tasks/${taskId}`)
  },
  { maxBytes: uploadFormBytes },
)

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function Draft() {
  const { taskId } = useParams()
  return <RefusedPage back={`/tasks/${taskId}`} />
}
