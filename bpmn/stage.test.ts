import { describe, expect, it } from 'vitest'
import { drawn, officeHours } from './drawn.ts'
import { Stage } from './stage.ts'

const SIGNALS = '<signal id="a" name="A"/><signal id="b" name="B"/>'
const both = '<signalEventDefinition signalRef="a"/><signalEventDefinition signalRef="b"/>'

describe('several cases on one clock', () => {
  it('a start that needs all its events begins a case with the last of them', async () => {
    const thrower = await drawn(
      `<startEvent id="s"/><intermediateThrowEvent id="x"><signalEventDefinition signalRef="a"/></intermediateThrowEvent><userTask id="t"/>
      <intermediateThrowEvent id="y"><signalEventDefinition signalRef="b"/></intermediateThrowEvent><endEvent id="e"/>
      s -> x
      x -> t
      t -> y
      y -> e`,
      SIGNALS,
    )
    const begun = await drawn(
      `<startEvent id="s" parallelMultiple="true">${both}</startEvent><endEvent id="e"/>\n s -> e\n`,
      SIGNALS,
    )
    const stage = new Stage([{ ...thrower, id: 'thrower' }, begun], officeHours(), () => null)
    const first = stage.start(thrower, {})
    expect(stage.cases).toEqual([first])
    stage.play(first, { type: 'taskCompleted', taskId: first.task('t').taskId })
    expect(stage.cases.map(({ flow }) => flow.id)).toEqual([thrower.id, begun.id])
    expect(stage.cases.map(({ ended }) => ended)).toEqual(['completed', 'completed'])
  })
})
