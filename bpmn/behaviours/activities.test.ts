import { describe, expect, it } from 'vitest'
import { advance } from '../advance.ts'
import type { CaseEvent } from '../case.ts'
import { HOUR, NOW, drawn, forEach, property, rehearse, service, task, timerBoundary } from '../drawn.ts'
import { visibleVariables } from '../state.ts'

const at = (text: string) => Date.parse(`${text}+07:00`)

describe('user task', () => {
  it('opens with who, due, priority, input and properties evaluated', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task(
      'a',
      `<zeebe:formDefinition formKey="incoming.handle"/><zeebe:priorityDefinition priority="=10 + urgency"/>
       <zeebe:ioMapping><zeebe:input source="=subject" target="title"/></zeebe:ioMapping>
       ${property({ 'imoit.sla': 'P1D', 'imoit.workingTime': 'true', 'imoit.part': '=if urgency > 1 then "lead" else "coordinate"' })}`,
      '',
      '="unit:" + unit + ":head"',
    )}
      s -> a`)
    const played = rehearse(flow, { urgency: 3, subject: 'Report', unit: 'TMDT' })
    expect(played.task('a')).toMatchObject({
      formKey: 'incoming.handle',
      candidateGroups: ['unit:TMDT:head'],
      assignee: null,
      priority: 13,
      input: { title: 'Report' },
      properties: { 'imoit.part': 'lead' },
      dueAt: at('2026-11-23T09:00:00'),
      scope: [],
    })
  })

  it('speaks at its reminder share and when due, and no more once it is closed', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a', property({ 'imoit.sla': 'PT8H', 'imoit.remindShare': '0.5' }))}
      s -> a`)
    const played = rehearse(flow, {})
    played.passTo(NOW + 4 * HOUR)
    expect(played.notices).toEqual(['a reminder'])
    played.passTo(NOW + 9 * HOUR)
    expect(played.notices).toEqual(['a reminder', 'a overdue'])

    const early = rehearse(flow, {})
    early.complete('a', 'done')
    early.passTo(NOW + 9 * HOUR)
    expect(early.notices).toEqual([])
    expect(early.residue).toEqual([])
  })

  it('stops with an incident when its assignment gives no one', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task('a', '', '', '=missing')}
      s -> a`)
    const played = rehearse(flow, {})
    expect(played.incident).toMatchObject({ elementId: 'a', code: 'nobody' })
    played.retry({ missing: 'role:clerk' })
    expect(played.task('a').candidateGroups).toEqual(['role:clerk'])
  })

  it('answers a second completion as late, and leaves the state it was given alone', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task('a')}${task('b')}
      s -> a
      a -> b`)
    const played = rehearse(flow, {})
    const before = JSON.stringify(played.state)
    const event: CaseEvent = { type: 'taskCompleted', taskId: played.task('a').taskId, outcome: 'ok' }
    const context = {
      now: NOW,
      calendar: { timeZone: 'UTC', hours: [], workingWeekdays: [], off: new Set<string>(), worked: new Set<string>() },
    }
    const first = advance(flow, played.state, event, context)
    expect(JSON.stringify(played.state)).toBe(before)
    if ('late' in first) throw new Error(first.reason)
    expect(first.state.tokens.map(({ at }) => at)).toEqual(['b'])
    expect(first.state.tasks).toHaveLength(1)
    expect(advance(flow, first.state, event, context)).toMatchObject({ late: true })
  })
})

describe('service task', () => {
  const called = () =>
    drawn(
      `<startEvent id="s"/>${service(
        'call',
        'exchange.send',
        `<zeebe:ioMapping><zeebe:input source="=replyDocumentId" target="documentId"/><zeebe:output source="=receipt.number" target="sentAs"/></zeebe:ioMapping>
         <zeebe:taskHeaders><zeebe:header key="channel" value="vdxp"/></zeebe:taskHeaders>`,
      )}<boundaryEvent id="refused" attachedToRef="call"><errorEventDefinition errorRef="err"/></boundaryEvent>${task('a')}${task('fix')}
      s -> call
      call -> a
      refused -> fix`,
      '<error id="err" errorCode="exchange-refused"/>',
    )

  it('gives its inputs and headers, and takes only what it maps out', async () => {
    const played = rehearse(await called(), { replyDocumentId: 'd1' }, () => ({
      variables: { receipt: { number: 7 }, noise: 1 },
    }))
    expect(played.calls).toMatchObject([
      { serviceType: 'exchange.send', input: { documentId: 'd1' }, headers: { channel: 'vdxp' }, retries: 3 },
    ])
    expect(played.waiting).toEqual(['a'])
    expect(played.state.variables).toEqual({ replyDocumentId: 'd1', sentAs: 7 })
  })

  it('fails over the boundary event that catches its code', async () => {
    const played = rehearse(await called(), { replyDocumentId: 'd1' }, () => ({
      code: 'exchange-refused',
      message: 'no',
    }))
    expect(played.waiting).toEqual(['fix'])
    expect(played.timers.size + played.incidents.size + played.openCalls.size).toBe(0)
  })

  it('stops with an incident where nothing catches it, and calls again on retry', async () => {
    let answers = 0
    const played = rehearse(await called(), { replyDocumentId: 'd1' }, () =>
      ++answers === 1 ? { code: 'timeout', message: 'no answer' } : { variables: { receipt: { number: 8 } } },
    )
    expect(played.incident).toMatchObject({ elementId: 'call', code: 'timeout' })
    played.retry()
    expect(played.calls).toHaveLength(2)
    expect(played.waiting).toEqual(['a'])
  })
})

describe('script task', () => {
  it('writes what FEEL gives', async () => {
    const flow = await drawn(`<startEvent id="s"/><scriptTask id="sum"><extensionElements>
      <zeebe:script expression="=sum(parts)" resultVariable="total"/></extensionElements></scriptTask>${task('a')}
      s -> sum
      sum -> a`)
    expect(rehearse(flow, { parts: [1, 2, 3] }).state.variables['total']).toBe(6)
  })
})

describe('sub-process', () => {
  const nested = () =>
    drawn(
      `<startEvent id="s"/><subProcess id="sub"><startEvent id="in"/><parallelGateway id="fork"/>${task('a')}${task('b')}
        <endEvent id="returned"><errorEventDefinition errorRef="err"/></endEvent><exclusiveGateway id="g"/><endEvent id="fine"/>
        in -> fork
        fork -> a
        fork -> b
        a -> g
        g -> returned if outcome = "returned"
        g -> fine otherwise
      </subProcess><boundaryEvent id="caught" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent>
      ${timerBoundary('late', 'sub', 'P2D', false)}${task('again')}${task('after')}${service('chase', 'letter.chase')}
      s -> sub
      sub -> after
      caught -> again
      late -> chase`,
      '<error id="err" errorCode="unit-returned"/>',
    )

  it('goes on when all in it has ended', async () => {
    const played = rehearse(await nested(), {})
    expect(played.task('a').scope).toEqual(['sub'])
    played.complete('a', 'ok')
    played.complete('b', 'ok')
    expect(played.waiting).toEqual(['after'])
    expect(played.timers.size).toBe(0)
  })

  it('is left by an error in it, which takes everything else back', async () => {
    const played = rehearse(await nested(), {})
    played.complete('a', 'returned')
    expect(played.waiting).toEqual(['again'])
    expect(played.timers.size).toBe(0)
    played.complete('again', 'ok')
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('goes on beside a timer that does not interrupt it', async () => {
    const played = rehearse(await nested(), {})
    played.passTo(NOW + 48 * HOUR)
    expect(played.called('letter.chase')).toHaveLength(1)
    expect(played.waiting).toEqual(['a', 'b'])
  })

  it('ends alone by a terminate event in it', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><subProcess id="sub"><startEvent id="in"/><parallelGateway id="fork"/>${task('a')}${task('b')}
        <endEvent id="stop"><terminateEventDefinition/></endEvent>
        in -> fork
        fork -> a
        fork -> b
        a -> stop
      </subProcess>${task('after')}
      s -> sub
      sub -> after`)
    const played = rehearse(flow, {})
    played.complete('a', 'ok')
    expect(played.waiting).toEqual(['after'])
    expect(played.ended).toBeNull()
  })
})

describe('multi-instance', () => {
  it('runs all items at once, each with its own, and gathers what they gave in their order', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task(
      'a',
      '',
      forEach('units', 'unit', 'outputCollection="answers" outputElement="={unit: unit, text: text}"'),
      '="unit:" + unit + ":head"',
    )}${task('after')}
      s -> a
      a -> after`)
    const played = rehearse(flow, { units: ['A', 'B', 'C'] })
    expect(played.waiting).toEqual(['a', 'a', 'a'])
    expect(played.task('a', 'unit:B:head').input).toEqual({ unit: 'B', loopCounter: 2 })
    for (const unit of ['C', 'A', 'B']) played.complete('a', 'ok', { text: `from ${unit}` }, `unit:${unit}:head`)
    expect(played.waiting).toEqual(['after'])
    expect(played.state.variables['answers']).toEqual(['A', 'B', 'C'].map((unit) => ({ unit, text: `from ${unit}` })))
    expect(Object.keys(played.state.variables).sort()).toEqual(['answers', 'units'])
  })

  it('runs one after the other when sequential, and stops at its completion condition', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a', '', forEach('units', 'unit', '', 'numberOfCompletedInstances >= 2', true))}${task('after')}
      s -> a
      a -> after`)
    const played = rehearse(flow, { units: ['A', 'B', 'C'] })
    expect(played.task('a').input['unit']).toBe('A')
    played.complete('a', 'ok')
    expect(played.task('a').input['unit']).toBe('B')
    played.complete('a', 'ok')
    expect(played.waiting).toEqual(['after'])
  })

  it('takes the rest back when the condition holds in parallel', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a', '', forEach('[1,2,3]', 'n', '', 'outcome = "enough"'))}${task('after')}
      s -> a
      a -> after`)
    const played = rehearse(flow, {})
    const [first] = [...played.tasks.keys()]
    played.step({ type: 'taskCompleted', taskId: first ?? '', outcome: 'enough' })
    expect(played.waiting).toEqual(['after'])
  })

  it('passes over an empty list', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a', '', forEach('units', 'unit', 'outputCollection="answers" outputElement="=unit"'))}${task('after')}
      s -> a
      a -> after`)
    const played = rehearse(flow, { units: [] })
    expect(played.waiting).toEqual(['after'])
    expect(played.state.variables['answers']).toEqual([])
  })

  it('keeps the variables of each sub-process instance apart', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><subProcess id="each">${forEach('units', 'unit')}<startEvent id="in"/>${task(
        'ask',
        '',
        '',
        '="unit:" + unit + ":head"',
      )}${task('do', '', '', '=chosen')}
        in -> ask
        ask -> do
      </subProcess>
      s -> each`)
    const played = rehearse(flow, { units: ['A', 'B'] })
    const ask = played.task('ask', 'unit:A:head')
    expect(ask.scope).toEqual(['each'])
    expect(visibleVariables(played.state, ask.taskId)).toMatchObject({ unit: 'A', units: ['A', 'B'] })
    played.complete('ask', 'ok', { chosen: 'post:a' }, 'unit:A:head')
    played.complete('ask', 'ok', { chosen: 'post:b' }, 'unit:B:head')
    expect([...played.tasks.values()].map((open) => [open.input['unit'], open.candidateGroups])).toEqual([
      ['A', ['post:a']],
      ['B', ['post:b']],
    ])
  })

  it('is interrupted as a whole by a boundary timer', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a', '', forEach('[1,2,3]', 'n'))}${timerBoundary('late', 'a', 'P1D')}${task('after')}
      s -> a
      late -> after`)
    const played = rehearse(flow, {})
    played.passTo(NOW + 24 * HOUR)
    expect(played.waiting).toEqual(['after'])
    played.complete('after', 'ok')
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('refuses more than a thousand open tokens in words, and goes on with fewer', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task('a', '', forEach('units', 'unit'))}
      s -> a`)
    const many = Array.from({ length: 1001 }, (_, index) => index)
    const played = rehearse(flow, { units: many })
    expect(played.incident?.code).toBe('too-many-tokens')
    expect(played.incident?.message).toContain('1000')
    played.retry({ units: many.slice(0, 1000) })
    expect(played.tasks.size).toBe(1000)
  })
})
