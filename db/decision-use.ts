import type { Sql, TransactionSql } from 'postgres'
import { Refusal } from './refusal.ts'

/** A step of a flow that asks for a decision. */
export interface DecisionUse {
  /** Its id or name, as the step has it. */
  decision: string
  flowId: string
  flowName: string
  flowNameEn: string
  elementId: string
  elementName: string
}

/**
 * Steps that ask for decisions of these ids or names: of the flows that new cases run on, and of older versions that cases still
 * run on. Decisions that a step finds by an expression are not known before.
 */
export function decisionUses(sql: Sql | TransactionSql, decisions: readonly string[]): Promise<DecisionUse[]> {
  return sql<DecisionUse[]>`
    with newest as (select flow_id, max(version) as version from flow_versions group by flow_id),
      running as (select distinct flow_version_id as id from cases where status in ('running', 'stuck')),
      asking as (
        select v.flow_id, v.version, v.name, v.name_en, node ->> 'id' as element_id, coalesce(nullif(node ->> 'name', ''), node ->> 'id') as element_name,
          node -> 'decision' ->> 'id' as decision
        from flow_versions v left join newest n on n.flow_id = v.flow_id and n.version = v.version left join running r on r.id = v.id
          cross join lateral (select jsonb_path_query(v.ir, '$.nodes.*') as node union all select jsonb_path_query(v.ir, '$.bundled.*.nodes.*')) nodes
        where (n.flow_id is not null or r.id is not null) and node -> 'decision' ->> 'id' = any(${decisions}::text[])
      )
    select distinct on (flow_id, element_id, decision) decision, flow_id as "flowId", name as "flowName", name_en as "flowNameEn",
      element_id as "elementId", element_name as "elementName"
    from asking order by flow_id, element_id, decision, version desc`
}

/** Throws Refusal `decision-in-use`, naming the steps, where one of these is asked for: it is not to be had any more. */
export async function holdToUse(sql: Sql | TransactionSql, decisions: readonly string[]): Promise<void> {
  const uses = decisions.length > 0 ? await decisionUses(sql, decisions) : []
  if (uses.length === 0) return
  const named = (of: (use: DecisionUse) => string) => [...new Set(uses.map(of))].join(', ')
  throw new Refusal('decision-in-use', 409, {
    vi: `Bản vẽ không còn quyết định ${named(({ decision }) => `“${decision}”`)} mà quy trình đang gọi: ${named(({ elementName, flowName }) => `bước “${elementName}” của “${flowName}”`)}. Bản vẽ chưa được ban hành và vẫn còn nguyên. Hãy giữ lại mã quyết định đó, hoặc sửa quy trình trước.`,
    en: `The draft no longer has the decision ${named(({ decision }) => `“${decision}”`)}, which flows ask for: ${named(({ elementName, flowNameEn }) => `the step “${elementName}” of “${flowNameEn}”`)}. It was not published and stays as it is. Keep that decision’s id, or change the flow first.`,
  })
}
