import type { Flow } from '#bpmn/flow.ts'
import type { ReplayMove } from '#bpmn/replay.ts'
import { eventsByVersion, MOST_ROWS, readEvents } from './case-history.ts'
import type { Database } from './database.ts'
import { elementName } from './element-name.ts'
import { flowOfVersion } from './flow-versions.ts'
import { notFound, type Sentence } from './refusal.ts'
import { isUuid } from './task-page.ts'

/** A step of a case for playing it again on its diagram: no words and no values of anybody, only where it went. */
export interface ReplayStep {
  seq: number
  /** Epoch ms on the office's clock. */
  at: number
  act: 'started' | 'completed' | 'system' | 'modified' | 'migrated'
  /** The element it was about; null where it was the whole case. */
  element: Sentence | null
  moves: ReplayMove[]
}

export interface CaseReplay {
  steps: ReplayStep[]
  /** False: the case is longer than what is read of it. */
  whole: boolean
}

const ADMINISTERED = new Set(['caseModified', 'incidentRetried', 'incidentSkipped', 'caseCancelled'])

/**
 * A case's way from its events, in the elements of the version it is on now. Whoever asks has been found to be allowed to see
 * the case. Throws Refusal `not-found`.
 */
export async function caseReplay(db: Database, caseId: string): Promise<CaseReplay> {
  if (!isUuid(caseId)) throw notFound()
  const [[row], events] = await Promise.all([
    db.sql<{ versionId: string }[]>`select flow_version_id as "versionId" from cases where id = ${caseId}`,
    readEvents(db, caseId),
  ])
  if (!row) throw notFound()
  const flow = await flowOfVersion(db, row.versionId)
  // What holds others inside is nowhere to stand by itself, nor is what only listens.
  const holds = (id: string) => flow.nodes[id]?.kind === 'subProcess' || flow.nodes[id]?.kind === 'callActivity'
  const steps = eventsByVersion(row.versionId, events).flatMap(({ seq, at, type, elementId, trace, now }) => {
    const left: string[] = []
    const moves = (trace ?? []).flatMap((move): ReplayMove[] => {
      const id = now(move.elementId)
      const act = move.act as ReplayMove['act']
      if (act === 'left') left.unshift(id)
      const flowId = act === 'entered' ? (move.flowId ?? wayTo(flow, left, id)) : undefined
      const way = flowId === undefined ? {} : { flowId }
      if (holds(id) && act !== 'left') return [{ elementId: id, act: 'passed', ...way }]
      const joined = act === 'left' && flow.nodes[id]?.kind.endsWith('Gateway')
      return [{ elementId: id, act, ...way, ...(joined && { joined }) }]
    })
    const about = elementId ?? trace?.find((move) => flow.nodes[now(move.elementId)]?.name)?.elementId
    if (moves.length === 0 && type !== 'caseMigrated' && !ADMINISTERED.has(type)) return []
    const act: ReplayStep['act'] =
      type === 'start'
        ? 'started'
        : type === 'taskCompleted'
          ? 'completed'
          : type === 'caseMigrated'
            ? 'migrated'
            : ADMINISTERED.has(type)
              ? 'modified'
              : 'system'
    return [{ seq, at, act, element: about === undefined ? null : elementName(flow, now(about)), moves }]
  })
  return { steps, whole: events.length < MOST_ROWS }
}

/** By which way an element was come to, from the nearest of those that were left just before, the latest first. */
function wayTo(flow: Flow, left: readonly string[], to: string): string | undefined {
  const ways = Object.values(flow.sequenceFlows).filter(({ target }) => target === to)
  for (const from of left) {
    const way = ways.find(({ source }) => source === from)
    if (way) return way.id
  }
  return undefined
}
