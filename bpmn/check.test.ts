import { describe, expect, it } from 'vitest'
import { checkFlow } from './check.ts'
import { drawn, property, service, task, timerBoundary } from './drawn.ts'

async function rules(body: string, serviceTypes?: ReadonlySet<string>): Promise<string[]> {
  const findings = checkFlow(await drawn(body), serviceTypes ? { serviceTypes } : {})
  for (const finding of findings) expect(finding.vi).not.toBe(finding.en)
  return findings.map(({ rule, severity, elementId }) => `${severity} ${rule} ${elementId}`)
}

const given = (names: string) => `<extensionElements>${property({ 'imoit.variables': names })}</extensionElements>`

describe('checking a flow', () => {
  it('finds nothing on a sound one', async () => {
    const sound = `${given('other, list')}<startEvent id="s"/><exclusiveGateway id="g"/>${task('a')}${service('b', 'noop')}${timerBoundary('late', 'a', 'P1D')}<endEvent id="e"/>
      s -> g
      g -> a if (some y in list satisfies y > 1) and now() > date and time("2026-01-01T00:00:00")
      g -> b otherwise
      late -> b
      a -> e
      b -> e`
    expect(await rules(sound, new Set(['noop']))).toEqual([])
  })

  const ownForm = (json: string) =>
    `<extensionElements><zeebe:userTaskForm id="f1">${json}</zeebe:userTaskForm></extensionElements><startEvent id="s"/>
      ${task('a', '<zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/>')}<exclusiveGateway id="g"/><endEvent id="e"/><endEvent id="n"/>
      s -> a
      a -> g
      g -> e if agreed = true
      g -> n otherwise`

  it('takes the form that a step has of its own, and knows the variables that it is answered with', async () => {
    expect(await rules(ownForm('{"components":[{"type":"checkbox","key":"agreed"}]}'))).toEqual([])
    expect(await rules(ownForm('{"components":[{"type":"filepicker","key":"agreed"}]}'))).toContain('error form a')
    expect(await rules(ownForm('').replace('userTaskForm id="f1"', 'userTaskForm id="f2"'))).toContain('error form a')
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
      'a join behind a choice that lies further back',
      `<startEvent id="s"/><exclusiveGateway id="g"/><exclusiveGateway id="m"/><parallelGateway id="f"/><parallelGateway id="j"/>${task('a')}${task('b')}${task('c')}\n s -> f\n f -> g\n f -> a\n g -> b if x\n g -> c otherwise\n b -> j\n c -> m\n a -> m\n m -> j`,
      'warning deadlock j',
    ],
    [
      'an inclusive choice before a parallel join',
      `<startEvent id="s"/><inclusiveGateway id="g"/><parallelGateway id="j"/>${task('a')}${task('b')}\n s -> g\n g -> a if x\n g -> b if y\n a -> j\n b -> j`,
      'warning deadlock j',
    ],
    [
      'a fork whose branches are only merged',
      `<startEvent id="s"/><parallelGateway id="g"/><exclusiveGateway id="m"/>${task('a')}${task('b')}${task('c')}\n s -> g\n g -> a\n g -> b\n a -> m\n b -> m\n m -> c`,
      'warning runs-twice m',
    ],
    [
      'the same inside a sub-process',
      `<startEvent id="s"/><subProcess id="p"><startEvent id="in"/><parallelGateway id="g"/>${task('a')}${task('b')}${task('c')}\n in -> g\n g -> a\n g -> b\n a -> c\n b -> c\n</subProcess>\n s -> p`,
      'warning runs-twice c',
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

  it.each<[string, string]>([
    ['a loop back', 's -> m\n m -> a\n a -> g\n g -> m if x\n g -> b otherwise\n'],
    ['a choice and its merge', 's -> g\n g -> a if x\n g -> b otherwise\n a -> m\n b -> m\n m -> c\n'],
    ['a fork and its join', 's -> f\n f -> a\n f -> b\n a -> j\n b -> j\n j -> c\n'],
    [
      'a choice inside a branch',
      's -> f\n f -> g\n f -> a\n g -> b if x\n g -> c otherwise\n b -> m\n c -> m\n m -> j\n a -> j\n',
    ],
    ['an inclusive choice and its join', 's -> i\n i -> a if x\n i -> b if y\n a -> k\n b -> k\n k -> c\n'],
  ])('does not doubt %s', async (_what, arrows) => {
    const gateways = { g: 'exclusive', m: 'exclusive', f: 'parallel', j: 'parallel', i: 'inclusive', k: 'inclusive' }
    const used = Object.entries(gateways).filter(([id]) => new RegExp(`\\b${id}\\b`).test(arrows))
    const elements = used.map(([id, kind]) => `<${kind}Gateway id="${id}"/>`).join('')
    const found = await rules(`<startEvent id="s"/>${elements}${task('a')}${task('b')}${task('c')}\n${arrows}`)
    expect(found.filter((one) => /deadlock|runs-twice/.test(one))).toEqual([])
  })

  it('gives up on what has too many ways, and soon', async () => {
    const forks = Array.from({ length: 12 }, (_one, index) => {
      const arms = ['a', 'b', 'c'].map((arm) => `${arm}${index}`)
      return `<inclusiveGateway id="f${index}"/><inclusiveGateway id="j${index}"/>${arms.map((id) => `<task id="${id}"/>`).join('')}
        s -> f${index}\n${arms.map((id, arm) => `f${index} -> ${id} if x > ${arm}\n${id} -> j${index}\n`).join('')}`
    })
    expect(await rules(`<startEvent id="s"/>\n${forks.join('')}`)).not.toContainEqual(
      expect.stringContaining('deadlock'),
    )
  })

  it('knows who is there today, where it is told', async () => {
    const flow = await drawn(
      `<startEvent id="s"/>${task('a', '', '', 'role:nobody')}${task('b')}<endEvent id="e"/>\n s -> a\n a -> b\n b -> e`,
    )
    const findings = checkFlow(flow, { isStaffed: (group) => group === 'role:clerk' })
    expect(findings.map(({ rule, elementId }) => `${rule} ${elementId}`)).toEqual(['not-staffed a'])
    expect(checkFlow(flow)).toEqual([])
  })

  it('knows what a flow says that its cases are given', async () => {
    const reads = `<startEvent id="s"/>${task('a')}<endEvent id="e"/><endEvent id="f"/>\n s -> a\n a -> e if amount > 1\n a -> f otherwise\n`
    expect(await rules(given('sum') + reads)).toContain('warning unknown-variable a_e_2')
    expect(await rules(given('sum, amount') + reads)).not.toContain('warning unknown-variable a_e_2')
  })
})
