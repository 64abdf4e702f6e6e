import { beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../flow.ts'
import { PlayedCase, shippedFlow } from './played-case.ts'

/** Monday 8:00 in Hà Nội. */
const MONDAY = Date.parse('2025-03-10T08:00:00+07:00')
/** Thursday, when the office closes. */
const DEADLINE = '2025-03-13T10:00:00.000Z'
const AUTHOR = 'post:11111111-1111-4111-8111-111111111111'

describe('opinion-request', () => {
  let flow: Flow
  beforeAll(async () => {
    flow = await shippedFlow('opinion-request')
  })

  const asked = () =>
    new PlayedCase(
      flow,
      {
        documentId: 'ask-1',
        authorPost: AUTHOR,
        unitCode: 'TMDT',
        opinionUnits: ['PC', 'XNK', 'KH'],
        opinionDeadline: DEADLINE,
      },
      MONDAY,
    )
  function concluded(played: PlayedCase) {
    expect(played.task('synthesise')).toMatchObject({ assignee: AUTHOR, formKey: 'opinion.conclude' })
    played.complete('synthesise', 'concluded', { synthesis: 'Tiếp thu ý kiến Vụ Pháp chế' })
    expect(played.called('letter.concluded')).toEqual([
      { documentId: 'ask-1', units: ['PC', 'XNK', 'KH'], synthesis: 'Tiếp thu ý kiến Vụ Pháp chế' },
    ])
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  }

  it('asks every unit side by side and goes on as soon as all have answered, without waiting for the deadline', () => {
    const played = asked()
    expect(played.waiting).toEqual(['answer', 'answer', 'answer'])
    expect(played.task('answer', 'unit:XNK:head')).toMatchObject({
      dueAt: Date.parse(DEADLINE),
      input: { unit: 'XNK' },
    })
    played.complete('answer', 'agreed', {}, 'unit:PC:head')
    played.complete('answer', 'assigned', { opinionPost: 'post:3' }, 'unit:XNK:head')
    played.complete('answer', 'notConcerned', { reason: 'Không thuộc chức năng' }, 'unit:KH:head')
    expect(played.task('write')).toMatchObject({ assignee: 'post:3', input: { unit: 'XNK' } })
    played.complete('write', 'disagreed', { opinionText: 'Trùng quy định' })
    expect(played.called('letter.chase')).toEqual([])
    expect([...played.timers.values()].filter((timer) => timer.purpose === 'flow')).toEqual([])
    concluded(played)
  })

  it('chases the late at the deadline and lets who asked close it', () => {
    const played = asked()
    played.complete('answer', 'agreed', {}, 'unit:PC:head')
    played.passTo(Date.parse(DEADLINE))
    expect(played.called('letter.chase')).toEqual([{ documentId: 'ask-1', to: AUTHOR, about: 'opinions-late' }])
    expect(played.waiting.sort()).toEqual(['answer', 'answer', 'closeLate'])
    expect(played.task('closeLate').assignee).toBe(AUTHOR)
    played.complete('closeLate', 'closed', { note: 'Gấp' })
    expect(played.waiting).toEqual(['synthesise'])
    concluded(played)
  })

  it('still takes answers after the deadline, and needs no closing once the last one is there', () => {
    const played = asked()
    played.passTo(Date.parse(DEADLINE))
    for (const unit of ['PC', 'XNK', 'KH']) played.complete('answer', 'agreed', {}, `unit:${unit}:head`)
    expect(played.waiting).toEqual(['synthesise'])
    concluded(played)
  })

  it('closes by itself when nobody closes it for five working days', () => {
    const played = asked()
    played.passTo(Date.parse(DEADLINE))
    // Thursday evening: five working days end on the next Thursday.
    played.passTo(Date.parse('2025-03-20T16:59:00+07:00'))
    expect(played.waiting).toContain('closeLate')
    played.passTo(Date.parse('2025-03-21T08:30:00+07:00'))
    expect(played.waiting).toEqual(['synthesise'])
  })

  it('is taken back by who asked', () => {
    const played = asked()
    played.takeBack('gather')
    expect(played.called('document.withdraw')).toEqual([{ documentId: 'ask-1' }])
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })
})
