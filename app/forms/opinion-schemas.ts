import { z } from 'zod'
import { optionalText, postId, reason, text } from './fields.ts'

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
