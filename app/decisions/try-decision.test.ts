import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { AdvanceContext } from '#bpmn/case.ts'
import { parseDmn } from '#bpmn/dmn/parse.ts'
import { blankDecision } from './drawing.ts'
import { inputsOf, tryDecision } from './try-decision.ts'

const context = { now: 0, calendar: { timeZone: 'Asia/Ho_Chi_Minh' } } as unknown as AdvanceContext
const shipped = async () =>
  parseDmn(await readFile(new URL('../../bpmn/decisions/lead-unit.dmn', import.meta.url), 'utf8'))

describe('the shipped table of lead units and deadlines', () => {
  it.each([
    ['000.00.00.G22', 'thương mại điện tử', 'TMDT', 3],
    ['000.00.00.G22', 'khác', 'VP', 5],
    ['H29', 'pháp chế', 'PC', 7],
    ['H29', 'thương mại điện tử', 'TMDT', 10],
    ['H29', '', 'VP', 15],
  ])('gives what %s writes about "%s" to %s, in %i days', async (sender, field, leadUnit, workingDays) => {
    const model = await shipped()
    expect(inputsOf(model)).toEqual(['sender', 'field'])
    expect(tryDecision(model, 'leadUnit', { sender, field }, context)).toEqual({
      ok: true,
      value: { leadUnit, workingDays },
    })
  })
})

describe('an expression', () => {
  it('is tried with what it reads', () => {
    const model = parseDmn(
      '<definitions id="m" name="m"><decision id="fee" name="Phí"><literalExpression id="l"><text>if amount &gt; 100 then amount / 10 else 0</text></literalExpression></decision></definitions>',
    )
    expect(inputsOf(model)).toEqual(['amount'])
    expect(tryDecision(model, 'fee', { amount: '200' }, context)).toEqual({ ok: true, value: 20 })
  })
})

describe('a blank table', () => {
  it('can be read, and says nothing', () => {
    const { xml, modelId } = blankDecision('Bảng <mới> "một"', 'x1')
    const model = parseDmn(xml)
    expect(model).toMatchObject({ id: modelId, name: 'Bảng <mới> "một"' })
    expect(tryDecision(model, 'decision_x1', {}, context).ok).toBe(true)
  })

  it('says why it cannot be evaluated', () => {
    const { xml } = blankDecision('Sai', 'x2')
    const model = parseDmn(
      xml
        .replace('<output ', '<output ')
        .replace(
          '</decisionTable>',
          '<rule id="r"><inputEntry id="i"><text></text></inputEntry><outputEntry id="o"><text>nothere(1)</text></outputEntry></rule></decisionTable>',
        ),
    )
    expect(tryDecision(model, 'decision_x2', {}, context)).toMatchObject({
      ok: false,
      why: expect.stringContaining('nothere') as string,
    })
  })
})
