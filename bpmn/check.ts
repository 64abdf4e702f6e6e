import { doubtsAbout } from './check-doubts.ts'
import { checkSteps } from './check-steps.ts'
import { checkStructure } from './check-structure.ts'
import { checkTexts } from './check-texts.ts'
import { error, warning, type Finding, type Place } from './finding.ts'
import type { Flow } from './flow.ts'
import { suppliedWord } from './script-word.ts'

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
    findings.push(...checkStructure(flow), ...checkTexts(flow))
    findings.push(
      ...checkSteps(flow, { serviceTypes: options.serviceTypes, isSupplied }),
      ...doubtsAbout(flow, options),
    )
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
