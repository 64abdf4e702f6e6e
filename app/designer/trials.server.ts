import { parseFlow } from '#bpmn/parse.ts'
import { workingCalendar } from '#db/calendar.ts'
import type { Database } from '#db/database.ts'
import { readDraft } from '#db/flow-drafts.ts'
import { flowTrials } from '#db/flow-trials.ts'
import { Refusal } from '#db/refusal.ts'
import { compareTrial, playTrial, type KeptTrial } from './trial.ts'

/** Runs all kept trials of a draft's flow on what is drawn. Throws Refusal `trials-failed` naming those that come out differently. */
export async function holdToTrials(db: Database, draftId: string): Promise<void> {
  const draft = await readDraft(db, draftId)
  const [trials, calendar] = await Promise.all([flowTrials<KeptTrial>(db, draft.flowId), workingCalendar(db)])
  if (trials.length === 0) return
  const flow = await parseFlow(draft.xml)
  const failed = trials.filter(({ trial }) => compareTrial(trial, playTrial(flow, trial.trial, calendar)).length > 0)
  if (failed.length === 0) return
  const names = failed.map(({ name }) => `"${name}"`).join(', ')
  throw new Refusal('trials-failed', 422, {
    vi: `Chưa ban hành: phép thử ${names} cho kết quả khác trước. Hãy mở Chạy thử để xem khác ở đâu, rồi sửa sơ đồ hoặc lưu lại phép thử.`,
    en: `Not published: the test ${names} comes out differently than before. Open Try it to see where, then mend the drawing or keep the test anew.`,
  })
}
