import { Link } from '@remix-run/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding } from '#bpmn/finding.ts'
import type { DraftPresence, DraftRevision, FlowDraft } from '#db/flow-drafts.ts'
import type { NewestVersion, Publication } from '#db/flow-publications.ts'
import '../styles/designer.css'
import '../styles/designer-panels.css'
import '../styles/designer-steps.css'
import '../styles/designer-who.css'
import '../styles/designer-trial.css'
import '../styles/designer-outline.css'
import { useLanguage } from '../viewer.ts'
import { DesignerBar } from './DesignerBar.tsx'
import { DesignerNotes } from './DesignerNotes.tsx'
import { DesignerTabs, type TabName } from './DesignerTabs.tsx'
import type { DrawingFacts } from './drawing.ts'
import { FormDialog } from './FormDialog.tsx'
import { ownFormOf, setOwnForm } from './model-edits.ts'
import type { Element } from './modeler-services.ts'
import { EDIT_FORM } from './form-event.ts'
import { fetchRevision } from './draft-server.ts'
import { FindingList } from './FindingList.tsx'
import { markFindings } from './finding-marks.ts'
import { HistoryPanel } from './HistoryPanel.tsx'
import { OfficeSteps } from './OfficeSteps.tsx'
import { OutlinePanel } from './OutlinePanel.tsx'
import { PublishPanel } from './PublishPanel.tsx'
import type { PlainCalendar } from './trial.ts'
import { TrialPanel } from './TrialPanel.tsx'
import { useAutosave } from './use-autosave.ts'
import { useFindings } from './use-findings.ts'
import { useModeler } from './use-modeler.ts'
import { usePresence } from './use-presence.ts'
import type { Words } from './words.ts'

export interface DesignerPageProps {
  draft: FlowDraft
  newest: NewestVersion | null
  history: DraftRevision[]
  pending: Publication | null
  /** Whoever looks asked for the publishing that waits. */
  isAsker: boolean
  /** What is to be said of a file that has just come in. */
  imported: DrawingFacts | null
  serviceTypes: readonly string[]
  /** Keys of the forms that steps may have. */
  forms: readonly string[]
  calendar: PlainCalendar
  /** What only the office knows against the draft. */
  officeDoubts: Finding[]
  /** Epoch ms on the one clock: when trials begin. */
  now: number
}

/** Drawing a flow: the canvas, what stands around it, and the way to publish. */
export function DesignerPage(props: DesignerPageProps) {
  const { draft } = props
  const { t } = useTranslation('designer')
  const language = useLanguage()
  const canvas = useRef<HTMLDivElement>(null)
  const properties = useRef<HTMLDivElement>(null)
  // The drawing that came with the page: later loads bring the one that is drawn here already.
  const [{ xml, forms, serviceTypes, calendar, now }] = useState({ ...props, xml: draft.xml })
  const words = useWords()
  const opened = useModeler(canvas, properties, { xml, language, words, forms })
  const modeler = opened.is === 'open' ? opened.modeler : null
  const saving = useAutosave({ ...draft, officeDoubts: props.officeDoubts }, modeler)
  const presence = usePresence<DraftPresence>(`/flows/drafts/${draft.id}/presence`)
  const drawn = useFindings(modeler, serviceTypes)
  const { officeDoubts } = saving
  const findings = useMemo(() => drawn && bySeverity([...drawn, ...officeDoubts]), [drawn, officeDoubts])
  const [tab, setTab] = useState<TabName>('properties')

  useEffect(() => {
    if (modeler && findings) return markFindings(modeler, findings, language)
  }, [modeler, findings, language])

  // Where the drawing is out of sight, the outline is what there is to begin with.
  useEffect(() => {
    if (window.matchMedia('(max-width: 900px)').matches) setTab('outline')
  }, [])

  const show = useCallback(
    (elementId: string) => {
      const element = modeler?.get('elementRegistry').get(elementId)
      if (!modeler || !element) return
      modeler.get('selection').select(element)
      modeler.get('canvas').scrollToElement(element, 80)
    },
    [modeler],
  )

  const openProperties = useCallback(() => {
    setTab('properties')
    // The panel is shown after this rendering.
    setTimeout(() => properties.current?.querySelector<HTMLElement>('button, input')?.focus())
  }, [])

  const restore = async (revision: number) => {
    if (!modeler) return
    await modeler.importXML(await fetchRevision(draft.id, revision))
    await saving.keep('restored')
    location.reload()
  }

  const [formOf, setFormOf] = useState<Element | null>(null)
  useEffect(() => {
    if (!modeler) return
    const bus = modeler.get('eventBus')
    const open = (event: object) => setFormOf((event as { element: Element }).element)
    bus.on(EDIT_FORM, open)
    return () => bus.off(EDIT_FORM, open)
  }, [modeler])

  const errors = findings?.filter(({ severity }) => severity === 'error').length ?? 0
  return (
    <div className="designer" data-open={opened.is === 'open' ? '' : undefined}>
      <DesignerBar draft={draft} modeler={modeler} saving={saving} presence={presence} onTab={setTab} />
      <p className="designer-narrow">{t('narrow')}</p>
      <DesignerNotes {...props} opened={opened} saving={saving} presence={presence} modeler={modeler} />
      {modeler && formOf && (
        <FormDialog
          name={String(formOf.businessObject.name ?? formOf.id)}
          json={ownFormOf(formOf)?.json ?? ''}
          onClose={() => {
            setFormOf(null)
            properties.current?.querySelector<HTMLElement>('#editOwnForm, [name=form]')?.focus()
          }}
          onDone={(json) => {
            setOwnForm(modeler, formOf, json)
            setFormOf(null)
          }}
        />
      )}
      <div className="designer-body">
        <OfficeSteps modeler={modeler} />
        <section className="designer-canvas" aria-label={t('canvas')}>
          {opened.is === 'opening' && <p className="designer-opening">{t('opening')}</p>}
          {opened.is === 'failed' && (
            <div className="designer-opening" role="alert">
              <p>{t('failed')}</p>
              <p className="muted">{opened.why}</p>
              <Link to="/flows/drafts">{t('drafts.title')}</Link>
            </div>
          )}
          <div ref={canvas} className="designer-host" />
        </section>
        <DesignerTabs
          tab={tab}
          onTab={setTab}
          counts={{ findings: findings?.length ?? 0 }}
          bad={{ findings: errors > 0 }}
          panels={{
            properties: <div ref={properties} className="designer-properties" />,
            findings: <FindingList findings={findings} onShow={show} />,
            outline: <OutlinePanel modeler={modeler} onShow={show} onProperties={openProperties} />,
            history: (
              <HistoryPanel
                draftId={draft.id}
                flowId={draft.flowId}
                history={props.history}
                revision={saving.revision}
                onRestore={(revision) => void restore(revision)}
              />
            ),
            trial: <TrialPanel draftId={draft.id} modeler={modeler} calendar={calendar} now={now} onShow={show} />,
            publish: (
              <PublishPanel {...props} revision={saving.revision} saved={saving.state.is === 'saved'} errors={errors} />
            ),
          }}
        />
      </div>
    </div>
  )
}

function bySeverity(findings: Finding[]): Finding[] {
  return findings.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

/** The words of the properties panel; the same function for as long as the page stands. */
function useWords(): Words {
  const { t } = useTranslation('designer')
  const [words] = useState<{ of: Words }>(() => ({
    of: (key, values) => String(t(`properties.${key}`, { defaultValue: values?.key ?? key, ...values })),
  }))
  return words.of
}
