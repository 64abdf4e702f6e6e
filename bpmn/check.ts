import { embeddedFormId, readFormSchema } from './form/schema.ts'
import { behaviours } from './behaviours/registry.ts'
import { implicitStarts } from './bodies.ts'
import type { AdvanceContext } from './case.ts'
import { doubtsAbout } from './check-doubts.ts'
import { parseDuration } from './duration.ts'
import { expressionsOf } from './expressions.ts'
import { feelProblem, isFeel } from './feel.ts'
import { isActivity, type Bounds, type Flow } from './flow.ts'
import { suppliedWord } from './script-word.ts'
import { starters } from './starting.ts'
import { readTimer } from './timers.ts'
import { ORDINARY_WEEK } from './working-time.ts'

/** What publishing says about a flow: an error bars it, a warning does not. */
export interface Finding {
  rule: string
  severity: 'error' | 'warning'
  elementId: string | null
  vi: string
  en: string
  /** Where it is drawn; absent where nothing is. */
  place?: Place
}

export type Place = { elementId: string } & ({ bounds: Bounds } | { waypoints: { x: number; y: number }[] })

export interface CheckOptions {
  /** Service types that somebody answers; without it they are not checked. */
  serviceTypes?: ReadonlySet<string>
  /** Whether somebody holds a post today that an assignee or candidate group (a text, not FEEL) names. */
  isStaffed?: (group: string) => boolean
  /** Scripts that are one word name what whoever runs the flow brings (`suppliedWord`): they are neither read nor asked for their language. */
  scriptsSupplied?: boolean
  /** Processes that are not executable are only held to the standard. */
  drawings?: boolean
}

/** All findings on a flow, errors first, each with its place in the diagram. */
export function checkFlow(flow: Flow, options: CheckOptions = {}): Finding[] {
  const nodeOf = (id: string) => flow.nodes[id] ?? flow.bundled?.[id]?.nodes[id]
  const isSupplied = (elementId: string | null) =>
    options.scriptsSupplied === true && suppliedWord(nodeOf(elementId ?? '')) !== null
  const findings = checkRules(flow).filter(({ rule, elementId }) => rule !== 'EXT053' || !isSupplied(elementId))
  if (!flow.executable) findings.push(checkExecutable(flow))
  if (flow.executable || !options.drawings) {
    findings.push(...checkRunnable(flow), ...checkReferences(flow), ...checkStarts(flow), ...checkExpressions(flow))
    findings.push(...checkTimers(flow), ...checkServices(flow, options.serviceTypes))
    findings.push(...checkTasks(flow, isSupplied), ...checkForms(flow), ...doubtsAbout(flow, options))
  }
  return findings
    .map((finding) => ({ ...finding, ...placeOf(flow, finding.elementId) }))
    .sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

/** Where an element is drawn, or the nearest around it that is. */
function placeOf(flow: Flow, elementId: string | null): { place?: Place } {
  for (let id = elementId ?? ''; id !== ''; id = flow.nodes[id]?.parent ?? '') {
    const [bounds, waypoints] = [flow.shapes[id], flow.edges[id]]
    if (bounds) return { place: { elementId: id, bounds } }
    if (waypoints) return { place: { elementId: id, waypoints } }
  }
  return {}
}

function error(rule: string, elementId: string | null, vi: string, en: string): Finding {
  return { rule, severity: 'error', elementId, vi, en }
}

export function warning(rule: string, elementId: string | null, vi: string, en: string): Finding {
  return { rule, severity: 'warning', elementId, vi, en }
}

/** The standard's own rules. */
function checkRules(flow: Flow): Finding[] {
  return (flow.broken ?? []).map(({ rule, elementId, vi, en }) => error(rule, elementId, vi, en))
}

function checkExecutable({ id }: Flow): Finding {
  return warning(
    'not-executable',
    id,
    `Quy trình "${id}" chưa được đánh dấu là chạy được (isExecutable).`,
    `The process "${id}" is not marked as executable.`,
  )
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

function checkReferences(flow: Flow): Finding[] {
  const findings: Finding[] = []
  for (const edge of Object.values(flow.sequenceFlows)) {
    const source = flow.nodes[edge.source]
    const target = flow.nodes[edge.target]
    if (!source || !target) {
      findings.push(
        error(
          'reference',
          edge.id,
          `Luồng "${edge.id}" không nối hai phần tử.`,
          `The flow "${edge.id}" does not join two elements.`,
        ),
      )
    } else if (source.parent !== target.parent) {
      findings.push(
        error(
          'crosses-sub-process',
          edge.id,
          `Luồng "${edge.id}" đi xuyên qua biên của tiểu quy trình.`,
          `The flow "${edge.id}" crosses the border of a sub-process.`,
        ),
      )
    } else if (target.kind === 'startEvent' || target.kind === 'boundaryEvent') {
      findings.push(
        error(
          'incoming',
          target.id,
          `Không luồng nào được đi vào "${target.id}".`,
          `No flow may lead to "${target.id}".`,
        ),
      )
    } else if (source.kind === 'endEvent') {
      findings.push(
        error('outgoing', source.id, `Không luồng nào được rời "${source.id}".`, `No flow may leave "${source.id}".`),
      )
    }
  }
  for (const node of Object.values(flow.nodes)) {
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

function checkExpressions(flow: Flow): Finding[] {
  return expressionsOf(flow).flatMap(({ elementId, place, expression }) => {
    const problem = isFeel(expression) ? feelProblem(expression) : null
    if (!problem) return []
    return error(
      'feel',
      elementId,
      `Biểu thức FEEL ở "${elementId}" (${place}) không đọc được: ${problem.message}`,
      `The FEEL of "${elementId}" (${place}) cannot be read: ${problem.message}`,
    )
  })
}

/** Only to see whether a text can be read: any calendar that works will do. */
const READING: AdvanceContext = { now: 0, calendar: ORDINARY_WEEK }

function checkTimers(flow: Flow): Finding[] {
  const findings: Finding[] = []
  const unreadable = (id: string, text: string) =>
    error('timer', id, `Không đọc được thời hạn "${text}" ở "${id}".`, `The time "${text}" of "${id}" cannot be read.`)
  for (const node of Object.values(flow.nodes)) {
    if ('event' in node && node.event.type === 'timer') {
      const { value, workingTime } = node.event.timer
      if (!isFeel(value) && !readTimer(READING, value, workingTime)) findings.push(unreadable(node.id, value))
    }
    const sla = node.properties['imoit.sla']
    if (sla && !isFeel(sla)) {
      const parts = parseDuration(sla)
      const working = node.properties['imoit.workingTime'] === 'true'
      if (!parts || (working && parts.months > 0)) findings.push(unreadable(node.id, sla))
    }
    const share = node.properties['imoit.remindShare']
    if (share && !isFeel(share) && !(Number(share) >= 0 && Number(share) <= 1))
      findings.push(unreadable(node.id, share))
  }
  return findings
}

function checkServices(flow: Flow, known: ReadonlySet<string> | undefined): Finding[] {
  return Object.values(flow.nodes).flatMap((node) => {
    if (node.kind !== 'serviceTask') return []
    if (node.serviceType === null) {
      if (node.message || node.decision) return []
      return error('service', node.id, `"${node.id}" chưa chọn dịch vụ.`, `"${node.id}" names no service type.`)
    }
    if (!known || isFeel(node.serviceType) || known.has(node.serviceType)) return []
    return error(
      'service',
      node.id,
      `Không có dịch vụ "${node.serviceType}" mà "${node.id}" cần.`,
      `Nothing answers the service type "${node.serviceType}" of "${node.id}".`,
    )
  })
}

function checkTasks(flow: Flow, isSupplied: (elementId: string) => boolean): Finding[] {
  return Object.values(flow.nodes).flatMap((node) => {
    const findings: Finding[] = []
    if (
      node.kind === 'userTask' &&
      node.assignee === null &&
      node.candidateGroups === null &&
      node.candidateUsers === null
    ) {
      findings.push(warning('nobody', node.id, `"${node.id}" chưa giao cho ai.`, `"${node.id}" is assigned to nobody.`))
    }
    if (node.kind === 'scriptTask' && node.script === null) {
      findings.push(error('script', node.id, `"${node.id}" chưa có biểu thức.`, `"${node.id}" has no script.`))
    }
    if (node.kind === 'scriptTask' && node.language !== undefined && !isSupplied(node.id)) {
      findings.push(
        error(
          'unsupported',
          node.id,
          `"${node.id}" viết bằng ${node.language}; kịch bản chỉ chạy được khi viết bằng FEEL.`,
          `"${node.id}" is written in ${node.language}; scripts can only be run in FEEL.`,
        ),
      )
    }
    if (isActivity(node) && node.loop?.condition === null && node.loop.maximum === null) {
      findings.push(
        error(
          'endless-loop',
          node.id,
          `"${node.id}" lặp mãi: chưa có điều kiện lặp hay số lần tối đa.`,
          `"${node.id}" loops for ever: it has neither a condition nor a maximum.`,
        ),
      )
    }
    if (isActivity(node) && ((node.loop?.maximum ?? 0) < 0 || isNoCount(node.multiInstance?.cardinality ?? null))) {
      findings.push(
        error(
          'repetitions',
          node.id,
          `"${node.id}" không thể chạy với số lần lặp như vậy.`,
          `"${node.id}" cannot be run as many times as it says.`,
        ),
      )
    }
    if (isActivity(node) && node.multiInstance?.collection === null && node.multiInstance.cardinality === null) {
      findings.push(
        error(
          'multi-instance',
          node.id,
          `"${node.id}" lặp nhưng chưa nói lặp trên danh sách nào.`,
          `"${node.id}" is multi-instance over neither a list nor a number.`,
        ),
      )
    }
    return findings
  })
}

/** Steps whose own form is not there, or cannot be filled in. */
function checkForms(flow: Flow): Finding[] {
  return Object.values(flow.nodes).flatMap((node) => {
    const formId = node.kind === 'userTask' ? embeddedFormId(node.formKey) : null
    if (formId === null) return []
    const stored = flow.forms?.[formId]
    if (stored === undefined)
      return error(
        'form',
        node.id,
        `Biểu mẫu riêng của "${node.id}" không có trong sơ đồ.`,
        `The own form of "${node.id}" is not in the file.`,
      )
    const read = readFormSchema(stored)
    if (read.ok) return []
    const { vi, en } = read.problem
    return error('form', node.id, `Biểu mẫu riêng của "${node.id}" ${vi}.`, `The own form of "${node.id}" ${en}.`)
  })
}

/** A number that stands there and is no count; what is to be evaluated is seen only in a case. */
function isNoCount(cardinality: string | null): boolean {
  const said = /^=?\s*(-?[\d.]+|"[^"]*")\s*$/.exec(cardinality ?? '')?.[1]
  return said !== undefined && !/^\d+$/.test(said)
}
