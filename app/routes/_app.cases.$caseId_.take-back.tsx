import { redirect } from '@remix-run/node'
import { isVisibleCase } from '#db/case-view.ts'
import { notFound, Refusal } from '#db/refusal.ts'
import { takeBack } from '#db/take-back.ts'
import { isUuid } from '#db/task-page.ts'
import { takeableTasks } from '#db/tasks.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { formsOnly } from '../tasks/forms-only.server.ts'
import { RefusedPage } from '../tasks/RefusedPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = { i18n: ['tasks'], title: 'tasks:refused.heading' }

export const loader = guardedLoader('task:take-back', ({ request }) => formsOnly(request, '/given'))

/** Lấy lại: what the viewer passed on comes back to them, while nobody has begun. */
export const action = guardedAction('task:take-back', async ({ db, viewer, params, request }) => {
  const { caseId } = params
  if (!isUuid(caseId) || !(await isVisibleCase(db, viewer, caseId))) throw notFound()
  const form = await request.formData()
  const subscriptionId = form.get('subscriptionId')
  const key = form.get('key')
  if (typeof subscriptionId !== 'string' || typeof key !== 'string' || !isUuid(key)) throw incomplete()
  await takeBack(db, viewer, { caseId, subscriptionId, key: `take-back:${caseId}:${key}`, reason: null })
  const [mine] = await takeableTasks(db, viewer, caseId)
  return redirect(mine ? `/tasks/${mine.taskId}?taken-back` : '/?taken-back')
})

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function TakenBack() {
  return <RefusedPage back="/given" />
}

const incomplete = () =>
  new Refusal('form-malformed', 400, {
    vi: 'Yêu cầu lấy lại không đầy đủ nên chưa có gì thay đổi. Hãy tải lại trang rồi bấm Lấy lại.',
    en: 'The request to take it back was not complete, so nothing was changed. Reload the page and press Take back.',
  })
