import { embeddedFormId, readFormSchema } from './form/schema.ts'
import { isFeel } from './feel.ts'
import { error, warning, type Finding } from './finding.ts'
import {
  isActivity,
  type Activity,
  type Flow,
  type FlowNode,
  type ScriptTask,
  type ServiceTask,
  type UserTask,
} from './flow.ts'

/** What each step needs to be done: somebody or something that does it, and an end to its repetitions. */
export function checkSteps(
  flow: Flow,
  {
    serviceTypes,
    isSupplied,
  }: { serviceTypes: ReadonlySet<string> | undefined; isSupplied: (elementId: string) => boolean },
): Finding[] {
  return Object.values(flow.nodes).flatMap((node: FlowNode) => [
    ...(node.kind === 'serviceTask' ? checkService(node, serviceTypes) : []),
    ...(node.kind === 'userTask' ? [...checkAssignment(node), ...checkForm(node, flow.forms ?? {})] : []),
    ...(node.kind === 'scriptTask' ? checkScript(node, isSupplied(node.id)) : []),
    ...(isActivity(node) ? checkRepetitions(node) : []),
  ])
}

function checkService(node: ServiceTask, known: ReadonlySet<string> | undefined): Finding[] {
  if (node.serviceType === null) {
    if (node.message || node.decision) return []
    return [error('service', node.id, `"${node.id}" chưa chọn dịch vụ.`, `"${node.id}" names no service type.`)]
  }
  if (!known || isFeel(node.serviceType) || known.has(node.serviceType)) return []
  return [
    error(
      'service',
      node.id,
      `Không có dịch vụ "${node.serviceType}" mà "${node.id}" cần.`,
      `Nothing answers the service type "${node.serviceType}" of "${node.id}".`,
    ),
  ]
}

function checkAssignment({ id, assignee, candidateGroups, candidateUsers }: UserTask): Finding[] {
  if (assignee !== null || candidateGroups !== null || candidateUsers !== null) return []
  return [warning('nobody', id, `"${id}" chưa giao cho ai.`, `"${id}" is assigned to nobody.`)]
}

/** A step's own form is there, and can be filled in. */
function checkForm(node: UserTask, forms: Record<string, string>): Finding[] {
  const formId = embeddedFormId(node.formKey)
  if (formId === null) return []
  const stored = forms[formId]
  if (stored === undefined)
    return [
      error(
        'form',
        node.id,
        `Biểu mẫu riêng của "${node.id}" không có trong sơ đồ.`,
        `The own form of "${node.id}" is not in the file.`,
      ),
    ]
  const read = readFormSchema(stored)
  if (read.ok) return []
  const { vi, en } = read.problem
  return [error('form', node.id, `Biểu mẫu riêng của "${node.id}" ${vi}.`, `The own form of "${node.id}" ${en}.`)]
}

function checkScript({ id, script, language }: ScriptTask, supplied: boolean): Finding[] {
  const findings: Finding[] = []
  if (script === null) findings.push(error('script', id, `"${id}" chưa có biểu thức.`, `"${id}" has no script.`))
  if (language !== undefined && !supplied) {
    findings.push(
      error(
        'unsupported',
        id,
        `"${id}" viết bằng ${language}; kịch bản chỉ chạy được khi viết bằng FEEL.`,
        `"${id}" is written in ${language}; scripts can only be run in FEEL.`,
      ),
    )
  }
  return findings
}

function checkRepetitions({ id, loop, multiInstance }: Activity): Finding[] {
  const findings: Finding[] = []
  if (loop?.condition === null && loop.maximum === null) {
    findings.push(
      error(
        'endless-loop',
        id,
        `"${id}" lặp mãi: chưa có điều kiện lặp hay số lần tối đa.`,
        `"${id}" loops for ever: it has neither a condition nor a maximum.`,
      ),
    )
  }
  if ((loop?.maximum ?? 0) < 0 || isNoCount(multiInstance?.cardinality ?? null)) {
    findings.push(
      error(
        'repetitions',
        id,
        `"${id}" không thể chạy với số lần lặp như vậy.`,
        `"${id}" cannot be run as many times as it says.`,
      ),
    )
  }
  if (multiInstance?.collection === null && multiInstance.cardinality === null) {
    findings.push(
      error(
        'multi-instance',
        id,
        `"${id}" lặp nhưng chưa nói lặp trên danh sách nào.`,
        `"${id}" is multi-instance over neither a list nor a number.`,
      ),
    )
  }
  return findings
}

/** A number that stands there and is no count; what is to be evaluated is seen only in a case. */
function isNoCount(cardinality: string | null): boolean {
  const said = /^=?\s*(-?[\d.]+|"[^"]*")\s*$/.exec(cardinality ?? '')?.[1]
  return said !== undefined && !/^\d+$/.test(said)
}
