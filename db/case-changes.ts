import type { CaseChange, Json, LateEvent } from '#bpmn/case.ts'
import type { CaseState } from '#bpmn/state.ts'
import { find } from '#bpmn/rows.ts'
import type { Database } from './database.ts'
import type { RecordedChange } from './case-history.ts'
import { givenReason } from './case-remedies.ts'
import { notFound, Refusal } from './refusal.ts'
import { runStep, type Actor, type StepAnswer } from './step.ts'
import { isUuid } from './task-page.ts'

export interface ChangeRequest {
  caseId: string
  changes: CaseChange[]
  /** Why: kept with the case's events. */
  reason: string
  /** How many events the case had when the change was thought of: another number, and it is thought of anew. */
  seen: number
  key: string
}

const caseHasMovedOn = () =>
  new Refusal('case-moved-on', 409, {
    vi: 'Hồ sơ vừa đi tiếp trong lúc đồng chí xem nên chưa có gì thay đổi. Hãy xem lại hồ sơ đang ở đâu rồi làm lại.',
    en: 'The case went on while you looked, so nothing was changed. Look where it stands now and do it again.',
  })

/** Why a change cannot be made, in words. */
export const changeDoesNotFit = ({ sentence, reason }: Pick<LateEvent, 'sentence' | 'reason'>) =>
  new Refusal('change-does-not-fit', 409, {
    vi: `${sentence?.vi ?? 'Hồ sơ không còn ở bước này.'} Chưa có gì thay đổi; hãy chọn cách khác.`,
    en: `${sentence?.en ?? `${reason}.`} Nothing was changed; choose another way.`,
  })

/**
 * What an administrator changes in a running case: tokens moved, added, cancelled, variables set, all in one step with its reason,
 * or nothing. Throws Refusal `not-found`, `reason-missing`, `case-moved-on`, `change-does-not-fit`.
 */
export async function changeCase(db: Database, actor: Actor, request: ChangeRequest): Promise<StepAnswer> {
  const { caseId, changes, seen, key } = request
  if (!isUuid(caseId)) throw notFound()
  const reason = givenReason(request.reason)
  return runStep(db, {
    of: { caseId },
    key,
    actor,
    decide(locked) {
      if (locked.eventCount !== seen) throw caseHasMovedOn()
      return { type: 'caseModified', changes, reason }
    },
    record: ({ state }) => ({
      opinion: reason,
      changes: changes.map((change) => recorded(state, change)) as unknown as Json,
    }),
    refuseLate: changeDoesNotFit,
  })
}

/** As the history tells it, when the tokens are long gone. */
function recorded(state: CaseState, change: CaseChange): RecordedChange {
  const at = (tokenId: string | undefined) => find(state.tokens, tokenId)?.at
  switch (change.do) {
    case 'moveToken':
      return { do: change.do, from: at(change.tokenId), to: change.to }
    case 'addToken':
      return { do: change.do, to: change.at }
    case 'cancelToken':
      return { do: change.do, from: at(change.tokenId) }
    case 'setVariables':
      return { do: change.do, variables: Object.keys(change.variables) }
  }
}
