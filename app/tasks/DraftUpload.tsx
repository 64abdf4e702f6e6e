import { Button } from '@mantine/core'
import { useFetcher } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { FileField, FormRefusal } from '../components/Field.tsx'
import { refusalIn } from '../refusal.ts'
import type { ChoicesOf } from './choices.server.ts'
import { Drafts } from './Drafts.tsx'

/** The versions of the reply's draft, and a place to put the next one. Made anew with each version (its key). */
export function DraftUpload({ taskId, drafts }: { taskId: string; drafts: ChoicesOf<'incoming.handle'>['drafts'] }) {
  const { t } = useTranslation('tasks')
  const upload = useFetcher()
  const refusal = refusalIn(upload.data)
  const busy = upload.state !== 'idle'
  const count = drafts.length
  return (
    <section className="draft-upload" aria-labelledby="drafts-heading">
      <h3 id="drafts-heading">{t('draft.heading')}</h3>
      <Drafts drafts={drafts} />
      <upload.Form method="post" action={`/tasks/${taskId}/draft`} encType="multipart/form-data">
        <FormRefusal refusal={refusal} />
        <FileField
          name="draft"
          label={count === 0 ? t('draft.choose') : t('draft.chooseNext', { version: (drafts[0]?.version ?? 0) + 1 })}
          hint={t('draft.limits')}
          accept=".docx,.pdf"
          required
          error={refusal?.fields.draft ? t('draft.notKept') : undefined}
        />
        <Button type="submit" variant="default" loading={busy}>
          {t('draft.upload')}
        </Button>
        <span role="status" className="muted">
          {busy ? t('draft.uploading') : ''}
        </span>
      </upload.Form>
    </section>
  )
}
