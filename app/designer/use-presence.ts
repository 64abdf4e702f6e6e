import { useEffect, useState } from 'react'
import type { DraftPresence } from '#db/flow-drafts.ts'
import { DraftRefused, tellLeaving, tellPresence } from './draft-server.ts'

/** ms */
const EVERY = 6_000

/** Who else has the draft open, and what was saved of it last; null before the first answer and while the server is away. */
export function usePresence(draftId: string): DraftPresence | null {
  const [presence, setPresence] = useState<DraftPresence | null>(null)
  useEffect(() => {
    const windowId = crypto.randomUUID()
    let left = false
    const tell = async () => {
      try {
        const heard = await tellPresence(draftId, windowId)
        if (!left) setPresence(heard)
      } catch (error) {
        // saving says so in words where it matters
        if (!(error instanceof DraftRefused)) throw error
        if (!left) setPresence(null)
      }
    }
    void tell()
    const timer = setInterval(() => void tell(), EVERY)
    const leave = () => tellLeaving(draftId, windowId)
    window.addEventListener('pagehide', leave)
    return () => {
      left = true
      clearInterval(timer)
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [draftId])
  return presence
}
