import { useLocation } from '@remix-run/react'
import { useEffect, useRef } from 'react'

/** A details element that closes when the person clicks elsewhere, goes elsewhere or presses Escape. */
export function useClosing() {
  const details = useRef<HTMLDetailsElement>(null)
  const { key } = useLocation()
  useEffect(() => {
    if (details.current) details.current.open = false
  }, [key])
  useEffect(() => {
    const close = (event: Event) => {
      const open = details.current
      if (!open?.open) return
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return
        open.querySelector('summary')?.focus()
      } else if (event.target instanceof Node && open.contains(event.target)) return
      open.open = false
    }
    document.addEventListener('click', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('click', close)
      document.removeEventListener('keydown', close)
    }
  }, [])
  return details
}
