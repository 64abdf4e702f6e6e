import type { ModdleElement } from 'bpmn-moddle'
import type { Flow } from './flow.ts'
import { readNode } from './parse-node.ts'

const TASK_OF: Record<string, string> = {
  'bpmn:GlobalTask': 'bpmn:Task',
  'bpmn:GlobalManualTask': 'bpmn:ManualTask',
  'bpmn:GlobalUserTask': 'bpmn:UserTask',
  'bpmn:GlobalScriptTask': 'bpmn:ScriptTask',
  'bpmn:GlobalBusinessRuleTask': 'bpmn:BusinessRuleTask',
}

/** A global task is a flow of one element, its task, under the same id. Null for anything else. */
export function readGlobalTask(root: ModdleElement, flow: Flow): Flow | null {
  const type = TASK_OF[root.$type]
  if (type === undefined) return null
  // what it inherits of a task it has under the same names; moddle keeps them behind accessors
  const view = new Proxy(root, {
    get: (target, key) => (key === '$type' ? type : (Reflect.get(target, key) as unknown)),
  })
  const node = readNode(view, { parent: flow.id, unread: (elementId, what) => flow.unread.push({ elementId, what }) })
  if (node) flow.nodes[node.id] = node
  return flow
}

/** Gives each flow the processes and global tasks of the file that it may come to call. */
export function bundle(flows: Flow[], globalTasks: Flow[]): void {
  const all = new Map([...flows, ...globalTasks].map((flow) => [flow.id, flow]))
  // as they are before: a bundled flow finds what it calls in the bundle of the flow that began
  const plain = new Map([...all].map(([id, flow]) => [id, { ...flow }]))
  for (const flow of flows) {
    const reached = new Set<string>()
    const open = [flow]
    for (let next = open.pop(); next; next = open.pop()) {
      for (const node of Object.values(next.nodes)) {
        if (node.kind !== 'callActivity' || node.calledFlow === null) continue
        // which one an expression names is known only when it runs: it may be any
        const names = node.calledFlow.startsWith('=') ? [...all.keys()] : [node.calledFlow]
        for (const name of names) {
          const called = all.get(name)
          if (!called || reached.has(name)) continue
          reached.add(name)
          open.push(called)
        }
      }
    }
    if (reached.size > 0) flow.bundled = Object.fromEntries([...reached].map((id) => [id, plain.get(id) ?? flow]))
  }
}
