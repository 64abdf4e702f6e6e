/** Names that the workflow code, its starter and its worker agree on. Nothing here may import: it runs in the sandbox, too. */
export const TASK_QUEUE = 'imoit'
export const NAMESPACE = 'default'
export const SWEEP_SCHEDULE = 'imoit-sweep'
/** The signal that says: look at what there is to do. */
export const WORK = 'work'

export const caseWorkflowId = (caseId: string) => `case:${caseId}`
