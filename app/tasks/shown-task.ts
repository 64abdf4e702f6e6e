import type { CaseTask } from '#db/case-view.ts'
import type { NextStep } from '#db/next-steps.ts'
import type { HistoryLine } from '#db/case-history.ts'
import type { TaskDocument, TaskPage } from '#db/task-page.ts'
import type { SigningOffer } from '../signing/offer.server.ts'
import type { ChoicesOf, TaskChoices } from './choices.server.ts'

/** What the forms are told of their task: no more of the case than they show. */
export interface ShownTask extends Pick<
  TaskPage,
  | 'taskId'
  | 'caseId'
  | 'elementId'
  | 'formKey'
  | 'askVi'
  | 'askEn'
  | 'part'
  | 'state'
  | 'openedAt'
  | 'dueAt'
  | 'endedAt'
  | 'outcome'
  | 'assignee'
  | 'endedBy'
  | 'from'
  | 'mayAct'
  | 'mine'
  | 'queued'
  | 'claimed'
> {
  document: TaskDocument | null
  /** What was decided before, as far as the forms need it. */
  given: {
    leadUnit: string | null
    coordinatingUnits: string[]
    informationUnits: string[]
    /** epoch ms */
    deadline: number | null
    /** Words of the leader's direction. */
    opinion: string | null
    instruction: string | null
    /** Why no reply is needed, when the specialist found so. */
    result: string | null
    recipientUnits: string[]
    recipientAgencies: string[]
  }
}

export interface TaskFormProps<Key extends TaskChoices['key']> {
  task: ShownTask
  choices: ChoicesOf<Key>
  /** The post acted in. */
  me: string
  next: readonly NextStep[]
  opinions: { given: CaseTask[]; awaited: CaseTask[] }
  history: readonly HistoryLine[]
  /** Where the step asks for a signature. */
  signing: SigningOffer | null
}

export function shownTask(page: TaskPage): ShownTask {
  const {
    variables,
    token: _token,
    caseState: _state,
    flowVersionId: _version,
    documentId: _document,
    properties: _properties,
    ...shown
  } = page
  const text = (name: string) => (typeof variables[name] === 'string' ? variables[name] : null)
  const codes = (name: string) => {
    const value = variables[name]
    return Array.isArray(value) ? value.filter((code) => typeof code === 'string') : []
  }
  const deadline = Date.parse(text('deadline') ?? '')
  return {
    ...shown,
    given: {
      leadUnit: text('leadUnit'),
      coordinatingUnits: codes('coordinatingUnits'),
      informationUnits: codes('informationUnits'),
      deadline: Number.isNaN(deadline) ? null : deadline,
      opinion: text('opinion'),
      instruction: text('instruction'),
      result: text('result'),
      recipientUnits: codes('recipientUnits'),
      recipientAgencies: codes('recipientAgencies'),
    },
  }
}
