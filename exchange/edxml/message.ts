/**
 * The typed shape of edXML messages (QCVN 102:2016/BTTTT). Field bounds follow NĐ 30/2020 Phụ lục VI. Absent texts are
 * empty strings, absent numbers and dates null. Texts are trimmed: white space around a field means nothing on the wire.
 * Dates are `yyyy-MM-dd`; instants are `yyyy-MM-ddTHH:mm:ss+07:00`, since the wire carries Vietnam time without a zone.
 */
import { z } from 'zod'
import { statusCodes } from '../statuses.ts'
import { attachmentNameFault } from './attachment-name.ts'

/** Code points that XML 1.0 cannot carry, not even escaped; `u` makes a lone surrogate match as itself. */
const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((value) => !notXml.test(value), 'holds a character that XML cannot carry')
const optionalText = (max: number) => text(max).default('')
const requiredText = (max: number) => text(max).min(1)
/** Identifiers stand in lists, logs and addresses: one line, no control characters. */
const identifier = (max: number) => requiredText(max).regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'has control characters')
const wholeNumber = (max: number) => z.number().int().min(0).max(max)
const optionalNumber = (max: number) => wholeNumber(max).nullable().default(null)

const date = z.iso.date()
const optionalDate = date.nullable().default(null)
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\+07:00$/)
  .refine((value) => date.safeParse(value.slice(0, 10)).success, 'is no day of the calendar')

/** 13 characters in the older form, at most 35 since QĐ 20/2020/QĐ-TTg. */
const organId = identifier(35)
const documentId = identifier(200)

const organSchema = z.object({
  organId,
  organizationInCharge: optionalText(200),
  organName: optionalText(200),
  organAdd: optionalText(500),
  email: optionalText(200),
  telephone: optionalText(50),
  fax: optionalText(50),
  website: optionalText(200),
})

const staffSchema = z.object({
  department: optionalText(200),
  staff: optionalText(100),
  email: optionalText(200),
  mobile: optionalText(50),
})

const responseForSchema = z.object({
  organId: optionalText(35),
  /** Number and notation: `7816/VPCP-TTĐT`. */
  code: optionalText(100),
  documentId,
  promulgationDate: optionalDate,
})

const attachmentSchema = z.object({
  /** Without the `cid:` that the wire puts before it. */
  contentId: identifier(255).refine((value) => !value.startsWith('cid:'), 'starts with cid:'),
  name: text(255).refine((value) => attachmentNameFault(value) === null, 'is no safe file name'),
  description: optionalText(500),
  contentType: optionalText(255),
  content: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'is not bytes'),
})

const bussinessSchema = z.object({
  documentId: optionalText(200),
  /** 0 new, 1 recall, 2 update, 3 replacement. */
  bussinessDocType: wholeNumber(3).default(0),
  reason: optionalText(500),
  /** Whether paper follows. */
  paper: z.boolean().default(false),
  staff: staffSchema.prefault({}),
  /** Type 2 only. `receiverType`: 0 taken off the list of recipients, 1 newly on it. */
  documentInfo: z
    .object({
      documentInfo: optionalNumber(9),
      documentReceiver: optionalNumber(9),
      receivers: z
        .array(z.object({ organId, receiverType: wholeNumber(1) }))
        .max(5_000)
        .default([]),
    })
    .nullable()
    .default(null),
  /** Type 3 only: documents that this one takes the place of. */
  replaces: z
    .array(z.object({ documentId, organIds: z.array(organId).max(5_000).default([]) }))
    .max(100)
    .default([]),
})

export const documentMessageSchema = z.object({
  kind: z.literal('document'),
  from: organSchema,
  to: z.array(organSchema).min(1).max(5_000),
  documentId,
  code: z.object({ number: optionalText(11), notation: optionalText(30) }),
  promulgation: z.object({ place: optionalText(100), date: optionalDate }),
  documentType: z.object({ type: optionalNumber(999), typeDetail: optionalText(100), typeName: optionalText(100) }),
  subject: requiredText(500),
  content: optionalText(5_000),
  signer: z
    .object({ competence: optionalText(100), position: optionalText(100), fullName: optionalText(50) })
    .prefault({}),
  dueDate: optionalDate,
  otherInfo: z
    .object({
      /** 0 normal … 4 express at a set hour. */
      priority: wholeNumber(4).default(0),
      sphereOfPromulgation: optionalText(200),
      typerNotation: optionalText(50),
      promulgationAmount: optionalNumber(999_999),
      pageAmount: optionalNumber(99_999),
      direction: optionalText(500),
      appendixes: z.array(requiredText(500)).max(200).default([]),
    })
    .prefault({}),
  /** The documents that this one answers, or takes back. */
  responseFor: z.array(responseForSchema).max(100).default([]),
  responseForTask: z.array(requiredText(100)).max(100).default([]),
  /** 0 not said, 1 not steering, 2 steering, 3 report on steering. */
  steeringType: wholeNumber(3).nullable().default(null),
  toPlaces: z.array(requiredText(1_000)).max(5_000).default([]),
  /** Every station appends itself; the sender is the first. */
  trace: z
    .array(z.object({ organId, timestamp: instant }))
    .max(100)
    .default([]),
  bussiness: bussinessSchema.prefault({}),
  attachments: z.array(attachmentSchema).max(200).default([]),
})

export const statusMessageSchema = z.object({
  kind: z.literal('status'),
  from: organSchema,
  /** The document that the status is about; its `organId` is the agency that sent it and gets the status. */
  responseFor: responseForSchema.extend({ organId }),
  staff: staffSchema.prefault({}),
  statusCode: z.enum(statusCodes),
  description: optionalText(500),
  timestamp: instant,
})

export const messageSchema = z.discriminatedUnion('kind', [documentMessageSchema, statusMessageSchema])

export type Organ = z.output<typeof organSchema>
export type Staff = z.output<typeof staffSchema>
export type ResponseFor = z.output<typeof responseForSchema>
export type Attachment = z.output<typeof attachmentSchema>
export type DocumentMessage = z.output<typeof documentMessageSchema>
export type StatusMessage = z.output<typeof statusMessageSchema>
export type EdxmlMessage = DocumentMessage | StatusMessage
/** What a caller may leave out when writing. */
export type DocumentMessageInput = z.input<typeof documentMessageSchema>
export type StatusMessageInput = z.input<typeof statusMessageSchema>
export type EdxmlMessageInput = DocumentMessageInput | StatusMessageInput

/** An instant in epoch milliseconds as messages hold it: `yyyy-MM-ddTHH:mm:ss+07:00`. */
export function vietnamInstant(epochMs: number): string {
  return `${new Date(epochMs + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`
}
