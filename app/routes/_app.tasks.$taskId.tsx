import { parseWithZod } from '@conform-to/zod/v4'
import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { randomUUID } from 'node:crypto'
import { workingCalendar } from '#db/calendar.ts'
import { readCaseView } from '#db/case-view.ts'
import { readDoneTask } from '#db/home.ts'
import { nextSteps } from '#db/next-steps.ts'
import { filesOf, isUuid, readTaskPage, recordOpening } from '#db/task-page.ts'
import { inbox } from '#db/tasks.ts'
import { Refusal } from '#db/refusal.ts'
import { completeForm, taskForms, type FilledForm } from '../forms/complete-form.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { signingGround } from '../signing/ground.ts'
import { readSigningOffer } from '../signing/offer.server.ts'
import { takeSignature } from '../signing/sent-signature.ts'
import { signatureAsked, signTask } from '../signing/sign-task.ts'
import { opinionsIn, readChoices } from '../tasks/choices.server.ts'
import type { SentBack } from '../tasks/entered.tsx'
import { isOpinionForm } from '../tasks/opinion-forms.ts'
import { previewOf } from '../tasks/preview.server.ts'
import { shownTask } from '../tasks/shown-task.ts'
import { TaskPageView } from '../tasks/TaskPageView.tsx'
import { filesToShow } from '../tasks/files-to-show.ts'
import { formSentBack, refusalSentBack } from '../tasks/sent-back.server.ts'
import type { RouteHandle } from '../translation-data.tsx'

export const handle: RouteHandle = {
  i18n: ['tasks', 'signatures', 'signing', 'ownForms'],
  title: (loaded: {
    task: { askVi: string; askEn: string; document: { code: string | null } | null }
    language: string
  }) =>
    [loaded.language === 'vi' ? loaded.task.askVi : loaded.task.askEn, loaded.task.document?.code]
      .filter(Boolean)
      .join(' · '),
}

export const loader = guardedLoader(
  'task:read',
  async ({ db, files: store, viewer, person, post, params, request, now, context }) => {
    const page = await readTaskPage(db, viewer, params.taskId)
    const search = new URL(request.url).searchParams
    const doneId = search.get('done') ?? undefined
    const opening = async () => {
      if (!page.documentId || request.headers.get('purpose') === 'prefetch') return
      await recordOpening(db, viewer, page.documentId).catch((error: unknown) =>
        context.log.error({ err: error, documentId: page.documentId }, 'the opening of a document was not recorded'),
      )
    }
    const next = async () =>
      page.mayAct
        ? nextSteps(
            db,
            { flowVersionId: page.flowVersionId, state: page.caseState },
            { now, calendar: await workingCalendar(db) },
            (tasks) => tasks.filter(({ fromTaskId }) => fromTaskId === page.token),
          )
        : []
    const [view, ownFiles, choices, steps, done, signing] = await Promise.all([
      readCaseView(db, viewer, page.caseId),
      page.documentId ? filesOf(db, page.documentId) : [],
      page.mayAct ? readChoices({ db, viewer, now }, page) : null,
      next(),
      isUuid(doneId) ? readDoneTask(db, viewer, doneId) : null,
      page.mayAct ? readSigningOffer({ db, viewer, now }, page) : null,
      opening(),
    ])
    const { drafts, appendices } = choices && 'drafts' in choices ? choices : { drafts: [], appendices: [] }
    const files = filesToShow(page, ownFiles, drafts, appendices)
    const shown = files.find(({ fileId }) => fileId === search.get('file')) ?? files[0] ?? null
    const tasks = view?.tasks ?? []
    return {
      task: shownTask(page),
      choices,
      me: post.id,
      next: steps,
      opinions: {
        given: opinionsIn(tasks),
        awaited: tasks.filter(({ formKey, state }) => state === 'open' && isOpinionForm(formKey)),
      },
      signing,
      view,
      files,
      shown,
      preview: shown ? await previewOf(store, shown) : null,
      done,
      takenBack: search.has('taken-back'),
      formId: randomUUID(),
      language: person.language,
    }
  },
)

/** The step that the filled form becomes; then the next task of the same kind, or the list. */
export const action = guardedAction(
  'task:complete',
  async ({ db, files, viewer, person, post, params, request, context }) => {
    const page = await readTaskPage(db, viewer, params.taskId)
    const sent = await request.formData()
    const { pin, initial, manner } = takeSignature(sent)
    const key = sent.get('key')
    const form = page.formKey === null ? undefined : taskForms.get(page.formKey)
    if (!form || typeof key !== 'string' || !isUuid(key)) throw notThisForm()
    const submission = parseWithZod(sent, { schema: form.schema })
    if (submission.status !== 'success') {
      return formSentBack(submission.reply(), context)
    }
    try {
      const signer = { name: person.fullName, title: post.title }
      const filled: FilledForm = { task: page, key: `task:${page.taskId}:${key}`, value: submission.value }
      const role = signatureAsked(page, submission.value, { initial })
      if (role) {
        const ground = signingGround({ db, files, dataFolder: context.environment.dataFolder })
        const { listId } = await signTask(ground, viewer, filled, { role, pin, manner })
        if (listId) return redirect(`/signing/${listId}`)
      } else await completeForm(db, viewer, signer, filled)
    } catch (error) {
      return refusalSentBack(error, submission.reply(), context)
    }
    const waiting = await inbox(db, viewer, { limit: 50 })
    const another = waiting.find(({ formKey, taskId }) => formKey === page.formKey && taskId !== page.taskId)
    return redirect(`${another ? `/tasks/${another.taskId}` : '/'}?done=${page.taskId}`)
  },
)

const notThisForm = () =>
  new Refusal('form-malformed', 400, {
    vi: 'Biểu mẫu gửi lên không thuộc bước này nên chưa có gì được ghi. Hãy tải lại trang rồi làm lại.',
    en: 'What was sent is not this step’s form, so nothing was recorded. Reload the page and fill it in again.',
  })

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'

export default function Task() {
  const loaded = useLoaderData<typeof loader>()
  const sentBack = useActionData<typeof action>() as SentBack | undefined
  return <TaskPageView key={loaded.task.taskId} {...loaded} sentBack={sentBack ?? {}} />
}
