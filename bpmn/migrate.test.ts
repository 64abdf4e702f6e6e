import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance } from './advance.ts'
import type { CaseEvent } from './case.ts'
import { compareFlows } from './compare.ts'
import { drawn, officeHours, task, throughDatabase, timerBoundary } from './drawn.ts'
import type { Flow } from './flow.ts'
import { migrate, unmapped } from './migrate.ts'
import { Rehearsal } from './rehearsal.ts'

const chain = (ids: string[]) => ids.slice(1).map((id, index) => `${ids[index]} -> ${id}`)

/** start → tasks in a row → end. */
function row(names: string[], more = ''): Promise<Flow> {
  return drawn(`<startEvent id="s"/><endEvent id="e"/>${names.map((name) => task(name)).join('')}${more}
    ${chain(['s', ...names, 'e']).join('\n')}\n`)
}

function atTask(flow: Flow, elementId: string): Rehearsal {
  const played = new Rehearsal(flow, officeHours(), () => null, throughDatabase).start({})
  while (played.waiting[0] !== elementId) played.complete(played.waiting[0] ?? '', 'ok')
  return played
}

describe('comparing two versions', () => {
  it('finds what was added, removed, changed, and nothing in the same flow', async () => {
    const [before, after] = [await row(['a', 'b']), await row(['a', 'c'])]
    expect(compareFlows(before, before)).toEqual([])
    const found = compareFlows(before, after).map(({ elementId, change }) => `${change} ${elementId}`)
    expect(found).toEqual(expect.arrayContaining(['removed b', 'added c', 'changed a']))
  })

  it('tells what only moved on the drawing from what means something else', async () => {
    const flow = await row(['a'])
    const shape = { x: 0, y: 0, width: 100, height: 80 }
    const left: Flow = { ...flow, shapes: { a: shape } }
    const right: Flow = { ...flow, shapes: { a: { ...shape, x: 200 } } }
    expect(compareFlows(left, right)).toEqual([
      { elementId: 'a', kind: 'userTask', name: 'a', change: 'moved', parts: [] },
    ])
  })
})

describe('moving a case to another version', () => {
  it('goes on where it was, on the newer version', async () => {
    const [from, to] = [await row(['a', 'b']), await row(['a', 'b', 'c'])]
    const played = atTask(from, 'b')
    const moved = migrate(played.state, from, to, { map: {} }, played.context)
    if (!moved.ok) throw new Error('it fits')
    const after = advance(to, moved.state, { type: 'taskCompleted', taskId: played.task('b').taskId }, played.context)
    expect('late' in after ? [] : after.effects).toContainEqual(
      expect.objectContaining({ kind: 'openTask', task: expect.objectContaining({ elementId: 'c' }) as unknown }),
    )
  })

  it('names what does not fit, and moves nothing', async () => {
    const [from, to] = [await row(['a', 'b']), await row(['a', 'c'])]
    const played = atTask(from, 'b')
    const before = JSON.stringify(played.state)
    expect(unmapped(from, to)).toEqual(['b'])
    const refused = migrate(played.state, from, to, { map: {} }, played.context)
    expect(refused).toMatchObject({ ok: false, misfits: [{ elementId: 'b', reason: 'removed' }] })
    expect(JSON.stringify(played.state)).toBe(before)
    const mapped = migrate(played.state, from, to, { map: { b: 'c' } }, played.context)
    expect(mapped).toMatchObject({ ok: true, moved: { b: 'c' } })
  })

  it('takes back boundary events that are gone and arms those that are new, once each', async () => {
    const late = `${timerBoundary('late', 'a', 'PT1H', false)}<endEvent id="x"/>\nlate -> x\n`
    const [without, with_] = [await row(['a']), await row(['a'], late)]
    const played = atTask(without, 'a')
    const armed = migrate(played.state, without, with_, { map: {} }, played.context)
    if (!armed.ok) throw new Error('it fits')
    expect(armed.effects).toMatchObject([{ kind: 'armTimer', elementId: 'late' }])
    const again = migrate(armed.state, with_, with_, { map: {} }, played.context)
    expect(again).toMatchObject({ ok: true, effects: [] })
    const back = migrate(armed.state, with_, without, { map: {} }, played.context)
    expect(back).toMatchObject({ ok: true, effects: [{ kind: 'cancelTimer' }] })
  })

  it('to the very same flow changes nothing, wherever the case is', async () => {
    const watch = `<subProcess id="w" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false"><signalEventDefinition signalRef="sig"/></startEvent><endEvent id="we"/>\nws -> we\n</subProcess>`
    const body = `<startEvent id="s"/><endEvent id="e"/>${watch}<parallelGateway id="f"/><parallelGateway id="j"/>${task('a')}${task('b')}${timerBoundary('late', 'a', 'R3/PT1H', false)}
      s -> f\nf -> a\nf -> b\na -> j\nb -> j\nj -> e\nlate -> e\n`
    const flow = await drawn(body, '<signal id="sig" name="sig"/>')
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'late', 'sig'), { maxLength: 6 }), (acts) => {
        const played = new Rehearsal(flow, officeHours(), () => null, throughDatabase).start({})
        for (const act of acts) {
          if (act === 'sig') played.step({ type: 'signalReceived', name: 'sig' })
          else if (act === 'late') played.passTo(played.context.now + 3_600_000)
          else if (played.waiting.includes(act)) played.complete(act, 'ok')
        }
        if (played.ended !== null) return
        const moved = migrate(played.state, flow, flow, { map: {} }, played.context)
        expect(moved).toEqual({ ok: true, state: played.state, effects: [], moved: {} })
      }),
    )
  })
})

describe('a case that was moved', () => {
  it('completes as one that began on the other version and came as far', async () => {
    const names = ['t1', 't2', 't3', 't4', 't5', 't6']
    const some = fc.shuffledSubarray(names, { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(some, some, fc.nat(5), async (before, after, at) => {
        const where = before[at % before.length] ?? ''
        const [from, to] = [await row(before), await row(after)]
        const played = atTask(from, where)
        const moved = migrate(played.state, from, to, { map: {} }, played.context)
        expect(moved.ok).toBe(after.includes(where))
        if (!moved.ok) return
        const goingOn = new Rehearsal(to, officeHours(), () => null, throughDatabase)
        goingOn.state = throughDatabase(moved.state)
        for (const task of played.tasks.values()) goingOn.tasks.set(task.taskId, task)
        const fresh = atTask(to, where)
        for (const next of after.slice(after.indexOf(where))) {
          expect(goingOn.waiting).toEqual([next])
          expect(fresh.waiting).toEqual([next])
          goingOn.complete(next, 'ok')
          fresh.complete(next, 'ok')
        }
        expect([goingOn.ended, fresh.ended]).toEqual(['completed', 'completed'])
        expect(goingOn.residue).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('what an administrator changes in a case', () => {
  const modify = (changes: Extract<CaseEvent, { type: 'caseModified' }>['changes']): CaseEvent => ({
    type: 'caseModified',
    changes,
    reason: 'asked for',
  })

  it('moves a token: what it held is taken back', async () => {
    const played = atTask(await row(['a', 'b', 'c']), 'a')
    const tokenId = played.state.tokens[0]?.id ?? ''
    expect(played.step(modify([{ do: 'moveToken', tokenId, to: 'c' }]))).toBeNull()
    expect(played.waiting).toEqual(['c'])
    played.complete('c', 'ok')
    expect(played.ended).toBe('completed')
    expect(played.residue).toEqual([])
  })

  it('adds and cancels tokens, and sets variables', async () => {
    const played = atTask(await row(['a', 'b']), 'a')
    expect(played.step(modify([{ do: 'addToken', at: 'b' }]))).toBeNull()
    expect(played.waiting).toEqual(['a', 'b'])
    const [first] = played.state.tokens
    const changes = modify([
      { do: 'cancelToken', tokenId: first?.id ?? '' },
      { do: 'setVariables', variables: { x: 1 } },
    ])
    expect(played.step(changes)).toBeNull()
    expect(played.waiting).toEqual(['b'])
    expect(played.state.variables).toEqual({ x: 1 })
  })

  it('does all of it or nothing', async () => {
    const played = atTask(await row(['a', 'b']), 'a')
    const before = JSON.stringify(played.state)
    const late = played.step(
      modify([
        { do: 'setVariables', variables: { x: 1 } },
        { do: 'addToken', at: 'nowhere' },
      ]),
    )
    expect(late).toContain('nowhere')
    expect(JSON.stringify(played.state)).toBe(before)
  })

  it('keeps every token counted, whatever is changed', async () => {
    const flow =
      await drawn(`<startEvent id="s"/><endEvent id="e"/><parallelGateway id="f"/><parallelGateway id="j"/>${task('a')}
      <subProcess id="p"><startEvent id="ps"/>${task('b')}<endEvent id="pe"/>\nps -> b\nb -> pe\n</subProcess>
      s -> f\nf -> a\nf -> p\na -> j\np -> j\nj -> e\n`)
    const targets = fc.constantFrom('a', 'b', 'p', 'f', 'j', 'e')
    const change = fc.oneof(
      fc.record({ do: fc.constant('move' as const), at: fc.nat(9), to: targets }),
      fc.record({ do: fc.constant('add' as const), to: targets }),
      fc.record({ do: fc.constant('cancel' as const), at: fc.nat(9) }),
    )
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        const played = new Rehearsal(flow, officeHours(), () => null, throughDatabase).start({})
        for (const one of changes) {
          if (played.ended !== null) break
          const { tokens } = played.state
          const tokenId = tokens[('at' in one ? one.at : 0) % tokens.length]?.id ?? ''
          if (one.do === 'move') played.step(modify([{ do: 'moveToken', tokenId, to: one.to }]))
          else if (one.do === 'add') played.step(modify([{ do: 'addToken', at: one.to }]))
          else played.step(modify([{ do: 'cancelToken', tokenId }]))
          const { state } = played
          for (const scope of state.scopes) {
            const inside = state.tokens.filter((token) => token.scope === scope.id)
            expect(scope.live).toBe(inside.length)
            expect(scope.joining).toBe(inside.filter((token) => token.joining).length)
          }
          expect(state.counters.open).toBe(state.tokens.filter((token) => token.child === undefined).length)
        }
        if (played.ended !== null) expect(played.residue).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
