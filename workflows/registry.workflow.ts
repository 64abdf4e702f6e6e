/** Everything that runs in the Temporal sandbox: the bundle's entry. */
export { caseWorkflow } from './case.workflow.ts'
export { sweepWorkflow } from './sweep.workflow.ts'
