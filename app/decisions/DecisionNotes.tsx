import { useTranslation } from 'react-i18next'
import type { DecisionDrawing, DecisionPresence } from '#db/decision-drafts.ts'
import { useFormats, useSentence } from '../viewer.ts'
import type { Saving } from './use-decision-editor.ts'

/** What others do to the same table, said before either loses work. */
export function DecisionNotes({
  drawing,
  saving,
  revision,
  presence,
  onDownload,
}: {
  drawing: DecisionDrawing
  saving: Saving
  /** As it was last saved from here. */
  revision: number
  presence: DecisionPresence | null
  onDownload: () => void
}) {
  const { t } = useTranslation('decisions')
  const { number, dateTime } = useFormats()
  const say = useSentence()
  const reload = (
    <button type="button" onClick={() => location.reload()}>
      {t('notes.reload')}
    </button>
  )
  if (saving.is === 'refused')
    return (
      <div className="designer-note decision-note" role="alert" data-tone="bad">
        <p>{say(saving.sentence)}</p>
        <div className="row">
          <button type="button" onClick={onDownload}>
            {t('download')}
          </button>
          {saving.code === 'draft-changed' && reload}
        </div>
      </div>
    )
  if (!presence) return null
  const published = (presence.version ?? 0) > (drawing.version ?? 0)
  const by = (published ? presence.publishedBy : presence.savedBy) ?? ''
  const at = presence.savedAt === null ? '' : dateTime(presence.savedAt)
  if (published || presence.revision > revision)
    return (
      <div className="designer-note decision-note" role="alert" data-tone="soon">
        <p>
          {published
            ? t('notes.published', { name: by, version: number(presence.version ?? 0) })
            : t('notes.overtaken', { name: by, at })}
        </p>
        {reload}
      </div>
    )
  if (presence.others.length === 0) return null
  return (
    <div className="designer-note decision-note" role="status" data-tone="soon">
      <p>{t('notes.others', { names: presence.others.join(', ') })}</p>
    </div>
  )
}
