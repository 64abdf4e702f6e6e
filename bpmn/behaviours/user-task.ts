import type { Json } from '../case.ts'
import { Failure } from '../failure.ts'
import type { Expression, UserTask } from '../flow.ts'
import { localInput } from '../local-input.ts'
import { scopePath, type Token } from '../state.ts'
import type { Step } from '../step.ts'
import { addDuration } from '../timers.ts'
import { parseInstant } from '../time-zone.ts'
import { shareOfWorkingTime } from '../working-time.ts'
import type { Behaviour } from './behaviour.ts'

const DEFAULT_PRIORITY = 50
const DEFAULT_REMIND_SHARE = 0.75

/** Opens a task for somebody, with its reminder and its due instant. */
export const userTask: Behaviour<UserTask> = {
  enter(step, token, node) {
    const properties = readProperties(step, token, node)
    if (properties instanceof Failure) return properties
    const assignee = readText(step, token, node.assignee)
    if (assignee instanceof Failure) return assignee
    const candidateGroups = readGroups(step, token, node)
    if (candidateGroups instanceof Failure) return candidateGroups
    const says = node.assignee !== null || node.candidateGroups !== null || node.candidateUsers !== null
    if (says && assignee === null && candidateGroups.length === 0) {
      return new Failure('nobody', `"${node.id}" is for nobody: its assignment gives no one`)
    }
    const priority = node.priority === null ? DEFAULT_PRIORITY : step.evaluate(token, node.priority)
    if (priority instanceof Failure) return priority
    if (!Number.isFinite(Number(priority))) return new Failure('priority', `The priority of "${node.id}" is no number`)
    const dueAt = readDue(step, token, node, properties)
    if (dueAt instanceof Failure) return dueAt

    const taskId = step.openTask(token.id)
    step.effects.push({
      kind: 'openTask',
      task: {
        taskId,
        elementId: node.id,
        name: node.name,
        formKey: node.formKey,
        assignee,
        candidateGroups,
        dueAt,
        priority: Number(priority),
        input: localInput(step, token, node),
        properties,
        scope: scopePath(step.state, token),
      },
    })
    if (dueAt !== null) armDeadline(step, token.id, node.id, dueAt, properties)
    return null
  },
}

/** `imoit.dueAt` before the schedule's due date before `imoit.sla`; null where none says anything. */
function readDue(
  step: Step,
  token: Token,
  node: UserTask,
  properties: Record<string, string>,
): number | null | Failure {
  const { context } = step
  const fixed = properties['imoit.dueAt'] || readText(step, token, node.dueDate)
  if (fixed instanceof Failure) return fixed
  if (fixed) {
    const dueAt = parseInstant(context.calendar.timeZone, fixed)
    return dueAt ?? new Failure('due', `"${node.id}" is to be due at "${fixed}", which is no date`)
  }
  const sla = properties['imoit.sla']
  if (!sla) return null
  const dueAt = addDuration(context, context.now, sla, properties['imoit.workingTime'] === 'true')
  return dueAt ?? new Failure('due', `"${node.id}" is to be done in "${sla}", which is no duration that can be counted`)
}

function armDeadline(
  step: Step,
  tokenId: string,
  elementId: string,
  dueAt: number,
  properties: Record<string, string>,
): void {
  const { now, calendar } = step.context
  const said = Number(properties['imoit.remindShare'] || DEFAULT_REMIND_SHARE)
  const share = said > 0 && said < 1 ? said : null
  if (share !== null && dueAt > now) {
    const working = properties['imoit.workingTime'] === 'true'
    const remindAt = working ? shareOfWorkingTime(calendar, now, dueAt, share) : now + Math.round((dueAt - now) * share)
    if (remindAt > now && remindAt < dueAt)
      step.addTimer({ token: tokenId, elementId, purpose: 'remind', dueAt: remindAt })
  }
  step.addTimer({ token: tokenId, elementId, purpose: 'due', dueAt })
}

function readText(step: Step, token: Token, expression: Expression | null): string | null | Failure {
  if (expression === null) return null
  const value = step.evaluate(token, expression)
  return value instanceof Failure ? value : asText(value) || null
}

/** A list, or names with commas between them; candidate users are asked like groups. Where nothing is said, those of the lane. */
function readGroups(step: Step, token: Token, node: UserTask): string[] | Failure {
  const groups: string[] = []
  if (
    node.lane !== undefined &&
    node.assignee === null &&
    node.candidateGroups === null &&
    node.candidateUsers === null
  )
    return [`lane:${node.lane}`]
  for (const expression of [node.candidateGroups, node.candidateUsers]) {
    if (expression === null) continue
    const value = step.evaluate(token, expression)
    if (value instanceof Failure) return value
    const names = Array.isArray(value) ? value.map(asText) : asText(value).split(',')
    for (const name of names) if (name.trim() !== '') groups.push(name.trim())
  }
  return groups
}

function readProperties(step: Step, token: Token, node: UserTask): Record<string, string> | Failure {
  const result: Record<string, string> = {}
  for (const [name, expression] of Object.entries(node.properties)) {
    const value = step.evaluate(token, expression)
    if (value instanceof Failure) return value
    result[name] = asText(value)
  }
  return result
}

function asText(value: Json): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
