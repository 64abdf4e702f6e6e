import type { CaseChange, Unfit } from './case.ts'
import { end, endCase } from './complete.ts'
import { isActivity, type FlowNode } from './flow.ts'
import { waitingAt } from './joins.ts'
import { ROOT_SCOPE, type Scope, type Token } from './state.ts'
import type { Step } from './step.ts'

/** What an administrator does to a case, one change after the other. Gives the reason where one cannot be made. */
export function applyChanges(step: Step, changes: CaseChange[]): Unfit | null {
  for (const change of changes) {
    const refused = applyChange(step, change)
    if (refused !== null) return refused
  }
  return null
}

function applyChange(step: Step, change: CaseChange): Unfit | null {
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

const gone = (tokenId: string): Unfit => ({
  vi: `Hồ sơ không còn nhánh ${tokenId}.`,
  en: `The case has no token ${tokenId}.`,
})

const named = (node: FlowNode | undefined, id: string) => `"${node?.name || id}"`

const onlyOneTime = (step: Step, { id, at }: Token): Unfit => ({
  vi: `Nhánh ${id} chỉ là một lượt của ${named(step.node(at), at)}; hãy chọn nhánh của cả bước đó.`,
  en: `The token ${id} runs one time of ${named(step.node(at), at)}; choose the token of the whole activity.`,
})

const elsewhere = (node: FlowNode | undefined, to: string): Unfit => ({
  vi: `${named(node, to)} nằm ở cấp khác với nhánh này.`,
  en: `${named(node, to)} is not in the scope of the token.`,
})

function moveToken(step: Step, tokenId: string, to: string): Unfit | null {
  const token = step.token(tokenId)
  if (!token || token.listening) return gone(tokenId)
  if (token.instance !== undefined || token.iteration !== undefined) return onlyOneTime(step, token)
  const scope = step.scope(token.scope)
  const node = step.node(to)
  const unfit = unfitFor(node, to)
  if (unfit !== null) return unfit
  if (!scope || !node || !belongs(scope, node)) return elsewhere(node, to)
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

function addToken(step: Step, at: string, scopeId: string | undefined): Unfit | null {
  const node = step.node(at)
  const unfit = unfitFor(node, at)
  if (unfit !== null || !node) return unfit
  const open = step.state.scopes.filter(
    (scope) => belongs(scope, node) && (scopeId === undefined || scope.id === scopeId),
  )
  const [scope, ...more] = open
  if (!scope)
    return {
      vi: `${named(node, at)} nằm trong một phần của luồng chưa mở ở hồ sơ này.`,
      en: `What ${named(node, at)} lies in is not open in this case.`,
    }
  if (more.length > 0)
    return {
      vi: `Phần chứa ${named(node, at)} đang mở ${open.length} lần: hãy chọn một lần.`,
      en: `What ${named(node, at)} lies in is open ${open.length} times: name the scope.`,
    }
  const full = step.room(1)
  if (full) return { vi: 'Hồ sơ đã có quá nhiều nhánh cùng lúc.', en: `${full.message}.` }
  place(step, step.newToken(scope.id, at), node)
  return null
}

function cancelToken(step: Step, tokenId: string): Unfit | null {
  const token = step.token(tokenId)
  if (!token || token.listening) return gone(tokenId)
  if (token.instance !== undefined || token.iteration !== undefined) return onlyOneTime(step, token)
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

function unfitFor(node: FlowNode | undefined, id: string): Unfit | null {
  if (!node) return { vi: `Luồng không có phần tử "${id}".`, en: `The flow has no element "${id}".` }
  const name = named(node, id)
  if (node.kind === 'boundaryEvent')
    return {
      vi: `${name} gắn trên một bước nên không thể đứng riêng.`,
      en: `${name} is a boundary event: it has no token without its activity.`,
    }
  if (node.kind === 'subProcess' && node.variant === 'event')
    return { vi: `${name} tự bắt đầu theo sự kiện của nó.`, en: `${name} begins by its own event.` }
  return isActivity(node) && node.forCompensation
    ? { vi: `${name} chỉ chạy khi hoàn tác một bước khác.`, en: `${name} only compensates.` }
    : null
}

function belongs(scope: Scope, node: FlowNode): boolean {
  return (scope.kind === 'process' || scope.kind === 'subProcess') && scope.elementId === node.parent
}
