import { describe, expect, it } from 'vitest'
import type { CaseEvent } from '../case.ts'
import { drawn, HOUR, NOW, rehearse, task } from '../drawn.ts'
import type { Rehearsal } from '../rehearsal.ts'

/** A kind of event that something can wait for: how it is written, and how it comes. */
interface Kind {
  definition: string
  come: (played: Rehearsal) => void
}

const ROOTS =
  '<message id="m" name="news"/><signal id="sg" name="alarm"/><error id="er" errorCode="E1"/><escalation id="es" escalationCode="X1"/>'
const happen = (event: CaseEvent) => (played: Rehearsal) => void played.step(event)
const timer = (tag: string, text: string) =>
  `<timerEventDefinition><${tag} xsi:type="tFormalExpression">${text}</${tag}></timerEventDefinition>`
const within = (name: string, variables: Record<string, boolean>) => (played: Rehearsal) =>
  void played.step({ type: 'caseModified', reason: name, changes: [{ do: 'setVariables', variables }] })

const AWAITED: Record<string, Kind> = {
  message: {
    definition: '<messageEventDefinition messageRef="m"/>',
    come: happen({ type: 'messageReceived', name: 'news' }),
  },
  signal: {
    definition: '<signalEventDefinition signalRef="sg"/>',
    come: happen({ type: 'signalReceived', name: 'alarm' }),
  },
  'timer (duration)': { definition: timer('timeDuration', 'PT1H'), come: (played) => played.passTo(NOW + HOUR) },
  'timer (date)': {
    definition: timer('timeDate', '2026-11-20T11:00:00+07:00'),
    come: (played) => played.passTo(NOW + 2 * HOUR),
  },
  'timer (cycle)': { definition: timer('timeCycle', 'R1/PT1H'), come: (played) => played.passTo(NOW + HOUR) },
  conditional: {
    definition:
      '<conditionalEventDefinition><condition xsi:type="tFormalExpression">=ready = true</condition></conditionalEventDefinition>',
    come: within('ready', { ready: true }),
  },
  multiple: {
    definition: '<messageEventDefinition messageRef="m"/><signalEventDefinition signalRef="sg"/>',
    come: happen({ type: 'signalReceived', name: 'alarm' }),
  },
}

const kinds = Object.entries(AWAITED)
const ids = (played: Rehearsal) => played.path.flatMap(({ elementId, act }) => (act === 'entered' ? elementId : []))

describe.each(kinds)('%s', (_name, { definition, come }) => {
  it('on the way lets the token go on once, when it comes', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><intermediateCatchEvent id="c">${definition}</intermediateCatchEvent>${task('a')}\n s -> c\n c -> a\n`,
      ROOTS,
    )
    const played = rehearse(flow, { ready: false })
    expect(played.waiting).toEqual([])
    come(played)
    expect(played.waiting).toEqual(['a'])
    come(played)
    expect(played.waiting).toEqual(['a'])
    played.complete('a', 'ok')
    expect([played.ended, played.residue]).toEqual(['completed', []])
  })

  it.each(['userTask', 'subProcess', 'callActivity', 'multi-instance', 'transaction'])(
    'on the boundary of a %s interrupts all of it, or nothing',
    async (host) => {
      const inside = `<startEvent id="in"/>${task('t')}<endEvent id="out"/>\n in -> t\n t -> out\n`
      const items =
        '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">2</loopCardinality></multiInstanceLoopCharacteristics>'
      const hosts: Record<string, string> = {
        userTask: task('h'),
        subProcess: `<subProcess id="h">${inside}</subProcess>`,
        transaction: `<transaction id="h">${inside}</transaction>`,
        callActivity: '<callActivity id="h" calledElement="ask"/>',
        'multi-instance': task('h', '', items),
      }
      const opened = { userTask: ['h'], callActivity: ['h/t'], 'multi-instance': ['h', 'h'] }[host] ?? ['t']
      for (const interrupting of [true, false]) {
        const flow = await drawn(
          `<startEvent id="s"/>${hosts[host]}<boundaryEvent id="b" attachedToRef="h" cancelActivity="${interrupting}">${definition}</boundaryEvent>
          ${task('after')}${task('beside')}\n s -> h\n h -> after\n b -> beside\n`,
          `${ROOTS}<globalUserTask id="unused"/>`,
        )
        const called = await drawn(inside)
        flow.bundled = { ask: { ...called, id: 'ask', nodes: rooted(called.nodes, 'ask') } }
        const played = rehearse(flow, { ready: false })
        expect(played.waiting).toEqual(opened)
        come(played)
        expect(played.waiting).toEqual((interrupting ? ['beside'] : [...opened, 'beside']).sort())
        if (interrupting) played.complete('beside', 'ok')
        else {
          played.complete('beside', 'ok')
          for (const { taskId } of [...played.tasks.values()]) played.step({ type: 'taskCompleted', taskId })
          expect(played.waiting).toEqual(['after'])
          played.complete('after', 'ok')
        }
        expect([played.ended, played.residue]).toEqual(['completed', []])
      }
    },
  )

  it.each([true, false])('starts an event sub-process of the process (interrupting: %s)', async (interrupting) => {
    const flow = await drawn(
      `<startEvent id="s"/>${task('a')}<subProcess id="w" triggeredByEvent="true"><startEvent id="ws" isInterrupting="${interrupting}">${definition}</startEvent>${task('b')}\n ws -> b\n</subProcess>\n s -> a\n`,
      ROOTS,
    )
    const played = rehearse(flow, { ready: false })
    come(played)
    expect(played.waiting).toEqual(interrupting ? ['b'] : ['a', 'b'])
    played.complete('b', 'ok')
    if (!interrupting) played.complete('a', 'ok')
    expect([played.ended, played.residue]).toEqual(['completed', []])
  })

  it('starts an event sub-process inside a sub-process, which then ends as usual', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><subProcess id="p"><startEvent id="in"/>${task('a')}
        <subProcess id="w" triggeredByEvent="true"><startEvent id="ws">${definition}</startEvent>${task('b')}\n ws -> b\n</subProcess>\n in -> a\n
      </subProcess>${task('after')}\n s -> p\n p -> after\n`,
      ROOTS,
    )
    const played = rehearse(flow, { ready: false })
    come(played)
    expect(played.waiting).toEqual(['b'])
    played.complete('b', 'ok')
    expect(played.waiting).toEqual(['after'])
  })

  it('behind an event-based gateway decides for its path alone', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="c">${definition}</intermediateCatchEvent>
      <intermediateCatchEvent id="later">${timer('timeDuration', 'PT9H')}</intermediateCatchEvent>${task('a')}${task('b')}
      s -> g
      g -> c
      g -> later
      c -> a
      later -> b`,
      ROOTS,
    )
    const played = rehearse(flow, { ready: false })
    come(played)
    expect(played.waiting).toEqual(['a'])
    expect([...played.timers.keys(), ...played.catchers.keys()]).toEqual([])
  })
})

function rooted<N extends Record<string, { parent: string }>>(nodes: N, id: string): N {
  return Object.fromEntries(Object.entries(nodes).map(([key, node]) => [key, { ...node, parent: id }])) as N
}

describe.each([
  ['error', '<errorEventDefinition errorRef="er"/>', '<errorEventDefinition/>', true],
  ['escalation', '<escalationEventDefinition escalationRef="es"/>', '<escalationEventDefinition/>', false],
])('%s', (_name, thrown, caughtAny, always) => {
  const places = always ? [true] : [true, false]

  it.each(places)('thrown at the end of a sub-process is caught on its boundary (interrupting: %s)', async (stops) => {
    for (const caught of [thrown, caughtAny]) {
      const flow = await drawn(
        `<startEvent id="s"/><subProcess id="p"><startEvent id="in"/><parallelGateway id="f"/>${task('other')}<endEvent id="x">${thrown}</endEvent>\n in -> f\n f -> other\n f -> x\n</subProcess>
        <boundaryEvent id="b" attachedToRef="p" cancelActivity="${stops}">${caught}</boundaryEvent>${task('after')}${task('beside')}\n s -> p\n p -> after\n b -> beside\n`,
        ROOTS,
      )
      expect(rehearse(flow, {}).waiting).toEqual(stops ? ['beside'] : ['beside', 'other'])
    }
  })

  it('thrown in a called process is caught on the call activity', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><callActivity id="p" calledElement="inner"/><boundaryEvent id="b" attachedToRef="p">${caughtAny}</boundaryEvent>${task('beside')}\n s -> p\n b -> beside\n`,
      ROOTS,
    )
    const called = await drawn(`<startEvent id="in"/><endEvent id="x">${thrown}</endEvent>\n in -> x\n`, ROOTS)
    flow.bundled = { inner: { ...called, id: 'inner', nodes: rooted(called.nodes, 'inner') } }
    const played = rehearse(flow, {})
    expect(played.waiting).toEqual(['beside'])
  })

  it('starts the event sub-process of the innermost scope that has one', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><subProcess id="p"><startEvent id="in"/><subProcess id="q"><startEvent id="in2"/><endEvent id="x">${thrown}</endEvent>\n in2 -> x\n</subProcess>
        <subProcess id="w" triggeredByEvent="true"><startEvent id="ws">${caughtAny}</startEvent>${task('b')}\n ws -> b\n</subProcess>\n in -> q\n
      </subProcess><boundaryEvent id="on" attachedToRef="p">${caughtAny}</boundaryEvent>${task('outer')}${task('after')}\n s -> p\n p -> after\n on -> outer\n`,
      ROOTS,
    )
    const played = rehearse(flow, {})
    expect(played.waiting).toEqual(['b'])
    played.complete('b', 'ok')
    expect(played.waiting).toEqual(['after'])
  })

  it('thrown in one of several instances is caught on the whole', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><subProcess id="p"><multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">3</loopCardinality></multiInstanceLoopCharacteristics>
        <startEvent id="in"/>${task('a')}<endEvent id="x">${thrown}</endEvent>\n in -> a\n a -> x\n</subProcess>
      <boundaryEvent id="b" attachedToRef="p">${caughtAny}</boundaryEvent>${task('beside')}\n s -> p\n b -> beside\n`,
      ROOTS,
    )
    const played = rehearse(flow, {})
    const [first] = [...played.tasks.keys()]
    played.step({ type: 'taskCompleted', taskId: first ?? '' })
    expect(played.waiting).toEqual(['beside'])
  })
})

describe('what several places share', () => {
  it('a signal thrown at an end reaches every catcher there is, once', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><parallelGateway id="f"/>${task('a')}<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><signalEventDefinition signalRef="sg"/></boundaryEvent>
      <intermediateCatchEvent id="c"><signalEventDefinition signalRef="sg"/></intermediateCatchEvent><endEvent id="x"><signalEventDefinition signalRef="sg"/></endEvent>
      <subProcess id="w" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false"><signalEventDefinition signalRef="sg"/></startEvent><task id="e3"/>\n ws -> e3\n</subProcess>
      <task id="e1"/><task id="e2"/>
      s -> f
      f -> a
      f -> x
      f -> c
      b -> e1
      c -> e2`,
      ROOTS,
    )
    const played = rehearse(flow, {})
    expect(
      ids(played)
        .filter((id) => /^e\d/.test(id))
        .sort(),
    ).toEqual(['e1', 'e2', 'e3'])
    expect(played.waiting).toEqual(['a'])
  })

  it('an interrupting event sub-process starts nothing more of an ad-hoc sub-process in a row', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><adHocSubProcess id="p" ordering="Sequential">${task('one')}${task('two')}
        <subProcess id="w" triggeredByEvent="true"><startEvent id="ws"><messageEventDefinition messageRef="m"/></startEvent>${task('b')}\n ws -> b\n</subProcess>
      </adHocSubProcess>${task('after')}\n s -> p\n p -> after\n`,
      ROOTS,
    )
    const played = rehearse(flow, {})
    expect(played.waiting).toEqual(['one'])
    played.step({ type: 'messageReceived', name: 'news' })
    expect(played.waiting).toEqual(['b'])
    played.complete('b', 'ok')
    expect(played.waiting).toEqual(['after'])
  })

  it('a flow that calls itself without an end stops with an incident', async () => {
    const flow = await drawn('<startEvent id="s"/><callActivity id="c" calledElement="drawn"/>\n s -> c\n')
    const { bundled: _none, ...plain } = flow
    flow.bundled = { drawn: plain }
    const played = rehearse(flow, {})
    expect(played.incident).toMatchObject({ code: 'call-depth' })
  })
})
