import { redirect } from '@remix-run/node'
import { useParams } from '@remix-run/react'
import { notFound } from '#db/refusal.ts'
import { isUuid } from '#db/task-page.ts'
import { releaseTask } from '#db/tasks.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'
import { RefusedPage } from '../tasks/RefusedPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['tasks'], title: 'tasks:refused.heading' }

export const loader = guardedLoader('task:take', ({ params, request }) => formsOnly(request, `/tasks/${params.taskId}`))

/** Trả lại hàng chờ: puts a task that was taken back into its queue. */
export const action = guardedAction('task:take', async ({ db, viewer, params }) => {
  if (!isUuid(params.taskId)) throw notFound()
  await releaseTask(db, viewer, params.taskId)
  return redirect(`/tasks/${params.taskId}`)
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function Release() {
  const { taskId } = useParams()
  return <RefusedPage back={`/tasks/${taskId}`} />
}
