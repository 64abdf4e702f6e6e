import { it, onTestFailed } from 'vitest'
import type { Office } from './office.ts'

/**
 * `it` for the legs of one journey: what comes after a leg that failed is skipped instead of waiting for what will never come.
 * A failed leg leaves pictures of everybody's windows where `JOURNEY_PICTURES` says.
 */
export function journey(theOffice: () => Office): (name: string, leg: () => Promise<void>, limit?: number) => void {
  let ended = false
  return (name, leg, limit = 90_000) =>
    it(
      name,
      async ({ skip }) => {
        if (ended) skip('an earlier leg of this journey failed')
        onTestFailed(() => theOffice().picture('failed'))
        ended = true
        await leg()
        ended = false
      },
      limit,
    )
}
