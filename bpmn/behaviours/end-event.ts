import { complete, end, endCase } from '../complete.ts'
import { Failure } from '../failure.ts'
import type { EndEvent } from '../flow.ts'
import { ROOT_SCOPE } from '../state.ts'
import { throwError } from '../trigger.ts'
import type { Behaviour } from './behaviour.ts'

export const endEvent: Behaviour<EndEvent> = {
  enter(step, token, node) {
    switch (node.event.type) {
      case 'none':
        complete(step, token.id)
        return null
      case 'terminate': {
        step.effects.push({ kind: 'trace', elementId: node.id, act: 'left' })
        const { scope } = token
        if (scope === ROOT_SCOPE) {
          step.removeToken(token)
          endCase(step, 'terminated')
          return null
        }
        // all others of the sub-process go, then this one ends it
        for (const other of step.tokensIn(scope)) {
          if (other.id === token.id) continue
          step.release(other.id)
          step.effects.push({ kind: 'trace', elementId: other.at, act: 'cancelled' })
          step.removeToken(step.token(other.id) ?? other)
        }
        end(step, token.id)
        return null
      }
      case 'error': {
        const code = node.event.code ?? ''
        if (throwError(step, token.id, code)) return null
        return new Failure('uncaught-error', `Nothing catches the error "${code}" that "${node.id}" throws`)
      }
      default:
        return new Failure('unsupported', `"${node.id}" ends with a ${node.event.type} event`)
    }
  },
}
