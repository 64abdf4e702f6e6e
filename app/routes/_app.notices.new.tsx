import { randomUUID } from 'node:crypto'
import { parseWithZod } from '@conform-to/zod/v4'
import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { noticeChoices, startNotice } from '#db/start-document.ts'
import { RouteError } from '../components/ErrorView.tsx'
import { SelectField, TextAreaField, TextField } from '../components/Field.tsx'
import { choiceGone, codesOf } from '../drafting/choices.server.ts'
import { newNoticeSchema } from '../forms/upload-schemas.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { useEntered, type SentBack } from '../tasks/entered.tsx'
import { UnitChecks } from '../tasks/UnitChecks.tsx'
import { UploadPage } from '../tasks/UploadPage.tsx'
import { formSentBack, refusalSentBack } from '../tasks/sent-back.server.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { acceptOf, drafts, fileOf, readUpload, uploadFormBytes } from '../uploads.server.ts'
import { usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['documents', 'tasks'], title: 'documents:notice.title' }

/** Thông báo: what a notice is unless its author says otherwise. */
const usualKind = 'TB'

export const loader = guardedLoader('notice:create', async ({ db }) => ({
  ...(await noticeChoices(db)),
  key: randomUUID(),
  accept: acceptOf(drafts),
}))

export const action = guardedAction(
  'notice:create',
  async ({ request, context, db, viewer, files: store }) => {
    const { fields, files } = await readUpload(request, store, { kinds: drafts, maxFiles: 1 })
    const submission = parseWithZod(fields, { schema: newNoticeSchema })
    if (submission.status !== 'success') {
      return formSentBack(submission.reply(), context)
    }
    const notice = submission.value
    try {
      const file = fileOf(files, 'file')
      const { kinds, units } = await noticeChoices(db)
      choiceGone('kindCode', [notice.kindCode], codesOf(kinds))
      choiceGone('recipientUnits', notice.recipientUnits, codesOf(units))
      const { documentId } = await startNotice(db, viewer, { ...notice, file })
      return redirect(`/documents/${documentId}`)
    } catch (error) {
      return refusalSentBack(error, submission.reply(), context)
    }
  },
  { maxBytes: uploadFormBytes },
)

export default function NewNotice() {
  const { kinds, units, key, accept } = useLoaderData<typeof loader>()
  const sentBack = (useActionData<typeof action>() ?? {}) as SentBack
  const { t } = useTranslation('documents')
  return (
    <UploadPage
      title={t('notice.title')}
      intro={t('notice.intro')}
      back={{ to: '/documents/internal', label: t('list.internal') }}
      file={{ name: 'file', label: t('notice.file'), hint: t('notice.fileHint'), accept }}
      submit={t('notice.submit')}
      consequence={t('notice.consequence')}
      formId={key}
      formKey="notice.new"
      sentBack={sentBack}
    >
      <NoticeFields kinds={kinds} units={units} />
    </UploadPage>
  )
}

function NoticeFields({ kinds, units }: Awaited<ReturnType<typeof noticeChoices>>) {
  const { t } = useTranslation('documents')
  const pick = usePick()
  const { value, error } = useEntered()
  return (
    <>
      <SelectField
        name="kindCode"
        label={t('notice.kind')}
        error={error('kindCode')}
        choices={kinds.map((kind) => ({ value: kind.code, label: pick(kind.name, kind.nameEn) }))}
        defaultValue={value('kindCode', usualKind)}
      />
      <TextAreaField
        name="subject"
        label={t('notice.subject')}
        error={error('subject')}
        defaultValue={value('subject')}
        maxLength={500}
        required
      />
      <div className="field-pair">
        <TextField
          name="signerName"
          label={t('notice.signer')}
          hint={t('notice.signerHint')}
          error={error('signerName')}
          defaultValue={value('signerName')}
          maxLength={50}
        />
        <TextField
          name="signerPosition"
          label={t('notice.signerPosition')}
          hint={t('notice.signerPositionHint')}
          error={error('signerPosition')}
          defaultValue={value('signerPosition')}
          maxLength={100}
        />
      </div>
      <TextAreaField
        name="recipients"
        label={t('notice.recipients')}
        error={error('recipients')}
        defaultValue={value('recipients', t('notice.recipientsDefault'))}
        rows={4}
        maxLength={1000}
        required
      />
      <UnitChecks
        name="recipientUnits"
        label={t('notice.units')}
        units={units}
        chosen={units.map(({ code }) => code)}
        open={false}
      />
    </>
  )
}

export { RouteError as ErrorBoundary }
