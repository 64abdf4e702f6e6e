import { useRevalidator } from '@remix-run/react'
import { useEffect, useRef } from 'react'

const interval = 1_000

/**
 * Reads the page again each second while something goes on in the background. `reloadAfter`: once it has ended the whole page
 * is asked for anew, because the frame around it has changed, too.
 */
export function useFollowing(goesOn: boolean, { reloadAfter = false }: { reloadAfter?: boolean } = {}): void {
  const { revalidate, state } = useRevalidator()
  const went = useRef(goesOn)
  useEffect(() => {
    if (goesOn) went.current = true
    else if (went.current && reloadAfter) {
      went.current = false
      location.reload()
    }
    if (!goesOn || state !== 'idle') return
    const timer = setTimeout(revalidate, interval)
    return () => clearTimeout(timer)
  }, [goesOn, reloadAfter, state, revalidate])
}

/** The same before scripts run: the browser asks again by itself. */
export function RefreshWithoutScripts({ seconds = 2 }: { seconds?: number }) {
  return (
    <noscript>
      <meta httpEquiv="refresh" content={String(seconds)} />
    </noscript>
  )
}
