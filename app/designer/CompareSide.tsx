import type NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type Canvas from 'diagram-js/lib/core/Canvas'
import type ElementRegistry from 'diagram-js/lib/core/ElementRegistry'
import { loadFlowViewer } from '../components/flow-viewer.ts'

/** One drawing of a comparison, with its elements coloured. The list beside says the same in words. */
export function CompareSide({
  label,
  xml,
  marks,
}: {
  label: string
  xml: string
  /** Element ids. */
  marks: Record<'added' | 'removed' | 'changed', string[]>
}) {
  const { t } = useTranslation('designer')
  const id = useId()
  const host = useRef<HTMLDivElement>(null)
  const [failed, setFailed] = useState(false)
  const marked = JSON.stringify(marks)
  useEffect(() => {
    let left = false
    let made: NavigatedViewer | null = null
    const draw = async () => {
      const [viewerIn, { withDiagram }] = await Promise.all([loadFlowViewer(), import('./lay-out.ts')])
      if (left || !host.current) return
      made = viewerIn(host.current)
      await made.importXML((await withDiagram(xml)).xml)
      if (left) return
      const canvas = made.get<Canvas & { zoom(to: 'fit-viewport', center: 'auto'): number }>('canvas')
      const registry = made.get<ElementRegistry>('elementRegistry')
      for (const [change, ids] of Object.entries(JSON.parse(marked) as typeof marks))
        for (const one of ids) if (registry.get(one)) canvas.addMarker(one, `compare-${change}`)
      canvas.zoom('fit-viewport', 'auto')
      host.current.dataset.drawn = ''
    }
    draw().catch((error: unknown) => {
      if (left) return
      console.warn('The drawing could not be shown', error)
      setFailed(true)
    })
    return () => {
      left = true
      made?.destroy()
    }
  }, [xml, marked])
  return (
    <section className="compare-side" aria-labelledby={id}>
      <h2 id={id}>{label}</h2>
      {failed ? <p role="alert">{t('failed')}</p> : <div ref={host} className="compare-canvas flow-canvas" />}
    </section>
  )
}
