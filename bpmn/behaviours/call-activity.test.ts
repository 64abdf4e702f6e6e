import { describe, expect, it } from 'vitest'
import { drawn, rehearse, task } from '../drawn.ts'

describe('call activity', () => {
  it('runs a global script task of the same file', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><callActivity id="c" calledElement="sum"/>${task('a')}\n s -> c\n c -> a\n`,
      `<globalScriptTask id="sum" scriptLanguage="application/feel"><extensionElements><zeebe:script expression="=price + 1" resultVariable="total"/></extensionElements><script>price + 1</script></globalScriptTask>`,
    )
    const played = rehearse(flow, { price: 4 })
    expect(played.waiting).toEqual(['a'])
    expect(played.state.variables).toMatchObject({ total: 5 })
  })
})
