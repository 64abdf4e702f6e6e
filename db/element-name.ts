import type { Flow } from '#bpmn/flow.ts'
import type { Sentence } from './refusal.ts'

/** An element as people know it: its name in both languages, its id where it has none. */
export function elementName(flow: Pick<Flow, 'nodes'>, id: string): Sentence {
  const node = flow.nodes[id]
  const vi = node?.name || id
  return { vi, en: node?.properties['imoit.name.en'] ?? vi }
}

/** For sorting elements as they are drawn, left to right; what is drawn nowhere by name. */
export function asDrawn({ nodes, shapes }: Pick<Flow, 'nodes' | 'shapes'>): (a: string, b: string) => number {
  const x = (id: string) => shapes[id]?.x ?? 0
  return (a, b) => x(a) - x(b) || (nodes[a]?.name ?? a).localeCompare(nodes[b]?.name ?? b, 'vi')
}
