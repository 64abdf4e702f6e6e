import type { Bounds } from './flow.ts'

/** What publishing says about a flow: an error bars it, a warning does not. */
export interface Finding {
  rule: string
  severity: 'error' | 'warning'
  elementId: string | null
  vi: string
  en: string
  /** Where it is drawn; absent where nothing is. */
  place?: Place
}

export type Place = { elementId: string } & ({ bounds: Bounds } | { waypoints: { x: number; y: number }[] })

/** What bars a flow from being published. */
export function error(rule: string, elementId: string | null, vi: string, en: string): Finding {
  return { rule, severity: 'error', elementId, vi, en }
}

/** What is said of a flow that may be published all the same. */
export function warning(rule: string, elementId: string | null, vi: string, en: string): Finding {
  return { rule, severity: 'warning', elementId, vi, en }
}
