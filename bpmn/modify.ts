import type { CaseChange } from './case.ts'
import { end, endCase } from './complete.ts'
import { isActivity, type FlowNode } from './flow.ts'
import { waitingAt } from './joins.ts'
import { ROOT_SCOPE, type Scope, type Token } from './state.ts'
import type { Step } from './step.ts'

/** What an administrator does to a case, one change after the other. Gives the reason where one cannot be made. */
export function applyChanges(step: Step, changes: CaseChange[]): string | null {
  for (const change of changes) {
    const refused = applyChange(step, change)
    if (refused !== null) return refused
  }
  return null
}

function applyChange(step: Step, change: CaseChange): string | null {
  switch (change.do) {
    case 'moveToken':
      return moveToken(step, change.tokenId, change.to)
    case 'addToken':
      return addToken(step, change.at, change.scopeId)
    case 'cancelToken':
      return cancelToken(step, change.tokenId)
    case 'setVariables': {
      if (change.tokenId !== undefined && !step.token(change.tokenId)) return gone(change.tokenId)
      for (const [name, value] of Object.entries(change.variables)) step.write(change.tokenId, name, value)
      return null
    }
  }
}

const gone = (tokenId: string) => `the case has no token ${tokenId}`

function moveToken(step: Step, tokenId: string, to: string): string | null {
  const token = step.token(tokenId)
  if (!token || token.listening) return gone(tokenId)
  if (token.instance !== undefined || token.iteration !== undefined)
    return `the token ${tokenId} runs one time of "${token.at}"; move the token of the whole activity`
  const scope = step.scope(token.scope)
  const node = step.node(to)
  const unfit = unfitFor(node, to)
  if (unfit !== null) return unfit
  if (!scope || !node || !belongs(scope, node)) return `"${to}" is not in the scope of the token ${tokenId}`
  step.release(tokenId)
  step.effects.push({ kind: 'trace', elementId: token.at, act: 'cancelled' })
  const moved = step.edit(tokenId)
  if (moved.joining) {
    step.leaveJoin(step.editScope(scope.id), moved)
    delete moved.joining
  }
  for (const of of ['vars', 'via', 'done', 'isolated', 'sealed'] as const) delete moved[of]
  moved.at = to
  place(step, moved, node)
  return null
}

function addToken(step: Step, at: string, scopeId: string | undefined): string | null {
  const node = step.node(at)
  const unfit = unfitFor(node, at)
  if (unfit !== null || !node) return unfit
  const open = step.state.scopes.filter(
    (scope) => belongs(scope, node) && (scopeId === undefined || scope.id === scopeId),
  )
  const [scope, ...more] = open
  if (!scope) return `what "${at}" lies in is not open`
  if (more.length > 0) return `what "${at}" lies in is open ${open.length} times: name the scope`
  const full = step.room(1)
  if (full) return full.message
  place(step, step.newToken(scope.id, at), node)
  return null
}

function cancelToken(step: Step, tokenId: string): string | null {
  const token = step.token(tokenId)
  if (!token || token.listening) return gone(tokenId)
  if (token.instance !== undefined || token.iteration !== undefined)
    return `the token ${tokenId} runs one time of "${token.at}"; cancel the token of the whole activity`
  step.release(tokenId)
  step.effects.push({ kind: 'trace', elementId: token.at, act: 'cancelled' })
  const last = token.scope === ROOT_SCOPE && step.scope(ROOT_SCOPE)?.live === 1
  if (!last) end(step, tokenId)
  else endCase(step, 'terminated')
  return null
}

/** At a join it counts for the first flow that nothing has come by yet. */
function place(step: Step, token: Token, node: FlowNode): void {
  if (node.kind === 'parallelGateway' || node.kind === 'inclusiveGateway' || node.kind === 'complexGateway') {
    const come = new Set(waitingAt(step, token.scope, node.id).map(({ via }) => via))
    const via = node.incoming.find((id) => !come.has(id)) ?? node.incoming[0]
    if (via !== undefined) step.edit(token.id).via = via
  }
  step.arrive(token.id)
}

function unfitFor(node: FlowNode | undefined, id: string): string | null {
  if (!node) return `the flow has no element "${id}"`
  if (node.kind === 'boundaryEvent') return `"${id}" is a boundary event: it has no token without its activity`
  if (node.kind === 'subProcess' && node.variant === 'event') return `"${id}" begins by its own event`
  return isActivity(node) && node.forCompensation ? `"${id}" only compensates` : null
}

function belongs(scope: Scope, node: FlowNode): boolean {
  return (scope.kind === 'process' || scope.kind === 'subProcess') && scope.elementId === node.parent
}
