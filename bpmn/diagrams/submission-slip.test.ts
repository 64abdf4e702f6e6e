import { beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../flow.ts'
import { PlayedCase, shippedFlow } from './played-case.ts'

/** Monday 8:00 in Hà Nội. */
const MONDAY = Date.parse('2025-03-10T08:00:00+07:00')
const AUTHOR = 'post:11111111-1111-4111-8111-111111111111'
const LEADER = 'post:22222222-2222-4222-8222-222222222222'

describe('submission-slip', () => {
  let flow: Flow
  beforeAll(async () => {
    flow = await shippedFlow('submission-slip')
  })

  const submitted = (viaOffice = true) =>
    new PlayedCase(
      flow,
      {
        documentId: 'slip-1',
        subject: 'Đề án',
        authorPost: AUTHOR,
        unitCode: 'KH',
        leaderPost: LEADER,
        viaOffice,
        opinion: null,
      },
      MONDAY,
    )
  function expectEnd(played: PlayedCase) {
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  }

  it.each(['agreed', 'disagreed', 'directed'])(
    'is reviewed, seen by the Office and %s, and its author is told',
    (outcome) => {
      const played = submitted()
      expect(played.task('review')).toMatchObject({ formKey: 'slip.review', candidateGroups: ['unit:KH:head'] })
      played.complete('review', 'approved')
      expect(played.task('officeReview').candidateGroups).toEqual(['role:chief-of-office'])
      played.complete('officeReview', 'forwarded')
      expect(played.task('decide').assignee).toBe(LEADER)
      played.complete('decide', outcome, { opinion: 'Giao Vụ Kế hoạch' })
      expect(played.called('letter.decided')).toEqual([
        { documentId: 'slip-1', to: AUTHOR, by: LEADER, outcome, opinion: 'Giao Vụ Kế hoạch' },
      ])
      expect(played.called('document.close')).toEqual([{ documentId: 'slip-1' }])
      expectEnd(played)
    },
  )

  it('goes straight to the leader where the Office is not asked', () => {
    const played = submitted(false)
    played.complete('review', 'approved')
    expect(played.waiting).toEqual(['decide'])
  })

  it.each([
    ['the head of the unit', []],
    ['the Office', [['review', 'approved']]],
    [
      'the leader',
      [
        ['review', 'approved'],
        ['officeReview', 'forwarded'],
      ],
    ],
  ] as const)('comes back to its author when %s returns it', (_who, passed) => {
    const played = submitted()
    for (const [element, outcome] of passed) played.complete(element, outcome)
    const [returns] = played.waiting
    played.complete(returns ?? '', 'returned', { reason: 'Chưa rõ nguồn kinh phí' })
    expect(played.task('revise').assignee).toBe(AUTHOR)
    played.complete('revise', 'submitted')
    expect(played.waiting).toEqual(['review'])
    expect(played.called('letter.decided')).toEqual([])
  })

  it('is taken back by its author, and withdrawn', () => {
    const played = submitted()
    played.takeBack('review')
    played.complete('revise', 'withdrawn', { reason: 'Đã giải quyết xong' })
    expect(played.called('document.withdraw')).toEqual([{ documentId: 'slip-1', reason: 'Đã giải quyết xong' }])
    expectEnd(played)
  })
})
