import { describe, expect, it } from 'vitest'
import { frameAfter, type ReplayMove } from './replay.ts'

const entered = (elementId: string, flowId?: string): ReplayMove => ({
  elementId,
  act: 'entered',
  ...(flowId === undefined ? {} : { flowId }),
})
const left = (elementId: string): ReplayMove => ({ elementId, act: 'left' })

describe('a case played again', () => {
  const steps = [
    { moves: [entered('start'), left('start'), entered('a', 'f1')] },
    { moves: [left('a'), entered('fork', 'f2'), left('fork'), entered('b', 'f3'), entered('c', 'f4')] },
    { moves: [left('b'), entered('join', 'f5')] },
    {
      moves: [
        left('c'),
        entered('join', 'f6'),
        { ...left('join'), joined: true as const },
        entered('end', 'f7'),
        left('end'),
      ],
    },
  ]

  it('stands where it stood after each step', () => {
    expect([0, 1, 2, 3, 4].map((count) => frameAfter(steps, count).standing)).toEqual([
      [],
      ['a'],
      ['b', 'c'],
      ['c', 'join'],
      [],
    ])
  })

  it('has passed what was left, ways included, and shows the ways of the last step', () => {
    expect(frameAfter(steps, 2)).toEqual({
      standing: ['b', 'c'],
      passed: ['start', 'f1', 'a', 'f2', 'fork', 'f3', 'f4'],
      taken: ['f2', 'f3', 'f4'],
    })
  })

  it('comes back to what it had passed', () => {
    const back = [...steps.slice(0, 2), { moves: [left('b'), entered('a', 'f8')] }]
    expect(frameAfter(back, 3).standing).toEqual(['a', 'c'])
    expect(frameAfter(back, 3).passed).not.toContain('a')
  })
})
