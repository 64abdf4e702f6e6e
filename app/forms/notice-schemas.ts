import { z } from 'zod'
import { day, deadline, optionalText, postId, reason, text, unitCode } from './fields.ts'

/** Cấp số, đăng ký an internal document. */
export const noticeRegisterSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('issued'),
    kindCode: text(20),
    subject: text(500),
    issuedOn: day,
    signerName: text(50),
    signerPosition: text(100),
    recipients: text(1000),
    recipientUnits: z
      .array(unitCode, { error: 'tasks:error.chooseUnit' })
      .min(1, { error: 'tasks:error.chooseUnit' })
      .max(60),
  }),
  z.object({ outcome: z.literal('returned'), reason }),
])

/** Tiếp nhận. */
export const noticeReceiveSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('noted'), opinion: optionalText(2000) }),
  z.object({
    outcome: z.literal('directed'),
    carryOutPost: postId,
    carryOutDeadline: deadline,
    instruction: text(2000),
  }),
])

/** Thực hiện. */
export const noticeCarryOutSchema = z.object({ outcome: z.literal('done'), result: text(5000) })
