import { issueNotice } from '#db/internal.ts'
import { postsOfUnit } from '#db/posts.ts'
import { parseDeadline } from './deadline.ts'
import { noticeCarryOutSchema, noticeReceiveSchema, noticeRegisterSchema } from './notice-schemas.ts'
import { deadlineUnreadable, personNotThere } from './person-choice.ts'
import { reasoned, taskForm, type FormStep } from './task-form.ts'

/** Cấp số, đăng ký an internal document before it goes to the units. */
export const noticeRegister = taskForm({
  key: 'notice.register',
  action: 'document:number',
  schema: noticeRegisterSchema,
  complete(_scope, value): FormStep {
    if (value.outcome === 'returned') {
      return {
        ...reasoned(value),
        act: async (step) => {
          step.write(
            () => step.sql`update documents set state = 'refused', note = ${value.reason}, closed_at = to_timestamp(${step.now}::float8 / 1000), version = version + 1
              where id = ${step.documentId}`,
          )
        },
      }
    }
    return {
      outcome: value.outcome,
      variables: { recipientUnits: [...new Set(value.recipientUnits)], subject: value.subject },
      act: async (step) => ({ code: await issueNotice(step, value) }),
    }
  },
})

/** Tiếp nhận: a unit's head notes the document or directs somebody to act on it. */
export const noticeReceive = taskForm({
  key: 'notice.receive',
  action: 'notice:receive',
  schema: noticeReceiveSchema,
  async complete({ db, viewer, now, calendar }, value): Promise<FormStep> {
    if (value.outcome === 'noted') return { outcome: value.outcome, opinion: value.opinion }
    const colleagues = await postsOfUnit(db, viewer.unitId)
    if (!colleagues.some((each) => each.postId === value.carryOutPost)) throw personNotThere('carryOutPost')
    const dueAt = parseDeadline(value.carryOutDeadline, now, calendar)
    if (dueAt === null) throw deadlineUnreadable('carryOutDeadline')
    return {
      outcome: value.outcome,
      opinion: value.instruction,
      variables: {
        carryOutPost: `post:${value.carryOutPost}`,
        carryOutDeadline: new Date(dueAt).toISOString(),
        instruction: value.instruction,
      },
    }
  },
})

/** Thực hiện: the person directed says what was done. */
export const noticeCarryOut = taskForm({
  key: 'notice.carryOut',
  action: 'task:complete',
  schema: noticeCarryOutSchema,
  complete: (_scope, value) => ({ outcome: value.outcome, opinion: value.result, variables: { result: value.result } }),
})
