import { z } from 'zod'
import { optionalText, postId, reason, sha256, text } from './fields.ts'
import { ticked } from './outgoing-schemas.ts'

const returned = z.object({ outcome: z.literal('returned'), reason })
const proposal = text(10_000).transform((value) => value.replaceAll('\r\n', '\n'))
/** Of the draft that goes with the slip, where there is one. */
const shown = sha256.optional()

/** Soạn phiếu trình. */
export const newSlipSchema = z.object({
  key: z.uuid(),
  subject: text(500),
  proposal,
  leaderPost: postId,
  viaOffice: ticked,
})

/** Duyệt phiếu trình, by the head of the unit. */
export const slipReviewSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('approved'), note: optionalText(2000), sha256: shown }),
  returned,
])

/** Văn phòng cho ý kiến. */
export const slipOfficeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('forwarded'), note: optionalText(2000), sha256: shown }),
  returned,
])

/** The leader agrees, disagrees, or directs otherwise; what is not plain agreement needs its words. */
export const slipDecideSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('agreed'), opinion: optionalText(5000), sha256: shown }),
  z.object({ outcome: z.literal('disagreed'), opinion: text(5000), sha256: shown }),
  z.object({ outcome: z.literal('directed'), opinion: text(5000), sha256: shown }),
  returned,
])

/** Sửa phiếu trình. */
export const slipReviseSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('submitted'), subject: text(500), proposal }),
  z.object({ outcome: z.literal('withdrawn'), reason }),
])
