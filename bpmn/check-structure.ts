import { behaviours } from './behaviours/registry.ts'
import { implicitStarts } from './bodies.ts'
import { error, warning, type Finding } from './finding.ts'
import type { Flow, FlowNode, SequenceFlow } from './flow.ts'
import { starters } from './starting.ts'

/** How a flow's elements hang together: each is of a kind that can be run, is joined as it may be, and can be begun. */
export function checkStructure(flow: Flow): Finding[] {
  return [
    ...checkRunnable(flow),
    ...Object.values(flow.sequenceFlows).flatMap((edge) => checkEnds(flow, edge)),
    ...Object.values(flow.nodes).flatMap(checkNames),
    ...checkStarts(flow),
  ]
}

function checkRunnable(flow: Flow): Finding[] {
  const cannot = (id: string, what: string) =>
    error('unsupported', id, `Chưa chạy được phần tử "${id}" (${what}).`, `"${id}" (${what}) cannot be run.`)
  const findings = flow.unread.map(({ elementId, what }) => cannot(elementId, what))
  for (const node of Object.values(flow.nodes)) {
    if (!behaviours[node.kind]) findings.push(cannot(node.id, node.kind))
  }
  return findings
}

/** A sequence flow joins two elements of the same body, from one that may be left to one that may be come to. */
function checkEnds(flow: Flow, { id, ...ends }: SequenceFlow): Finding[] {
  const [source, target] = [flow.nodes[ends.source], flow.nodes[ends.target]]
  if (!source || !target)
    return [
      error('reference', id, `Luồng "${id}" không nối hai phần tử.`, `The flow "${id}" does not join two elements.`),
    ]
  if (source.parent !== target.parent)
    return [
      error(
        'crosses-sub-process',
        id,
        `Luồng "${id}" đi xuyên qua biên của tiểu quy trình.`,
        `The flow "${id}" crosses the border of a sub-process.`,
      ),
    ]
  if (target.kind === 'startEvent' || target.kind === 'boundaryEvent')
    return [
      error(
        'incoming',
        target.id,
        `Không luồng nào được đi vào "${target.id}".`,
        `No flow may lead to "${target.id}".`,
      ),
    ]
  if (source.kind === 'endEvent')
    return [
      error('outgoing', source.id, `Không luồng nào được rời "${source.id}".`, `No flow may leave "${source.id}".`),
    ]
  return []
}

/** What an element names is there: the default among the flows that leave it, the message it waits for or sends. */
function checkNames(node: FlowNode): Finding[] {
  const findings: Finding[] = []
  if ('default' in node && node.default !== null && !node.outgoing.includes(node.default)) {
    findings.push(
      error(
        'default',
        node.id,
        `Luồng mặc định của "${node.id}" không xuất phát từ nó.`,
        `The default flow of "${node.id}" does not leave it.`,
      ),
    )
  }
  if ('event' in node && node.event.type === 'message' && node.event.name === '') {
    findings.push(error('message', node.id, `"${node.id}" chưa có tên thông điệp.`, `"${node.id}" names no message.`))
  }
  return findings
}

function checkStarts(flow: Flow): Finding[] {
  const findings: Finding[] = []
  const hasNone = (ids: string[]) =>
    ids.some((id) => {
      const node = flow.nodes[id]
      return node?.kind === 'startEvent' && node.event.type === 'none'
    })
  if (starters(flow).length === 0) {
    const begins = implicitStarts(flow, flow.id).length > 0
    const [vi, en] = ['Quy trình chưa có sự kiện bắt đầu.', 'The process has no start event.']
    findings.push(begins ? warning('start', flow.id, vi, en) : error('start', flow.id, vi, en))
  }
  for (const node of Object.values(flow.nodes)) {
    if (node.kind !== 'subProcess' || node.adHoc || node.variant === 'event' || hasNone(node.startEvents)) continue
    if (node.startEvents.length === 0 && implicitStarts(flow, node.id).length > 0) continue
    findings.push(
      error(
        'start',
        node.id,
        `Tiểu quy trình "${node.id}" cần một sự kiện bắt đầu không điều kiện.`,
        `The sub-process "${node.id}" needs a start event without a trigger.`,
      ),
    )
  }
  return findings
}
