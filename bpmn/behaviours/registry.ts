import type { FlowNode, NodeKind } from '../flow.ts'
import type { Behaviour } from './behaviour.ts'
import { boundaryEvent } from './boundary-event.ts'
import { catchEvent } from './catch-event.ts'
import { endEvent } from './end-event.ts'
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

type Table = { [K in NodeKind]?: Behaviour<Extract<FlowNode, { kind: K }>> }

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
  subProcess,
  exclusiveGateway,
  parallelGateway,
  inclusiveGateway,
} satisfies Table

/** One behaviour per kind of element; a kind that is not here cannot run and is refused at publishing. */
export const behaviours: Partial<Record<NodeKind, Behaviour>> = table
