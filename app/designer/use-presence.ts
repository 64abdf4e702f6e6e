import { useEffect, useState } from 'react'
import { DraftRefused, tellLeaving, tellPresence } from './draft-server.ts'

/** ms */
const EVERY = 6_000

/**
 * Who else has what is drawn open, and what was saved of it last, as its address tells; null before the first answer and while
 * the server is away.
 */
export function usePresence<Presence>(address: string): Presence | null {
  const [presence, setPresence] = useState<Presence | null>(null)
  useEffect(() => {
    const windowId = crypto.randomUUID()
    let left = false
    const tell = async () => {
      try {
        const heard = await tellPresence<Presence>(address, windowId)
        if (!left) setPresence(heard)
      } catch (error) {
        // saving says so in words where it matters
        if (!(error instanceof DraftRefused)) throw error
        if (!left) setPresence(null)
      }
    }
    void tell()
    const timer = setInterval(() => void tell(), EVERY)
    const leave = () => tellLeaving(address, windowId)
    window.addEventListener('pagehide', leave)
    return () => {
      left = true
      clearInterval(timer)
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [address])
  return presence
}
