import { randomUUID } from 'node:crypto'
import { parseWithZod } from '@conform-to/zod/v4'
import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { workingCalendar } from '#db/calendar.ts'
import { startOpinionRequest } from '#db/start-drafting.ts'
import { TextAreaField, TextField } from '../components/Field.tsx'
import { askableUnits, choiceGone, codesOf } from '../drafting/choices.server.ts'
import { opinionWindow } from '../forms/opinion-window.ts'
import { newOpinionRequestSchema } from '../forms/opinion-schemas.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { calendarAhead } from '../tasks/choices.server.ts'
import { DeadlineField } from '../tasks/DeadlineField.tsx'
import { useEntered, type SentBack } from '../tasks/entered.tsx'
import { formSentBack, refusalSentBack } from '../tasks/sent-back.server.ts'
import { UnitChecks } from '../tasks/UnitChecks.tsx'
import { withPdf } from '../tasks/pdf-of-draft.server.ts'
import { UploadPage } from '../tasks/UploadPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'
import { acceptOf, drafts, fileOf, readUpload, uploadFormBytes } from '../uploads.server.ts'

export const handle: RouteHandle = { i18n: ['drafting', 'tasks'], title: 'drafting:request.title' }

export const loader = guardedLoader('drafting:begin', async ({ db, viewer, now }) => {
  const [units, calendar] = await Promise.all([askableUnits(db, viewer), calendarAhead(db, now)])
  return { units, calendar, key: randomUUID(), accept: acceptOf(drafts) }
})

export const action = guardedAction(
  'drafting:begin',
  async ({ request, context, db, viewer, files: store, now }) => {
    const { fields, files } = await readUpload(request, store, { kinds: drafts, maxFiles: 1 })
    const submission = parseWithZod(fields, { schema: newOpinionRequestSchema })
    if (submission.status !== 'success') return formSentBack(submission.reply(), context)
    const { opinionDeadline, ...asked } = submission.value
    try {
      const draft = fileOf(files, 'file')
      const units = await askableUnits(db, viewer)
      choiceGone('opinionUnits', asked.opinionUnits, codesOf(units))
      const window = opinionWindow(asked.opinionUnits, opinionDeadline, { now, calendar: await workingCalendar(db) })
      const { documentId } = await startOpinionRequest(db, viewer, {
        ...asked,
        ...window,
        drafts: await withPdf(store, draft, context.log),
        attachments: [],
      })
      return redirect(`/documents/${documentId}`)
    } catch (error) {
      return refusalSentBack(error, submission.reply(), context)
    }
  },
  { maxBytes: uploadFormBytes },
)

export default function NewOpinionRequest() {
  const { key, accept, units, calendar } = useLoaderData<typeof loader>()
  const sentBack = (useActionData<typeof action>() ?? {}) as SentBack
  const { t } = useTranslation('drafting')
  return (
    <UploadPage
      title={t('request.title')}
      intro={t('request.intro')}
      back={{ to: '/documents/internal', label: t('back.internal') }}
      file={{ name: 'file', label: t('request.file'), hint: t('request.fileHint'), accept }}
      submit={t('request.submit')}
      consequence={t('request.consequence')}
      formId={key}
      formKey="opinion.new"
      sentBack={sentBack}
    >
      <RequestFields units={units} calendar={calendar} />
    </UploadPage>
  )
}

function RequestFields({
  units,
  calendar,
}: Pick<ReturnType<typeof useLoaderData<typeof loader>>, 'units' | 'calendar'>) {
  const { t } = useTranslation('drafting')
  const { value, error } = useEntered()
  return (
    <>
      <TextField
        name="subject"
        label={t('request.subject')}
        required
        maxLength={500}
        defaultValue={value('subject')}
        error={error('subject')}
      />
      <TextAreaField
        name="question"
        label={t('request.question')}
        hint={t('request.questionHint')}
        rows={5}
        required
        maxLength={5000}
        defaultValue={value('question')}
        error={error('question')}
      />
      <UnitChecks name="opinionUnits" label={t('request.units')} units={units} chosen={[]} />
      <DeadlineField
        name="opinionDeadline"
        label={t('request.deadline')}
        hint={t('request.deadlineHint')}
        calendar={calendar}
        required={false}
      />
    </>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
