import { z } from 'zod'
import { optionalText, postId, reason, text, unitCode } from './fields.ts'
import { optionalDeadline } from './outgoing-schemas.ts'

/** A unit agrees, agrees with comments, or disagrees; what is not plain agreement needs its words. */
const given = [
  z.object({ outcome: z.literal('agreed'), opinionText: optionalText(5000) }),
  z.object({ outcome: z.literal('commented'), opinionText: text(5000) }),
  z.object({ outcome: z.literal('disagreed'), opinionText: text(5000) }),
] as const

/** Cho ý kiến, asked of a unit's heads. */
export const opinionAnswerSchema = z.discriminatedUnion('outcome', [
  ...given,
  z.object({ outcome: z.literal('assigned'), opinionPost: postId, instruction: optionalText(2000) }),
  z.object({ outcome: z.literal('notConcerned'), reason }),
])

/** Cho ý kiến, by the specialist it was passed on to. */
export const opinionWriteSchema = z.discriminatedUnion('outcome', [...given])

const lines = (max: number) => text(max).transform((value) => value.replaceAll('\r\n', '\n'))

/** Xin ý kiến các đơn vị: what its author enters. */
export const newOpinionRequestSchema = z.object({
  key: z.uuid(),
  subject: text(500),
  question: lines(5000),
  opinionUnits: z
    .array(unitCode, { error: 'tasks:error.chooseUnit' })
    .min(1, { error: 'tasks:error.chooseUnit' })
    .max(60),
  opinionDeadline: optionalDeadline,
})

/** Đóng ý kiến: who asked goes on without those who are late. */
export const opinionCloseSchema = z.object({ outcome: z.literal('closed'), note: text(2000) })

/** Tổng hợp ý kiến. */
export const opinionConcludeSchema = z.object({ outcome: z.literal('concluded'), synthesis: lines(10_000) })
