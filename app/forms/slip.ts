import { draftChanged, newestDraft } from '#db/draft-versions.ts'
import { documentSearchText } from '#db/search-text.ts'
import { MINISTRY } from '#db/outgoing.ts'
import type { StepScope } from '#db/step.ts'
import { slipDecideSchema, slipOfficeSchema, slipReviewSchema, slipReviseSchema } from './slip-schemas.ts'
import { reasoned, taskForm, type FormStep } from './task-form.ts'

/** The draft that goes with a slip is the one that was shown, or there is none. @throws Refusal where there is another */
async function sameDraft(step: StepScope, shown: string | undefined): Promise<void> {
  const newest = await newestDraft(step)
  if ((newest?.sha256 ?? undefined) !== shown) throw draftChanged()
}

/** A slip that goes on with the draft that was shown. */
const passedOn = (value: { outcome: string; note: string | null; sha256?: string }): FormStep => ({
  outcome: value.outcome,
  opinion: value.note,
  act: (step) => sameDraft(step, value.sha256),
})

/** Duyệt phiếu trình: the head of the unit answers for what is proposed. */
export const slipReview = taskForm({
  key: 'slip.review',
  action: 'document:approve',
  schema: slipReviewSchema,
  complete: (_scope, value): FormStep => (value.outcome === 'returned' ? reasoned(value) : passedOn(value)),
})

/** Văn phòng cho ý kiến, and forwards it to the leader. */
export const slipOffice = taskForm({
  key: 'slip.office',
  action: 'document:submit',
  schema: slipOfficeSchema,
  complete: (_scope, value): FormStep => (value.outcome === 'returned' ? reasoned(value) : passedOn(value)),
})

/** Quyết định: the leader agrees, disagrees or directs otherwise. */
export const slipDecide = taskForm({
  key: 'slip.decide',
  action: 'document:direct',
  schema: slipDecideSchema,
  complete: (_scope, value): FormStep =>
    value.outcome === 'returned'
      ? reasoned(value)
      : {
          outcome: value.outcome,
          opinion: value.opinion,
          variables: { opinion: value.opinion },
          act: (step) => sameDraft(step, value.sha256),
        },
})

/** Sửa phiếu trình: submitted again in other words, or withdrawn. */
export const slipRevise = taskForm({
  key: 'slip.revise',
  action: 'document:draft',
  schema: slipReviseSchema,
  complete(_scope, value): FormStep {
    if (value.outcome === 'withdrawn') return reasoned(value)
    const search = documentSearchText({ code: null, agencyName: MINISTRY.name, subject: value.subject })
    return {
      outcome: value.outcome,
      opinion: value.proposal,
      variables: { subject: value.subject },
      act: async (step) => {
        step.write(
          () => step.sql`update documents set subject = ${value.subject}, note = ${value.proposal}, search = ${search}, version = version + 1
            where id = ${step.documentId}`,
        )
      },
    }
  },
})
