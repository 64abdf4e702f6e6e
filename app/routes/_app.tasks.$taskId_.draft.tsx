import { redirect } from '@remix-run/node'
import { useParams } from '@remix-run/react'
import { addOwnDraftVersion, takesOwnDrafts } from '#db/drafted-documents.ts'
import { addDraftVersion } from '#db/outgoing.ts'
import { addAppendix, removeAppendix, requireSignable } from '#db/appendices.ts'
import { isUuid, readTaskPage } from '#db/task-page.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'
import { withPdf } from '../tasks/pdf-of-draft.server.ts'
import { RefusedPage } from '../tasks/RefusedPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'
import { drafts, fileOf, readUpload, uploadFormBytes } from '../uploads.server.ts'

export const handle: RouteHandle = { i18n: ['tasks'], title: 'tasks:refused.heading' }

export const loader = guardedLoader('document:draft', ({ params, request }) =>
  formsOnly(request, `/tasks/${params.taskId}`),
)

/** Adds a version of the draft (of the reply, or of the document that is drafted here), or adds and takes away appendices. */
export const action = guardedAction(
  'document:draft',
  async ({ db, files, viewer, params, request, context }) => {
    // Before a byte is stored: somebody else's task takes no file.
    const { taskId, formKey } = await readTaskPage(db, viewer, params.taskId)
    const upload = await readUpload(request, files, { kinds: drafts, maxFiles: 1 })
    const removed = upload.fields.get('remove')
    if (isUuid(typeof removed === 'string' ? removed : undefined)) {
      await removeAppendix(db, viewer, taskId, String(removed))
      return redirect(`/tasks/${taskId}`)
    }
    if (upload.files.some(({ field }) => field === 'appendix')) {
      const appendix = fileOf(upload.files, 'appendix')
      requireSignable([appendix])
      await addAppendix(db, viewer, { taskId, ...appendix })
      return redirect(`/tasks/${taskId}`)
    }
    for (const draft of await withPdf(files, fileOf(upload.files, 'draft'), context.log)) {
      if (takesOwnDrafts(formKey)) await addOwnDraftVersion(db, viewer, { taskId, ...draft })
      else await addDraftVersion(db, viewer, { taskId, ...draft, subject: null })
    }
    return redirect(`/tasks/${taskId}`)
  },
  { maxBytes: uploadFormBytes },
)

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function Draft() {
  const { taskId } = useParams()
  return <RefusedPage back={`/tasks/${taskId}`} />
}
