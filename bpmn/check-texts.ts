import type { AdvanceContext } from './case.ts'
import { parseDuration } from './duration.ts'
import { expressionsOf } from './expressions.ts'
import { feelProblem, isFeel } from './feel.ts'
import { error, type Finding } from './finding.ts'
import type { Flow } from './flow.ts'
import { readTimer } from './timers.ts'
import { ORDINARY_WEEK } from './working-time.ts'

/** What is written in a flow's fields: FEEL and times that can be read. */
export const checkTexts = (flow: Flow): Finding[] => [...checkExpressions(flow), ...checkTimers(flow)]

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
    const told = node.properties['imoit.escalate']
    if (told && !['heads', 'office', 'nobody'].includes(told))
      findings.push(
        error(
          'timer',
          node.id,
          `Không rõ “${told}” ở "${node.id}" là báo quá hạn cho ai: heads (lãnh đạo đơn vị), office (thêm Văn phòng Bộ) hay nobody.`,
          `"${told}" of "${node.id}" does not say who is told once it is overdue: heads, office (the Ministry Office, too) or nobody.`,
        ),
      )
  }
  return findings
}
