import { randomUUID } from 'node:crypto'
import { data, redirect } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '#db/refusal.ts'
import { receivePaper } from '#db/start-document.ts'
import { RouteError } from '../components/ErrorView.tsx'
import { FileField, FormRefusal, TextAreaField } from '../components/Field.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { guardedAction, guardedLoader, refused } from '../guard.server.ts'
import { useRefusal } from '../refusal.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { acceptOf, fileOf, readUpload, scans, uploadFormBytes } from '../uploads.server.ts'
import '../styles/documents.css'

export const handle: RouteHandle = { i18n: ['documents'], title: 'documents:receive.title' }

export const loader = guardedLoader('paper:receive', () => ({ key: randomUUID(), accept: acceptOf(scans) }))

export const action = guardedAction(
  'paper:receive',
  async ({ request, context, db, viewer, files: store }) => {
    const { fields, files } = await readUpload(request, store, { kinds: scans, maxFiles: 1 })
    const subject = String(fields.get('subject') ?? '').trim()
    const key = String(fields.get('key') ?? '')
    // What was entered goes back to the form, for browsers that made the page anew.
    const entered = { subject }
    try {
      const scan = fileOf(files, 'scan')
      if (!/^[0-9a-f-]{36}$/.test(key) || subject === '' || subject.length > 500) throw subjectMissing()
      const { documentId, registerTaskId } = await receivePaper(db, viewer, { key, subject, scan })
      return redirect(registerTaskId ? `/tasks/${registerTaskId}` : `/documents/${documentId}`)
    } catch (error) {
      const answer = refused(error, context)
      return data({ ...answer.data, entered }, answer.init ?? undefined)
    }
  },
  { maxBytes: uploadFormBytes },
)

const subjectMissing = () => {
  const sentence = {
    vi: 'Chưa nhập trích yếu tạm, hoặc trích yếu dài quá 500 ký tự, nên chưa có gì được lưu. Hãy nhập lại rồi chọn lại bản quét.',
    en: 'The working subject is missing or longer than 500 characters, so nothing was kept. Enter it and choose the scan again.',
  }
  return new Refusal('subject-missing', 422, sentence, { subject: sentence })
}

export default function Receive() {
  const { key, accept } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refusal = useRefusal()
  const { t } = useTranslation('documents')
  const entered = answer && 'entered' in answer ? answer.entered : undefined
  return (
    <>
      <PageHeader
        above={<Link to="/documents/incoming">{t('list.incoming')}</Link>}
        title={t('receive.title')}
        subtitle={t('receive.intro')}
      />
      <Form method="post" encType="multipart/form-data" className="panel entry-form">
        <FormRefusal refusal={refusal} />
        <input type="hidden" name="key" value={key} />
        <FileField
          name="scan"
          label={t('receive.scan')}
          hint={t('receive.scanHint')}
          error={refusal?.fields.scan}
          accept={accept}
          required
        />
        <TextAreaField
          name="subject"
          label={t('receive.subject')}
          hint={t('receive.subjectHint')}
          error={refusal?.fields.subject}
          defaultValue={entered?.subject}
          maxLength={500}
          required
        />
        <SubmitBar primary={{ label: t('receive.submit') }} consequence={t('receive.consequence')} />
      </Form>
    </>
  )
}

export { RouteError as ErrorBoundary }
