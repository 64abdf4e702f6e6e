import type { Flow, FlowNode, SequenceFlow } from './flow.ts'

export interface FlowDifference {
  elementId: string
  kind: FlowNode['kind'] | 'sequenceFlow' | 'process'
  name: string
  /** `moved`: it means the same and is only drawn elsewhere. */
  change: 'added' | 'removed' | 'changed' | 'moved'
  /** Of a change: the parts that differ, e.g. `name`, `outgoing`, `candidateGroups`. */
  parts: string[]
}

/** What one version of a flow has, lacks or says differently from another: removed first, then in the order of the newer one. */
export function compareFlows(before: Flow, after: Flow): FlowDifference[] {
  const [old, now] = [elementsOf(before), elementsOf(after)]
  const differences: FlowDifference[] = []
  for (const [id, element] of old) if (!now.has(id)) differences.push(difference(element, before, id, 'removed', []))
  for (const [id, element] of now) {
    const earlier = old.get(id)
    if (!earlier) {
      differences.push(difference(element, after, id, 'added', []))
      continue
    }
    const parts = partsThatDiffer(earlier, element)
    if (parts.length > 0) differences.push(difference(element, after, id, 'changed', parts))
    else if (isMoved(before, after, id)) differences.push(difference(element, after, id, 'moved', []))
  }
  const parts = ['id', 'name', 'properties', 'data'].filter(
    (part) => !same(ofProcess(before, part), ofProcess(after, part)),
  )
  if (parts.length > 0)
    differences.unshift({ elementId: after.id, kind: 'process', name: after.name, change: 'changed', parts })
  return differences
}

type Element = FlowNode | SequenceFlow

function elementsOf(flow: Flow): Map<string, Element> {
  return new Map<string, Element>([...Object.entries(flow.nodes), ...Object.entries(flow.sequenceFlows)])
}

function difference(
  element: Element,
  flow: Flow,
  elementId: string,
  change: FlowDifference['change'],
  parts: string[],
): FlowDifference {
  if ('kind' in element) return { elementId, kind: element.kind, name: element.name, change, parts }
  return { elementId, kind: 'sequenceFlow', name: element.name || wayOf(flow, element), change, parts }
}

/** What a way without a name is called: the steps that it joins; empty where one of them has no name either. */
function wayOf({ nodes }: Flow, { source, target }: SequenceFlow): string {
  const ends = [nodes[source]?.name, nodes[target]?.name]
  return ends.every(Boolean) ? ends.join(' → ') : ''
}

function ofProcess(flow: Flow, part: string): unknown {
  return (flow as unknown as Record<string, unknown>)[part]
}

/** The order in which flows come in says nothing; that in which they leave is the order in which they are asked. */
function partsThatDiffer(before: Element, after: Element): string[] {
  const [old, now] = [before, after].map((one) => Object.entries(one)) as [[string, unknown][], [string, unknown][]]
  const names = new Set([...old, ...now].map(([name]) => name))
  const [oldParts, nowParts] = [new Map(old), new Map(now)]
  return [...names].filter((name) => {
    const values = [oldParts.get(name), nowParts.get(name)].map((value) =>
      (name === 'incoming' || name === 'boundaries') && Array.isArray(value) ? (value as string[]).toSorted() : value,
    )
    return !same(values[0], values[1])
  })
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'absent'
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return `{${entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => `${name}:${canonical(part)}`)
    .join(',')}}`
}

function isMoved(before: Flow, after: Flow, id: string): boolean {
  return !same(before.shapes[id], after.shapes[id]) || !same(before.edges[id], after.edges[id])
}
