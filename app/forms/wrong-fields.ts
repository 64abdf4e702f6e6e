import { parseWithZod } from '@conform-to/zod/v4'
import type { z } from 'zod'
import * as incoming from './incoming-schemas.ts'
import * as notice from './notice-schemas.ts'
import * as opinion from './opinion-schemas.ts'
import * as outgoing from './outgoing-schemas.ts'
import * as slip from './slip-schemas.ts'
import { newNoticeSchema, paperSchema } from './upload-schemas.ts'

/** What may be entered, by the form's key: the same that the server reads a form with. */
const schemas: Record<string, z.ZodType> = {
  'incoming.register': incoming.registerSchema,
  'incoming.submit': incoming.submitSchema,
  'incoming.direct': incoming.directSchema,
  'incoming.assign': incoming.assignSchema,
  'incoming.coordinate': incoming.coordinateSchema,
  'incoming.giveOpinion': incoming.giveOpinionSchema,
  'incoming.handle': incoming.handleSchema,
  'incoming.approve': incoming.approveSchema,
  'incoming.signOff': incoming.signOffSchema,
  'incoming.dispatch': incoming.dispatchSchema,
  'notice.register': notice.noticeRegisterSchema,
  'notice.receive': notice.noticeReceiveSchema,
  'notice.carryOut': notice.noticeCarryOutSchema,
  'opinion.answer': opinion.opinionAnswerSchema,
  'opinion.write': opinion.opinionWriteSchema,
  'opinion.close': opinion.opinionCloseSchema,
  'opinion.conclude': opinion.opinionConcludeSchema,
  'opinion.new': opinion.newOpinionRequestSchema,
  'slip.review': slip.slipReviewSchema,
  'slip.office': slip.slipOfficeSchema,
  'slip.decide': slip.slipDecideSchema,
  'slip.revise': slip.slipReviseSchema,
  'slip.new': slip.newSlipSchema,
  'outgoing.approve': outgoing.outgoingApproveSchema,
  'outgoing.checkFormat': outgoing.outgoingCheckFormatSchema,
  'outgoing.checkLaw': outgoing.outgoingCheckSchema,
  'outgoing.revise': outgoing.outgoingReviseSchema,
  'outgoing.new': outgoing.newOutgoingSchema,
  'paper.receive': paperSchema,
  'notice.new': newNoticeSchema,
}

export const schemaOf = (formKey: string): z.ZodType | undefined => schemas[formKey]

/**
 * What is wrong with a filled form, by the field's name; empty when the server would read it. For the browser, which loads this
 * once somebody begins to fill a form.
 */
export function wrongFields(formKey: string, sent: FormData): Record<string, string> {
  const schema = schemaOf(formKey)
  if (!schema) return {}
  const submission = parseWithZod(sent, { schema })
  if (submission.status === 'success') return {}
  const wrong: Record<string, string> = {}
  for (const [name, messages] of Object.entries(submission.error ?? {})) {
    // `recipientUnits[3]` is said beside `recipientUnits`.
    const field = name.replace(/\[.*$/, '')
    const [message] = messages ?? []
    if (message !== undefined) wrong[field] ??= message
  }
  return wrong
}
