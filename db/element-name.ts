import type { Flow } from '#bpmn/flow.ts'
import type { Sentence } from './refusal.ts'

/** An element as people know it: its name in both languages, its id where it has none. */
export function elementName(flow: Pick<Flow, 'nodes'>, id: string): Sentence {
  const node = flow.nodes[id]
  const vi = node?.name || id
  return { vi, en: node?.properties['imoit.name.en'] ?? vi }
}
