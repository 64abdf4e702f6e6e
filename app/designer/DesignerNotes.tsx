import { Form } from '@remix-run/react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DraftPresence } from '#db/flow-drafts.ts'
import { useFormats, useSentence } from '../viewer.ts'
import type { DesignerPageProps } from './DesignerPage.tsx'
import type { DesignerModeler } from './modeler-services.ts'
import type { useAutosave } from './use-autosave.ts'
import type { ModelerState } from './use-modeler.ts'

/** What has to be known before drawing on: what an import brought, what others did, and the choice when two drew at once. */
export function DesignerNotes({
  draft,
  newest,
  imported,
  opened,
  saving,
  presence,
  modeler,
}: DesignerPageProps & {
  opened: ModelerState
  saving: ReturnType<typeof useAutosave>
  presence: DraftPresence | null
  modeler: DesignerModeler | null
}) {
  const { t } = useTranslation('designer')
  const { number, dateTime } = useFormats()
  const notes: string[] = []
  if (imported) {
    if (newest) notes.push(t('imported.known', { id: draft.flowId, version: number(newest.version) }))
    if (imported.processes.length > 1)
      notes.push(t('imported.processes', { count: imported.processes.length, id: imported.flowId }))
    if (imported.foreign.length > 0) notes.push(t('imported.foreign', { names: imported.foreign.join(', ') }))
  }
  if (opened.is === 'open') {
    if (opened.laidOut) notes.push(t('imported.laidOut'))
    for (const warning of opened.warnings) notes.push(t('imported.warning', { warning }))
  }
  if (newest && draft.baseVersion !== null && newest.version > draft.baseVersion)
    notes.push(
      t('published', {
        version: number(newest.version),
        by: newest.publishedBy ?? t('shipped'),
        at: dateTime(newest.publishedAt),
        base: number(draft.baseVersion),
      }),
    )
  const overtaken =
    presence !== null && presence.revision > saving.revision && ['saved', 'drawn'].includes(saving.state.is)
  return (
    <>
      {saving.state.is === 'refused' && (
        <Choice draftId={draft.id} saving={saving} presence={presence} modeler={modeler} />
      )}
      {overtaken && (
        <div className="designer-note" role="alert" data-tone="soon">
          <p>{t('overtaken', { name: presence.savedBy, at: dateTime(presence.savedAt) })}</p>
          <button type="button" onClick={() => location.reload()}>
            {t('overtakenOpen')}
          </button>
        </div>
      )}
      {notes.length > 0 && <Notes notes={notes} />}
    </>
  )
}

function Notes({ notes }: { notes: string[] }) {
  const { t } = useTranslation('designer')
  const [read, setRead] = useState('')
  const all = notes.join('\n')
  if (read === all) return null
  return (
    <div className="designer-note" role="status">
      <ul>
        {notes.slice(0, 6).map((note) => (
          <li key={note}>{note}</li>
        ))}
        {notes.length > 6 && <li>{t('moreNotes', { count: notes.length - 6 })}</li>}
      </ul>
      <button type="button" onClick={() => setRead(all)}>
        {t('understood')}
      </button>
    </div>
  )
}

/** Two drew at once. Whatever is chosen, both drawings are kept. */
function Choice({
  draftId,
  saving,
  presence,
  modeler,
}: {
  draftId: string
  saving: ReturnType<typeof useAutosave>
  presence: DraftPresence | null
  modeler: DesignerModeler | null
}) {
  const { t } = useTranslation('designer')
  const say = useSentence()
  const { state, overwrite } = saving
  const [xml, setXml] = useState<string | null>(null)
  if (state.is !== 'refused') return null
  const write = async (form: HTMLFormElement) => {
    if (!modeler || xml !== null) return
    const saved = await modeler.saveXML({ format: true })
    setXml(saved.xml ?? '')
    // React writes the field first.
    setTimeout(() => form.requestSubmit())
  }
  return (
    <div className="designer-note" role="alertdialog" aria-label={t('save.refused')} data-tone="bad">
      <p>{say(state.sentence)}</p>
      <div className="row">
        <Form method="post" action="/flows/drafts?index" reloadDocument>
          <input type="hidden" name="xml" value={xml ?? ''} />
          <button type="button" className="primary" onClick={(event) => void write(event.currentTarget.form!)}>
            {t('choice.separate')}
          </button>
        </Form>
        {state.code === 'draft-changed' && presence && (
          <button type="button" onClick={() => void overwrite(presence.revision)}>
            {t('choice.overwrite', { name: presence.savedBy })}
          </button>
        )}
        <a href={`/flows/drafts/${draftId}`} target="_blank" rel="noreferrer">
          {t('choice.look')}
        </a>
      </div>
    </div>
  )
}
