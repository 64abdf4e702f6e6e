import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseFlow } from '#bpmn/parse.ts'
import { calendarOf, compareTrial, outcomeOf, outcomesAfter, playTrial, type Trial } from './trial.ts'

const calendar = calendarOf({
  timeZone: 'Asia/Ho_Chi_Minh',
  hours: [
    [480, 720],
    [780, 1020],
  ],
  workingWeekdays: [1, 2, 3, 4, 5],
  off: [],
  worked: [],
})
/** A Monday, 09:00 in Việt Nam. */
const startsAt = Date.parse('2026-11-23T09:00:00+07:00')

const file = (name: string) => readFile(new URL(`../../bpmn/diagrams/${name}.bpmn`, import.meta.url), 'utf8')
const incoming = async () => parseFlow(await file('incoming-document'))

const refused: Trial = {
  variables: { documentId: 'd', source: 'exchange' },
  startsAt,
  steps: [{ do: 'complete', elementId: 'register', outcome: 'refused', variables: { reason: 'nhầm nơi nhận' } }],
}

describe('a trial', () => {
  it('says who is asked and when it is due, and what the choice behind tells apart', async () => {
    const state = playTrial(await incoming(), { ...refused, steps: [] }, calendar)
    expect(state.tasks).toEqual([
      {
        elementId: 'register',
        name: 'Vào sổ',
        who: ['role:ministry-clerk'],
        // four working hours: over lunch
        dueAt: Date.parse('2026-11-23T14:00:00+07:00'),
        outcomes: ['refused'],
      },
    ])
    expect(state.tokens).toEqual(['register'])
    expect(state.calls).toEqual([{ elementId: 'reportArrived', serviceType: 'exchange.reportStatus' }])
    expect(state.ended).toBeNull()
  })

  it('goes to its end and leaves nothing', async () => {
    const state = playTrial(await incoming(), refused, calendar)
    expect(state).toMatchObject({ ended: 'completed', left: [], tasks: [], failed: null })
    expect(state.path).toContain('refusedEnd')
  })

  it('lets time jump to the next timer', async () => {
    const state = playTrial(await incoming(), { ...refused, steps: [{ do: 'wait' }] }, calendar)
    expect(state.now).toBeGreaterThan(startsAt)
    expect(state.now).toBeLessThanOrEqual(Date.parse('2026-11-23T14:00:00+07:00'))
  })

  it('names the first step that cannot be done', async () => {
    const steps: Trial['steps'] = [{ do: 'complete', elementId: 'direct' }]
    const state = playTrial(await incoming(), { ...refused, steps }, calendar)
    expect(state.failed).toEqual({ step: 0, why: 'no task waits at direct' })
    expect(state.tokens).toEqual(['register'])
  })

  it('offers no outcomes where nothing asks for them', async () => {
    expect(outcomesAfter(await incoming(), 'submit')).toEqual([])
  })
})

describe('a kept trial', () => {
  it('holds for the drawing that it was kept of', async () => {
    const flow = await incoming()
    const expected = outcomeOf(playTrial(flow, refused, calendar))
    expect(compareTrial({ trial: refused, expected }, playTrial(flow, refused, calendar))).toEqual([])
  })

  it('says what is different where the drawing goes another way', async () => {
    const expected = outcomeOf(playTrial(await incoming(), refused, calendar))
    const xml = (await file('incoming-document')).replace('=outcome = "refused"', '=outcome = "never"')
    const other = playTrial(await parseFlow(xml), refused, calendar)
    const differences = compareTrial({ trial: refused, expected }, other)
    expect(differences.map(({ part }) => part)).toEqual(['ended', 'waiting', 'missed'])
    expect(differences[1]).toEqual({ part: 'waiting', expected: '', got: 'submit' })
  })
})
