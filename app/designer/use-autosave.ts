import { useCallback, useEffect, useRef, useState } from 'react'
import type { Finding } from '#bpmn/finding.ts'
import type { Sentence } from '#db/refusal.ts'
import { DraftRefused, sendDraft } from './draft-server.ts'
import type { DesignerModeler } from './modeler-services.ts'

export type SaveState =
  | { is: 'saved'; at: number }
  | { is: 'drawn' }
  | { is: 'saving' }
  /** Tried again by itself. */
  | { is: 'waiting'; sentence: Sentence }
  /** Somebody else saved, or closed the draft: a person has to choose. */
  | { is: 'refused'; code: string; sentence: Sentence }

/** ms after the last stroke, and after a server that was away. */
const AFTER_STROKE = 700
const AFTER_AWAY = 4_000

/** Keeps a draft saved as it is drawn. `revision` is what the server has of this window. */
export function useAutosave(
  draft: { id: string; revision: number; savedAt: number; officeDoubts: Finding[] },
  modeler: DesignerModeler | null,
): {
  state: SaveState
  revision: number
  /** What only the office knows against what was saved last. */
  officeDoubts: Finding[]
  saveNow(): Promise<number | null>
  overwrite(onto: number): Promise<void>
  keep(reason: 'restored'): Promise<void>
} {
  const [state, setState] = useState<SaveState>({ is: 'saved', at: draft.savedAt })
  const [revision, setRevision] = useState(draft.revision)
  const [officeDoubts, setOfficeDoubts] = useState(draft.officeDoubts)
  const now = useRef({ revision: draft.revision, dirty: false, saving: false, refused: false })
  const timer = useRef<ReturnType<typeof setTimeout>>()

  const save = useCallback(
    async (onto?: number, as?: 'restored'): Promise<number | null> => {
      const { current } = now
      clearTimeout(timer.current)
      if (!modeler || (current.refused && onto === undefined)) return null
      if (!current.dirty && onto === undefined && !as) return current.revision
      if (current.saving) {
        timer.current = setTimeout(() => void save(), AFTER_STROKE)
        return null
      }
      current.saving = true
      current.dirty = false
      setState({ is: 'saving' })
      try {
        const { xml = '' } = await modeler.saveXML({ format: true })
        const reason = as ?? (onto === undefined ? 'drawn' : 'overwritten')
        const saved = await sendDraft(draft.id, { onto: onto ?? current.revision, xml, reason })
        current.revision = saved.revision
        current.refused = false
        setRevision(saved.revision)
        setOfficeDoubts(saved.officeDoubts)
        setState(current.dirty ? { is: 'drawn' } : { is: 'saved', at: saved.savedAt })
        return saved.revision
      } catch (error) {
        if (!(error instanceof DraftRefused)) throw error
        current.dirty = true
        if (error.code === 'away') {
          setState({ is: 'waiting', sentence: error.sentence })
          timer.current = setTimeout(() => void save(), AFTER_AWAY)
        } else {
          current.refused = true
          setState({ is: 'refused', code: error.code, sentence: error.sentence })
        }
        return null
      } finally {
        current.saving = false
      }
    },
    [draft.id, modeler],
  )

  useEffect(() => {
    if (!modeler) return
    const { current } = now
    const drawn = () => {
      current.dirty = true
      if (current.refused) return
      setState((before) => (before.is === 'waiting' ? before : { is: 'drawn' }))
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void save(), AFTER_STROKE)
    }
    const hidden = () => {
      if (document.visibilityState === 'hidden') void save()
    }
    const closing = (event: BeforeUnloadEvent) => {
      if (!current.dirty && !current.saving) return
      void save()
      event.preventDefault()
    }
    modeler.on('commandStack.changed', drawn)
    document.addEventListener('visibilitychange', hidden)
    window.addEventListener('beforeunload', closing)
    return () => {
      modeler.off('commandStack.changed', drawn)
      document.removeEventListener('visibilitychange', hidden)
      window.removeEventListener('beforeunload', closing)
      clearTimeout(timer.current)
      void save()
    }
  }, [modeler, save])

  const overwrite = useCallback(
    async (onto: number) => {
      await save(onto)
    },
    [save],
  )
  const keep = useCallback(
    async (reason: 'restored') => {
      await save(undefined, reason)
    },
    [save],
  )
  return { state, revision, officeDoubts, saveNow: save, overwrite, keep }
}
