import type { FlowNode } from './flow.ts'

const WORD = /^=([A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+)$/

/** The word of a script task whose script is one word with underscores: the name of something that is done outside of the flow. */
export function suppliedWord(node: FlowNode | undefined): string | null {
  return node?.kind === 'scriptTask' ? (WORD.exec(node.script ?? '')?.[1] ?? null) : null
}
