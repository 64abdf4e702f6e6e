/** What one step of a case did to its tokens, in the order in which it did it. */
export interface ReplayMove {
  elementId: string
  /** `passed`: something that holds others inside was begun; nothing stands there by itself. */
  act: 'entered' | 'left' | 'cancelled' | 'passed'
  /** The sequence flow it came by. */
  flowId?: string
  /** Several that had come leave as one. */
  joined?: true
}

/** A case after some of its steps, as a diagram marks it. Ids of elements, ways between them included in `passed`. */
export interface ReplayFrame {
  standing: string[]
  passed: string[]
  /** Ways taken by the last of the steps. */
  taken: string[]
}

/** Where a case stood after its first `count` steps, folded from what each of them did. */
export function frameAfter(steps: readonly { moves: readonly ReplayMove[] }[], count: number): ReplayFrame {
  const tokens = new Map<string, number>()
  const passed = new Set<string>()
  const taken: string[] = []
  for (const [index, { moves }] of steps.slice(0, count).entries()) {
    for (const { elementId, act, flowId, joined } of moves) {
      const before = tokens.get(elementId) ?? 0
      if (act === 'entered') tokens.set(elementId, before + 1)
      else if (act !== 'passed') tokens.set(elementId, joined ? 0 : Math.max(0, before - 1))
      if (act === 'left') passed.add(elementId)
      if (flowId === undefined) continue
      passed.add(flowId)
      if (index === count - 1) taken.push(flowId)
    }
  }
  const standing = [...tokens].flatMap(([id, open]) => (open > 0 ? [id] : []))
  return { standing, passed: [...passed].filter((id) => !standing.includes(id)), taken }
}
