import { cancelTransaction } from '../compensation.ts'
import { end, endCase } from '../complete.ts'
import type { EndEvent } from '../flow.ts'
import { ROOT_SCOPE } from '../state.ts'
import type { Behaviour } from './behaviour.ts'
import { throwAndGoOn } from './throw-event.ts'

export const endEvent: Behaviour<EndEvent> = {
  enter(step, token, node) {
    switch (node.event.type) {
      case 'terminate': {
        step.effects.push({ kind: 'trace', elementId: node.id, act: 'left' })
        const { scope } = token
        if (scope === ROOT_SCOPE) {
          step.removeToken(token)
          endCase(step, 'terminated')
          return null
        }
        // all others of the sub-process go, then this one ends it
        for (const other of step.tokensIn(scope)) if (other.id !== token.id) step.cancelToken(other.id)
        if (step.scope(scope)?.waiting) step.editScope(scope).waiting = []
        end(step, token.id)
        return null
      }
      case 'cancel':
        return cancelTransaction(step, token)
      default:
        return throwAndGoOn(step, token, node)
    }
  },
}
