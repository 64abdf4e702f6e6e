import { useActionData } from '@remix-run/react'
import type { Sentence } from '#db/refusal.ts'

/** A Refusal on its way to the page. */
export interface RefusalData {
  code: string
  status: number
  sentence: Sentence
  fields: Record<string, Sentence>
  /** What a person quotes to an administrator; in the log beside the cause. */
  quote?: string
}

/** The refusal in an action's answer or in a route error's data, if it is one. */
export function refusalIn(data: unknown): RefusalData | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  if ('refusal' in data) return data.refusal as RefusalData
  return 'sentence' in data && 'code' in data ? (data as RefusalData) : undefined
}

/** What the page's last form was refused for. */
export function useRefusal(): RefusalData | undefined {
  return refusalIn(useActionData())
}
