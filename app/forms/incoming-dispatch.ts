import { issueReply } from '#db/outgoing.ts'
import { dispatchSchema } from './incoming-schemas.ts'
import { taskForm, type FormStep } from './task-form.ts'

/** Cấp số, phát hành: the registry numbers the signed reply and names who gets it. */
export const incomingDispatch = taskForm({
  key: 'incoming.dispatch',
  action: 'document:dispatch',
  schema: dispatchSchema,
  signs: { outcome: 'dispatched', level: 'organisation', role: 'organisation' },
  complete({ signature }, value): FormStep {
    return {
      outcome: value.outcome,
      variables: { recipientAgencies: value.recipientAgencies, recipientUnits: value.recipientUnits },
      act: (step) => issueReply(step, { ...value, signatureId: signature?.id ?? null }),
    }
  },
})
