import { beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../flow.ts'
import { PlayedCase, shippedFlow } from './played-case.ts'

/** Monday 8:00 in Hà Nội. */
const MONDAY = Date.parse('2025-03-10T08:00:00+07:00')
const DEADLINE = '2025-03-13T10:00:00.000Z'
const CLOSES = '2025-03-14T10:00:00.000Z'
const AUTHOR = 'post:11111111-1111-4111-8111-111111111111'
const LEADER = 'post:22222222-2222-4222-8222-222222222222'

describe('outgoing-document', () => {
  let flow: Flow
  beforeAll(async () => {
    flow = await shippedFlow('outgoing-document')
  })

  const begun = (more: { opinionUnits?: string[]; legalCheck?: boolean; recipientAgencies?: string[] } = {}) =>
    new PlayedCase(
      flow,
      {
        documentId: 'out-1',
        subject: 'Quản lý hóa chất',
        authorPost: AUTHOR,
        unitCode: 'HC',
        leaderPost: LEADER,
        legalCheck: false,
        recipientAgencies: ['G18'],
        recipientUnits: ['VP'],
        opinionUnits: [],
        opinionDeadline: more.opinionUnits ? DEADLINE : null,
        opinionsCloseAt: more.opinionUnits ? CLOSES : null,
        ...more,
      },
      MONDAY,
    )
  function signed(played: PlayedCase) {
    played.complete('approve', 'approved', { legalCheck: false })
    played.complete('checkFormat', 'approved')
    played.complete('signOff', 'signed', { signedSha256: 'aa' })
    return played
  }
  function expectEnd(played: PlayedCase) {
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  }

  it('goes from opinions over every check to the dispatched, kept document', () => {
    const played = begun({ opinionUnits: ['PC', 'XNK'] })
    expect(played.waiting).toEqual(['answer', 'answer'])
    expect(played.task('answer', 'unit:PC:head')).toMatchObject({
      formKey: 'opinion.answer',
      dueAt: Date.parse(DEADLINE),
      properties: { 'imoit.part': 'coordinate', 'imoit.workingTime': 'true' },
    })
    played.complete('answer', 'agreed', { opinionText: null }, 'unit:PC:head')
    played.complete('answer', 'assigned', { opinionPost: 'post:3' }, 'unit:XNK:head')
    expect(played.task('write').assignee).toBe('post:3')
    played.complete('write', 'disagreed', { opinionText: 'Trái Luật Hóa chất' })
    expect(played.state.variables['opinions']).toEqual([
      { unit: 'PC', outcome: 'agreed', opinionText: null, reason: null },
      { unit: 'XNK', outcome: 'disagreed', opinionText: 'Trái Luật Hóa chất', reason: null },
    ])

    expect(played.task('approve').candidateGroups).toEqual(['unit:HC:head'])
    played.complete('approve', 'approved', { legalCheck: true })
    expect(played.task('checkFormat').candidateGroups).toEqual(['unit:VP:head', 'unit:VP:specialist'])
    played.complete('checkFormat', 'approved')
    expect(played.task('checkLaw').candidateGroups).toEqual(['unit:PC:head', 'unit:PC:specialist'])
    played.complete('checkLaw', 'approved')
    expect(played.task('signOff')).toMatchObject({ assignee: LEADER, formKey: 'incoming.signOff' })
    played.complete('signOff', 'signed', { signedSha256: 'aa' })
    expect(played.task('dispatch').candidateGroups).toEqual(['role:ministry-clerk'])
    played.complete('dispatch', 'dispatched', { recipientAgencies: ['G18'], recipientUnits: ['VP'] })

    expect(played.called('exchange.send')).toEqual([{ documentId: 'out-1', recipientAgencies: ['G18'] }])
    expect(played.called('letter.dispatch')).toEqual([{ documentId: 'out-1', recipientUnits: ['VP'] }])
    expect(played.called('document.close')).toEqual([{ documentId: 'out-1' }])
    expectEnd(played)
  })

  it('asks nobody and checks no law where neither is wanted, and sends nothing over the exchange without an agency', () => {
    const played = signed(begun())
    played.complete('dispatch', 'dispatched', { recipientAgencies: [], recipientUnits: [] })
    expect(played.called('exchange.send')).toEqual([])
    expectEnd(played)
  })

  it('chases late units at the deadline, and takes silence for agreement a working day later', () => {
    const played = begun({ opinionUnits: ['PC', 'XNK'] })
    played.complete('answer', 'agreed', {}, 'unit:PC:head')
    played.passTo(Date.parse(DEADLINE))
    expect(played.called('letter.chase')).toEqual([{ documentId: 'out-1', to: AUTHOR, about: 'opinions-late' }])
    expect(played.waiting).toEqual(['answer'])
    played.passTo(Date.parse(CLOSES))
    expect(played.waiting).toEqual(['approve'])
    played.complete('approve', 'approved', { legalCheck: false })
    expect(played.waiting).toEqual(['checkFormat'])
  })

  it.each([
    ['the head of the unit', []],
    ['the Office', ['approve']],
    ['the Legal Department', ['approve', 'checkFormat']],
    ['the leader', ['approve', 'checkFormat', 'checkLaw']],
  ])('comes back to its author when %s returns it, and goes the whole way again', (_who, passed) => {
    const played = begun()
    for (const element of passed) played.complete(element, 'approved', { legalCheck: true })
    const [returns] = played.waiting
    played.complete(returns ?? '', 'returned', { reason: 'Sai căn cứ pháp lý' })
    expect(played.task('revise')).toMatchObject({ assignee: AUTHOR, formKey: 'outgoing.revise' })
    played.complete('revise', 'submitted', { opinionUnits: [], opinionDeadline: null, opinionsCloseAt: null })
    expect(played.waiting).toEqual(['approve'])
  })

  it('asks units again where the author wants it', () => {
    const played = begun()
    played.complete('approve', 'returned', { reason: 'Cần ý kiến Vụ Pháp chế' })
    played.complete('revise', 'submitted', {
      opinionUnits: ['PC'],
      opinionDeadline: DEADLINE,
      opinionsCloseAt: CLOSES,
    })
    expect(played.task('answer').candidateGroups).toEqual(['unit:PC:head'])
  })

  it('is taken back by its author with everything that was asked, and withdrawn', () => {
    const played = begun({ opinionUnits: ['PC', 'XNK'] })
    played.takeBack('review')
    expect(played.waiting).toEqual(['revise'])
    played.complete('revise', 'withdrawn', { reason: 'Không còn cần thiết' })
    expect(played.called('document.withdraw')).toEqual([{ documentId: 'out-1', reason: 'Không còn cần thiết' }])
    expectEnd(played)
  })
})
