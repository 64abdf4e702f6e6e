import type { BulkRemedy, BulkResult } from '#db/bulk-remedies.ts'
import { Refusal, type Sentence } from '#db/refusal.ts'

export type { BulkResult }

export const bulkRemedies: readonly BulkRemedy[] = ['retry', 'skip', 'end']

/** Reads what is to be done with which incidents. Throws Refusal `nothing-chosen`. */
export function readBulk(form: FormData): {
  remedy: BulkRemedy
  incidents: { caseId: string; incidentId: string }[]
} | null {
  const remedy = bulkRemedies.find((known) => known === form.get('bulk'))
  if (!remedy) return null
  const incidents = form.getAll('incident').flatMap((value) => {
    const [, caseId, incidentId] = /^(\S+) (\S+)$/.exec(typeof value === 'string' ? value : '') ?? []
    return caseId && incidentId ? [{ caseId, incidentId }] : []
  })
  if (incidents.length === 0) throw new Refusal('nothing-chosen', 422, nothingChosen)
  return { remedy, incidents }
}

const nothingChosen: Sentence = {
  vi: 'Hãy chọn ít nhất một sự cố; chưa có gì thay đổi.',
  en: 'Tick some incidents first; nothing was changed.',
}
