import { answeredBy, readFormSchema } from './form/schema.ts'
import { implicitStarts } from './bodies.ts'
import type { CheckOptions } from './check.ts'
import { feelVariables, isFeel } from './feel.ts'
import { expressionsOf } from './expressions.ts'
import { warning, type Finding } from './finding.ts'
import { isActivity, type Flow } from './flow.ts'
import { soundnessOf } from './soundness.ts'
import { starters } from './starting.ts'
import { linkTarget } from './throwing.ts'

/** What is only doubtful about a flow: it may be published all the same. */
export function doubtsAbout(flow: Flow, options: CheckOptions = {}): Finding[] {
  return [
    ...checkGateways(flow),
    ...checkReachable(flow),
    ...checkTokens(flow),
    ...checkVariables(flow),
    ...checkStaff(flow, options.isStaffed),
  ]
}

function checkStaff(flow: Flow, isStaffed: CheckOptions['isStaffed']): Finding[] {
  if (!isStaffed) return []
  return Object.values(flow.nodes).flatMap((node) => {
    if (node.kind !== 'userTask') return []
    const said = [node.assignee, node.candidateGroups, node.candidateUsers]
    // what an expression gives is known only in a case
    if (said.some((one) => one !== null && isFeel(one))) return []
    const groups = said.flatMap((one) => (one === null ? [] : one.split(',').map((group) => group.trim())))
    if (groups.length === 0 && node.lane !== undefined) groups.push(`lane:${node.lane}`)
    if (groups.length === 0 || groups.some(isStaffed)) return []
    return warning(
      'not-staffed',
      node.id,
      `Hiện không ai nhận được việc "${node.id}" (${groups.join(', ')}).`,
      `Nobody can take "${node.id}" today (${groups.join(', ')}).`,
    )
  })
}

function checkGateways(flow: Flow): Finding[] {
  return Object.values(flow.nodes).flatMap((node) => {
    if (node.kind !== 'exclusiveGateway' && node.kind !== 'inclusiveGateway') return []
    if (node.outgoing.length < 2) return []
    const findings: Finding[] = []
    const open = node.outgoing.filter((id) => id !== node.default && flow.sequenceFlows[id]?.condition == null)
    if (node.default === null && open.length === 0) {
      findings.push(
        warning(
          'default',
          node.id,
          `Cổng "${node.id}" chưa có luồng mặc định: khi không điều kiện nào đúng, hồ sơ sẽ dừng lại.`,
          `The gateway "${node.id}" has no default flow: where no condition holds, the case stops with an incident.`,
        ),
      )
    }
    if (node.kind === 'exclusiveGateway') {
      for (const id of open) {
        findings.push(
          warning(
            'condition',
            id,
            `Luồng "${id}" không có điều kiện nên luôn được chọn trước các luồng sau nó.`,
            `The flow "${id}" has no condition, so it is taken before any that come after it.`,
          ),
        )
      }
    }
    return findings
  })
}

function checkReachable(flow: Flow): Finding[] {
  const reached = new Set<string>()
  const begins = starters(flow).map(({ elementId }) => elementId)
  const open = begins.length > 0 ? begins : implicitStarts(flow, flow.id)
  open.push(...(flow.eventSubProcesses ?? []))
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = flow.nodes[id]
    if (!node || reached.has(id)) continue
    reached.add(id)
    for (const edge of node.outgoing) open.push(flow.sequenceFlows[edge]?.target ?? '')
    if (node.kind === 'intermediateThrowEvent' && node.event.type === 'link')
      open.push(linkTarget(flow.nodes, node.parent, node.event.name) ?? '')
    if (node.kind === 'boundaryEvent') open.push(node.handler ?? '')
    if (isActivity(node)) open.push(...node.boundaries)
    if (node.kind !== 'subProcess') continue
    open.push(...node.startEvents, ...(node.eventSubProcesses ?? []))
    if (node.startEvents.length === 0) open.push(...implicitStarts(flow, node.id))
  }
  return Object.values(flow.nodes).flatMap((node) => {
    if (reached.has(node.id)) return []
    return warning('unreachable', node.id, `Không đường nào dẫn tới "${node.id}".`, `No path leads to "${node.id}".`)
  })
}

/** Joins that may wait for ever, and branches that come together without one: seen by playing the tokens of each body. */
function checkTokens(flow: Flow): Finding[] {
  const bodies = Object.values(flow.nodes).filter((node) => node.kind === 'subProcess' && !node.adHoc)
  return [flow.id, ...bodies.map(({ id }) => id)].flatMap((parent) => {
    const { deadlocks = [], repeated = [] } = soundnessOf(flow, parent) ?? {}
    return [
      ...deadlocks.map((id) =>
        warning(
          'deadlock',
          id,
          `Cổng "${id}" chờ mọi nhánh, nhưng có nhánh có thể không bao giờ tới: hồ sơ có thể đứng lại.`,
          `The gateway "${id}" waits for its branches, and one of them may never come: the case may get stuck.`,
        ),
      ),
      ...repeated.map((id) =>
        warning(
          'runs-twice',
          id,
          `Các nhánh chạy song song gặp nhau ở "${id}" mà không được gộp: những gì sau đó có thể chạy nhiều lần.`,
          `Branches that run side by side come together at "${id}" without a join: what follows may run more than once.`,
        ),
      ),
    ]
  })
}

/** Names that the engine gives a meaning to in certain places. */
const GIVEN = new Set([
  ...['outcome', 'loopCounter', 'activationCount', 'waitingForStart'],
  ...['numberOfInstances', 'numberOfActiveInstances', 'numberOfCompletedInstances', 'numberOfTerminatedInstances'],
])

/** Variables that no step writes and that the flow does not say are given: `imoit.variables` of the process, comma separated. */
function checkVariables(flow: Flow): Finding[] {
  const known = new Set((flow.properties['imoit.variables'] ?? '').split(',').map((name) => name.trim()))
  const written = writtenBy(flow)
  return expressionsOf(flow).flatMap(({ elementId, place, expression }) => {
    if (!isFeel(expression)) return []
    return feelVariables(expression).flatMap((name) => {
      if (GIVEN.has(name) || written.has(name) || known.has(name)) return []
      const like = [...written, ...known].find((one) => isSlip(name, one))
      const [vi, en] = like === undefined ? ['', ''] : [` Có phải là "${like}"?`, ` Is it "${like}"?`]
      return warning(
        'unknown-variable',
        elementId,
        `"${elementId}" (${place}) đọc biến "${name}" mà không bước nào ghi: biến phải có khi bắt đầu, từ biểu mẫu hoặc thông điệp.${vi}`,
        `"${elementId}" (${place}) reads the variable "${name}", which no step writes: it has to come with the start, a form or a message.${en}`,
      )
    })
  })
}

function writtenBy(flow: Flow): Set<string> {
  const names = new Set(flow.data ?? [])
  for (const form of Object.values(flow.forms ?? {})) {
    const read = readFormSchema(form)
    for (const key of read.ok ? answeredBy(read.schema) : []) names.add(key)
  }
  for (const node of Object.values(flow.nodes)) {
    for (const { target } of [...node.inputs, ...node.outputs]) names.add(target)
    for (const { to } of [...(node.dataIn ?? []), ...(node.dataOut ?? [])]) names.add(to)
    for (const name of node.data ?? []) names.add(name)
    if ('resultVariable' in node && node.resultVariable) names.add(node.resultVariable)
    if (node.kind === 'serviceTask' && node.decision?.resultVariable) names.add(node.decision.resultVariable)
    if (isActivity(node) && node.multiInstance?.inputElement) names.add(node.multiInstance.inputElement)
    if (isActivity(node) && node.multiInstance?.outputCollection) names.add(node.multiInstance.outputCollection)
  }
  return names
}

/** One letter more, less or other, or another case. */
function isSlip(name: string, known: string): boolean {
  if (name.toLowerCase() === known.toLowerCase()) return true
  if (known.length < 4 || Math.abs(name.length - known.length) > 1) return false
  let at = 0
  while (at < name.length && name[at] === known[at]) at++
  const [rest, other] = [name.slice(at), known.slice(at)]
  return rest.slice(1) === other.slice(1) || rest.slice(1) === other || rest === other.slice(1)
}
