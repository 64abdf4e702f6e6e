import type { Sql, TransactionSql } from 'postgres'
import { checkFlow } from '#bpmn/check.ts'
import type { Finding } from '#bpmn/finding.ts'
import type { Flow, FlowNode } from '#bpmn/flow.ts'
import { embeddedFormId } from '#bpmn/form/schema.ts'
import { starters } from '#bpmn/starting.ts'
import { readBinding } from './flow-versions.ts'
import { groupsOfLanes } from './lanes.ts'
import { signOffLevel, type SignOffLevel } from './signatures.ts'
import { localServices } from './local-services.ts'

/** What a service task may name: what runs inside the step, and what the worker calls outside. */
export const knownServices: ReadonlySet<string> = new Set([...localServices.keys(), 'exchange.send'])

/** The office's own forms by key, with the signature that each can be completed by. Forms drawn with the flow are not among them. */
export type OfficeForms = ReadonlyMap<string, { signs?: { level: SignOffLevel } }>

/**
 * All findings on the flows of a file, errors first: what the drawing itself says, and whether what it names is there: services,
 * people who can take its tasks, called flows, decisions.
 */
export async function checkForPublishing(
  sql: Sql | TransactionSql,
  flows: Flow[],
  forms?: OfficeForms,
): Promise<Finding[]> {
  const isStaffed = await staffing(sql, flows)
  const findings: Finding[] = []
  for (const flow of flows) {
    findings.push(...checkFlow(flow, { serviceTypes: knownServices, isStaffed }))
    findings.push(...(await checkNamed(sql, flow, new Set(flows.map(({ id }) => id)))))
    if (forms) findings.push(...checkForms(flow, forms))
  }
  return findings.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}

/** A task's form has to be there, and to take the signature that the task asks for: nobody could complete it. */
function checkForms(flow: Flow, forms: OfficeForms): Finding[] {
  return Object.values(flow.nodes).flatMap((node): Finding[] => {
    if (node.kind !== 'userTask') return []
    const finding = (rule: string, vi: string, en: string) => [
      { rule, severity: 'error' as const, elementId: node.id, vi, en },
    ]
    const form = node.formKey === null ? undefined : forms.get(node.formKey)
    if (node.formKey !== null && !form && embeddedFormId(node.formKey) === null)
      return finding(
        'form',
        `"${node.id}" dùng biểu mẫu "${node.formKey}", biểu mẫu này không có.`,
        `"${node.id}" asks for the form "${node.formKey}", which is not there.`,
      )
    const level = signOffLevel(node.properties)
    if (level === 'approve' || form?.signs?.level === level) return []
    return finding(
      'sign-off',
      `"${node.id}" cần chữ ký số (${level === 'personal' ? 'cá nhân' : 'cơ quan'}) mà biểu mẫu của nó không ký được; hãy chọn biểu mẫu có ký số hoặc bỏ yêu cầu ký.`,
      `"${node.id}" asks for a signature (${level}), which its form cannot take; choose a form that signs, or ask for none.`,
    )
  })
}

/** Whether somebody in office today answers to a relation that is named in the flows. */
async function staffing(sql: Sql | TransactionSql, flows: Flow[]): Promise<(group: string) => boolean> {
  const lanes = flows.flatMap((flow) =>
    Object.values(flow.nodes).flatMap((node) => (node.kind === 'userTask' && node.lane !== undefined ? node.lane : [])),
  )
  const [rows, ofLanes] = await Promise.all([
    sql<{ key: string }[]>`
      with office as (
        select p.id from posts p join persons n on n.id = p.person_id
        where n.active and p.valid_from <= current_date and (p.valid_to is null or p.valid_to >= current_date)
      )
      select distinct g.group_key as key from post_groups g join office o on o.id = g.post_id union select 'post:' || id from office`,
    groupsOfLanes(sql, lanes),
  ])
  const staffed = new Set(rows.map(({ key }) => key))
  return (group) => {
    const groups = group.startsWith('lane:') ? (ofLanes.get(group.slice('lane:'.length)) ?? []) : [group]
    return groups.some((one) => staffed.has(one))
  }
}

/** Called flows and decisions that are named as texts have to be there: a case would stop at them. */
async function checkNamed(sql: Sql | TransactionSql, flow: Flow, published: ReadonlySet<string>): Promise<Finding[]> {
  const findings: Finding[] = await checkShared(sql, flow)
  const bundled = Object.values(flow.bundled ?? {})
  for (const node of [flow, ...bundled].flatMap((one) => Object.values(one.nodes))) {
    if (node.kind === 'callActivity') findings.push(...(await checkCalled(sql, flow, node, published)))
    if (node.kind === 'serviceTask' && node.decision && node.serviceType === null)
      findings.push(...(await checkDecision(sql, node.id, node.decision.id)))
  }
  return findings
}

/** A message begins a case of one flow: where two begin with the same, it is the first by id. */
async function checkShared(sql: Sql | TransactionSql, flow: Flow): Promise<Finding[]> {
  const names = starters(flow).flatMap(({ elementId, event }) =>
    (event.type === 'multiple' ? event.definitions : [event]).flatMap((one) =>
      one.type === 'message' ? [{ elementId, name: one.name }] : [],
    ),
  )
  const shared = await sql<{ name: string; flowId: string }[]>`
    select name, flow_id as "flowId" from starters
    where kind = 'message' and flow_id <> ${flow.id} and name = any(${names.map(({ name }) => name)}::text[])`
  return names.flatMap(({ elementId, name }) => {
    const other = shared.find((one) => one.name === name)
    if (!other) return []
    return [
      {
        rule: 'shared-message',
        severity: 'warning' as const,
        elementId,
        vi: `Thông điệp "${name}" của "${elementId}" cũng bắt đầu luồng "${other.flowId}"; mỗi thông điệp chỉ bắt đầu một hồ sơ.`,
        en: `The message "${name}" of "${elementId}" begins the flow "${other.flowId}" as well; each message begins one case only.`,
      },
    ]
  })
}

async function checkCalled(
  sql: Sql | TransactionSql,
  flow: Flow,
  node: Extract<FlowNode, { kind: 'callActivity' }>,
  published: ReadonlySet<string>,
): Promise<Finding[]> {
  const { calledFlow: name, binding } = node
  if (name === null || name.startsWith('=')) return []
  const tag = binding === 'versionTag' ? (node.versionTag ?? '') : null
  if (tag === null && (flow.bundled?.[name] || published.has(name))) return []
  const version =
    tag === null ? ({ binding: 'latest' } as const) : ({ binding: 'versionTag', versionTag: tag } as const)
  if ((await readBinding(sql, { flowId: name, version, callerVersionId: '' })) !== null) return []
  const [vi, en] = tag === null ? ['', ''] : [` bản "${tag}"`, ` in the version "${tag}"`]
  return [
    {
      rule: 'called-flow',
      severity: 'error',
      elementId: node.id,
      vi: `"${node.id}" gọi luồng "${name}"${vi}, luồng này chưa được ban hành.`,
      en: `"${node.id}" calls the flow "${name}"${en}, which is not published.`,
    },
  ]
}

async function checkDecision(sql: Sql | TransactionSql, elementId: string, decisionId: string): Promise<Finding[]> {
  if (decisionId.startsWith('=')) return []
  const [found] = await sql`select 1 from decision_models where decisions @> ${[decisionId]}::text[] limit 1`
  if (found) return []
  return [
    {
      rule: 'decision',
      severity: 'error',
      elementId,
      vi: `"${elementId}" dùng quyết định "${decisionId}", quyết định này chưa được ban hành.`,
      en: `"${elementId}" asks for the decision "${decisionId}", which is not published.`,
    },
  ]
}
