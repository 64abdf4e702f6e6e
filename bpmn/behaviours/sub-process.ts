import { plainStarts } from '../bodies.ts'
import { openBody, runEventSubProcess } from '../event-sub-process.ts'
import { Failure } from '../failure.ts'
import type { SubProcess } from '../flow.ts'
import { enterAdHoc } from './ad-hoc.ts'
import type { Behaviour } from './behaviour.ts'

/** A scope of its own. An event sub-process comes here only as the handler of a compensation. */
export const subProcess: Behaviour<SubProcess> = {
  enter(step, token, node) {
    if (node.adHoc) return enterAdHoc(step, token, node, node.adHoc)
    if (node.variant === 'event') {
      const start = step.node(node.startEvents[0] ?? '')
      if (start?.kind !== 'startEvent') return new Failure('no-start', `"${node.id}" has no start event`)
      runEventSubProcess(step, token, start)
      return null
    }
    const starts = plainStarts(step.flow, node.id)
    if (starts.length === 0) return new Failure('no-start', `"${node.id}" has no start event without a trigger`)
    const full = step.room(starts.length - 1)
    if (full) return full
    openBody(step, step.openScope(token, 'subProcess').id, starts)
    return null
  },
}
