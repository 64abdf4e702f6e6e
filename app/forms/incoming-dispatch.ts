import { z } from 'zod'
import { issueReply } from '#db/outgoing.ts'
import { agencyCodes, optionalCount, text, unitCodes } from './fields.ts'
import { taskForm, type FormStep } from './task-form.ts'

/** Cấp số, phát hành: the registry numbers the signed reply and names who gets it. */
export const incomingDispatch = taskForm({
  key: 'incoming.dispatch',
  action: 'document:dispatch',
  schema: z.object({
    outcome: z.literal('dispatched'),
    kindCode: text(20),
    subject: text(500),
    recipients: text(1000),
    copies: optionalCount(9999),
    recipientAgencies: agencyCodes,
    recipientUnits: unitCodes,
  }),
  complete(_scope, value): FormStep {
    return {
      outcome: value.outcome,
      variables: { recipientAgencies: value.recipientAgencies, recipientUnits: value.recipientUnits },
      act: (step) => issueReply(step, value),
    }
  },
})
