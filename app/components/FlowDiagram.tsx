import type NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { loadFlowViewer } from './flow-viewer.ts'
import { Icon, type IconName } from './Icon.tsx'
import '../styles/flow-diagram.css'

export interface FlowStep {
  id: string
  name: string
}

/** The elements of a file as read, not drawn yet. Missing where it could not be read. */
interface Parsed {
  elementsById?: Record<string, { name?: string }>
}

/** What of diagram-js's canvas is used here. */
interface Canvas {
  zoom(to: number | 'fit-viewport', center?: 'auto'): number
  addMarker(element: string, marker: string): void
}
interface ElementRegistry {
  get(id: string): object | undefined
}
interface Overlays {
  add(element: string, type: string, what: { position: object; html: HTMLElement; scale: { min: number } }): string
  remove(id: string): void
}

/** A few words at an element, and how strongly it is coloured: 0 not at all, 5 the most. */
export interface Badge {
  id: string
  text: string
  level: 0 | 1 | 2 | 3 | 4 | 5
  bad?: boolean
}

const markers = {
  active: 'flow-active',
  done: 'flow-done',
  incident: 'flow-incident',
  pointed: 'flow-pointed',
} as const
type MarkName = Exclude<keyof typeof markers, 'pointed' | 'taken'>
const signs: Record<MarkName, IconName> = { active: 'clock', done: 'done', incident: 'warning' }
const listedMarks = Object.keys(signs) as MarkName[]

/**
 * A flow as it was drawn, with the case's position in it. Drawn by bpmn-js in the browser; without scripts, for screen
 * readers and where it cannot be drawn, the same as a list.
 */
export function FlowDiagram({
  xml,
  active,
  done,
  incidents = [],
  steps = [],
  badges,
  pointed = null,
  taken = [],
  bar,
  tools,
  onPick,
  label,
}: {
  /** BPMN 2.0 with its diagram. */
  xml: string
  /** Element ids. */
  active: readonly string[]
  done: readonly string[]
  incidents?: readonly string[]
  /** Names of the elements, in the order they are to be listed. */
  steps?: readonly FlowStep[]
  /** What a reader sees of them has to stand in words on the page, too. */
  badges?: readonly Badge[]
  /** The element that something beside the diagram is about. */
  pointed?: string | null
  /** Ways that were taken just now. */
  taken?: readonly string[]
  /** Beside the buttons that zoom. */
  tools?: ReactNode
  /** In place of the legend. */
  bar?: ReactNode
  onPick?: (elementId: string) => void
  /** Which of several diagrams on a page it is. */
  label?: string
}) {
  const { t } = useTranslation('common')
  const host = useRef<HTMLDivElement>(null)
  const [viewer, setViewer] = useState<NavigatedViewer | null>(null)
  const [failed, setFailed] = useState(false)

  const names = JSON.stringify(steps.map(({ id, name }) => [id, name]))
  const marked = JSON.stringify({
    active,
    done,
    incident: incidents,
    pointed: pointed === null ? [] : [pointed],
    taken,
  })
  const badged = JSON.stringify(badges ?? [])
  // Before the effect that draws: its clean-up has to come while there is still a viewer.
  useEffect(() => {
    if (!viewer) return
    const canvas = viewer.get<Canvas & { removeMarker: Canvas['addMarker'] }>('canvas')
    const registry = viewer.get<ElementRegistry>('elementRegistry')
    const put = Object.entries(JSON.parse(marked) as Record<keyof typeof markers, string[]>).flatMap(([name, ids]) =>
      ids.filter((id) => registry.get(id)).map((id) => [id, markers[name as keyof typeof markers]] as const),
    )
    for (const [id, marker] of put) canvas.addMarker(id, marker)
    return () => {
      for (const [id, marker] of put) if (registry.get(id)) canvas.removeMarker(id, marker)
    }
  }, [viewer, marked])

  useEffect(() => {
    if (!viewer) return
    const canvas = viewer.get<Canvas & { removeMarker: Canvas['addMarker'] }>('canvas')
    const registry = viewer.get<ElementRegistry>('elementRegistry')
    const overlays = viewer.get<Overlays>('overlays')
    const put = (JSON.parse(badged) as Badge[]).flatMap(({ id, text, level, bad }) => {
      if (!registry.get(id)) return []
      const html = document.createElement('span')
      html.className = 'flow-badge'
      html.textContent = text
      if (bad) html.dataset.bad = ''
      canvas.addMarker(id, `flow-heat-${level}`)
      return [
        [
          id,
          `flow-heat-${level}`,
          overlays.add(id, 'badge', { position: { top: -14, right: 24 }, html, scale: { min: 1 } }),
        ] as const,
      ]
    })
    return () => {
      for (const [id, marker, overlay] of put) {
        if (registry.get(id)) canvas.removeMarker(id, marker)
        overlays.remove(overlay)
      }
    }
  }, [viewer, badged])
  useEffect(() => {
    if (!viewer || !onPick) return
    const picked = ({ element }: { element: { id: string } }) => onPick(element.id)
    viewer.on('element.click', picked)
    return () => viewer.off('element.click', picked)
  }, [viewer, onPick])

  useEffect(() => {
    let left = false
    let made: NavigatedViewer | null = null
    const draw = async () => {
      const viewerIn = await loadFlowViewer()
      if (left || !host.current) return
      made = viewerIn(host.current)
      // The drawing says what the list beside it says, in the reader's language.
      made.on('import.parse.complete', ({ elementsById }: Parsed) => {
        for (const [id, name] of JSON.parse(names) as [string, string][]) {
          const element = elementsById?.[id]
          if (element?.name) element.name = name
        }
      })
      await made.importXML(xml)
      if (left) return
      made.get<Canvas>('canvas').zoom('fit-viewport', 'auto')
      setViewer(made)
    }
    draw().catch((error: unknown) => {
      if (left) return
      console.warn('The flow could not be drawn', error)
      setFailed(true)
    })
    return () => {
      left = true
      setViewer(null)
      made?.destroy()
    }
  }, [xml, names])

  const zoom = (factor: number | 'fit') => {
    const canvas = viewer?.get<Canvas & { zoom(): number }>('canvas')
    if (!canvas) return
    if (factor === 'fit') canvas.zoom('fit-viewport', 'auto')
    else canvas.zoom(Math.min(4, Math.max(0.1, canvas.zoom() * factor)), 'auto')
  }
  const marksOf = (id: string): MarkName[] => [
    ...(incidents.includes(id) ? (['incident'] as const) : []),
    ...(active.includes(id) ? (['active'] as const) : done.includes(id) ? (['done'] as const) : []),
  ]
  return (
    <section className="flow" aria-label={label ?? t('diagram.label')}>
      <div className="flow-bar not-printed">
        {bar ?? (
          <ul className="flow-legend">
            {listedMarks
              .filter((name) => name === 'active' || { done, incident: incidents }[name].length > 0)
              .map((name) => (
                <li key={name} data-mark={name}>
                  <Icon name={signs[name]} size={14} /> {t(`diagram.${name}`)}
                </li>
              ))}
          </ul>
        )}
        <span className="row needs-script">
          {tools}
          <button type="button" className="icon-button" aria-label={t('diagram.zoomOut')} onClick={() => zoom(0.8)}>
            <Icon name="minus" />
          </button>
          <button type="button" className="text-button" onClick={() => zoom('fit')}>
            {t('diagram.fit')}
          </button>
          <button type="button" className="icon-button" aria-label={t('diagram.zoomIn')} onClick={() => zoom(1.25)}>
            <Icon name="plus" />
          </button>
        </span>
      </div>
      {failed && <p role="alert">{t('diagram.failed')}</p>}
      <div ref={host} className="flow-canvas needs-script" hidden={failed} data-drawn={viewer ? '' : undefined} />
      {steps.length > 0 && (
        <details className="flow-steps" open={failed || undefined}>
          <summary>{t('diagram.steps')}</summary>
          <ol>
            {steps.map((step) => (
              <li key={step.id}>
                {step.name}
                {marksOf(step.id).map((name) => (
                  <small key={name} data-mark={name}>
                    {' '}
                    <Icon name={signs[name]} size={14} /> {t(`diagram.${name}`)}
                  </small>
                ))}
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}
