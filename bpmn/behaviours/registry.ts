import type { FlowNode, NodeKind } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'
import { boundaryEvent } from './boundary-event.ts'
import { callActivity } from './call-activity.ts'
import { catchEvent } from './catch-event.ts'
import { complexGateway } from './complex-gateway.ts'
import { endEvent } from './end-event.ts'
import { eventBasedGateway } from './event-based-gateway.ts'
import { exclusiveGateway } from './exclusive-gateway.ts'
import { inclusiveGateway } from './inclusive-gateway.ts'
import { manualTask } from './manual-task.ts'
import { parallelGateway } from './parallel-gateway.ts'
import { receiveTask } from './receive-task.ts'
import { scriptTask } from './script-task.ts'
import { serviceTask } from './service-task.ts'
import { startEvent } from './start-event.ts'
import { subProcess } from './sub-process.ts'
import { throwEvent } from './throw-event.ts'
import { userTask } from './user-task.ts'

type Table = { [K in NodeKind]: Behaviour<Extract<FlowNode, { kind: K }>> }

const table = {
  startEvent,
  endEvent,
  intermediateCatchEvent: catchEvent,
  intermediateThrowEvent: throwEvent,
  boundaryEvent,
  userTask,
  manualTask,
  serviceTask,
  scriptTask,
  receiveTask,
  callActivity,
  subProcess,
  exclusiveGateway,
  parallelGateway,
  inclusiveGateway,
  eventBasedGateway,
  complexGateway,
} satisfies Table

/** One behaviour per kind of element; a kind that is not here cannot run and is refused at publishing. */
export const behaviours: Partial<Record<NodeKind, Behaviour>> = table
