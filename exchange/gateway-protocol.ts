/** What goes over the wire between a system and the gateway: shared by the client and the demonstration node. */
import { z } from 'zod'

export const messageTypes = ['edoc', 'status'] as const
export type MessageType = (typeof messageTypes)[number]

/** The transport's acknowledgement, not the business status of a document. */
export const transportStates = ['initial', 'processing', 'done', 'fail'] as const

/** JSON in the `XroadVnpt-header` of `/sendEdoc`. `to` narrows the delivery to some of the message's receivers. */
export const sendHeaderSchema = z.object({
  from: z.string().min(1).max(35),
  servicetype: z.literal('eDoc'),
  messagetype: z.enum(messageTypes),
  to: z.array(z.string().min(1).max(35)).min(1).max(5_000).optional(),
})
export type SendHeader = z.infer<typeof sendHeaderSchema>

export const resultSchema = z.object({
  status: z.enum(['OK', 'FAIL']),
  ErrorCode: z.string(),
  ErrorDesc: z.string(),
  ErrorDescEn: z.string().optional(),
  data: z.unknown(),
})
export type GatewayResult = z.infer<typeof resultSchema>

/** What the gateway says of a message on either side. */
const entrySchema = z.object({
  id: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  serviceType: z.string(),
  messageType: z.enum(messageTypes),
  documentId: z.string(),
  createdTime: z.string(),
  updatedTime: z.string(),
})

export const receivedEntrySchema = entrySchema.extend({ status: z.enum(transportStates) })
export type ReceivedEntry = z.infer<typeof receivedEntrySchema>

export const sentEntrySchema = entrySchema.extend({
  deliveries: z.array(z.object({ organId: z.string(), status: z.enum(transportStates), updatedTime: z.string() })),
  /** Business statuses that came back about this document, oldest first. */
  statuses: z.array(
    z.object({
      statusCode: z.string(),
      from: z.string(),
      description: z.string(),
      timestamp: z.string(),
      receivedTime: z.string(),
    }),
  ),
})
export type SentEntry = z.infer<typeof sentEntrySchema>

export const agencySchema = z.object({
  id: z.string(),
  pid: z.string(),
  code: z.string(),
  name: z.string(),
  mail: z.string(),
  updatedTime: z.string(),
})
export type Agency = z.infer<typeof agencySchema>
