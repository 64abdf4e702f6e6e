import { endCase, givenReason, skipIncident } from './case-remedies.ts'
import type { Database } from './database.ts'
import { mendIncident } from './incidents.ts'
import { Refusal, type Sentence } from './refusal.ts'
import type { Actor } from './step.ts'
import { isUnavailable } from './unavailable.ts'

export type BulkRemedy = 'retry' | 'skip' | 'end'

export interface BulkResult {
  caseId: string
  incidentId: string
  /** Why not; null where it was done. */
  refused: Sentence | null
}

/** As many as a list shows. */
const MOST_AT_ONCE = 200

const unexpected: Sentence = {
  vi: 'Có lỗi ngoài dự kiến nên mục này chưa được xử lý; hồ sơ giữ nguyên.',
  en: 'Something unexpected went wrong and this one was not dealt with; the case stays as it is.',
}

/**
 * The same remedy for several incidents, each in a transaction of its own: what is refused for one says nothing of the others. A
 * case is ended once, however many of its incidents are named. `form` is the form's own: sent twice it is done once. Errors that
 * are no refusals are told to `onError`. Throws Refusal `reason-missing`, and where the database is away.
 */
export async function mendMany(
  db: Database,
  actor: Actor,
  asked: {
    remedy: BulkRemedy
    incidents: readonly { caseId: string; incidentId: string }[]
    reason: string
    form: string
  },
  onError: (error: unknown) => void,
): Promise<BulkResult[]> {
  const { remedy, reason, form } = asked
  if (remedy !== 'retry') givenReason(reason)
  const results: BulkResult[] = []
  const ended = new Set<string>()
  for (const { caseId, incidentId } of asked.incidents.slice(0, MOST_AT_ONCE)) {
    if (remedy === 'end' && ended.has(caseId)) continue
    ended.add(caseId)
    const key = `${remedy}:${caseId}:${remedy === 'end' ? '' : incidentId}:${form}`
    try {
      if (remedy === 'retry') await mendIncident(db, actor, { caseId, incidentId, key })
      else if (remedy === 'skip') await skipIncident(db, actor, { caseId, incidentId, reason, key })
      else await endCase(db, actor, { caseId, reason, key })
      results.push({ caseId, incidentId, refused: null })
    } catch (error) {
      if (isUnavailable(error)) throw error
      if (!(error instanceof Refusal)) onError(error)
      results.push({ caseId, incidentId, refused: error instanceof Refusal ? error.sentence : unexpected })
    }
  }
  return results
}
