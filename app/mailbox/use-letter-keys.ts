import { useEffect, type RefObject } from 'react'
import { isTyping } from '../components/KeyList.tsx'

/**
 * `j` and `k`: the next older and the next newer letter. With a letter open they open it (`data-letter` on its links), in the
 * list alone they move along the rows.
 */
export function useLetterKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || (event.key !== 'j' && event.key !== 'k')) return
      event.preventDefault()
      if (document.querySelector('.letter')) {
        document.querySelector<HTMLElement>(`[data-letter="${event.key === 'j' ? 'older' : 'newer'}"]`)?.click()
        return
      }
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('.mail-row') ?? [])]
      const at = rows.findIndex((row) => row === document.activeElement)
      const to = rows[event.key === 'j' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)]
      to?.focus()
      to?.scrollIntoView({ block: 'nearest' })
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [list])
}
