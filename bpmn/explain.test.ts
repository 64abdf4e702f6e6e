import { describe, expect, it } from 'vitest'
import { drawn, forEach, HOUR, NOW, rehearse, service, task, timerBoundary } from './drawn.ts'
import { awaited, drawnTasks, nextTasks } from './explain.ts'

describe('what comes next', () => {
  it('looks past services and gateways, into and out of sub-processes, to the nearest tasks', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('register')}${service('note', 'noop')}<exclusiveGateway id="g"/>
      ${task('direct', '', '', '=leader')}<subProcess id="each">${forEach('units', 'unit')}<startEvent id="in"/>${task('ask', '', '', '="unit:" + unit')}
        in -> ask
      </subProcess>${task('after')}
      s -> register
      register -> note
      note -> g
      g -> direct if urgent
      g -> each otherwise
      each -> after`)
    const played = rehearse(flow, { leader: 'post:1', urgent: false, units: ['A'] })
    const next = () => nextTasks(flow, played.state, played.context)
    expect(next()).toMatchObject([
      {
        elementId: 'direct',
        from: 'register',
        fromTaskId: played.task('register').taskId,
        candidateGroups: ['post:1'],
        certain: false,
        forEach: false,
      },
      {
        elementId: 'ask',
        candidateGroups: [],
        candidateGroupsExpression: '="unit:" + unit',
        certain: false,
        forEach: true,
      },
    ])
    played.complete('register', 'ok')
    expect(next()).toMatchObject([{ elementId: 'after', from: 'ask', certain: true }])
    played.complete('ask', 'ok')
    played.complete('after', 'ok')
    expect(next()).toEqual([])
  })
})

describe('what comes after an end that ends its sub-process', () => {
  it('is what follows the sub-process, not the end of the flow', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><subProcess id="gather"><startEvent id="in"/>${task('close')}<endEvent id="x"><terminateEventDefinition/></endEvent>
        in -> close
        close -> x
      </subProcess>${task('conclude')}
      s -> gather
      gather -> conclude`)
    const played = rehearse(flow, {})
    expect(nextTasks(flow, played.state, played.context)).toMatchObject([{ elementId: 'conclude', from: 'close' }])
    played.complete('close', 'ok')
    expect(played.waiting).toEqual(['conclude'])
  })
})

describe('the tasks of a flow as it is drawn', () => {
  it('come in the order of the way through, with what follows each', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task('b')}${task('a')}${task('c')}<exclusiveGateway id="g"/>
      s -> a
      a -> g
      g -> b if x
      g -> c otherwise
      b -> c`)
    const tasks = drawnTasks(flow)
    expect(tasks.map(({ elementId, first }) => [elementId, first])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ])
    expect(tasks[0]?.then).toMatchObject([
      { elementId: 'b', certain: false },
      { elementId: 'c', certain: false },
    ])
    expect(tasks[1]?.then).toMatchObject([{ elementId: 'c', certain: true }])
  })
})

describe('what a case waits for besides people', () => {
  it('names timers by when they are due, and signals that an event sub-process listens for', async () => {
    const flow = await drawn(
      `<startEvent id="s"/>${task('a')}${timerBoundary('late', 'a', 'PT2H', false)}${timerBoundary('soon', 'a', 'PT1H', false)}
      <subProcess id="w" triggeredByEvent="true"><startEvent id="ws"><signalEventDefinition signalRef="sig"/></startEvent>${task('b')}\nws -> b\n</subProcess>
      s -> a\n`,
      '<signal id="sig" name="stop"/>',
    )
    const { state } = rehearse(flow, {})
    expect(awaited(state)).toEqual([
      { kind: 'timer', elementId: 'soon', from: 'a', dueAt: NOW + HOUR },
      { kind: 'timer', elementId: 'late', from: 'a', dueAt: NOW + 2 * HOUR },
      { kind: 'signal', elementId: 'ws', from: 'ws', name: 'stop' },
    ])
  })
})
