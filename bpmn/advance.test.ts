import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance } from './advance.ts'
import type { CaseEvent } from './case.ts'
import { drawn, forEach, officeHours, service, task, throughDatabase, timerBoundary } from './drawn.ts'
import type { Flow } from './flow.ts'
import { Rehearsal } from './rehearsal.ts'
import { find } from './rows.ts'
import type { CaseState } from './state.ts'

/** A piece of a flow with one way in and one way out. */
type Block =
  | { type: 'task' | 'service' | 'chased' | 'interrupted' | 'race' | 'undone' | 'linked' | 'together' | Leaf }
  | { type: 'sequence' | 'parallel' | 'exclusive' | 'inclusive' | 'complex'; parts: Block[] }
  | { type: Wrapper; part: Block }

/** A message, a signal that a branch throws to its neighbour, a condition that one makes true, a called flow. */
type Leaf = 'received' | 'signalled' | 'conditioned' | 'called'

type Wrapper =
  | 'failing'
  | 'cancelled'
  | 'terminated'
  | 'stopped'
  | 'announced'
  | 'subProcess'
  | 'each'
  | 'inTurn'
  | 'again'
  | 'watched'
  | 'escalating'

const { block } = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<Block>(
      ...(
        [
          'task',
          'service',
          'chased',
          'interrupted',
          'race',
          'undone',
          'linked',
          'together',
          'received',
          'signalled',
          'conditioned',
          'called',
        ] as const
      ).map((type) => ({ type })),
    ),
    fc.record({
      type: fc.constantFrom<'sequence' | 'parallel' | 'exclusive' | 'inclusive' | 'complex'>(
        'complex',
        'sequence',
        'parallel',
        'exclusive',
        'inclusive',
      ),
      parts: fc.array(tie('block'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({
      type: fc.constantFrom<Wrapper>(
        'failing',
        'cancelled',
        'terminated',
        'stopped',
        'announced',
        'subProcess',
        'each',
        'inTurn',
        'again',
        'watched',
        'escalating',
      ),
      part: tie('block'),
    }),
  ),
}))

interface Written {
  text: string
  first: string
  last: string
}

function write(part: Block, ids: { next: number }): Written {
  const id = `${part.type}${ids.next++}`
  switch (part.type) {
    case 'task':
      return { text: task(id), first: id, last: id }
    case 'service':
      return { text: service(id, 'noop'), first: id, last: id }
    case 'chased': {
      const text = `${task(id)}${timerBoundary(`late${id}`, id, 'R2/PT1H', false)}${service(`chase${id}`, 'noop')}\nlate${id} -> chase${id}\n`
      return { text, first: id, last: id }
    }
    case 'interrupted': {
      const merge = `merge${id}`
      const text = `${task(id)}${timerBoundary(`late${id}`, id, 'PT2H')}<exclusiveGateway id="${merge}"/>\n${id} -> ${merge}\nlate${id} -> ${merge}\n`
      return { text, first: id, last: merge }
    }
    case 'sequence': {
      const written = part.parts.map((one) => write(one, ids))
      const arrows = written.slice(1).map((one, index) => `${written[index]?.last} -> ${one.first}`)
      const texts = written.map((one) => one.text).join('')
      return {
        text: `${texts}\n${arrows.join('\n')}\n`,
        first: written[0]?.first ?? '',
        last: written.at(-1)?.last ?? '',
      }
    }
    case 'received': {
      return { text: `<receiveTask id="${id}" messageRef="m"/>`, first: id, last: id }
    }
    case 'called': {
      return { text: `<callActivity id="${id}" calledElement="called"/>`, first: id, last: id }
    }
    case 'signalled': {
      const signal = '<signalEventDefinition signalRef="sg"/>'
      const text = `<parallelGateway id="${id}"/><parallelGateway id="all${id}"/><intermediateThrowEvent id="cry${id}">${signal}</intermediateThrowEvent><intermediateCatchEvent id="ear${id}">${signal}</intermediateCatchEvent>
        ${id} -> cry${id}\n${id} -> ear${id}\ncry${id} -> all${id}\near${id} -> all${id}\n`
      return { text, first: id, last: `all${id}` }
    }
    case 'conditioned': {
      const condition = `<conditionalEventDefinition><condition xsi:type="tFormalExpression">=made${id} = 1</condition></conditionalEventDefinition>`
      const script = `<scriptTask id="make${id}"><extensionElements><zeebe:script expression="=1" resultVariable="made${id}"/></extensionElements></scriptTask>`
      const text = `<parallelGateway id="${id}"/><parallelGateway id="all${id}"/><intermediateCatchEvent id="see${id}">${condition}</intermediateCatchEvent>${task(`then${id}`)}${script}
        ${id} -> see${id}\n${id} -> then${id}\nthen${id} -> make${id}\nmake${id} -> all${id}\nsee${id} -> all${id}\n`
      return { text, first: id, last: `all${id}` }
    }
    case 'failing': {
      const inner = write(part.part, ids)
      const text = `<subProcess id="${id}"><startEvent id="in${id}"/><parallelGateway id="f${id}"/>${inner.text}${task(`t${id}`)}<endEvent id="x${id}"><errorEventDefinition/></endEvent>
        in${id} -> f${id}\nf${id} -> ${inner.first}\nf${id} -> t${id}\nt${id} -> x${id}\n</subProcess><boundaryEvent id="on${id}" attachedToRef="${id}"><errorEventDefinition/></boundaryEvent><exclusiveGateway id="m${id}"/>
        ${id} -> m${id}\non${id} -> m${id}\n`
      return { text, first: id, last: `m${id}` }
    }
    case 'cancelled': {
      const inner = write(part.part, ids)
      const text = `<transaction id="${id}"><startEvent id="in${id}"/>${inner.text}<endEvent id="x${id}"><cancelEventDefinition/></endEvent>
        in${id} -> ${inner.first}\n${inner.last} -> x${id}\n</transaction><boundaryEvent id="on${id}" attachedToRef="${id}"><cancelEventDefinition/></boundaryEvent><exclusiveGateway id="m${id}"/>
        ${id} -> m${id}\non${id} -> m${id}\n`
      return { text, first: id, last: `m${id}` }
    }
    case 'terminated': {
      const inner = write(part.part, ids)
      const text = `<subProcess id="${id}"><startEvent id="in${id}"/><parallelGateway id="f${id}"/>${inner.text}${task(`t${id}`)}<endEvent id="x${id}"><terminateEventDefinition/></endEvent>
        in${id} -> f${id}\nf${id} -> ${inner.first}\nf${id} -> t${id}\nt${id} -> x${id}\n</subProcess>`
      return { text, first: id, last: id }
    }
    case 'stopped':
    case 'announced': {
      const inner = write(part.part, ids)
      const start = `<startEvent id="at${id}" isInterrupting="${part.type === 'stopped'}"><messageEventDefinition messageRef="m"/></startEvent>`
      const stop = `<subProcess id="stop${id}" triggeredByEvent="true">${start}${task(`last${id}`)}\nat${id} -> last${id}\n</subProcess>`
      const text = `<subProcess id="${id}"><startEvent id="in${id}"/>${stop}${inner.text}\nin${id} -> ${inner.first}\n</subProcess>`
      return { text, first: id, last: id }
    }
    case 'parallel':
    case 'exclusive':
    case 'inclusive':
    case 'complex': {
      const [fork, join] = [`fork${id}`, `join${id}`]
      const written = part.parts.map((one) => write(one, ids))
      const arrows = written.flatMap((one, index) => {
        const all = part.type === 'parallel' || part.type === 'complex'
        const condition = all ? '' : index === 0 ? ' otherwise' : ` if x > ${index}`
        return [`${fork} -> ${one.first}${condition}`, `${one.last} -> ${join}`]
      })
      const first = '<activationCondition xsi:type="tFormalExpression">activationCount >= 1</activationCondition>'
      const gateways =
        part.type === 'complex'
          ? `<parallelGateway id="${fork}"/><complexGateway id="${join}">${first}</complexGateway>`
          : `<${part.type}Gateway id="${fork}"/><${part.type}Gateway id="${join}"/>`
      return {
        text: `${gateways}${written.map((one) => one.text).join('')}\n${arrows.join('\n')}\n`,
        first: fork,
        last: join,
      }
    }
    case 'race': {
      const merge = `merge${id}`
      const catches = [1, 2].map((hours) => {
        const time = `<timeDuration xsi:type="tFormalExpression">PT${hours}H</timeDuration>`
        return `<intermediateCatchEvent id="${id}_${hours}"><timerEventDefinition>${time}</timerEventDefinition></intermediateCatchEvent>`
      })
      const arrows = [1, 2].map((hours) => `${id} -> ${id}_${hours}\n${id}_${hours} -> ${merge}`).join('\n')
      const text = `<eventBasedGateway id="${id}"/>${catches.join('')}<exclusiveGateway id="${merge}"/>\n${arrows}\n`
      return { text, first: id, last: merge }
    }
    case 'undone': {
      const on = `<boundaryEvent id="comp${id}" attachedToRef="${id}"><compensateEventDefinition/></boundaryEvent>`
      const handler = `<serviceTask id="undo${id}" isForCompensation="true"><extensionElements><zeebe:taskDefinition type="noop"/></extensionElements></serviceTask>`
      const thrown = `<intermediateThrowEvent id="back${id}"><compensateEventDefinition/></intermediateThrowEvent>`
      const text = `${service(id, 'noop')}${on}${handler}${thrown}<association id="as${id}" sourceRef="comp${id}" targetRef="undo${id}"/>\n${id} -> back${id}\n`
      return { text, first: id, last: `back${id}` }
    }
    case 'linked': {
      const link = (tag: string, event: string) => `<${tag} id="${event}"><linkEventDefinition name="${id}"/></${tag}>`
      const text = `${link('intermediateThrowEvent', id)}${link('intermediateCatchEvent', `to${id}`)}`
      return { text, first: id, last: `to${id}` }
    }
    case 'together': {
      const text = `<adHocSubProcess id="${id}">${task(`one${id}`)}${service(`two${id}`, 'noop')}</adHocSubProcess>`
      return { text, first: id, last: id }
    }
    case 'again': {
      const inner = write(part.part, ids)
      const loop = '<standardLoopCharacteristics loopMaximum="2"/>'
      const text = `<subProcess id="${id}">${loop}<startEvent id="in${id}"/>${inner.text}\nin${id} -> ${inner.first}\n</subProcess>`
      return { text, first: id, last: id }
    }
    case 'watched': {
      const inner = write(part.part, ids)
      const start = `<startEvent id="at${id}" isInterrupting="false"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT3H</timeDuration></timerEventDefinition></startEvent>`
      const watch = `<subProcess id="watch${id}" triggeredByEvent="true">${start}${task(`look${id}`)}\nat${id} -> look${id}\n</subProcess>`
      const text = `<subProcess id="${id}"><startEvent id="in${id}"/>${watch}${inner.text}\nin${id} -> ${inner.first}\n</subProcess>`
      return { text, first: id, last: id }
    }
    case 'escalating': {
      const inner = write(part.part, ids)
      const thrown = `<intermediateThrowEvent id="up${id}"><escalationEventDefinition/></intermediateThrowEvent>`
      const on = `<boundaryEvent id="heard${id}" attachedToRef="${id}" cancelActivity="false"><escalationEventDefinition/></boundaryEvent>`
      const text = `<subProcess id="${id}"><startEvent id="in${id}"/>${thrown}${inner.text}\nin${id} -> up${id}\nup${id} -> ${inner.first}\n</subProcess>${on}${service(`heed${id}`, 'noop')}\nheard${id} -> heed${id}\n`
      return { text, first: id, last: id }
    }
    case 'subProcess':
    case 'each':
    case 'inTurn': {
      const inner = write(part.part, ids)
      const loop = part.type === 'subProcess' ? '' : forEach('items', `item${id}`, '', '', part.type === 'inTurn')
      const text = `<subProcess id="${id}">${loop}<startEvent id="in${id}"/>${inner.text}\nin${id} -> ${inner.first}\n</subProcess>`
      return { text, first: id, last: id }
    }
  }
}

async function flowOf(part: Block): Promise<Flow> {
  const written = write(part, { next: 1 })
  const called = '<process id="called" isExecutable="true"><userTask id="ask"/></process>'
  return drawn(
    `<startEvent id="s"/><endEvent id="e"/>${written.text}\ns -> ${written.first}\n${written.last} -> e\n`,
    `<message id="m" name="news"/><signal id="sg" name="cry"/>${called}`,
  )
}

/** The counts in the state are those of its tokens, and everything that is open hangs on a token that says so. */
function expectWhole(state: CaseState): void {
  const { tokens } = state
  const holder = (entry: { token?: string }) => find(tokens, entry.token)
  const moving = tokens.filter((token) => !token.listening)
  expect(state.counters.open).toBe(moving.filter((token) => token.child === undefined).length)
  for (const scope of state.scopes) {
    const inside = moving.filter((token) => token.scope === scope.id)
    const listening = tokens.filter((token) => token.listening && token.scope === scope.id)
    expect(scope.listeners ?? []).toEqual(listening.map((token) => token.id))
    expect(scope.live).toBe(inside.length)
    expect(scope.joining).toBe(inside.filter((token) => token.joining).length)
    expect(
      Object.values(scope.joins ?? {})
        .flat()
        .sort(),
    ).toEqual(
      inside
        .filter((token) => token.joining)
        .map((token) => token.id)
        .sort(),
    )
    if (scope.token !== undefined) expect(holder(scope)?.child).toBe(scope.id)
  }
  for (const token of tokens) expect(find(state.scopes, token.scope)).toBeDefined()
  for (const entry of state.tasks) expect(holder(entry)?.task).toBe(entry.id)
  for (const entry of state.calls) expect(holder(entry)?.call).toBe(entry.id)
  for (const entry of state.incidents) expect(holder(entry)?.incident).toBe(entry.id)
  for (const entry of state.timers) expect(holder(entry)?.timers).toContain(entry.id)
}

/** Plays by a row of numbers: each picks what happens next among all that can. */
function play(
  flow: Flow,
  x: number,
  picks: number[],
  store?: (state: CaseState) => CaseState,
): { log: CaseEvent[]; played: Rehearsal } {
  const log: CaseEvent[] = []
  const played = new Rehearsal(flow, officeHours(), () => null, store)
  const happen = (event: CaseEvent) => {
    log.push(event)
    if (event.type === 'timerFired') {
      const due = played.timers.get(event.timerId)
      if (due) played.context.now = Math.max(played.context.now, due.dueAt)
    }
    expect(played.step(event)).toBeNull()
    expectWhole(played.state)
  }
  happen({ type: 'start', variables: { x, items: [1, 2] } })
  for (let turn = 0; played.ended === null && turn < 2000; turn++) {
    const possible: CaseEvent[] = [
      ...[...played.tasks.keys()].map((taskId): CaseEvent => ({
        type: 'taskCompleted',
        taskId,
        outcome: 'ok',
        variables: { turn },
      })),
      ...[...played.openCalls.keys()].map((callId): CaseEvent => ({ type: 'callAnswered', callId })),
      // one that starts beside the rest may come as often as it likes: after a while it no longer does
      ...[...played.catchers.values()].flatMap(({ subscriptionId, messageName, elementId }): CaseEvent[] =>
        turn > 60 && elementId.startsWith('atannounced')
          ? []
          : [{ type: 'messageReceived', name: messageName, subscriptionId }],
      ),
      ...[...played.timers.values()].map(({ timerId, occurrence }): CaseEvent => ({
        type: 'timerFired',
        timerId,
        occurrence,
      })),
    ]
    const next = possible[(picks[turn % picks.length] ?? 0) % possible.length]
    if (!next) break
    happen(next)
  }
  return { log, played }
}

const picks = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 })
const x = fc.nat(3)

describe('any block-structured flow, in any order of events', () => {
  it('ends, with nothing left open and no token lost or made on the way', async () => {
    await fc.assert(
      fc.asyncProperty(block, x, picks, async (part, size, order) => {
        const { played } = play(await flowOf(part), size, order)
        expect(played.ended).toBe('completed')
        expect(played.residue).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('gives the same state for the same events, through the database or not, and leaves its input alone', async () => {
    await fc.assert(
      fc.asyncProperty(block, x, picks, async (part, size, order) => {
        const flow = await flowOf(part)
        const { log, played } = play(flow, size, order)
        const stored = play(flow, size, order, throughDatabase)
        expect(stored.played.state).toEqual(played.state)
        expect(stored.log).toEqual(log)

        const context = officeHours(played.context.now)
        let state: CaseState | null = null
        let replayed: CaseState | null = null
        for (const event of log) {
          const before: string = JSON.stringify(state)
          const result = advance(flow, state, event, context)
          expect(JSON.stringify(state)).toBe(before)
          const again = advance(throughDatabase(flow), replayed, event, context)
          if ('late' in result || 'late' in again) throw new Error('late')
          expect(again.effects).toEqual(result.effects)
          state = result.state
          replayed = throughDatabase(again.state)
        }
        expect(replayed).toEqual(state)
      }),
      { numRuns: 60 },
    )
  })

  it('is cancelled at any moment without a rest', async () => {
    await fc.assert(
      fc.asyncProperty(block, x, picks, fc.nat(12), async (part, size, order, turns) => {
        const flow = await flowOf(part)
        const { log } = play(flow, size, order)
        const played = new Rehearsal(flow, officeHours(), () => null)
        for (const event of log.slice(0, 1 + (turns % log.length))) played.step(event)
        if (played.ended !== null) return
        expect(played.step({ type: 'caseCancelled' })).toBeNull()
        expect(played.ended).toBe('terminated')
        expect(played.residue).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
