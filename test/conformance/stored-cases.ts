import { CallRefused } from '#workflows/outside.ts'
import type { Variables } from '#bpmn/case.ts'
import { answerWord, newTrace, withWords, wordsOf, type Trace } from '#bpmn/conformance-words.ts'
import { verdictOf, type ConformanceCase, type ConformanceProcess, type Verdict } from '#bpmn/conformance.ts'
import { checkBpmn } from '#bpmn/check-file.ts'
import type { EventDefinition, Flow, FlowNode, SequenceFlow } from '#bpmn/flow.ts'
import { find } from '#bpmn/rows.ts'
import { starters } from '#bpmn/starting.ts'
import { visibleVariables, type CaseState } from '#bpmn/state.ts'
import type { ClaimedCall } from '#db/case-work.ts'
import { readClock } from '#db/clock.ts'
import type { Database } from '#db/database.ts'
import { flowOfVersion } from '#db/flow-versions.ts'
import { storeFlows, withStarters } from '#db/flows.ts'
import { startCase } from '#db/step.ts'

/**
 * A case of the conformance set in a database that holds all of them at once: its flows are published under names of its own, and
 * so are the messages and signals between them.
 */
export class StoredCase {
  readonly trace: Trace = newTrace()

  private constructor(
    readonly process: ConformanceProcess,
    readonly one: ConformanceCase,
    readonly prefix: string,
    private readonly flows: Flow[] | null,
  ) {}

  /** @param xml the text of the process's file */
  static async of(process: ConformanceProcess, one: ConformanceCase, xml: string, prefix: string): Promise<StoredCase> {
    const { findings, flows } = await checkBpmn(xml, { scriptsSupplied: true })
    const refused = findings.some(({ severity }) => severity === 'error')
    return new StoredCase(
      process,
      one,
      prefix,
      refused ? null : flows.map((flow) => named(withWaits(withWords(flow)), prefix)),
    )
  }

  /** Service types of the words that its scripts hold. */
  get words(): string[] {
    return (this.flows ?? []).flatMap((flow) =>
      Object.values(flow.nodes).flatMap((node) =>
        node.kind === 'serviceTask' && node.serviceType ? node.serviceType : [],
      ),
    )
  }

  async publish(db: Database): Promise<void> {
    if (this.flows) await storeFlows(db, await withStarters(db, this.flows), { xml: this.prefix })
  }

  /** Whether another case has to have come to rest before this one's own begins. */
  get hasParallel(): boolean {
    return this.one.startParallelProcess && this.parallel !== undefined
  }

  private get parallel(): Flow | undefined {
    return this.flows?.find(({ id }) => id === `${this.prefix}ParallelProcess`)
  }

  startParallel(db: Database): Promise<void> {
    return this.start(db, this.parallel)
  }

  startMain(db: Database): Promise<void> {
    return this.start(db, this.flows?.find(({ id }) => id === this.prefix + this.process.name) ?? this.flows?.[0])
  }

  private async start(db: Database, flow: Flow | undefined): Promise<void> {
    if (!flow) return
    const { test, integerVariable } = this.one
    const [only, ...more] = starters(flow)
    const byEvent = only && more.length === 0 && only.event.type !== 'none' ? { startEventId: only.elementId } : {}
    await startCase(db, {
      flowId: flow.id,
      documentId: null,
      variables: { test, integerVariable },
      key: `conformance:${flow.id}`,
      actor: null,
      ...byEvent,
    })
  }

  /** What the case has come to. */
  async verdict(db: Database): Promise<Verdict> {
    if (!this.flows) return verdictOf(this.process, this.one, ['ERROR_deployment'])
    const rows = await db.sql<{ code: string; elementId: string; flowVersionId: string }[]>`
      select i.code, i.element_id as "elementId", c.flow_version_id as "flowVersionId"
      from incidents i join cases c on c.id = i.case_id join flow_versions v on v.id = c.flow_version_id
      where v.flow_id like ${this.prefix + '%'} and i.resolved_at is null and i.code <> 'message-unmatched'`
    const incidents = []
    for (const { flowVersionId, ...row } of rows)
      incidents.push({ ...row, flow: await flowOfVersion(db, flowVersionId) })
    return verdictOf(this.process, this.one, wordsOf(this.trace, incidents))
  }
}

/** Answers the calls that the words have become, each in the trace of its case. */
export function wordServices(db: Database, cases: StoredCase[]) {
  const answer = async (call: ClaimedCall): Promise<Variables> => {
    const [row] = await db.sql<{ token: string; state: CaseState; flowVersionId: string; flowId: string }[]>`
      select k.token, s.state, c.flow_version_id as "flowVersionId", v.flow_id as "flowId" from calls k join case_states s on s.case_id = k.case_id
      join cases c on c.id = k.case_id join flow_versions v on v.id = c.flow_version_id where k.id = ${call.id}`
    const played = cases.find(({ prefix }) => row?.flowId.startsWith(prefix))
    const token = find(row?.state.tokens ?? [], find(row?.state.calls ?? [], row?.token)?.token)
    if (!row || !played || !token) throw new CallRefused('gone', 'the case does not wait for this word')
    const said = answerWord(played.trace, {
      serviceType: call.serviceType,
      elementId: token.at,
      flow: await flowOfVersion(db, row.flowVersionId),
      now: (await readClock(db)).now,
      seen: () => visibleVariables(row.state, row.token),
    })
    if (said !== null && 'variables' in said) return said.variables
    if (said !== null && 'code' in said) throw new CallRefused(said.code, said.message)
    throw new Error(`${call.serviceType} takes time, which a call has not`)
  }
  return new Map(cases.flatMap(({ words }) => words).map((word) => [word, answer]))
}

/** The one word that takes time becomes a sub-process that waits: the flow's own clock counts it. */
function withWaits(flow: Flow): Flow {
  const nodes: Record<string, FlowNode> = {}
  const sequenceFlows: Record<string, SequenceFlow> = { ...flow.sequenceFlows }
  for (const node of Object.values(flow.nodes)) {
    if (node.kind !== 'serviceTask' || node.serviceType !== 'word:WAIT_TEN_SECONDS') {
      nodes[node.id] = node
      continue
    }
    const {
      drawnAs: _drawn,
      serviceType: _type,
      retries: _retries,
      headers: _headers,
      decision: _decision,
      ...rest
    } = node
    const inside = (name: string) => `${node.id}_${name}`
    const base = { name: '', parent: node.id, properties: {}, inputs: [], outputs: [] }
    const timer = { type: 'duration' as const, value: 'PT10S', workingTime: false }
    nodes[node.id] = { ...rest, kind: 'subProcess', variant: 'embedded', startEvents: [inside('begin')] }
    nodes[inside('begin')] = {
      ...{ ...base, id: inside('begin'), incoming: [], outgoing: [inside('f1')] },
      ...{ kind: 'startEvent', event: { type: 'none' }, interrupting: true, formKey: null },
    }
    nodes[inside('wait')] = {
      ...{ ...base, id: inside('wait'), incoming: [inside('f1')], outgoing: [inside('f2')] },
      ...{ kind: 'intermediateCatchEvent', event: { type: 'timer', timer } },
    }
    nodes[inside('over')] = {
      ...{ ...base, id: inside('over'), incoming: [inside('f2')], outgoing: [] },
      ...{ kind: 'endEvent', event: { type: 'none' } },
    }
    for (const [name, source, target] of [
      ['f1', 'begin', 'wait'],
      ['f2', 'wait', 'over'],
    ] as const)
      sequenceFlows[inside(name)] = {
        id: inside(name),
        name: '',
        source: inside(source),
        target: inside(target),
        condition: null,
      }
  }
  return { ...flow, nodes, sequenceFlows }
}

/** The flow with names that only it has: its own, those of what it calls, of its messages and signals. */
function named(flow: Flow, prefix: string): Flow {
  const own = (name: string) => (name.startsWith('=') ? `="${prefix}" + (${name.slice(1)})` : prefix + name)
  const event = (of: EventDefinition): EventDefinition => {
    if (of.type === 'message' || of.type === 'signal') return { ...of, name: own(of.name) }
    return of.type === 'multiple' ? { ...of, definitions: of.definitions.map(event) } : of
  }
  const nodes = Object.values(flow.nodes).map((node): FlowNode => {
    const copy = { ...node, parent: node.parent === flow.id ? prefix + flow.id : node.parent }
    if ('event' in copy && copy.event) copy.event = event(copy.event)
    if ('multiInstance' in copy && copy.multiInstance) {
      const { multiInstance } = copy
      copy.multiInstance = {
        ...multiInstance,
        ...(multiInstance.event ? { event: event(multiInstance.event) } : {}),
        ...(multiInstance.complex
          ? { complex: multiInstance.complex.map((one) => ({ ...one, event: one.event && event(one.event) })) }
          : {}),
      }
    }
    if (copy.kind === 'serviceTask' && copy.message) copy.message = event(copy.message)
    if (copy.kind === 'callActivity' && copy.calledFlow !== null) copy.calledFlow = own(copy.calledFlow)
    return copy
  })
  const bundled = Object.entries(flow.bundled ?? {}).map(
    ([id, inner]) => [prefix + id, named(withWaits(inner), prefix)] as const,
  )
  return {
    ...flow,
    id: prefix + flow.id,
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
    ...(flow.bundled ? { bundled: Object.fromEntries(bundled) } : {}),
  }
}
