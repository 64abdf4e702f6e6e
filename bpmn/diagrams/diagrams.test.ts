import { readFileSync } from 'node:fs'
import { BpmnModdle, type ModdleElement } from 'bpmn-moddle'
import { describe, expect, it } from 'vitest'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }
import { checkFlow } from '../check.ts'
import { shippedFlow } from './played-case.ts'

/** What forms and services hold on to: element id → form key, or service type. */
const contract: Record<string, { forms: Record<string, string>; services: Record<string, string>; others: string[] }> =
  {
    'incoming-document': {
      forms: {
        register: 'incoming.register',
        submit: 'incoming.submit',
        direct: 'incoming.direct',
        assign: 'incoming.assign',
        handle: 'incoming.handle',
        coordinate: 'incoming.coordinate',
        giveOpinion: 'incoming.giveOpinion',
        approve: 'incoming.approve',
        revise: 'incoming.handle',
        signOff: 'incoming.signOff',
        dispatch: 'incoming.dispatch',
      },
      services: {
        reportArrived: 'exchange.reportStatus',
        reportRefused: 'exchange.reportStatus',
        reportRegistered: 'exchange.reportStatus',
        inform: 'document.inform',
        reportAssigned: 'exchange.reportStatus',
        chase: 'letter.chase',
        reportHandling: 'exchange.reportStatus',
        sendExchange: 'exchange.send',
        sendLetters: 'letter.dispatch',
        reportDone: 'exchange.reportStatus',
        close: 'document.close',
      },
      others: [
        'received',
        'isRefused',
        'refusedEnd',
        'takeBackSubmission',
        'settle',
        'fork',
        'opinions',
        'join',
        'needsReply',
        'sendFork',
        'hasAgencies',
        'sendJoin',
        'closed',
      ],
    },
    'internal-notice': {
      forms: { registerNotice: 'notice.register', receive: 'notice.receive', carryOut: 'notice.carryOut' },
      services: {
        tellAuthor: 'letter.returned',
        issueNotice: 'document.issueInternal',
        chaseUnopened: 'letter.chase',
        closeNotice: 'document.close',
      },
      others: ['drafted', 'notIssued', 'receiveByUnits'],
    },
    'outgoing-document': {
      forms: {
        answer: 'opinion.answer',
        write: 'opinion.write',
        approve: 'outgoing.approve',
        revise: 'outgoing.revise',
        checkFormat: 'outgoing.checkFormat',
        checkLaw: 'outgoing.checkLaw',
        signOff: 'incoming.signOff',
        dispatch: 'incoming.dispatch',
      },
      services: {
        chaseOpinions: 'letter.chase',
        withdraw: 'document.withdraw',
        sendExchange: 'exchange.send',
        sendLetters: 'letter.dispatch',
        keep: 'document.close',
      },
      others: ['review', 'opinions', 'opinionsDue', 'opinionsClosed', 'takeBackDraft', 'withdrawn', 'kept'],
    },
    'submission-slip': {
      forms: {
        review: 'slip.review',
        revise: 'slip.revise',
        officeReview: 'slip.office',
        decide: 'slip.decide',
      },
      services: { withdraw: 'document.withdraw', tellDrafter: 'letter.decided', close: 'document.close' },
      others: ['drafted', 'takeBackSlip', 'viaOffice', 'withdrawn', 'closed'],
    },
    'opinion-request': {
      forms: {
        answer: 'opinion.answer',
        write: 'opinion.write',
        closeLate: 'opinion.close',
        synthesise: 'opinion.conclude',
      },
      services: {
        chaseOpinions: 'letter.chase',
        withdraw: 'document.withdraw',
        tellUnits: 'letter.concluded',
        close: 'document.close',
      },
      others: ['gather', 'opinions', 'deadlinePassed', 'closedByItself', 'takeBackRequest', 'withdrawn', 'closed'],
    },
    approval: {
      forms: {
        register: 'approval.register',
        direct: 'approval.direct',
        handle: 'approval.handle',
        sign: 'approval.sign',
      },
      services: { issue: 'noop', remind: 'noop' },
      others: ['received', 'directLate', 'handleLate', 'replyNeeded', 'filed', 'issued', 'reminded'],
    },
  }

describe.each(Object.keys(contract))('%s.bpmn', (name) => {
  const { forms, services, others } = contract[name] ?? { forms: {}, services: {}, others: [] }

  it('is read without a warning', async () => {
    const { warnings } = await read(name)
    expect(warnings).toEqual([])
  })

  it('can be published without an error or a warning', async () => {
    expect(checkFlow(await shippedFlow(name), { serviceTypes: new Set(Object.values(services)) })).toEqual([])
  })

  it('keeps the ids, form keys and service types that forms and services hold on to', async () => {
    const { byId } = await read(name)
    expect(byId[name]?.$type).toBe('bpmn:Process')
    const keys = Object.fromEntries(
      of(byId, 'bpmn:UserTask').map((t) => [t.id, extension(t, 'zeebe:FormDefinition')?.['formKey']]),
    )
    expect(keys).toEqual(forms)
    const types = Object.fromEntries(
      of(byId, 'bpmn:ServiceTask').map((t) => [t.id, extension(t, 'zeebe:TaskDefinition')?.['type']]),
    )
    expect(types).toEqual(services)
    expect(others.filter((id) => !byId[id])).toEqual([])
  })

  it('declares its messages with the document as key, and its errors with their codes', async () => {
    const { byId } = await read(name)
    const messages = of(byId, 'bpmn:Message').map((m) => [
      m.name,
      extension(m, 'zeebe:Subscription')?.['correlationKey'],
    ])
    const errors = of(byId, 'bpmn:Error').map((error) => error['errorCode'])
    const taken = others.some((id) => id.startsWith('takeBack'))
    expect(messages).toEqual(taken ? [['imoit.takeBack', '=documentId']] : [])
    expect(errors).toEqual(name === 'incoming-document' ? ['unit-returned'] : [])
  })

  it('says for every user task who may take it and what is asked, in both languages', async () => {
    const { byId } = await read(name)
    for (const task of of(byId, 'bpmn:UserTask')) {
      expect(extension(task, 'zeebe:UserTask'), task.id).toBeDefined()
      const assignment = extension(task, 'zeebe:AssignmentDefinition')
      expect(Boolean(assignment?.['assignee']) !== Boolean(assignment?.['candidateGroups']), task.id).toBe(true)
      expect(properties(task), task.id).toMatchObject({
        'imoit.ask.vi': expect.stringMatching(/\S/) as string,
        'imoit.ask.en': expect.stringMatching(/\S/) as string,
      })
    }
  })

  it('has an English name beside every Vietnamese one', async () => {
    const { byId } = await read(name)
    const named = [...flowNodes(byId), ...of(byId, 'bpmn:SequenceFlow'), ...of(byId, 'bpmn:Lane')].filter((e) => e.name)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((e) => !properties(e)['imoit.name.en']).map((e) => e.id)).toEqual([])
  })

  it('leaves no exclusive gateway without a way on, and writes every condition in FEEL', async () => {
    const { byId } = await read(name)
    for (const gateway of of(byId, 'bpmn:ExclusiveGateway')) {
      const ways = list(gateway['outgoing'])
      const open = ways.filter((way) => !way['conditionExpression'])
      // One way needs no condition; of several exactly one is the default, and it alone has none.
      const expected = ways.length === 1 ? [ways[0]?.id] : [(gateway['default'] as ModdleElement | undefined)?.id]
      expect(
        open.map((way) => way.id),
        gateway.id,
      ).toEqual(expected)
    }
    for (const way of of(byId, 'bpmn:SequenceFlow')) {
      const condition = way['conditionExpression'] as ModdleElement | undefined
      if (condition) expect(condition['body'], way.id).toMatch(/^=/)
    }
  })

  it('draws every flow node inside its container and every sequence flow at right angles from node to node', async () => {
    const { byId, shapes, edges } = await read(name)
    for (const node of flowNodes(byId)) {
      const box = shapes[node.id ?? '']
      expect(box, node.id).toBeDefined()
      const container = shapes[node.$parent?.id ?? '']
      if (box && container && node.$type !== 'bpmn:BoundaryEvent') {
        expect(box.x > container.x && right(box) < right(container), `${node.id} across`).toBe(true)
        expect(box.y > container.y && bottom(box) < bottom(container), `${node.id} down`).toBe(true)
      }
    }
    for (const way of of(byId, 'bpmn:SequenceFlow')) {
      const points = edges[way.id ?? ''] ?? []
      expect(points.length, way.id).toBeGreaterThan(1)
      points.slice(1).forEach((point, i) => {
        const before = points[i]
        expect(before && (before.x === point.x || before.y === point.y), way.id).toBe(true)
      })
      for (const [end, point] of [
        ['sourceRef', points[0]],
        ['targetRef', points.at(-1)],
      ] as const) {
        const box = shapes[(way[end] as ModdleElement).id ?? '']
        expect(box && point && onBorder(point, box), `${way.id} ${end}`).toBe(true)
      }
    }
  })

  it('lets no two shapes of one container overlap', async () => {
    const { byId, shapes } = await read(name)
    const nodes = flowNodes(byId).filter((node) => node.$type !== 'bpmn:BoundaryEvent')
    const overlaps = nodes.flatMap((a, i) =>
      nodes.slice(i + 1).flatMap((b) => {
        const [one, other] = [shapes[a.id ?? ''], shapes[b.id ?? '']]
        const apart =
          !one ||
          !other ||
          a.$parent !== b.$parent ||
          right(one) <= other.x ||
          right(other) <= one.x ||
          bottom(one) <= other.y ||
          bottom(other) <= one.y
        return apart ? [] : [`${a.id} ${b.id}`]
      }),
    )
    expect(overlaps).toEqual([])
  })
})

type Box = { x: number; y: number; width: number; height: number }
type Point = { x: number; y: number }

async function read(name: string) {
  const xml = readFileSync(new URL(`./${name}.bpmn`, import.meta.url), 'utf8')
  const { rootElement, elementsById: byId, warnings } = await new BpmnModdle({ zeebe }).fromXML(xml)
  const shapes: Record<string, Box> = {}
  const edges: Record<string, Point[]> = {}
  for (const diagram of list(rootElement['diagrams'])) {
    for (const drawn of list((diagram['plane'] as ModdleElement)['planeElement'])) {
      const id = (drawn['bpmnElement'] as ModdleElement).id ?? ''
      if (drawn.$type === 'bpmndi:BPMNShape') shapes[id] = drawn['bounds'] as unknown as Box
      else edges[id] = drawn['waypoint'] as Point[]
    }
  }
  return { byId, warnings, shapes, edges }
}

function list(value: unknown): ModdleElement[] {
  return Array.isArray(value) ? (value as ModdleElement[]) : []
}

function of(byId: Record<string, ModdleElement>, type: string): ModdleElement[] {
  return Object.values(byId).filter((element) => element.$type === type)
}

function flowNodes(byId: Record<string, ModdleElement>): ModdleElement[] {
  return Object.values(byId).filter((element) => element.$instanceOf?.('bpmn:FlowNode'))
}

function extension(element: ModdleElement, type: string): ModdleElement | undefined {
  return list((element['extensionElements'] as ModdleElement | undefined)?.['values']).find((e) => e.$type === type)
}

function properties(element: ModdleElement): Record<string, unknown> {
  return Object.fromEntries(
    list(extension(element, 'zeebe:Properties')?.['properties']).map((property) => [property.name, property['value']]),
  )
}

const right = (box: Box) => box.x + box.width
const bottom = (box: Box) => box.y + box.height

function onBorder(point: Point, box: Box): boolean {
  const inside = point.x >= box.x && point.x <= right(box) && point.y >= box.y && point.y <= bottom(box)
  return inside && (point.x === box.x || point.x === right(box) || point.y === box.y || point.y === bottom(box))
}
