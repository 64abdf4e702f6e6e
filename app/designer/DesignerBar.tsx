import { Link } from '@remix-run/react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DraftPresence, FlowDraft } from '#db/flow-drafts.ts'
import { Icon } from '../components/Icon.tsx'
import { useFormats, useSentence } from '../viewer.ts'
import type { TabName } from './DesignerTabs.tsx'
import { exportAs } from './export.ts'
import type { DesignerModeler } from './modeler-services.ts'
import type { useAutosave } from './use-autosave.ts'

/** Over the canvas: what is drawn, whether it is saved, who else is there, and what can be done with the whole. */
export function DesignerBar({
  draft,
  modeler,
  saving,
  presence,
  onTab,
}: {
  draft: FlowDraft
  modeler: DesignerModeler | null
  saving: ReturnType<typeof useAutosave>
  presence: DraftPresence | null
  onTab: (tab: TabName) => void
}) {
  const { t } = useTranslation('designer')
  const { undo, redo } = useUndo(modeler)
  const off = modeler === null
  return (
    <header className="designer-bar">
      <div className="designer-name">
        <p className="page-above">
          <Link to="/flows/drafts">{t('drafts.title')}</Link>
        </p>
        <h1>{draft.name}</h1>
      </div>
      <div className="designer-state">
        <SaveWords saving={saving} />
        {presence && presence.others.length > 0 && (
          <span className="mark" data-tone="soon">
            <Icon name="person" size={14} />{' '}
            {t('others', { names: presence.others.join(', '), count: presence.others.length })}
          </span>
        )}
      </div>
      <div className="designer-tools" role="toolbar" aria-label={t('tools')}>
        <button type="button" onClick={undo.do} disabled={!undo.can}>
          {t('undo')}
        </button>
        <button type="button" onClick={redo.do} disabled={!redo.can}>
          {t('redo')}
        </button>
        <button type="button" data-drawing="" disabled={off} onClick={() => modeler?.get('searchPad').toggle()}>
          {t('find')}
        </button>
        <button
          type="button"
          data-drawing=""
          disabled={off}
          onClick={() => modeler?.get('canvas').zoom('fit-viewport', 'auto')}
        >
          {t('fit')}
        </button>
        <details className="menu">
          <summary>
            {t('export.label')} <Icon name="down" size={14} />
          </summary>
          <div className="menu-body">
            {(['bpmn', 'svg', 'png'] as const).map((format) => (
              <button
                key={format}
                type="button"
                disabled={off}
                onClick={() => {
                  if (modeler) void exportAs(modeler, format, draft.flowId)
                }}
              >
                {t(`export.${format}`)}
              </button>
            ))}
          </div>
        </details>
        <button type="button" className="primary" disabled={off} onClick={() => onTab('publish')}>
          {t('publish.open')}
        </button>
      </div>
    </header>
  )
}

function SaveWords({ saving: { state } }: { saving: ReturnType<typeof useAutosave> }) {
  const { t } = useTranslation('designer')
  const { time } = useFormats()
  const say = useSentence()
  return (
    <span role="status" className="designer-saved" data-state={state.is}>
      {state.is === 'saved' && t('save.saved', { at: time(state.at) })}
      {state.is === 'drawn' && t('save.drawn')}
      {state.is === 'saving' && t('save.saving')}
      {state.is === 'waiting' && say(state.sentence)}
      {state.is === 'refused' && t('save.refused')}
    </span>
  )
}

function useUndo(modeler: DesignerModeler | null) {
  const [can, setCan] = useState({ undo: false, redo: false })
  useEffect(() => {
    if (!modeler) return
    const commands = modeler.get('commandStack')
    const look = () => setCan({ undo: commands.canUndo(), redo: commands.canRedo() })
    look()
    modeler.on('commandStack.changed', look)
    return () => modeler.off('commandStack.changed', look)
  }, [modeler])
  return {
    undo: { can: can.undo, do: () => modeler?.get('commandStack').undo() },
    redo: { can: can.redo, do: () => modeler?.get('commandStack').redo() },
  }
}
