import { z } from 'zod'
import {
  agencyCodes,
  day,
  deadline,
  optionalCount,
  optionalDay,
  optionalText,
  postId,
  reason,
  sha256,
  text,
  unitCode,
  unitCodes,
} from './fields.ts'

/*
 * What may be entered at each step of an incoming document. No more than that: the browser reads it too, to say beside a field
 * what is wrong as it is left.
 */

const returned = z.object({ outcome: z.literal('returned'), reason })

/** Vào sổ. */
export const registerSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('registered'),
    number: z
      .string({ error: 'tasks:error.required' })
      .trim()
      .regex(/^\d{1,6}[a-zA-Z]?$/, { error: 'tasks:error.notADocumentNumber' }),
    notation: text(100),
    kindCode: text(20),
    subject: text(500),
    agencyCode: optionalText(35),
    agencyName: text(200),
    issuedOn: day,
    urgency: z.coerce.number().int().min(0).max(4).default(0),
    secrecy: z.coerce.number().int().min(0).max(3).default(0),
    signerName: optionalText(50),
    signerPosition: optionalText(100),
    pageCount: optionalCount(999),
    dueOn: optionalDay,
    note: optionalText(500),
    /** The clerk has seen the warning of a document with the same number, notation and agency. */
    confirmDuplicate: z.coerce.boolean().default(false),
  }),
  z.object({ outcome: z.literal('refused'), reason }),
])

/** Trình lãnh đạo. */
export const submitSchema = z.object({
  outcome: z.literal('submitted'),
  leaderPost: postId,
  proposal: optionalText(2000),
})

/** Bút phê. */
export const directSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('directed'),
    leadUnit: unitCode,
    coordinatingUnits: unitCodes,
    informationUnits: unitCodes,
    deadline,
    opinion: optionalText(2000),
  }),
  returned,
  z.object({ outcome: z.literal('filed'), opinion: optionalText(2000) }),
])

/** Phân công. */
export const assignSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('assigned'),
    specialistPost: postId,
    handlingDeadline: deadline,
    instruction: optionalText(2000),
  }),
  returned,
])

/** Cho ý kiến, asked of a unit's heads. */
export const coordinateSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('given'), opinionText: text(5000) }),
  z.object({ outcome: z.literal('assigned'), opinionPost: postId, instruction: optionalText(2000) }),
  z.object({ outcome: z.literal('notConcerned'), reason }),
])

/** Cho ý kiến, by the specialist it was passed on to. */
export const giveOpinionSchema = z.object({ outcome: z.literal('given'), opinionText: text(5000) })

/** Dự thảo trả lời. */
export const handleSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('submitted'), note: optionalText(2000), sha256 }),
  z.object({ outcome: z.literal('noReply'), result: text(2000) }),
])

/** Duyệt dự thảo. */
export const approveSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('approved'), note: optionalText(2000), sha256: sha256.optional() }),
  returned,
])

/** Ký duyệt. */
export const signOffSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('signed'), note: optionalText(2000), sha256 }),
  returned,
])

/** Cấp số, phát hành. */
export const dispatchSchema = z.object({
  outcome: z.literal('dispatched'),
  /** Of the version that is issued, where it is sealed with this step. */
  sha256: sha256.optional(),
  kindCode: text(20),
  subject: text(500),
  recipients: text(1000),
  copies: optionalCount(9999),
  recipientAgencies: agencyCodes,
  recipientUnits: unitCodes,
})
