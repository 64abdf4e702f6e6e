import { draftChanged, newestDraft } from '#db/draft-versions.ts'
import { followsBySignatures } from '#db/begin-signature.ts'
import { embedSignature } from '#db/embed-signature.ts'
import type { LockedTask, StepScope } from '#db/step.ts'
import { opinionWindow } from './opinion-window.ts'
import {
  type formatParts,
  outgoingApproveSchema,
  outgoingCheckFormatSchema,
  outgoingCheckSchema,
  outgoingReviseSchema,
} from './outgoing-schemas.ts'
import { reasoned, taskForm, type FormStep, type SigningAct } from './task-form.ts'

/**
 * The newest version, which is the one that was shown or that with the signatures of others since; with an initial the one that it makes.
 * @throws Refusal where there is a newer one
 */
async function agreedDraft(step: StepScope & { task: LockedTask }, sha256: string, initial: SigningAct | null) {
  const newest = await newestDraft(step)
  if (!newest || !(await followsBySignatures(step.sql, newest.documentId, sha256, newest.sha256))) throw draftChanged()
  return initial ? embedSignature(step, newest, { signatureId: initial.id, role: 'initial' }) : newest
}

/** Duyệt dự thảo: the head of the drafting unit answers for what it says (NĐ 30/2020 Điều 10–12). */
export const outgoingApprove = taskForm({
  key: 'outgoing.approve',
  action: 'document:approve',
  schema: outgoingApproveSchema,
  initials: 'approved',
  complete({ signature }, value): FormStep {
    if (value.outcome === 'returned') return reasoned(value)
    return {
      outcome: value.outcome,
      opinion: value.note,
      record: { sha256: value.sha256 },
      variables: { legalCheck: value.legalCheck },
      act: async (step) => {
        const { version, sha256 } = await agreedDraft(step, value.sha256, signature)
        return { approvedVersion: version, approvedSha256: sha256 }
      },
    }
  },
})

/** How the office calls the parts of a document's form. */
const partNames: Record<(typeof formatParts)[number], string> = {
  title: 'quốc hiệu, tên cơ quan',
  number: 'số, ký hiệu, địa danh, ngày tháng',
  subject: 'tên loại, trích yếu',
  grounds: 'căn cứ, bố cục nội dung',
  signer: 'thẩm quyền, chức vụ, họ tên người ký',
  recipients: 'kính gửi, nơi nhận',
  appendices: 'phụ lục, số trang',
  layout: 'khổ giấy, lề, phông chữ',
}

const passed = (
  value: { outcome: string; note: string | null; sha256: string },
  initial: SigningAct | null,
): FormStep => ({
  outcome: value.outcome,
  opinion: value.note,
  record: { sha256: value.sha256 },
  act: async (step) => {
    await agreedDraft(step, value.sha256, initial)
  },
})

/** Kiểm tra thể thức: the Office answers for the form of exactly this version, or says which parts of it are wrong. */
export const outgoingCheckFormat = taskForm({
  key: 'outgoing.checkFormat',
  action: 'document:check',
  schema: outgoingCheckFormatSchema,
  initials: 'approved',
  complete({ signature }, value): FormStep {
    if (value.outcome === 'approved') return passed(value, signature)
    const faults = [...new Set(value.faults)]
    const named = faults.map((fault) => partNames[fault]).join('; ')
    const words = named === '' ? value.reason : `Chưa đúng thể thức ở: ${named}.\n${value.reason}`
    return { ...reasoned({ ...value, reason: words }), record: { faults } }
  },
})

/** Thẩm tra pháp lý, by the Legal Department. */
export const outgoingCheckLaw = taskForm({
  key: 'outgoing.checkLaw',
  action: 'document:check',
  schema: outgoingCheckSchema,
  initials: 'approved',
  complete: ({ signature }, value): FormStep =>
    value.outcome === 'approved' ? passed(value, signature) : reasoned(value),
})

/** Sửa dự thảo: what came back, or was taken back, goes the whole way again, or is withdrawn. */
export const outgoingRevise = taskForm({
  key: 'outgoing.revise',
  action: 'document:draft',
  schema: outgoingReviseSchema,
  complete({ now, calendar, viewer }, value): FormStep {
    if (value.outcome === 'withdrawn') return reasoned(value)
    const opinionUnits = [...new Set(value.opinionUnits)].filter((code) => code !== viewer.unitCode)
    return {
      outcome: value.outcome,
      opinion: value.note,
      record: { sha256: value.sha256 },
      variables: { opinionUnits, ...opinionWindow(opinionUnits, value.opinionDeadline, { now, calendar }) },
      act: async (step) => {
        await agreedDraft(step, value.sha256, null)
      },
    }
  },
})
