import { workingCalendar } from '#db/calendar.ts'
import { readClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'
import { Refusal } from '#db/refusal.ts'
import type { StepAnswer } from '#db/step.ts'
import { completeTask } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'
import { may } from '../permissions.ts'
import { incomingDirect } from './incoming-direct.ts'
import { incomingDispatch } from './incoming-dispatch.ts'
import {
  incomingApprove,
  incomingAssign,
  incomingCoordinate,
  incomingGiveOpinion,
  incomingHandle,
  incomingSignOff,
} from './incoming-handling.ts'
import { incomingRegister } from './incoming-register.ts'
import { incomingSubmit } from './incoming-submit.ts'
import { noticeCarryOut, noticeReceive, noticeRegister } from './notice.ts'
import { opinionAnswer, opinionClose, opinionConclude, opinionWrite } from './opinions.ts'
import { outgoingApprove, outgoingCheckFormat, outgoingCheckLaw, outgoingRevise } from './outgoing.ts'
import { slipDecide, slipOffice, slipReview, slipRevise } from './slip.ts'
import type { SigningAct, TaskForm } from './task-form.ts'

/** Every form by its key. */
export const taskForms: ReadonlyMap<string, TaskForm> = new Map(
  [
    incomingRegister,
    incomingSubmit,
    incomingDirect,
    incomingAssign,
    incomingCoordinate,
    incomingGiveOpinion,
    incomingHandle,
    incomingApprove,
    incomingSignOff,
    incomingDispatch,
    noticeRegister,
    noticeReceive,
    noticeCarryOut,
    opinionAnswer,
    opinionWrite,
    opinionClose,
    opinionConclude,
    outgoingApprove,
    outgoingCheckFormat,
    outgoingCheckLaw,
    outgoingRevise,
    slipReview,
    slipOffice,
    slipDecide,
    slipRevise,
  ].map((form) => [form.key, form as unknown as TaskForm]),
)

export interface FilledForm {
  task: { taskId: string; caseId: string; documentId: string | null; elementId: string; formKey: string | null }
  /** The form's own id, made when the page was: sent twice, it is done once. */
  key: string
  /** What the form's schema made of what was entered. */
  value: unknown
  /** The signature that is there for it, where the step asks for one. */
  signature?: SigningAct
}

/** Carries out a filled form as one step. @throws Refusal with a sentence for the person */
export async function completeForm(
  db: Database,
  viewer: Viewer,
  signer: { name: string; title: string },
  filled: FilledForm,
): Promise<StepAnswer> {
  const form = filled.task.formKey === null ? undefined : taskForms.get(filled.task.formKey)
  if (!form) {
    throw new Refusal('form-unknown', 500, {
      vi: 'Bước này chưa có biểu mẫu nên chưa có gì được ghi. Hãy báo quản trị viên kiểm tra luồng.',
      en: 'This step has no form, so nothing was recorded. Ask an administrator to look at the flow.',
    })
  }
  if (!may(viewer, form.action)) {
    throw new Refusal('not-permitted', 403, {
      vi: 'Vị trí công tác đang chọn không có quyền làm việc này; chưa có gì thay đổi.',
      en: 'The post you act in may not do this; nothing was changed.',
    })
  }
  const [{ now }, calendar] = await Promise.all([readClock(db), workingCalendar(db)])
  const completion = await form.complete(
    { db, viewer, signer, now, calendar, task: filled.task, signature: filled.signature ?? null },
    filled.value,
  )
  return completeTask(db, viewer, { ...completion, taskId: filled.task.taskId, key: filled.key })
}
