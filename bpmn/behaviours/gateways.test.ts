import { describe, expect, it } from 'vitest'
import type { Variables } from '../case.ts'
import { drawn, rehearse, task } from '../drawn.ts'

describe('exclusive gateway', () => {
  const choice = () =>
    drawn(`<startEvent id="s"/><exclusiveGateway id="g"/>${task('a')}${task('b')}${task('c')}
      s -> g
      g -> a if size > 10
      g -> b if size > 5
      g -> c otherwise`)

  it.each([
    [20, 'a'],
    [7, 'b'],
    [1, 'c'],
  ])('takes the first flow that holds, or the default: size %i goes to %s', async (size, expected) => {
    const played = rehearse(await choice(), { size })
    expect(played.waiting).toEqual([expected])
  })

  it('stops with an incident where the condition is neither true nor false, and goes on when the variable is put right', async () => {
    const played = rehearse(await choice(), { size: null })
    expect(played.incident).toMatchObject({ elementId: 'g', code: 'condition' })
    expect(played.waiting).toEqual([])
    played.retry({ size: 7 })
    expect(played.waiting).toEqual(['b'])
    expect(played.incidents.size).toBe(0)
  })

  it('stops with an incident where no condition holds and there is no default', async () => {
    const flow = await drawn(`<startEvent id="s"/><exclusiveGateway id="g"/>${task('a')}
      s -> g
      g -> a if false`)
    const played = rehearse(flow, {})
    expect(played.incident).toMatchObject({ elementId: 'g', code: 'no-flow' })
  })
})

describe('parallel gateway', () => {
  const twoBranches = () =>
    drawn(`<startEvent id="s"/><parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="e"/>
      ${task('a')}${task('b')}${task('after')}
      s -> fork
      fork -> a
      fork -> b
      a -> join
      b -> join
      join -> after
      after -> e`)

  it('goes on when every branch has come', async () => {
    const played = rehearse(await twoBranches(), {})
    expect(played.waiting).toEqual(['a', 'b'])
    played.complete('b', 'ok')
    expect(played.waiting).toEqual(['a'])
    played.complete('a', 'ok')
    expect(played.waiting).toEqual(['after'])
    played.complete('after', 'ok')
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('marks the case stuck when the other branch can no longer come', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><exclusiveGateway id="g"/><parallelGateway id="join"/>${task('a')}${task('b')}
      s -> g
      g -> a if true
      g -> b otherwise
      a -> join
      b -> join`)
    const played = rehearse(flow, {})
    expect(played.state.status).toBe('running')
    played.complete('a', 'ok')
    expect(played.state.status).toBe('stuck')
  })

  it('lets each branch see the outcome of its own task', async () => {
    const flow = await drawn(`<startEvent id="s"/><parallelGateway id="fork"/>${task('a')}${task('b')}
      <serviceTask id="wait"><extensionElements><zeebe:taskDefinition type="wait"/></extensionElements></serviceTask>
      <exclusiveGateway id="g"/>${task('yes')}${task('no')}
      s -> fork
      fork -> a
      fork -> b
      a -> wait
      wait -> g
      g -> yes if outcome = "yes"
      g -> no otherwise`)
    const played = rehearse(flow, {}, () => {
      // the other branch ends its task with another outcome while this one is on its way
      if (played.tasks.size > 0) played.complete('b', 'no')
      return { variables: {} }
    })
    played.complete('a', 'yes')
    expect(played.waiting).toEqual(['yes'])
  })
})

describe('the outcome of a task', () => {
  it('is forgotten when the next one ends without', async () => {
    const flow =
      await drawn(`<startEvent id="s"/>${task('a')}${task('b')}<exclusiveGateway id="g"/>${task('yes')}${task('no')}
      s -> a
      a -> b
      b -> g
      g -> yes if outcome = "yes"
      g -> no otherwise`)
    const played = rehearse(flow, {})
    played.complete('a', 'yes')
    played.step({ type: 'taskCompleted', taskId: played.task('b').taskId })
    expect(played.waiting).toEqual(['no'])
  })

  it('may be given among the variables', async () => {
    const flow = await drawn(`<startEvent id="s"/>${task('a')}<exclusiveGateway id="g"/>${task('yes')}${task('no')}
      s -> a
      a -> g
      g -> yes if outcome = "yes"
      g -> no otherwise`)
    const played = rehearse(flow, {})
    const variables = JSON.parse('{"outcome":"yes","__proto__":{"polluted":true}}') as Variables
    played.step({ type: 'taskCompleted', taskId: played.task('a').taskId, variables })
    expect(played.waiting).toEqual(['yes'])
    expect('polluted' in {}).toBe(false)
    expect('polluted' in played.state.variables).toBe(false)
  })
})

describe('inclusive gateway', () => {
  const some = () =>
    drawn(`<startEvent id="s"/><inclusiveGateway id="fork"/><inclusiveGateway id="join"/>${task('a')}${task('b')}${task('c')}${task('after')}
      s -> fork
      fork -> a if x > 0
      fork -> b if x > 1
      fork -> c otherwise
      a -> join
      b -> join
      c -> join
      join -> after`)

  it.each([
    [0, ['c']],
    [1, ['a']],
    [2, ['a', 'b']],
  ])('x = %i opens %j and joins exactly those', async (x, opened) => {
    const played = rehearse(await some(), { x })
    expect(played.waiting).toEqual(opened)
    for (const id of opened) {
      expect(played.waiting).not.toContain('after')
      played.complete(id, 'ok')
    }
    expect(played.waiting).toEqual(['after'])
  })
})
