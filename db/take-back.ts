import type { Database } from './database.ts'
import { Refusal } from './refusal.ts'
import { runStep, type StepAnswer } from './step.ts'
import type { Viewer } from './visibility.ts'

export const TAKE_BACK = 'imoit.takeBack'

export interface TakeBackOffer {
  caseId: string
  subscriptionId: string
  elementId: string
  attachedTo: string
  /** Somebody has begun: it is too late. */
  begun: boolean
}

/** What a person could take back in a case: what they themselves passed on. */
export async function takeBackOffers(
  db: Pick<Database, 'sql'>,
  viewer: Viewer,
  caseId: string,
): Promise<TakeBackOffer[]> {
  return db.sql<TakeBackOffer[]>`
    select s.case_id as "caseId", s.subscription_id as "subscriptionId", s.element_id as "elementId", s.attached_to as "attachedTo",
      exists (select 1 from tasks t where t.case_id = s.case_id and (t.element_id = s.attached_to or s.attached_to = any(t.scope))
        and t.opened_at >= s.since_at and (t.begun_at is not null or t.state = 'completed')) as begun
    from subscriptions s where s.case_id = ${caseId} and s.message_name = ${TAKE_BACK} and s.since_post = ${viewer.postId} order by s.since_at desc`
}

/** Takes back what the person passed on, while nobody has begun. */
export function takeBack(
  db: Database,
  viewer: Viewer,
  request: { caseId: string; subscriptionId: string; key: string; reason: string | null },
): Promise<StepAnswer> {
  return runStep(db, {
    of: { caseId: request.caseId },
    key: request.key,
    actor: { personId: viewer.personId, postId: viewer.postId },
    record: { takenBack: true, ...(request.reason ? { opinion: request.reason } : {}) },
    decide: () => ({ type: 'messageReceived', name: TAKE_BACK, subscriptionId: request.subscriptionId, variables: {} }),
    act: async (scope) => {
      const offers = await takeBackOffers({ sql: scope.sql as unknown as Database['sql'] }, viewer, request.caseId)
      const offer = offers.find((each) => each.subscriptionId === request.subscriptionId)
      if (!offer) {
        throw new Refusal('take-back-gone', 409, {
          vi: 'Việc này không còn ở bước có thể lấy lại, hoặc không phải do đồng chí chuyển. Chưa có gì thay đổi.',
          en: 'This is past the point where it can be taken back, or was not passed on by you. Nothing was changed.',
        })
      }
      if (offer.begun) {
        throw new Refusal('take-back-begun', 409, {
          vi: 'Người nhận đã bắt đầu xử lý nên không lấy lại được; chưa có gì thay đổi. Hãy trao đổi với người nhận để được chuyển trả.',
          en: 'Somebody has begun work on it, so it cannot be taken back; nothing was changed. Ask them to return it.',
        })
      }
      return undefined
    },
  })
}
