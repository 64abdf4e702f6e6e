import { describe, expect, it } from 'vitest'
import { checkFlow } from './check.ts'
import { drawn, property, service, task, timerBoundary } from './drawn.ts'

async function rules(body: string, serviceTypes?: ReadonlySet<string>): Promise<string[]> {
  const findings = checkFlow(await drawn(body), serviceTypes ? { serviceTypes } : {})
  for (const finding of findings) expect(finding.vi).not.toBe(finding.en)
  return findings.map(({ rule, severity, elementId }) => `${severity} ${rule} ${elementId}`)
}

describe('checking a flow', () => {
  it('finds nothing on a sound one', async () => {
    const sound = `<startEvent id="s"/><exclusiveGateway id="g"/>${task('a')}${service('b', 'noop')}${timerBoundary('late', 'a', 'P1D')}<endEvent id="e"/>
      s -> g
      g -> a if x > 1
      g -> b otherwise
      late -> b
      a -> e
      b -> e`
    expect(await rules(sound, new Set(['noop']))).toEqual([])
  })

  it.each<[string, string, string]>([
    ['no start', task('a'), 'warning start drawn'],
    ['nothing to begin with', '<task id="a"/><task id="b"/>\n a -> b\n b -> a', 'error start drawn'],
    ['FEEL that does not parse', `<startEvent id="s"/>${task('a', '', '', '=a +')}\n s -> a`, 'error feel a'],
    [
      'a timer that cannot be read',
      `<startEvent id="s"/>${task('a')}${timerBoundary('late', 'a', 'P1X')}\n s -> a`,
      'error timer late',
    ],
    [
      'working months',
      `<startEvent id="s"/>${task('a', property({ 'imoit.sla': 'P1M', 'imoit.workingTime': 'true' }))}\n s -> a`,
      'error timer a',
    ],
    ['a service nobody knows', `<startEvent id="s"/>${service('b', 'launch')}\n s -> b`, 'error service b'],
    ['a flow into a start', `<startEvent id="s"/>${task('a')}\n s -> a\n a -> s`, 'error incoming s'],
    [
      'a sub-process without a start',
      `<startEvent id="s"/><subProcess id="sub">${task('a')}${task('b')}\n a -> b\n b -> a\n</subProcess>\n s -> sub`,
      'error start sub',
    ],
    ['nobody to do it', `<startEvent id="s"/><userTask id="a"/>\n s -> a`, 'warning nobody a'],
    [
      'a join that can never complete',
      `<startEvent id="s"/><exclusiveGateway id="g"/><parallelGateway id="j"/>${task('a')}${task('b')}\n s -> g\n g -> a if x\n g -> b otherwise\n a -> j\n b -> j`,
      'warning deadlock j',
    ],
    [
      'a variable nothing writes',
      `<startEvent id="s"/>${service('b', 'noop', '<zeebe:ioMapping><zeebe:output source="=1" target="amount"/></zeebe:ioMapping>')}${task('a')}${task('c')}\n s -> b\n b -> a if amuont > 1\n b -> c if amont > 1`,
      'warning unknown-variable b_c_3',
    ],
    [
      'a loop without an end',
      `<startEvent id="s"/><task id="t"><standardLoopCharacteristics/></task>\n s -> t`,
      'error endless-loop t',
    ],
    [
      'a maximum below nought',
      `<startEvent id="s"/><task id="t"><standardLoopCharacteristics loopMaximum="-1"/></task>\n s -> t`,
      'error repetitions t',
    ],
    [
      'a cardinality below nought',
      `<startEvent id="s"/><task id="t"><multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">-1</loopCardinality></multiInstanceLoopCharacteristics></task>\n s -> t`,
      'error repetitions t',
    ],
    [
      'a script in another language',
      `<startEvent id="s"/><scriptTask id="t" scriptFormat="text/javascript"><script>a + b</script></scriptTask>\n s -> t`,
      'error unsupported t',
    ],
    ['what no path leads to', `<startEvent id="s"/>${task('a')}`, 'warning unreachable a'],
    [
      'no default',
      `<startEvent id="s"/><exclusiveGateway id="g"/>${task('a')}${task('b')}\n s -> g\n g -> a if x\n g -> b if y`,
      'warning default g',
    ],
  ])('names %s', async (_what, body, expected) => {
    expect(await rules(body, new Set(['noop']))).toContain(expected)
  })

  it('knows what cases are started with, and who is there today, where it is told', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task('a', '', '', 'role:nobody')}${task('b')}<endEvent id="e"/>
      s -> a\na -> b if amount > 1\na -> e otherwise\nb -> e\n`)
    const findings = checkFlow(flow, { variables: new Set(['sum']), isStaffed: (group) => group === 'role:clerk' })
    expect(findings.map(({ rule, elementId }) => `${rule} ${elementId}`)).toEqual(
      expect.arrayContaining(['unknown-variable a_b_2', 'not-staffed a']),
    )
    expect(findings).not.toContainEqual(expect.objectContaining({ rule: 'not-staffed', elementId: 'b' }))
    expect(checkFlow(flow, { variables: new Set(['amount']) })).toEqual([])
  })
})
