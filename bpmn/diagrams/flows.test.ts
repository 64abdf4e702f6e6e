import { beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../flow.ts'
import { HOUR } from '../drawn.ts'
import { PlayedCase, shippedFlow } from './played-case.ts'

/** Monday 8:00 in Hà Nội. */
const MONDAY = Date.parse('2025-03-10T08:00:00+07:00')
const DEADLINE = '2025-03-20T10:00:00.000Z'
const SPECIALIST = 'post:22222222-2222-4222-8222-222222222222'

describe('internal-notice', () => {
  const units = Array.from({ length: 31 }, (_, i) => `U${i + 1}`)
  const start = { documentId: 'notice-55', subject: '55/TB-BCT', recipientUnits: units, authorPost: 'post:9' }
  let flow: Flow
  beforeAll(async () => {
    flow = await shippedFlow('internal-notice')
  })

  it('asks every unit once, chases after two working days and closes when all have answered', () => {
    // Friday: two working days later is Tuesday.
    const friday = Date.parse('2025-03-14T08:00:00+07:00')
    const played = new PlayedCase(flow, start, friday)
    expect(played.task('registerNotice').candidateGroups).toEqual(['role:ministry-clerk'])
    played.complete('registerNotice', 'issued')
    expect(played.called('document.issueInternal')).toEqual([{ documentId: 'notice-55', recipientUnits: units }])
    expect([...played.tasks.values()].map((task) => task.candidateGroups)).toEqual(units.map((u) => [`unit:${u}:head`]))
    expect(played.task('receive', 'unit:U7:head')).toMatchObject({
      formKey: 'notice.receive',
      properties: { 'imoit.part': 'information' },
    })

    for (const unit of units.slice(1)) played.complete('receive', 'noted', {}, `unit:${unit}:head`)
    played.passTo(Date.parse('2025-03-17T16:59:00+07:00'))
    expect(played.called('letter.chase')).toEqual([])
    played.passTo(Date.parse('2025-03-18T08:30:00+07:00'))
    expect(played.called('letter.chase')).toHaveLength(1)

    const order = { carryOutPost: SPECIALIST, carryOutDeadline: DEADLINE, instruction: 'Rà soát DVC mức 4' }
    played.complete('receive', 'directed', order)
    expect(played.task('carryOut')).toMatchObject({ assignee: SPECIALIST, dueAt: Date.parse(DEADLINE) })
    played.complete('carryOut', 'done', { result: 'Đã rà soát' })
    expect(played.state.variables['receipts']).toEqual(
      units.map((unit, i) =>
        i === 0 ? { unit, outcome: 'done', result: 'Đã rà soát' } : { unit, outcome: 'noted', result: null },
      ),
    )
    expect(played.called('document.close')).toHaveLength(1)
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('tells the author when the clerk returns it', () => {
    const played = new PlayedCase(flow, start, MONDAY)
    played.complete('registerNotice', 'returned', { reason: 'Thiếu nơi nhận' })
    expect(played.called('letter.returned')).toEqual([
      { documentId: 'notice-55', to: 'post:9', reason: 'Thiếu nơi nhận' },
    ])
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })
})

describe('approval', () => {
  const start = { subject: 'x', sender: 'y', urgency: 1, dueDate: '2025-03-20', needsReply: true }
  let flow: Flow
  beforeAll(async () => {
    flow = await shippedFlow('approval')
  })

  it('is registered, directed, handled, signed and issued', () => {
    const played = new PlayedCase(flow, start, MONDAY)
    for (const [task, group] of [
      ['register', 'registry'],
      ['direct', 'management'],
      ['handle', 'officers'],
      ['sign', 'management'],
    ] as const) {
      expect(played.waiting).toEqual([task])
      played.complete(task, 'done', {}, group)
    }
    expect(played.calls.map((call) => [call.elementId, call.serviceType])).toEqual([['issue', 'noop']])
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('is filed where no reply is needed', () => {
    const played = new PlayedCase(flow, { ...start, needsReply: false }, MONDAY)
    played.complete('register', 'done')
    played.complete('direct', 'done')
    expect(played.calls).toEqual([])
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('reminds after eight hours of directing and three days of handling, and goes on waiting', () => {
    const played = new PlayedCase(flow, start, MONDAY)
    played.complete('register', 'done')
    played.passTo(MONDAY + 8 * HOUR)
    expect(played.calls.map((call) => call.elementId)).toEqual(['remind'])
    expect(played.waiting).toEqual(['direct'])
    played.complete('direct', 'done')
    played.passTo(played.context.now + 72 * HOUR)
    expect(played.calls.map((call) => call.elementId)).toEqual(['remind', 'remind'])
    expect(played.waiting).toEqual(['handle'])
  })
})
