import { describe, expect, it } from 'vitest'
import { drawn, rehearse, task } from '../drawn.ts'
import type { Rehearsal } from '../rehearsal.ts'

const undone = (on: string) =>
  `<boundaryEvent id="c${on}" attachedToRef="${on}"><compensateEventDefinition/></boundaryEvent><task id="undo${on}" isForCompensation="true"/><association id="as${on}" sourceRef="c${on}" targetRef="undo${on}"/>`
/** Elements entered whose id begins so, in their order. */
const ids = (played: Rehearsal, start: string) =>
  played.path.flatMap(({ elementId, act }) => (act === 'entered' && elementId.startsWith(start) ? elementId : []))
/** How often an activity that repeats has run: the whole of it was entered as well. */
const times = (played: Rehearsal, id: string) => ids(played, id).filter((one) => one === id).length - 1
const formal = (tag: string, text: string) => `<${tag} xsi:type="tFormalExpression"><![CDATA[${text}]]></${tag}>`

describe('compensation', () => {
  it('runs backwards through what was done, inside sub-processes too, each once', async () => {
    const flow = await drawn(`<startEvent id="s"/><task id="a"/>${undone('a')}
      <subProcess id="p"><startEvent id="in"/><task id="b"/>${undone('b')}<task id="c"/>${undone('c')}\n in -> b\n b -> c\n</subProcess>
      <task id="never"/>${undone('never')}<intermediateThrowEvent id="t1"><compensateEventDefinition/></intermediateThrowEvent>
      <endEvent id="t2"><compensateEventDefinition/></endEvent>
      s -> a
      a -> p
      p -> t1
      t1 -> t2`)
    const played = rehearse(flow, {})
    expect(ids(played, 'undo')).toEqual(['undoc', 'undob', 'undoa'])
    expect([played.ended, played.residue]).toEqual(['completed', []])
  })

  it('of one activity leaves the others to be compensated later', async () => {
    const flow = await drawn(`<startEvent id="s"/><task id="a"/>${undone('a')}<task id="b"/>${undone('b')}
      <intermediateThrowEvent id="t1"><compensateEventDefinition activityRef="a"/></intermediateThrowEvent>
      <intermediateThrowEvent id="t2"><compensateEventDefinition/></intermediateThrowEvent>
      s -> a
      a -> b
      b -> t1
      t1 -> t2`)
    expect(ids(rehearse(flow, {}), 'undo')).toEqual(['undoa', 'undob'])
  })

  it('of several instances of a sub-process undoes each of them', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><subProcess id="p"><multiInstanceLoopCharacteristics isSequential="true">${formal('loopCardinality', '3')}</multiInstanceLoopCharacteristics>
      <startEvent id="in"/><task id="b"/>${undone('b')}\n in -> b\n</subProcess><endEvent id="x"><compensateEventDefinition/></endEvent>
      s -> p
      p -> x`)
    expect(ids(rehearse(flow, {}), 'undo')).toEqual(['undob', 'undob', 'undob'])
  })

  it('waits for its handlers unless it says otherwise', async () => {
    const throwing = (wait: string) =>
      drawn(`<startEvent id="s"/><task id="a"/><boundaryEvent id="c" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
      <userTask id="undo" isForCompensation="true"/><association id="as" sourceRef="c" targetRef="undo"/>
      <intermediateThrowEvent id="t"><compensateEventDefinition ${wait}/></intermediateThrowEvent>${task('after')}
      s -> a
      a -> t
      t -> after`)
    const waits = rehearse(await throwing(''), {})
    expect(waits.waiting).toEqual(['undo'])
    waits.complete('undo', 'ok')
    expect(waits.waiting).toEqual(['after'])
    expect(rehearse(await throwing('waitForCompletion="false"'), {}).waiting).toEqual(['after', 'undo'])
  })

  it('a cancelled transaction takes back what still runs, then compensates, then leaves by its boundary alone', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><transaction id="p"><startEvent id="in"/><parallelGateway id="f"/><task id="a"/>${undone('a')}${task('open')}${undone('open')}<endEvent id="x"><cancelEventDefinition/></endEvent>
        in -> f\n f -> a\n f -> open\n a -> x\n</transaction>
      <boundaryEvent id="b" attachedToRef="p"><cancelEventDefinition/></boundaryEvent><task id="after"/>${task('cancelled')}
      s -> p
      p -> after
      b -> cancelled`)
    const played = rehearse(flow, {})
    expect(ids(played, 'undo')).toEqual(['undoa'])
    expect(played.waiting).toEqual(['cancelled'])
    expect(ids(played, 'after')).toEqual([])
  })
})

describe('joins', () => {
  it('an exclusive merge behind a parallel fork lets every token pass', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><parallelGateway id="f"/><exclusiveGateway id="m"/><task id="a"/><task id="b"/><task id="w"/>
      s -> f\n f -> a\n f -> b\n a -> m\n b -> m\n m -> w\n`)
    expect(ids(rehearse(flow, {}), 'w')).toEqual(['w', 'w'])
  })

  it('an inclusive join in a loop does not wait for the token that would come round again', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><inclusiveGateway id="j"/>${task('a')}<exclusiveGateway id="g"/>${task('z')}
      s -> j\n j -> a\n a -> g\n g -> j if again = true\n g -> z otherwise\n`)
    const played = rehearse(flow, { again: true })
    played.complete('a', 'ok')
    expect(played.waiting).toEqual(['a'])
    played.complete('a', 'ok', { again: false })
    expect(played.waiting).toEqual(['z'])
  })

  it('an inclusive join waits for a branch that forks again before it, and not for one that ended elsewhere', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><parallelGateway id="f"/><inclusiveGateway id="j"/>${task('a')}${task('b')}${task('c')}<exclusiveGateway id="g"/><endEvent id="e"/>${task('z')}
      s -> f\n f -> a\n f -> b\n f -> c\n a -> j\n b -> g\n g -> j if go = true\n g -> e otherwise\n c -> j\n j -> z\n`)
    for (const go of [true, false]) {
      const played = rehearse(flow, { go })
      played.complete('a', 'ok')
      played.complete('c', 'ok')
      expect(played.waiting).toEqual(['b'])
      played.complete('b', 'ok')
      expect(played.waiting).toEqual(['z'])
      played.complete('z', 'ok')
      expect([played.ended, played.residue]).toEqual(['completed', []])
    }
  })

  it('an inclusive join waits for a link, a boundary event and a token in a sub-process that may yet lead to it', async () => {
    const flow = await drawn(`<startEvent id="s"/><parallelGateway id="f"/><inclusiveGateway id="j"/><task id="a"/>
      <subProcess id="p"><startEvent id="in"/>${task('b')}\n in -> b\n</subProcess>
      <boundaryEvent id="late" attachedToRef="p"><timerEventDefinition>${formal('timeDuration', 'PT1H')}</timerEventDefinition></boundaryEvent>
      <intermediateThrowEvent id="out"><linkEventDefinition name="L"/></intermediateThrowEvent><intermediateCatchEvent id="to"><linkEventDefinition name="L"/></intermediateCatchEvent><endEvent id="e"/>${task('z')}
      s -> f\n f -> a\n f -> p\n a -> j\n p -> e\n late -> out\n to -> j\n j -> z\n`)
    const late = rehearse(flow, {})
    expect(late.waiting).toEqual(['b'])
    late.passTo(late.context.now + 3_600_000)
    expect(late.waiting).toEqual(['z'])
    const done = rehearse(flow, {})
    done.complete('b', 'ok')
    expect(done.waiting).toEqual(['z'])
  })

  it('two inclusive joins that feed each other wait for one another, as the standard has it, and the case says so', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><parallelGateway id="f"/><inclusiveGateway id="j1"/><inclusiveGateway id="j2"/><task id="a"/><task id="b"/>
      <exclusiveGateway id="g1"/><exclusiveGateway id="g2"/><endEvent id="e1"/><endEvent id="e2"/>
      s -> f\n f -> a\n f -> b\n a -> j1\n b -> j2\n j1 -> g1\n j2 -> g2\n g1 -> j2 if false\n g1 -> e1 otherwise\n g2 -> j1 if false\n g2 -> e2 otherwise\n`)
    expect(rehearse(flow, {}).state.status).toBe('stuck')
  })

  it('a parallel join pairs tokens by their flows when one flow brings two', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><parallelGateway id="f"/><task id="a" completionQuantity="2"/>${task('b')}${task('c')}<exclusiveGateway id="m"/><parallelGateway id="j"/><task id="w"/>
      s -> f\n f -> a\n f -> b\n f -> c\n a -> j\n b -> m\n c -> m\n m -> j\n j -> w\n`)
    const played = rehearse(flow, {})
    played.complete('b', 'ok')
    expect(ids(played, 'w')).toEqual(['w'])
    played.complete('c', 'ok')
    expect(ids(played, 'w')).toEqual(['w', 'w'])
    expect(played.ended).toBe('completed')
  })
})

describe('complex gateway', () => {
  const twoOfThree = (rest = '') =>
    drawn(`<startEvent id="s"/><parallelGateway id="f"/>${task('a')}${task('b')}${task('c')}<complexGateway id="j">${formal('activationCondition', 'activationCount >= 2')}</complexGateway><task id="w"/><endEvent id="e"/>${rest}
      s -> f\n f -> a\n f -> b\n f -> c\n a -> j\n b -> j\n c -> j\n j -> w\n w -> e\n`)

  it('fires once enough have come, and swallows the rest', async () => {
    const played = rehearse(await twoOfThree(), {})
    played.complete('a', 'ok')
    expect(ids(played, 'w')).toEqual([])
    played.complete('c', 'ok')
    expect(ids(played, 'w')).toEqual(['w'])
    played.complete('b', 'ok')
    expect(ids(played, 'w')).toEqual(['w'])
    expect([played.ended, played.residue]).toEqual(['completed', []])
  })

  it('fires again in the next round of a loop', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="f"/>${task('a')}${task('b')}<complexGateway id="j">${formal('activationCondition', 'activationCount >= 1')}</complexGateway><task id="w"/><exclusiveGateway id="g"/><endEvent id="e"/>
      s -> m\n m -> f\n f -> a\n f -> b\n a -> j\n b -> j\n j -> w\n w -> g\n g -> m if again = true\n g -> e otherwise\n`)
    const played = rehearse(flow, { again: false })
    played.complete('a', 'ok', { again: true })
    expect(ids(played, 'w')).toEqual(['w'])
    expect(played.waiting).toEqual(['a', 'b', 'b'])
  })

  it('takes at its reset what asks for it', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><parallelGateway id="f"/>${task('a')}${task('b')}<complexGateway id="j">${formal('activationCondition', 'activationCount >= 1')}</complexGateway><task id="first"/><task id="rest"/>
      s -> f\n f -> a\n f -> b\n a -> j\n b -> j\n j -> first if waitingForStart\n j -> rest if not(waitingForStart)\n`)
    const played = rehearse(flow, {})
    played.complete('a', 'ok')
    expect([ids(played, 'first'), ids(played, 'rest')]).toEqual([['first'], []])
    played.complete('b', 'ok')
    expect([ids(played, 'first'), ids(played, 'rest')]).toEqual([['first'], ['rest']])
    expect(played.ended).toBe('completed')
  })
})

describe('multi-instance behaviours', () => {
  const signal = '<signalEventDefinition id="def" signalRef="sg"/>'
  const marked = (behaviour: string, rest = '', ref = '') =>
    drawn(
      `<startEvent id="s"/><task id="t"><multiInstanceLoopCharacteristics isSequential="true" behavior="${behaviour}" ${ref}>${formal('loopCardinality', '3')}${rest}</multiInstanceLoopCharacteristics></task>
      <boundaryEvent id="b" attachedToRef="t">${signal.replace('def', 'own')}</boundaryEvent><task id="heard"/><task id="w"/>
      s -> t\n t -> w\n b -> heard\n`,
      `<signal id="sg" name="news"/>${signal}`,
    )

  it.each([
    ['None', 'noneBehaviorEventRef="def"', 3],
    ['One', 'oneBehaviorEventRef="def"', 1],
    ['All', '', 0],
  ])('%s throws as often as the standard says, and goes on', async (behaviour, ref, thrown) => {
    const played = rehearse(await marked(behaviour, '', ref), {})
    expect(times(played, 't')).toBe(3)
    expect(ids(played, 'heard')).toHaveLength(thrown)
    expect(ids(played, 'w')).toEqual(['w'])
    expect(played.ended).toBe('completed')
  })

  it('Complex throws where its condition holds, and gives up the remaining instances', async () => {
    const complex = `<complexBehaviorDefinition>${formal('condition', 'numberOfCompletedInstances = 2')}<event id="ev"><eventDefinitionRef>def</eventDefinitionRef></event></complexBehaviorDefinition>`
    const played = rehearse(await marked('Complex', complex), {})
    expect(times(played, 't')).toBe(2)
    expect([ids(played, 'heard'), ids(played, 'w')]).toEqual([['heard'], ['w']])
  })
})

describe('loops, quantities, links', () => {
  it.each([
    ['testBefore="true" loopMaximum="3"', 'false', 0],
    ['testBefore="false" loopMaximum="3"', 'false', 1],
    ['testBefore="true" loopMaximum="3"', 'true', 3],
    ['testBefore="false" loopMaximum="3"', 'true', 3],
    ['testBefore="false"', 'loopCounter < 5', 5],
  ])('a loop with %s and the condition %s runs %i', async (attributes, condition, runs) => {
    const flow = await drawn(
      `<startEvent id="s"/><task id="t"><standardLoopCharacteristics ${attributes}>${formal('loopCondition', condition)}</standardLoopCharacteristics></task><task id="w"/>\n s -> t\n t -> w\n`,
    )
    const played = rehearse(flow, {})
    expect(times(played, 't')).toBe(runs)
    expect(ids(played, 'w')).toEqual(['w'])
  })

  it('an activity starts with as many tokens as it asks for, and too few leave the case stuck', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><task id="two" completionQuantity="2"/><task id="pair" startQuantity="2"/><task id="three" startQuantity="3"/>\n s -> two\n two -> pair\n two -> three\n`,
    )
    const played = rehearse(flow, {})
    expect(ids(played, 'pair')).toEqual(['pair'])
    expect(ids(played, 'three')).toEqual([])
    expect(played.state.status).toBe('stuck')
  })

  it('several links lead to one target, in each level its own', async () => {
    const link = (tag: string, id: string) => `<${tag} id="${id}"><linkEventDefinition name="L"/></${tag}>`
    const flow =
      await drawn(`<startEvent id="s"/><parallelGateway id="f"/>${link('intermediateThrowEvent', 'x')}${link('intermediateThrowEvent', 'y')}${link('intermediateCatchEvent', 'z')}<task id="w"/>
      <subProcess id="p"><startEvent id="in"/>${link('intermediateThrowEvent', 'ix')}${link('intermediateCatchEvent', 'iz')}<task id="inner"/>\n in -> ix\n iz -> inner\n</subProcess>
      s -> f\n f -> x\n f -> y\n f -> p\n z -> w\n`)
    const played = rehearse(flow, {})
    expect([ids(played, 'w'), ids(played, 'inner')]).toEqual([['w', 'w'], ['inner']])
    expect(played.ended).toBe('completed')
  })
})

describe('ends and starts', () => {
  it('a terminate event ends its own level and no instance beside it', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><subProcess id="p"><multiInstanceLoopCharacteristics>${formal('loopCardinality', '2')}</multiInstanceLoopCharacteristics>
      <startEvent id="in"/><parallelGateway id="f"/>${task('a')}${task('b')}<endEvent id="x"><terminateEventDefinition/></endEvent>\n in -> f\n f -> a\n f -> b\n a -> x\n</subProcess>${task('after')}
      s -> p\n p -> after\n`)
    const played = rehearse(flow, {})
    const [first] = [...played.tasks.values()].filter(({ elementId }) => elementId === 'a')
    played.step({ type: 'taskCompleted', taskId: first?.taskId ?? '' })
    expect(played.waiting).toEqual(['a', 'b'])
    played.complete('a', 'ok')
    expect(played.waiting).toEqual(['after'])
  })

  it('a process ends with its last token, whatever that is', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><parallelGateway id="f"/>${task('a')}${task('b')}\n s -> f\n f -> a\n f -> b\n`,
    )
    const played = rehearse(flow, {})
    played.complete('a', 'ok')
    expect(played.ended).toBeNull()
    played.complete('b', 'ok')
    expect([played.ended, played.residue]).toEqual(['completed', []])
  })

  it('a default flow leaves an activity only where no condition holds; flows without one always do', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><task id="t"/><task id="always"/><task id="some"/><task id="else"/>\n s -> t\n t -> always\n t -> some if x > 1\n t -> else otherwise\n`,
    )
    const went = (x: number) => {
      const played = rehearse(flow, { x })
      return ['always', 'some', 'else'].filter((id) => ids(played, id).length > 0)
    }
    expect(went(2)).toEqual(['always', 'some'])
    expect(went(1)).toEqual(['always', 'else'])
  })
})
