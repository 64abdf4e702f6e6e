import type { z } from 'zod'
import type { WorkingCalendar } from '#bpmn/working-time.ts'
import type { Database } from '#db/database.ts'
import type { TaskRole, SignOffLevel } from '#db/signatures.ts'
import type { Completion } from '#db/tasks.ts'
import type { Viewer } from '#db/visibility.ts'
import type { Action } from '../permissions.ts'

/** What a form may know when it turns what was entered into a step. */
export interface FormScope {
  db: Database
  viewer: Viewer
  /** The person's name and the title of the post they act in, as a signature writes them. */
  signer: { name: string; title: string }
  /** Epoch ms on the one clock. */
  now: number
  calendar: WorkingCalendar
  task: { taskId: string; caseId: string; documentId: string | null; elementId: string }
  /** The act of signing that this form completes; never what a browser sent. */
  signature: SigningAct | null
}

/** An act of signing that is ready to be embedded, and in whose place it was made. */
export interface SigningAct {
  id: string
  competence: string | null
}

/** The step that a form becomes. */
export type FormStep = Omit<Completion, 'taskId' | 'key'>

/** A task's form: what may be entered, who may enter it, and the step that it becomes. */
export interface TaskForm<Schema extends z.ZodType = z.ZodType> {
  /** `zeebe:formDefinition` formKey. */
  key: string
  /** What somebody must be allowed to do, by outcome. */
  action: Action
  schema: Schema
  /** The outcome that a signature completes where the flow asks for one of this level (`imoit.signOff`). */
  signs?: { outcome: string; level: SignOffLevel; role: TaskRole }
  /** The outcome beside which whoever fills it in may put their initial (ký nháy) on the version that was shown. */
  initials?: string
  complete(scope: FormScope, value: z.output<Schema>): Promise<FormStep> | FormStep
}

/** The step of whoever does not do what was asked but says why: it goes back, is withdrawn, or is no concern of theirs. */
export const reasoned = ({ outcome, reason }: { outcome: string; reason: string }): FormStep => ({
  outcome,
  opinion: reason,
  variables: { reason },
})

export const taskForm = <Schema extends z.ZodType>(form: TaskForm<Schema>): TaskForm<Schema> => form
