import { z } from 'zod'
import { duplicatesOf, registerIncoming, secretBelongsElsewhere } from '#db/incoming.ts'
import { Refusal } from '#db/refusal.ts'
import { day, optionalCount, optionalDay, optionalText, reason, text } from './fields.ts'
import { taskForm, type FormStep } from './task-form.ts'

const registered = z.object({
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
})
const refused = z.object({ outcome: z.literal('refused'), reason })

/** Vào sổ: the registry enters an incoming document into the year's book, or refuses it. */
export const incomingRegister = taskForm({
  key: 'incoming.register',
  action: 'document:register',
  schema: z.discriminatedUnion('outcome', [registered, refused]),
  async complete({ db, viewer, task, now }, value): Promise<FormStep> {
    if (value.outcome === 'refused') {
      return {
        outcome: 'refused',
        opinion: value.reason,
        variables: { reason: value.reason },
        act: async (scope) => {
          scope.write(
            () => scope.sql`update documents set state = 'refused', note = ${value.reason}, version = version + 1,
              closed_at = to_timestamp(${scope.now}::float8 / 1000) where id = ${task.documentId}`,
          )
        },
      }
    }
    if (value.secrecy > 0) throw secretBelongsElsewhere()
    if (value.issuedOn > new Date(now + 7 * 3_600_000).toISOString().slice(0, 10)) {
      throw new Refusal(
        'issued-in-future',
        422,
        {
          vi: 'Ngày văn bản ở tương lai nên chưa vào sổ.',
          en: 'The document’s date lies in the future, so it was not registered.',
        },
        { issuedOn: { vi: 'Ngày văn bản không thể sau hôm nay.', en: 'The document’s date cannot be after today.' } },
      )
    }
    if (!value.confirmDuplicate) {
      const twins = await duplicatesOf(db, viewer, { id: task.documentId, ...value })
      if (twins.length > 0) {
        const numbers = twins.map((twin) => twin.registerNumber ?? '–').join(', ')
        throw new Refusal(
          'possible-duplicate',
          409,
          {
            vi: `Đã có văn bản cùng số, ký hiệu và cơ quan (số đến ${numbers}) nên chưa vào sổ. Hãy xem văn bản đó; nếu vẫn là hai văn bản khác nhau, đánh dấu xác nhận rồi vào sổ lại.`,
            en: `There is a document with the same number, notation and agency (arrival number ${numbers}), so nothing was registered. Look at it; if they really are two documents, confirm and register again.`,
          },
          { confirmDuplicate: { vi: 'Trùng số, ký hiệu và cơ quan.', en: 'Same number, notation and agency.' } },
        )
      }
    }
    const { outcome, confirmDuplicate: _confirmed, secrecy: _secrecy, ...facts } = value
    return {
      outcome,
      variables: { subject: facts.subject, urgency: facts.urgency, agency: facts.agencyName },
      act: async (scope) => {
        const taken = await registerIncoming(scope, facts)
        return { arrivalNumber: taken.arrivalNumber, code: taken.code }
      },
    }
  },
})
