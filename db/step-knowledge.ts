import type { Sql } from 'postgres'
import type { AdvanceContext } from '#bpmn/case.ts'
import type { Database } from './database.ts'
import { decisionModel, knownDecision } from './decisions.ts'
import { boundVersion, flowOfVersion, knownBinding, knownFlow } from './flow-versions.ts'

export interface Asking {
  /** What is known is kept by database. */
  db: Database
  /** Asked for what is not known yet: within a step its own connection. */
  sql: Sql
  /** The version that the case runs on. */
  flowVersionId: string
}

/**
 * Lets a pure function decide that asks for called flows and decision tables by name. What it asks for and is not known yet is
 * read, and it decides again: it can, as it changes nothing. Usually everything is known and nothing is read.
 */
export async function knowing<T>(
  { db, sql, flowVersionId }: Asking,
  base: Pick<AdvanceContext, 'now' | 'calendar'>,
  decide: (context: AdvanceContext) => T,
): Promise<T> {
  for (;;) {
    const unread = new Map<string, () => Promise<unknown>>()
    const result = decide({
      ...base,
      calledFlow: (flowId, version, caller) => {
        const binding = { flowId, version, callerVersionId: caller ?? flowVersionId }
        const bound = knownBinding(db, binding)
        if (bound === undefined) {
          unread.set(JSON.stringify(binding), () => boundVersion(db, sql, binding))
          return undefined
        }
        if (bound === null) return undefined
        const flow = knownFlow(bound)
        if (!flow) unread.set(bound, () => flowOfVersion({ sql }, bound))
        return flow && { ref: bound, flow }
      },
      flowOf: (versionId) => {
        const flow = knownFlow(versionId)
        if (!flow) unread.set(versionId, () => flowOfVersion({ sql }, versionId))
        return flow
      },
      decision: (decisionId) => {
        const model = knownDecision(db, decisionId)
        if (model === undefined) unread.set(`decision ${decisionId}`, () => decisionModel(db, sql, decisionId))
        return model ?? undefined
      },
    })
    if (unread.size === 0) return result
    for (const read of unread.values()) await read()
  }
}
