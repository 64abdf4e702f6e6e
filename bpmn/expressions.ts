import { isActivity, type EventDefinition, type Expression, type Flow, type FlowNode } from './flow.ts'

export interface PlacedExpression {
  elementId: string
  /** What it is for, e.g. `condition`, `imoit.sla`, `input documentId`. */
  place: string
  expression: Expression
}

/** Every expression of a flow with its place: what a check reads and a rename would change. */
export function expressionsOf(flow: Flow): PlacedExpression[] {
  const found: PlacedExpression[] = []
  for (const edge of Object.values(flow.sequenceFlows)) {
    if (edge.condition !== null) found.push({ elementId: edge.id, place: 'condition', expression: edge.condition })
  }
  for (const node of Object.values(flow.nodes)) {
    for (const [place, expression] of placesOf(node)) {
      if (expression !== null) found.push({ elementId: node.id, place, expression })
    }
  }
  return found
}

function placesOf(node: FlowNode): [string, Expression | null][] {
  const places: [string, Expression | null][] = [
    ...Object.entries(node.properties),
    ...node.inputs.map(({ source, target }): [string, string] => [`input ${target}`, source]),
    ...node.outputs.map(({ source, target }): [string, string] => [`output ${target}`, source]),
  ]
  if ('event' in node) places.push(...eventPlaces(node.event))
  for (const { from, to } of [...(node.dataIn ?? []), ...(node.dataOut ?? [])]) {
    // a plain name is a variable, not a text
    if (from.startsWith('=')) places.push([`data ${to}`, from])
  }
  if ('service' in node && node.service) places.push(['type', node.service.type], ['retries', node.service.retries])
  if (isActivity(node) && node.multiInstance) {
    const { collection, cardinality, outputElement, completionCondition } = node.multiInstance
    places.push(['inputCollection', collection], ['loopCardinality', cardinality])
    places.push(['outputElement', outputElement], ['completionCondition', completionCondition])
    if (node.multiInstance.event) places.push(...eventPlaces(node.multiInstance.event))
    for (const { condition, event } of node.multiInstance.complex ?? [])
      places.push(['complexBehavior', condition], ...(event ? eventPlaces(event) : []))
  }
  if (isActivity(node) && node.loop) places.push(['loopCondition', node.loop.condition])
  switch (node.kind) {
    case 'userTask':
      places.push(['assignee', node.assignee], ['candidateGroups', node.candidateGroups])
      places.push(['candidateUsers', node.candidateUsers], ['dueDate', node.dueDate], ['priority', node.priority])
      break
    case 'serviceTask':
      places.push(['type', node.serviceType], ['retries', node.retries], ['decision', node.decision?.id ?? null])
      if (node.message) places.push(...eventPlaces(node.message))
      break
    case 'subProcess':
      places.push(
        ['completionCondition', node.adHoc?.completionCondition ?? null],
        ['active', node.adHoc?.active ?? null],
      )
      break
    case 'complexGateway':
      places.push(['activationCondition', node.activationCondition ?? null])
      break
    case 'scriptTask':
      places.push(['script', node.script])
      break
    case 'callActivity':
      places.push(['calledElement', node.calledFlow])
      break
  }
  return places
}

function eventPlaces(event: EventDefinition): [string, Expression | null][] {
  switch (event.type) {
    case 'message':
      return [
        ['message', event.name],
        ['correlationKey', event.correlationKey],
      ]
    case 'timer':
      return [['timer', event.timer.value]]
    case 'signal':
      return [['signal', event.name]]
    case 'conditional':
      return [['condition', event.condition]]
    case 'multiple':
      return event.definitions.flatMap(eventPlaces)
    default:
      return []
  }
}
