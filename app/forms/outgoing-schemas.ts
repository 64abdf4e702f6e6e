import { z } from 'zod'
import { agencyCodes, deadline, optionalText, postId, reason, sha256, text, unitCodes } from './fields.ts'

const key = z.uuid()
const returned = z.object({ outcome: z.literal('returned'), reason })
/** A box: absent where it is not ticked. */
export const ticked = z.preprocess((value) => value === 'on' || value === true, z.boolean())
export const optionalDeadline = z
  .union([z.literal(''), deadline])
  .optional()
  .transform((value) => (value ? value : null))
// Browsers send lines with CR LF.
const lines = (max: number) => text(max).transform((value) => value.replaceAll('\r\n', '\n'))

/** Soạn văn bản đi: what its author says of it, beside the file. */
export const newOutgoingSchema = z.object({
  key,
  kindCode: text(20),
  subject: text(500),
  recipients: lines(1000),
  recipientAgencies: agencyCodes,
  recipientUnits: unitCodes,
  urgency: z.coerce.number().int().min(0).max(3).default(0),
  secrecy: z.coerce.number().int().min(0).max(3).default(0),
  leaderPost: postId,
  opinionUnits: unitCodes,
  opinionDeadline: optionalDeadline,
  legalCheck: ticked,
  note: optionalText(2000),
})

/** Duyệt dự thảo, by the head of the drafting unit, who may also ask for the legal check. */
export const outgoingApproveSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('approved'), note: optionalText(2000), sha256, legalCheck: ticked }),
  returned,
])

/** Parts of a document's form that can be wrong (NĐ 30/2020, Phụ lục I; the numbers are those of its boxes). */
export const formatParts = [
  'title', // 1, 2: quốc hiệu, tên cơ quan
  'number', // 3, 4: số, ký hiệu, địa danh, ngày
  'subject', // 5: tên loại, trích yếu
  'grounds', // 6: căn cứ, bố cục
  'signer', // 7: thẩm quyền, chức vụ, họ tên
  'recipients', // 9: kính gửi, nơi nhận
  'appendices', // phụ lục, số trang
  'layout', // khổ giấy, lề, phông chữ
] as const

/** Kiểm tra thể thức: what goes back names the parts that are wrong. */
export const outgoingCheckFormatSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('approved'), note: optionalText(2000), sha256 }),
  z.object({ outcome: z.literal('returned'), reason, faults: z.array(z.enum(formatParts)).default([]) }),
])

/** Thẩm tra pháp lý. */
export const outgoingCheckSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('approved'), note: optionalText(2000), sha256 }),
  returned,
])

/** Sửa dự thảo: submitted again, to some units for their opinion if wanted, or withdrawn. */
export const outgoingReviseSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('submitted'),
    note: optionalText(2000),
    sha256,
    opinionUnits: unitCodes,
    opinionDeadline: optionalDeadline,
  }),
  z.object({ outcome: z.literal('withdrawn'), reason }),
])
