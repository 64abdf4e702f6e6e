import { randomUUID } from 'node:crypto'
import { parseWithZod } from '@conform-to/zod/v4'
import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { receivePaper } from '#db/start-document.ts'
import { RouteError } from '../components/ErrorView.tsx'
import { TextAreaField } from '../components/Field.tsx'
import { paperSchema } from '../forms/upload-schemas.ts'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { useEntered, type SentBack } from '../tasks/entered.tsx'
import { UploadPage } from '../tasks/UploadPage.tsx'
import { formSentBack, refusalSentBack } from '../tasks/sent-back.server.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { acceptOf, fileOf, readUpload, scans, uploadFormBytes } from '../uploads.server.ts'

export const handle: RouteHandle = { i18n: ['documents', 'tasks'], title: 'documents:receive.title' }

export const loader = guardedLoader('paper:receive', () => ({ key: randomUUID(), accept: acceptOf(scans) }))

export const action = guardedAction(
  'paper:receive',
  async ({ request, context, db, viewer, files: store }) => {
    const { fields, files } = await readUpload(request, store, { kinds: scans, maxFiles: 1 })
    const submission = parseWithZod(fields, { schema: paperSchema })
    if (submission.status !== 'success') {
      return formSentBack(submission.reply(), context)
    }
    try {
      const scan = fileOf(files, 'scan')
      const { documentId, registerTaskId } = await receivePaper(db, viewer, { ...submission.value, scan })
      return redirect(registerTaskId ? `/tasks/${registerTaskId}` : `/documents/${documentId}`)
    } catch (error) {
      return refusalSentBack(error, submission.reply(), context)
    }
  },
  { maxBytes: uploadFormBytes },
)

export default function Receive() {
  const { key, accept } = useLoaderData<typeof loader>()
  const sentBack = (useActionData<typeof action>() ?? {}) as SentBack
  const { t } = useTranslation('documents')
  return (
    <UploadPage
      title={t('receive.title')}
      intro={t('receive.intro')}
      back={{ to: '/documents/incoming', label: t('list.incoming') }}
      file={{ name: 'scan', label: t('receive.scan'), hint: t('receive.scanHint'), accept }}
      submit={t('receive.submit')}
      consequence={t('receive.consequence')}
      formId={key}
      formKey="paper.receive"
      sentBack={sentBack}
    >
      <Subject />
    </UploadPage>
  )
}

function Subject() {
  const { t } = useTranslation('documents')
  const { value, error } = useEntered()
  return (
    <TextAreaField
      name="subject"
      label={t('receive.subject')}
      hint={t('receive.subjectHint')}
      error={error('subject')}
      defaultValue={value('subject')}
      maxLength={500}
      required
    />
  )
}

export { RouteError as ErrorBoundary }
