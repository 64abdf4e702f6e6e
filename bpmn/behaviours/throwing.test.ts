import { describe, expect, it } from 'vitest'
import { drawn, HOUR, officeHours, rehearse, service, task, throughDatabase } from '../drawn.ts'
import { Rehearsal } from '../rehearsal.ts'
import { starters } from '../starting.ts'

const roots = `<signal id="sig" name="sig"/><signal id="sig2" name="sig2"/><message id="msg" name="msg"/><error id="bad" errorCode="bad"/>
  <escalation id="up" escalationCode="up"/>`
const trace = (played: Rehearsal) => played.calls.map(({ serviceType }) => serviceType)

describe('signals and messages', () => {
  it('a signal reaches the catchers of its own case, and leaves it for the others', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><parallelGateway id="f"/><intermediateThrowEvent id="t"><signalEventDefinition signalRef="sig"/></intermediateThrowEvent>
      <intermediateCatchEvent id="c"><signalEventDefinition signalRef="sig"/></intermediateCatchEvent>${service('done', 'caught')}
      s -> f\nf -> t\nf -> c\nc -> done\n`,
      roots,
    )
    const thrown: unknown[] = []
    const played = new Rehearsal(flow, officeHours(), undefined, throughDatabase)
    played.onThrow = (effect) => thrown.push(effect)
    played.start({})
    expect(trace(played)).toEqual(['caught'])
    expect(thrown).toEqual([{ kind: 'throwSignal', elementId: 't', signalName: 'sig', variables: {} }])
    expect(played.ended).toBe('completed')
  })

  it('a message that the case itself does not wait for leaves it, with what is mapped in', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><sendTask id="t" messageRef="msg"><extensionElements><zeebe:ioMapping><zeebe:input source="=x + 1" target="y"/></zeebe:ioMapping></extensionElements></sendTask>\ns -> t\n`,
      roots,
    )
    const thrown: unknown[] = []
    const played = new Rehearsal(flow, officeHours())
    played.onThrow = (effect) => thrown.push(effect)
    played.start({ x: 1 })
    expect(thrown).toEqual([
      { kind: 'throwMessage', elementId: 't', messageName: 'msg', correlationKey: null, variables: { y: 2 } },
    ])
  })

  it('a parallel multiple event waits for each of its parts', async () => {
    const flow = await drawn(
      `<startEvent id="s"/><intermediateCatchEvent id="c" parallelMultiple="true"><signalEventDefinition signalRef="sig"/><signalEventDefinition signalRef="sig2"/></intermediateCatchEvent>\ns -> c\n`,
      roots,
    )
    const played = rehearse(flow, {})
    played.step({ type: 'signalReceived', name: 'sig' })
    played.step({ type: 'signalReceived', name: 'sig' })
    expect(played.ended).toBeNull()
    played.step({ type: 'signalReceived', name: 'sig2' })
    expect(played.ended).toBe('completed')
    expect(played.step({ type: 'signalReceived', name: 'sig2' })).toBe('the case has ended')
  })

  it('an instantiating parallel gateway waits for the other events as well', async () => {
    const catcher = (id: string, signal: string) =>
      `<intermediateCatchEvent id="${id}"><signalEventDefinition signalRef="${signal}"/></intermediateCatchEvent>`
    const flow = await drawn(
      `<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>${catcher('a', 'sig')}${catcher('b', 'sig2')}<parallelGateway id="j"/>${service('x', 'both')}
      g -> a\ng -> b\na -> j\nb -> j\nj -> x\n`,
      roots,
    )
    expect(starters(flow).map(({ elementId }) => elementId)).toEqual(['a', 'b'])
    const played = new Rehearsal(flow, officeHours(), undefined, throughDatabase).start({}, 'b')
    expect(trace(played)).toEqual([])
    played.step({ type: 'signalReceived', name: 'sig' })
    expect(trace(played)).toEqual(['both'])
    expect(played.residue).toEqual([])
  })
})

describe('conditions', () => {
  const flow = () =>
    drawn(`<startEvent id="s"/>${task('a')}<boundaryEvent id="big" attachedToRef="p" cancelActivity="false"><conditionalEventDefinition>
      <condition xsi:type="tFormalExpression">=x &gt; 10</condition></conditionalEventDefinition></boundaryEvent>${service('note', 'big')}
      <subProcess id="p"><startEvent id="ps"/>${task('b')}${task('c')}${task('z')}\nps -> b\nb -> c\nc -> z\n</subProcess>\ns -> p\nbig -> note\np -> a\n`)

  it('trigger when what they read makes them true, and again only after they have failed', async () => {
    const played = rehearse(await flow(), { x: 1 })
    played.complete('b', 'ok', { x: 11 })
    expect(trace(played)).toEqual(['big'])
    played.complete('c', 'ok', { x: 12 })
    expect(trace(played)).toEqual(['big'])
    played.complete('z', 'ok')
    played.complete('a', 'ok')
    expect(played.residue).toEqual([])
  })
})

describe('compensation', () => {
  const undoable = (id: string) =>
    `${service(id, `do-${id}`)}<boundaryEvent id="on${id}" attachedToRef="${id}"><compensateEventDefinition/></boundaryEvent>
    <serviceTask id="un${id}" isForCompensation="true"><extensionElements><zeebe:taskDefinition type="undo-${id}"/></extensionElements></serviceTask>
    <association id="as${id}" sourceRef="on${id}" targetRef="un${id}"/>`

  it('runs the handlers of what was done, the last first, and of nothing else', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${undoable('a')}${undoable('b')}${undoable('c')}<exclusiveGateway id="g"/>
      <endEvent id="e"><compensateEventDefinition/></endEvent>
      s -> a\na -> g\ng -> b if x = 1\ng -> c otherwise\nb -> e\nc -> e\n`)
    const played = rehearse(flow, { x: 1 })
    expect(trace(played)).toEqual(['do-a', 'do-b', 'undo-b', 'undo-a'])
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('a cancelled transaction ends what runs in it, compensates what was done, and leaves by its boundary', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><transaction id="t"><startEvent id="ts"/><parallelGateway id="f"/>${undoable('a')}${task('wait')}
      <endEvent id="te"><cancelEventDefinition/></endEvent>\nts -> f\nf -> a\nf -> wait\na -> te\n</transaction>
      <boundaryEvent id="off" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>${service('after', 'after')}${service('well', 'well')}
      s -> t\noff -> after\nt -> well\n`)
    const played = rehearse(flow, {})
    expect(trace(played)).toEqual(['do-a', 'undo-a', 'after'])
    expect(played.waiting).toEqual([])
    expect(played.residue).toEqual([])
  })
})

describe('errors and escalations', () => {
  const inside = (event: string) =>
    `<subProcess id="p"><startEvent id="ps"/><endEvent id="pe">${event}</endEvent>\nps -> pe\n</subProcess>`

  it('an error is caught by the event sub-process beside it before the boundary around it', async () => {
    const watch = `<subProcess id="w" triggeredByEvent="true"><startEvent id="ws"><errorEventDefinition errorRef="bad"/></startEvent>${service('inner', 'inner')}\nws -> inner\n</subProcess>`
    const flow = await drawn(
      `<startEvent id="s"/><subProcess id="o"><startEvent id="os"/>${inside('<errorEventDefinition errorRef="bad"/>')}${watch}\nos -> p\n</subProcess>
      <boundaryEvent id="b" attachedToRef="o"><errorEventDefinition/></boundaryEvent>${service('outer', 'outer')}\ns -> o\nb -> outer\n`,
      roots,
    )
    const played = rehearse(flow, {})
    expect(trace(played)).toEqual(['inner'])
    expect(played.ended).toBe('completed')
  })

  it('nobody has to catch an escalation; an error that nobody catches is an incident', async () => {
    const escalated = rehearse(
      await drawn(`<startEvent id="s"/>${inside('<escalationEventDefinition escalationRef="up"/>')}\ns -> p\n`, roots),
      {},
    )
    expect(escalated.ended).toBe('completed')
    const failed = rehearse(
      await drawn(`<startEvent id="s"/>${inside('<errorEventDefinition errorRef="bad"/>')}\ns -> p\n`, roots),
      {},
    )
    expect(failed.incident).toMatchObject({ code: 'uncaught-error', elementId: 'pe' })
    failed.step({ type: 'incidentSkipped', incidentId: failed.incident?.incidentId ?? '' })
    expect(failed.ended).toBe('completed')
  })
})

describe('call activities', () => {
  it('run the called flow as a scope of the case; its variables come out, and its elements carry the way to them', async () => {
    const called = `<process id="inner"><startEvent id="is"/>${task('a')}<endEvent id="ie"/>
      <sequenceFlow id="f1" sourceRef="is" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="ie"/></process>`
    const flow = await drawn(
      `<startEvent id="s"/><callActivity id="call" calledElement="inner"/>${task('b')}\ns -> call\ncall -> b\n`,
      called,
    )
    const played = rehearse(flow, { x: 1 })
    expect(played.waiting).toEqual(['call/a'])
    expect(played.task('call/a').scope).toEqual(['call'])
    played.complete('call/a', 'ok', { y: 2 })
    expect(played.waiting).toEqual(['b'])
    expect(played.state.variables).toEqual({ x: 1, y: 2 })
    expect(played.state.called).toBeUndefined()
    played.complete('b', 'ok')
    expect(played.residue).toEqual([])
  })

  it('keep the version they began with', async () => {
    const version = (name: string) => drawn(`<startEvent id="s"/>${task(name)}\ns -> ${name}\n`)
    const flows = new Map([
      ['v1', await version('old')],
      ['v2', await version('new')],
    ])
    const flow = await drawn(`<startEvent id="s"/><callActivity id="call" calledElement="other"/>\ns -> call\n`)
    let latest = 'v1'
    const context = {
      ...officeHours(),
      calledFlow: () => ({ ref: latest, flow: flows.get(latest) ?? flow }),
      flowOf: (ref: string) => flows.get(ref),
    }
    const played = new Rehearsal(flow, context, undefined, throughDatabase).start({})
    latest = 'v2'
    expect(played.waiting).toEqual(['call/old'])
    played.complete('call/old', 'ok')
    expect(played.ended).toBe('completed')
  })
})

describe('event sub-processes', () => {
  it('that do not interrupt run beside the rest, as often as their timer comes, without drift', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a')}<subProcess id="w" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false">
      <timerEventDefinition><timeCycle xsi:type="tFormalExpression">R2/PT1H</timeCycle></timerEventDefinition></startEvent>${service('chase', 'chase')}\nws -> chase\n</subProcess>\ns -> a\n`)
    const played = rehearse(flow, {})
    played.passTo(played.context.now + 5 * HOUR)
    expect(trace(played)).toEqual(['chase', 'chase'])
    expect(played.waiting).toEqual(['a'])
    played.complete('a', 'ok')
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })
})
