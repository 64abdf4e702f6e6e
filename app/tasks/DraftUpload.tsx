import { Button } from '@mantine/core'
import { useFetcher } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { FileLink } from '../components/FileLink.tsx'
import { FileField, FormRefusal } from '../components/Field.tsx'
import { refusalIn } from '../refusal.ts'
import type { ChoicesOf } from './choices.server.ts'
import { Drafts, fileAddress } from './Drafts.tsx'

/** The versions of the reply's draft, and a place to put the next one. Made anew with each version (its key). */
export function DraftUpload({
  taskId,
  drafts,
  appendices,
}: {
  taskId: string
  drafts: ChoicesOf<'incoming.handle'>['drafts']
  /** Of a document that goes out; null of one that does not. */
  appendices: ChoicesOf<'incoming.handle'>['appendices'] | null
}) {
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
      {count > 0 && appendices && <Appendices key={appendices.length} taskId={taskId} appendices={appendices} />}
    </section>
  )
}

/** What goes with the draft in files of its own, to be added to and taken away. */
function Appendices({ taskId, appendices }: { taskId: string } & Pick<ChoicesOf<'incoming.handle'>, 'appendices'>) {
  const { t } = useTranslation('tasks')
  const sent = useFetcher()
  const refusal = refusalIn(sent.data)
  const busy = sent.state !== 'idle'
  return (
    <details className="appendices" open={appendices.length > 0 || refusal !== undefined || undefined}>
      <summary>{t('appendix.heading')}</summary>
      <FormRefusal refusal={refusal} />
      {appendices.map((appendix) => (
        <sent.Form key={appendix.fileId} method="post" action={`/tasks/${taskId}/draft`} encType="multipart/form-data">
          <span className="draft-line">
            <FileLink href={fileAddress(appendix)} name={appendix.name} size={appendix.size} />
            <button
              className="text-button"
              name="remove"
              value={appendix.fileId}
              aria-label={t('appendix.removeNamed', { name: appendix.name })}
            >
              {t('appendix.remove')}
            </button>
          </span>
        </sent.Form>
      ))}
      <sent.Form method="post" action={`/tasks/${taskId}/draft`} encType="multipart/form-data">
        <FileField name="appendix" label={t('appendix.add')} hint={t('appendix.hint')} accept=".pdf" required />
        <Button type="submit" variant="default" loading={busy}>
          {t('appendix.upload')}
        </Button>
      </sent.Form>
    </details>
  )
}
