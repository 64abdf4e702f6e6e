import { randomUUID } from 'node:crypto'
import { parseWithZod } from '@conform-to/zod/v4'
import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { MOST_APPENDICES, requireSignable } from '#db/appendices.ts'
import { workingCalendar } from '#db/calendar.ts'
import { secretBelongsElsewhere } from '#db/incoming.ts'
import { startOutgoing } from '#db/start-drafting.ts'
import { choiceGone, codesOf, outgoingChoices } from '../drafting/choices.server.ts'
import { OutgoingFields } from '../drafting/OutgoingFields.tsx'
import { opinionWindow } from '../forms/opinion-window.ts'
import { newOutgoingSchema } from '../forms/outgoing-schemas.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import type { SentBack } from '../tasks/entered.tsx'
import { formSentBack, refusalSentBack } from '../tasks/sent-back.server.ts'
import { withPdf } from '../tasks/pdf-of-draft.server.ts'
import { ChosenFile, UploadPage } from '../tasks/UploadPage.tsx'
import type { RouteHandle } from '../translation-data.tsx'
import { acceptOf, drafts as written, fileOf, readUpload, uploadFormBytes } from '../uploads.server.ts'

export const handle: RouteHandle = { i18n: ['drafting', 'tasks'], title: 'drafting:outgoing.title' }

export const loader = guardedLoader('drafting:begin', async ({ db, viewer, now }) => ({
  ...(await outgoingChoices(db, viewer, now)),
  key: randomUUID(),
  accept: acceptOf(written),
}))

export const action = guardedAction(
  'drafting:begin',
  async ({ request, context, db, viewer, files: store, now }) => {
    const { fields, files } = await readUpload(request, store, { kinds: written, maxFiles: 1 + MOST_APPENDICES })
    const submission = parseWithZod(fields, { schema: newOutgoingSchema })
    if (submission.status !== 'success') return formSentBack(submission.reply(), context)
    const { secrecy, opinionDeadline, ...outgoing } = submission.value
    try {
      if (secrecy > 0) throw secretBelongsElsewhere()
      const draft = fileOf(files, 'file')
      const offered = await outgoingChoices(db, viewer, now)
      choiceGone('kindCode', [outgoing.kindCode], codesOf(offered.kinds))
      choiceGone('recipientAgencies', outgoing.recipientAgencies, codesOf(offered.agencies))
      choiceGone('recipientUnits', outgoing.recipientUnits, codesOf(offered.units))
      choiceGone('opinionUnits', outgoing.opinionUnits, codesOf(offered.opinionUnits))
      choiceGone(
        'leaderPost',
        [outgoing.leaderPost],
        offered.leaders.map(({ postId }) => postId),
      )
      const asked = opinionWindow(outgoing.opinionUnits, opinionDeadline, { now, calendar: await workingCalendar(db) })
      const appendices = files.filter(({ field }) => field === 'appendix')
      requireSignable(appendices)
      const drafts = await withPdf(store, draft, context.log)
      const { documentId } = await startOutgoing(db, viewer, { ...outgoing, ...asked, drafts, appendices })
      return redirect(`/documents/${documentId}`)
    } catch (error) {
      return refusalSentBack(error, submission.reply(), context)
    }
  },
  { maxBytes: uploadFormBytes },
)

export default function NewOutgoing() {
  const { key, accept, ...choices } = useLoaderData<typeof loader>()
  const sentBack = (useActionData<typeof action>() ?? {}) as SentBack
  const { t } = useTranslation('drafting')
  return (
    <UploadPage
      title={t('outgoing.title')}
      intro={t('outgoing.intro')}
      back={{ to: '/documents/outgoing', label: t('back.outgoing') }}
      file={{ name: 'file', label: t('outgoing.file'), hint: t('outgoing.fileHint'), accept }}
      submit={t('outgoing.submit')}
      consequence={t('outgoing.consequence')}
      formId={key}
      formKey="outgoing.new"
      sentBack={sentBack}
    >
      <ChosenFile
        name="appendix"
        label={t('outgoing.appendices')}
        hint={t('outgoing.appendicesHint')}
        accept=".pdf"
        required={false}
        multiple
      />
      <OutgoingFields {...choices} />
    </UploadPage>
  )
}

export { RouteError as ErrorBoundary } from '../components/ErrorView.tsx'
