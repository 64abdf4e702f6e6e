import { draftChanged, newestDraft } from '#db/draft-versions.ts'
import { signOffDraft } from '#db/outgoing.ts'
import { embedSignature } from '#db/embed-signature.ts'
import { postsOfUnit } from '#db/posts.ts'
import { Refusal } from '#db/refusal.ts'
import { parseDeadline } from './deadline.ts'
import {
  approveSchema,
  assignSchema,
  coordinateSchema,
  giveOpinionSchema,
  handleSchema,
  signOffSchema,
} from './incoming-schemas.ts'
import { deadlineUnreadable, personNotThere } from './person-choice.ts'
import { reasoned, taskForm, type FormScope, type FormStep } from './task-form.ts'

async function colleague(scope: FormScope, post: string, field: string): Promise<string> {
  const colleagues = await postsOfUnit(scope.db, scope.viewer.unitId)
  if (!colleagues.some((each) => each.postId === post)) throw personNotThere(field)
  return `post:${post}`
}

function instant(scope: FormScope, words: string, field: string): string {
  const dueAt = parseDeadline(words, scope.now, scope.calendar)
  if (dueAt === null) throw deadlineUnreadable(field)
  return new Date(dueAt).toISOString()
}

/** Phân công: the head of the lead unit gives the document to a specialist, or returns it as not the unit's concern. */
export const incomingAssign = taskForm({
  key: 'incoming.assign',
  action: 'document:assign',
  schema: assignSchema,
  async complete(scope, value): Promise<FormStep> {
    if (value.outcome === 'returned') return reasoned(value)
    return {
      outcome: value.outcome,
      opinion: value.instruction,
      variables: {
        specialistPost: await colleague(scope, value.specialistPost, 'specialistPost'),
        handlingDeadline: instant(scope, value.handlingDeadline, 'handlingDeadline'),
        instruction: value.instruction,
      },
      act: async (step) => {
        step.write(
          () =>
            step.sql`update documents set state = 'processing', version = version + 1 where id = ${step.documentId} and state = 'directed'`,
        )
      },
    }
  },
})

/** Cho ý kiến, asked of a coordinating unit's heads: answer at once, pass it on to a specialist, or say that it is no concern of the unit. */
export const incomingCoordinate = taskForm({
  key: 'incoming.coordinate',
  action: 'document:give-opinion',
  schema: coordinateSchema,
  async complete(scope, value): Promise<FormStep> {
    switch (value.outcome) {
      case 'given':
        return { outcome: value.outcome, opinion: value.opinionText, variables: { opinionText: value.opinionText } }
      case 'assigned':
        return {
          outcome: value.outcome,
          opinion: value.instruction,
          variables: { opinionPost: await colleague(scope, value.opinionPost, 'opinionPost') },
        }
      case 'notConcerned':
        return reasoned(value)
    }
  },
})

/** Cho ý kiến, by the specialist it was passed on to. */
export const incomingGiveOpinion = taskForm({
  key: 'incoming.giveOpinion',
  action: 'document:give-opinion',
  schema: giveOpinionSchema,
  complete: (_scope, value) => ({
    outcome: value.outcome,
    opinion: value.opinionText,
    variables: { opinionText: value.opinionText },
  }),
})

/** Dự thảo trả lời: the specialist submits the newest draft, or says with reasons that no reply is needed. */
export const incomingHandle = taskForm({
  key: 'incoming.handle',
  action: 'document:draft',
  schema: handleSchema,
  complete(_scope, value): FormStep {
    if (value.outcome === 'noReply') {
      return {
        outcome: value.outcome,
        opinion: value.result,
        variables: { result: value.result, draftDocumentId: null, draftVersion: null },
      }
    }
    return {
      outcome: value.outcome,
      opinion: value.note,
      record: { sha256: value.sha256 },
      act: async (step) => {
        const newest = await newestDraft(step)
        if (!newest) {
          throw new Refusal('no-draft', 422, {
            vi: 'Chưa có bản dự thảo nào nên chưa trình được. Hãy tải lên bản dự thảo (.docx hoặc PDF) trước.',
            en: 'There is no draft yet, so nothing was submitted. Upload one (.docx or PDF) first.',
          })
        }
        if (newest.sha256 !== value.sha256) throw draftChanged()
        return { draftDocumentId: newest.documentId, draftVersion: newest.version }
      },
    }
  },
})

/** Duyệt dự thảo: the head of the lead unit approves the version that is shown, or the finding that no reply is needed. */
export const incomingApprove = taskForm({
  key: 'incoming.approve',
  action: 'document:approve',
  schema: approveSchema,
  initials: 'approved',
  complete({ signature }, value): FormStep {
    if (value.outcome === 'returned') return reasoned(value)
    return {
      outcome: value.outcome,
      opinion: value.note,
      record: { sha256: value.sha256 ?? null },
      act: async (step) => {
        if (!step.variables.draftDocumentId) return { approvedVersion: null, approvedSha256: null }
        const newest = await newestDraft(step)
        if (!newest || newest.sha256 !== value.sha256) throw draftChanged()
        const approved = signature
          ? await embedSignature(step, newest, { signatureId: signature.id, role: 'initial' })
          : newest
        return { approvedVersion: approved.version, approvedSha256: approved.sha256 }
      },
    }
  },
})

/** Ký duyệt: a leader signs off on exactly the version that was shown. */
export const incomingSignOff = taskForm({
  key: 'incoming.signOff',
  action: 'document:sign-off',
  schema: signOffSchema,
  signs: { outcome: 'signed', level: 'personal', role: 'person' },
  complete({ signer, viewer, signature }, value): FormStep {
    if (value.outcome === 'returned') return { ...reasoned(value), agrees: false }
    // A deputy signs for the Minister (NĐ 30/2020 Điều 13); under a signature stands what the delegation says.
    const competence = signature ? signature.competence : viewer.role === 'deputy-minister' ? 'KT.' : null
    return {
      outcome: value.outcome,
      opinion: value.note,
      record: { sha256: value.sha256 },
      act: (step) => signOffDraft(step, { ...value, signatureId: signature?.id ?? null }, { ...signer, competence }),
    }
  },
})
