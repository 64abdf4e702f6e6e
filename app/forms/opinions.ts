import type { z } from 'zod'
import { postsOfUnit } from '#db/posts.ts'
import {
  opinionAnswerSchema,
  opinionCloseSchema,
  opinionConcludeSchema,
  opinionWriteSchema,
} from './opinion-schemas.ts'
import { personNotThere } from './person-choice.ts'
import { reasoned, taskForm, type FormStep } from './task-form.ts'

const given = ({ outcome, opinionText }: z.output<typeof opinionWriteSchema>): FormStep => ({
  outcome,
  opinion: opinionText,
  variables: { opinionText },
})

/** Cho ý kiến, asked of a unit's heads: answer at once, pass it on to a specialist, or say that it is no concern of the unit. */
export const opinionAnswer = taskForm({
  key: 'opinion.answer',
  action: 'document:give-opinion',
  schema: opinionAnswerSchema,
  async complete({ db, viewer }, value): Promise<FormStep> {
    if (value.outcome === 'notConcerned') return reasoned(value)
    if (value.outcome !== 'assigned') return given(value)
    const colleagues = await postsOfUnit(db, viewer.unitId)
    if (!colleagues.some(({ postId }) => postId === value.opinionPost)) throw personNotThere('opinionPost')
    return {
      outcome: value.outcome,
      opinion: value.instruction,
      variables: { opinionPost: `post:${value.opinionPost}` },
    }
  },
})

/** Cho ý kiến, by the specialist it was passed on to. */
export const opinionWrite = taskForm({
  key: 'opinion.write',
  action: 'document:give-opinion',
  schema: opinionWriteSchema,
  complete: (_scope, value) => given(value),
})

/** Đóng ý kiến: who asked waits no longer for those who are late, and says why. */
export const opinionClose = taskForm({
  key: 'opinion.close',
  action: 'drafting:begin',
  schema: opinionCloseSchema,
  complete: (_scope, value) => ({ outcome: value.outcome, opinion: value.note }),
})

/** Tổng hợp ý kiến: what was taken in and what was not, for everybody who was asked. */
export const opinionConclude = taskForm({
  key: 'opinion.conclude',
  action: 'drafting:begin',
  schema: opinionConcludeSchema,
  complete: (_scope, value) => ({
    outcome: value.outcome,
    opinion: value.synthesis,
    variables: { synthesis: value.synthesis },
  }),
})
