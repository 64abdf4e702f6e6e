import { describe, expect, it } from 'vitest'
import { HOUR, NOW, drawn, property, rehearse, service, task, timerBoundary } from '../drawn.ts'

describe('boundary timer', () => {
  it('interrupts its task at the due instant', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a')}${timerBoundary('late', 'a', 'PT8H')}${task('b')}${task('c')}
      s -> a
      a -> b
      late -> c`)
    const played = rehearse(flow, {})
    played.passTo(NOW + 8 * HOUR - 1)
    expect(played.waiting).toEqual(['a'])
    played.passTo(NOW + 8 * HOUR)
    expect(played.waiting).toEqual(['c'])
  })

  it('counts working days where it says so', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task('a')}
      ${timerBoundary('late', 'a', 'P2D', true, property({ 'imoit.workingTime': 'true' }))}${task('c')}
      s -> a
      late -> c`)
    const played = rehearse(flow, {})
    expect([...played.timers.values()][0]?.dueAt).toBe(Date.parse('2026-11-24T09:00:00+07:00'))
  })

  it('comes back as often as its cycle says, beside the task, and not after it', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a')}${timerBoundary('late', 'a', 'R3/PT1H', false)}${service('chase', 'letter.chase')}
      s -> a
      late -> chase`)
    const played = rehearse(flow, {})
    played.passTo(NOW + 2 * HOUR)
    expect(played.called('letter.chase')).toHaveLength(2)
    played.passTo(NOW + 24 * HOUR)
    expect(played.called('letter.chase')).toHaveLength(3)
    expect(played.waiting).toEqual(['a'])

    const closed = rehearse(flow, {})
    closed.passTo(NOW + HOUR)
    closed.complete('a', 'ok')
    expect(closed.residue).toEqual([])
  })

  it('keeps to its grid after an outage and does not pile up', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a')}${timerBoundary('late', 'a', 'R/PT1H', false)}${service('chase', 'letter.chase')}
      s -> a
      late -> chase`)
    const played = rehearse(flow, {})
    const [timer] = [...played.timers.values()]
    played.context.now = NOW + 10.5 * HOUR
    played.step({ type: 'timerFired', timerId: timer?.timerId ?? '', occurrence: 1 })
    expect([...played.timers.values()][0]).toMatchObject({ occurrence: 2, dueAt: NOW + 10 * HOUR })
    played.step({ type: 'timerFired', timerId: timer?.timerId ?? '', occurrence: 2 })
    expect([...played.timers.values()][0]).toMatchObject({ occurrence: 3, dueAt: NOW + 11 * HOUR })
    expect(played.step({ type: 'timerFired', timerId: timer?.timerId ?? '', occurrence: 2 })).not.toBeNull()
  })

  it('raises an incident for a deadline that is no date, and opens when it is put right', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task('a')}<boundaryEvent id="late" attachedToRef="a">
      <timerEventDefinition><timeDate xsi:type="tFormalExpression">=deadline</timeDate></timerEventDefinition></boundaryEvent>${task('c')}
      s -> a
      late -> c`)
    const played = rehearse(flow, { deadline: 'next week' })
    expect(played.incident).toMatchObject({ elementId: 'a', code: 'timer' })
    expect(played.waiting).toEqual([])
    played.retry({ deadline: '2026-11-27' })
    expect(played.waiting).toEqual(['a'])
    expect([...played.timers.values()][0]?.dueAt).toBe(Date.parse('2026-11-27T00:00:00+07:00'))
  })
})

describe('message events', () => {
  const message = `<message id="m" name="imoit.takeBack"/>
    <message id="reply" name="reply"><extensionElements><zeebe:subscription correlationKey="=number"/></extensionElements></message>`

  it('interrupt the activity they sit on', async () => {
    const flow = await drawn(
      `<startEvent id="s"/>${task('submit')}${task('direct')}
       <boundaryEvent id="back" attachedToRef="direct"><messageEventDefinition messageRef="m"/></boundaryEvent>
      s -> submit
      submit -> direct
      back -> submit`,
      message,
    )
    const played = rehearse(flow, {})
    played.complete('submit', 'submitted')
    const [waiting, ...others] = played.state.subscriptions
    expect(others).toEqual([])
    expect(waiting).toMatchObject({ name: 'imoit.takeBack', elementId: 'back' })
    expect(played.state.tokens.find(({ id }) => id === waiting?.token)?.at).toBe('direct')
    played.step({ type: 'messageReceived', name: 'imoit.takeBack' })
    expect(played.waiting).toEqual(['submit'])
    expect(played.catchers.size).toBe(0)
  })

  it('stay open when they do not interrupt', async () => {
    const flow = await drawn(
      `<startEvent id="s"/>${task('a')}${service('note', 'letter.note')}
       <boundaryEvent id="word" attachedToRef="a" cancelActivity="false"><messageEventDefinition messageRef="m"/></boundaryEvent>
      s -> a
      word -> note`,
      message,
    )
    const played = rehearse(flow, {})
    played.step({ type: 'messageReceived', name: 'imoit.takeBack' })
    played.step({ type: 'messageReceived', name: 'imoit.takeBack' })
    expect(played.called('letter.note')).toHaveLength(2)
    expect(played.waiting).toEqual(['a'])
  })

  it('wait on the way for the message of their key', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><intermediateCatchEvent id="wait"><messageEventDefinition messageRef="reply"/></intermediateCatchEvent>${task('a')}
      s -> wait
      wait -> a`,
      message,
    )
    const played = rehearse(flow, { number: '55/TB-BCT' })
    expect(played.step({ type: 'messageReceived', name: 'reply', correlationKey: '56/TB-BCT' })).not.toBeNull()
    played.step({ type: 'messageReceived', name: 'reply', correlationKey: '55/TB-BCT', variables: { text: 'agreed' } })
    expect(played.waiting).toEqual(['a'])
    expect(played.state.variables['text']).toBe('agreed')
  })
})

describe('intermediate timer', () => {
  it('waits its time', async () => {
    const flow = await drawn(`<startEvent id="s"/><intermediateCatchEvent id="wait"><timerEventDefinition>
      <timeDuration xsi:type="tFormalExpression">=duration(days)</timeDuration></timerEventDefinition></intermediateCatchEvent>${task('a')}
      s -> wait
      wait -> a`)
    const played = rehearse(flow, { days: 'P3D' })
    played.passTo(NOW + 71 * HOUR)
    expect(played.waiting).toEqual([])
    played.passTo(NOW + 72 * HOUR)
    expect(played.waiting).toEqual(['a'])
  })
})

describe('end events', () => {
  it('terminate ends the case with everything in it', async () => {
    const flow = await drawn(`<startEvent id="s"/><parallelGateway id="fork"/>${task('a')}${task('b')}
      <endEvent id="stop"><terminateEventDefinition/></endEvent>
      s -> fork
      fork -> a
      fork -> b
      a -> stop`)
    const played = rehearse(flow, {})
    played.complete('a', 'ok')
    expect(played.ended).toBe('terminated')
    expect(played.residue).toEqual([])
  })

  it('an error that nothing catches is an incident', async () => {
    const flow = await drawn(
      `<startEvent id="s"/>${task('a')}<endEvent id="bad"><errorEventDefinition errorRef="err"/></endEvent>
      s -> a
      a -> bad`,
      '<error id="err" errorCode="E1"/>',
    )
    const played = rehearse(flow, {})
    played.complete('a', 'ok')
    expect(played.incident).toMatchObject({ elementId: 'bad', code: 'uncaught-error' })
    expect(played.ended).toBeNull()
  })
})

describe('a case', () => {
  it('that goes in circles without waiting stops with an incident', async () => {
    const flow = await drawn(`<startEvent id="s"/><exclusiveGateway id="g"/><exclusiveGateway id="h"/><endEvent id="e"/>
      s -> g
      g -> h
      h -> g if true
      h -> e otherwise`)
    expect(rehearse(flow, {}).incident).toMatchObject({ code: 'endless' })
  })

  it('that is cancelled leaves nothing behind', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a', property({ 'imoit.sla': 'P1D' }))}${timerBoundary('late', 'a', 'P2D', false)}
      s -> a
      late -> a`)
    const played = rehearse(flow, {})
    played.step({ type: 'caseCancelled' })
    expect(played.ended).toBe('terminated')
    expect(played.residue).toEqual([])
    expect(played.step({ type: 'caseCancelled' })).not.toBeNull()
  })
})
