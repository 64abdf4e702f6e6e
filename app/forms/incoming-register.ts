import { duplicatesOf, registerIncoming, secretBelongsElsewhere } from '#db/incoming.ts'
import { Refusal } from '#db/refusal.ts'
import { registerSchema } from './incoming-schemas.ts'
import { reasoned, taskForm, type FormStep } from './task-form.ts'

/** Vào sổ: the registry enters an incoming document into the year's book, or refuses it. */
export const incomingRegister = taskForm({
  key: 'incoming.register',
  action: 'document:register',
  schema: registerSchema,
  async complete({ db, viewer, task, now }, value): Promise<FormStep> {
    if (value.outcome === 'refused') {
      return {
        ...reasoned(value),
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
