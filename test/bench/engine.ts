import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { advance } from '#bpmn/advance.ts'
import type { AdvanceContext, CaseEvent, Effect, Variables } from '#bpmn/case.ts'
import { drawn, forEach, service, task } from '#bpmn/drawn.ts'
import type { Flow } from '#bpmn/flow.ts'
import { parseFlow } from '#bpmn/parse.ts'
import type { CaseState } from '#bpmn/state.ts'
import { ORDINARY_WEEK } from '#bpmn/working-time.ts'
import { round } from './measure.ts'

const CONTEXT: AdvanceContext = { now: Date.parse('2026-11-20T09:00:00+07:00'), calendar: ORDINARY_WEEK }

const SIZES = [10, 20, 50, 100, 300, 1_000]
/** One less than a case may have, as one of them waits at the join. */
const OPEN_TOKENS = [1, 10, 100, 300, 999]

/**
 * `advance` alone, on one core: no database, no JSON, no clock. A step is one event: the start of a case, a task completed, a call
 * answered. Seconds are those of the processor, all threads of this process together, so that whatever else the machine does takes
 * nothing away; each figure is the best of several rounds.
 */
export async function benchEngine(options: { ms?: number; rounds?: number } = {}): Promise<Record<string, unknown>> {
  const { ms = 250, rounds = 3 } = options
  const rate = (flow: Flow, variables: Variables) => best(rounds, () => stepsPerSecond(flow, variables, ms))
  const approval = await parseFlow(
    await readFile(join(import.meta.dirname, '../../bpmn/diagrams/approval.bpmn'), 'utf8'),
  )
  const letter = { subject: 'V/v báo cáo', sender: 'VPCP', urgency: 0, dueDate: '2026-12-31', needsReply: true }
  const byElements: Record<string, number> = {}
  for (const size of SIZES) byElements[size] = Math.round(rate(await chain(size), {}))
  const byTokens: Record<string, Record<string, number>> = {}
  const growth: Record<string, number> = {}
  for (const [name, flow] of Object.entries(await fans())) {
    const costs: Record<string, number> = {}
    for (const tokens of OPEN_TOKENS)
      costs[tokens] = round(1e6 / best(rounds, () => stepsPerSecondWithOpen(flow, tokens, ms)))
    byTokens[name] = costs
    growth[name] = round(Math.log10((costs[999] ?? 0) / (costs[100] ?? 1)))
  }
  return {
    engine: 'imoit',
    steps_per_s: {
      four_user_tasks: Math.round(rate(approval, letter)),
      twenty_elements: byElements[20],
      twenty_elements_with_feel: Math.round(rate(await chain(20, true), { x: 3, leader: 'post:1' })),
      services_only: Math.round(rate(await chain(20, false, true), {})),
    },
    steps_per_s_by_elements: byElements,
    us_per_step_by_open_tokens: byTokens,
    // how the cost of a step grows with the open tokens: 0 not at all, 1 with their number
    growth_from_100_to_999_tokens: growth,
    peers_steps_per_s: { 'bpmn-engine': 120, SpiffWorkflow: 1_440 },
  }
}

/** User and system time of this process. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function best(rounds: number, measure: () => number): number {
  return Math.max(...Array.from({ length: rounds }, measure))
}

/** A start, an end, and between them tasks with a gateway after each third; with FEEL, its choices and its assignments are expressions. */
async function chain(size: number, feel = false, services = false): Promise<Flow> {
  const middle = Array.from({ length: size - 2 }, (_one, index) => `n${index}`)
  const isChoice = (index: number) => index % 4 === 3
  const elements = middle.map((id, index) => {
    if (isChoice(index)) return `<exclusiveGateway id="${id}"/>`
    return services ? service(id, 'noop') : task(id, '', '', feel ? '=leader' : 'role:clerk')
  })
  const arrows = ['s', ...middle].map((id, index) => {
    const choice = feel && index > 0 && isChoice(index - 1)
    const [next, last] = [middle[index] ?? 'e', index === middle.length]
    const skip = choice && !last ? `\n${id} -> e otherwise` : ''
    return `${id} -> ${next}${choice && !last ? ` if x > 1 and leader != null` : ''}${skip}`
  })
  return drawn(`<startEvent id="s"/>${elements.join('')}<endEvent id="e"/>\n${arrows.join('\n')}\n`)
}

/** As many tokens as there are items: at tasks, each in a sub-process, or beside one that waits at an inclusive join for all. */
async function fans(): Promise<Record<string, Flow>> {
  const each = forEach('items', 'item')
  const inside = `<startEvent id="in"/>${task('t')}<endEvent id="out"/>\n in -> t\n t -> out\n`
  const between = (elements: string, first: string, last = first) =>
    drawn(`<startEvent id="s"/>${elements}<endEvent id="e"/>\n s -> ${first}\n ${last} -> e\n`)
  return {
    tasks: await between(task('t', '', each), 't'),
    sub_processes: await between(`<subProcess id="p">${each}${inside}</subProcess>`, 'p'),
    inclusive_join: await between(
      `<inclusiveGateway id="f"/><inclusiveGateway id="j"/><task id="a"/>${task('t', '', each)}\n f -> a if true\n f -> t if true\n a -> j\n t -> j\n`,
      'f',
      'j',
    ),
  }
}

/** Cases from their start to their end, one after the other, for that long. */
function stepsPerSecond(flow: Flow, variables: Variables, ms: number): number {
  let steps = 0
  const began = cpuMs()
  let now = began
  while (now - began < ms) {
    for (let cases = 0; cases < 10; cases++) steps += playThrough(flow, variables)
    now = cpuMs()
  }
  return (steps / (now - began)) * 1_000
}

function playThrough(flow: Flow, variables: Variables): number {
  let steps = 0
  let state: CaseState | null = null
  const coming: CaseEvent[] = [{ type: 'start', variables }]
  for (let event = coming.shift(); event; event = coming.shift()) {
    const result = step(flow, state, event)
    state = result.state
    steps++
    for (const effect of result.effects) {
      const answer = answerTo(effect)
      if (answer) coming.push(answer)
    }
  }
  if (state?.status !== 'completed') throw new Error(`${flow.id} ended as ${state?.status ?? 'nothing'}`)
  return steps
}

/** With that many tokens open: a task is completed, from the same state again and again. */
function stepsPerSecondWithOpen(flow: Flow, tokens: number, ms: number): number {
  const items = Array.from({ length: tokens }, (_one, index) => index)
  const { state } = step(flow, null, { type: 'start', variables: { items } })
  const taskIds = state.tasks.map(({ id }) => id)
  let steps = 0
  const began = cpuMs()
  let now = began
  while (now - began < ms) {
    for (const taskId of taskIds.slice(0, 20)) {
      step(flow, state, { type: 'taskCompleted', taskId, outcome: 'done', variables: {} })
      steps++
    }
    now = cpuMs()
  }
  return (steps / (now - began)) * 1_000
}

function step(flow: Flow, state: CaseState | null, event: CaseEvent): { state: CaseState; effects: Effect[] } {
  const result = advance(flow, state, event, CONTEXT)
  if ('late' in result) throw new Error(`late: ${result.reason}`)
  return result
}

function answerTo(effect: Effect): CaseEvent | null {
  if (effect.kind === 'openTask')
    return { type: 'taskCompleted', taskId: effect.task.taskId, outcome: 'done', variables: {} }
  if (effect.kind === 'callService') return { type: 'callAnswered', callId: effect.callId, variables: {} }
  return null
}
