import { bodyOf, plainStarts } from '../bodies.ts'
import type { CalledVersion } from '../case.ts'
import { openBody } from '../event-sub-process.ts'
import { Failure } from '../failure.ts'
import type { CallActivity } from '../flow.ts'
import { flowOfRef, link } from '../links.ts'
import type { CalledEntry, Token } from '../state.ts'
import type { Step } from '../step.ts'
import type { Behaviour } from './behaviour.ts'

/** Flows that call one another, one inside the other. */
const MAX_CALL_DEPTH = 30

/**
 * Runs another flow as a scope of this case. Which version is fixed here, on entering. A flow of the same file counts as deployed
 * with this one, and as the latest where no other of that id is known.
 */
export const callActivity: Behaviour<CallActivity> = {
  enter(step, token, node) {
    const flowId = node.calledFlow === null ? null : step.evaluate(token, node.calledFlow)
    if (flowId instanceof Failure) return flowId
    if (typeof flowId !== 'string' || flowId === '') return new Failure('call', `"${node.id}" names no flow to call`)
    if (node.id.split('/').length > MAX_CALL_DEPTH)
      return new Failure(
        'call-depth',
        `"${flowId}" is called more than ${MAX_CALL_DEPTH} flows deep: does it call itself?`,
      )
    const prefix = open(step, token, node, flowId)
    if (prefix === null) return new Failure('call', `"${node.id}" calls "${flowId}", and there is no such flow`)
    const starts = plainStarts(step.flow, prefix)
    if (starts.length === 0) return new Failure('no-start', `"${flowId}" has no start event without a trigger`)
    const full = step.room(starts.length - 1)
    if (full) return full
    const caller = step.edit(token.id)
    caller.isolated = true
    if (node.propagateIn === false) caller.sealed = true
    for (const name of bodyOf(step.flow, prefix)?.data ?? []) step.writeLocal(token.id, name, null)
    const scope = step.editScope(step.openScope(caller, 'subProcess').id)
    scope.elementId = prefix
    openBody(step, scope.id, starts)
    return null
  },
}

/** Adds the called flow to those of the case, and gives the prefix of its elements. */
function open(step: Step, token: Token, node: CallActivity, flowId: string): string | null {
  const { state, context } = step
  const ref = find(step, token, node, flowId)
  if (ref === null) return null
  const called = state.called ?? []
  const known = called.find((one) => one.at === node.id && one.ref === ref)
  if (known) return known.prefix
  const others = called.filter((one) => one.at === node.id).length
  const entry: CalledEntry = { prefix: `${node.id}${others === 0 ? '' : `(${others + 1})`}/`, at: node.id, ref }
  state.called = [...called, entry]
  step.relink(link(step.base, state.called, context))
  return entry.prefix
}

function find(step: Step, token: Token, node: CallActivity, flowId: string): string | null {
  const version: CalledVersion =
    node.binding === 'versionTag'
      ? { binding: 'versionTag', versionTag: node.versionTag ?? '' }
      : { binding: node.binding ?? 'latest' }
  // the file that the call activity itself is drawn in
  const outer = (step.state.called ?? []).filter(({ prefix }) => node.id.startsWith(prefix))
  const inFile = outer.reduce((longest, one) => (one.prefix.length > longest.length ? one.prefix : longest), '')
  const ref = outer.find(({ prefix }) => prefix === inFile)?.ref ?? ''
  const file = ref.lastIndexOf('#')
  const bundles = [`${ref}#${flowId}`, ...(file < 0 ? [] : [`${ref.slice(0, file)}#${flowId}`])]
  const bundled = bundles.find((one) => flowOfRef(step.base, one, step.context)) ?? null
  if (
    bundled !== null &&
    version.binding !== 'versionTag' &&
    !(version.binding === 'latest' && step.context.calledFlow)
  )
    return bundled
  const caller = ref.split('#')[0] || null
  return step.context.calledFlow?.(flowId, version, caller)?.ref ?? bundled
}
