import { useEffect, useState, type RefObject } from 'react'
import type { Language } from '../language.ts'
import type { DesignerModeler } from './modeler-services.ts'
import type { Words } from './words.ts'

export interface OpenedModeler {
  modeler: DesignerModeler
  /** The drawing had no diagram: one was laid out. */
  laidOut: boolean
  /** What the drawing tool could not take over, in its own words. */
  warnings: string[]
}

export type ModelerState = { is: 'opening' } | { is: 'failed'; why: string } | ({ is: 'open' } & OpenedModeler)

const load = () => Promise.all([import('./modeler.ts'), import('./lay-out.ts')])

/** Asked for as soon as the page's own script runs, before the page is live. */
const early = typeof document === 'undefined' ? null : load()
// Whoever opens a drawing waits for it and says what failed.
early?.catch(() => undefined)

/** What the drawing tool says of an import. That the file says another encoding means nothing: it has been decoded. */
function wordsOf(warnings: unknown[]): string[] {
  return warnings
    .map((warning) => (warning instanceof Object && 'message' in warning ? String(warning.message) : String(warning)))
    .filter((words) => !words.startsWith('unsupported document encoding'))
}

/** The modeler on two elements of the page, with a drawing opened; it comes in pieces of its own, which no other page loads. */
export function useModeler(
  canvas: RefObject<HTMLElement>,
  properties: RefObject<HTMLElement>,
  { xml, language, words, forms }: { xml: string; language: Language; words: Words; forms: readonly string[] },
): ModelerState {
  const [state, setState] = useState<ModelerState>({ is: 'opening' })
  useEffect(() => {
    let left = false
    let made: DesignerModeler | null = null
    const open = async () => {
      const [{ createModeler }, { withDiagram }] = await (early ?? load())
      if (left || !canvas.current || !properties.current) return
      made = createModeler({ canvas: canvas.current, properties: properties.current, language, words, forms })
      const drawn = await withDiagram(xml)
      const { warnings } = await made.importXML(drawn.xml)
      if (left) return
      made.get('canvas').zoom('fit-viewport', 'auto')
      setState({ is: 'open', modeler: made, laidOut: drawn.laidOut, warnings: wordsOf(warnings) })
    }
    setState({ is: 'opening' })
    open().catch((error: unknown) => {
      if (!left) setState({ is: 'failed', why: error instanceof Error ? error.message : String(error) })
    })
    return () => {
      left = true
      // What is unsaved is written out of it first.
      setTimeout(() => made?.destroy())
    }
  }, [canvas, properties, xml, language, words, forms])
  return state
}
