import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import type { DecisionDrawing } from '#db/decision-drafts.ts'
import type { Sentence } from '#db/refusal.ts'
import { useLanguage } from '../viewer.ts'
import type { DecisionEditor, DecisionView } from './decision-editor.ts'

/** ms after the last change. */
const AFTER_CHANGE = 700

export type Saving =
  { is: 'saved' | 'drawn' | 'saving' } | { is: 'refused'; code: string; sentence: Sentence } | { is: 'away' }

/** The editor on an element of the page, with what is drawn kept as it is drawn. */
export function useDecisionEditor(
  host: RefObject<HTMLElement>,
  { modelId, xml: opened, revision: first, base }: Pick<DecisionDrawing, 'modelId' | 'xml' | 'revision' | 'base'>,
) {
  const language = useLanguage()
  const editor = useRef<DecisionEditor | null>(null)
  const [is, setIs] = useState<'opening' | 'open' | 'failed'>('opening')
  const [views, setViews] = useState<{ all: DecisionView[]; active: string | null }>({ all: [], active: null })
  const [xml, setXml] = useState(opened)
  const [saving, setSaving] = useState<Saving>({ is: 'saved' })
  const [revision, setRevision] = useState(first)
  const onto = useRef(first)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const busy = useRef(false)
  const [start] = useState(opened)

  const save = useCallback(async () => {
    if (!editor.current) return
    if (busy.current) {
      timer.current = setTimeout(() => void save(), AFTER_CHANGE)
      return
    }
    busy.current = true
    try {
      const drawn = await editor.current.xml()
      setXml(drawn)
      setSaving({ is: 'saving' })
      const answer = await fetch(`/flows/decisions/${encodeURIComponent(modelId)}/save`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ onto: onto.current, base, xml: drawn }),
      })
      const said = (await answer.json()) as { revision?: number; refusal?: { code: string; sentence: Sentence } }
      if (said.refusal) return setSaving({ is: 'refused', code: said.refusal.code, sentence: said.refusal.sentence })
      onto.current = said.revision ?? onto.current
      setRevision(onto.current)
      setSaving({ is: 'saved' })
    } catch (error) {
      // The server is away: what is drawn is still here, and the next change tries again.
      console.warn('The decision table was not saved', error)
      setSaving({ is: 'away' })
    } finally {
      busy.current = false
    }
  }, [modelId, base])

  useEffect(() => {
    let left = false
    const container = host.current
    const open = async () => {
      const [{ openDecisionEditor }, texts] = await Promise.all([
        import('./decision-editor.ts'),
        language === 'vi' ? import('./dmn-texts.vi.json') : { default: {} },
      ])
      if (left || !container) return
      const made = await openDecisionEditor(container, {
        xml: start,
        texts: texts.default,
        onChange: () => {
          setSaving({ is: 'drawn' })
          clearTimeout(timer.current)
          timer.current = setTimeout(() => void save(), AFTER_CHANGE)
        },
        onViews: (all, active) => setViews({ all, active }),
      })
      if (left) return made.destroy()
      editor.current = made
      setIs('open')
    }
    open().catch((error: unknown) => {
      if (left) return
      console.warn('The decision table could not be opened', error)
      setIs('failed')
    })
    return () => {
      left = true
      clearTimeout(timer.current)
      editor.current?.destroy()
      editor.current = null
    }
  }, [host, language, save, start])

  const show = useCallback((viewId: string) => void editor.current?.show(viewId), [])
  return { is, views, show, xml, saving, revision }
}
