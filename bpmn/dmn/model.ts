/** A DMN file in what is evaluated of it: decisions with their tables or expressions, and what they require. Plain JSON. */
export interface DecisionModel {
  /** Of its definitions. */
  id?: string
  name: string
  decisions: Decision[]
  /** Input data by id, with the name under which expressions read it. */
  inputs: { id: string; name: string }[]
}

export interface Decision {
  id: string
  name: string
  /** Ids of the decisions and input data it requires. */
  requires: string[]
  logic: DecisionTable | { kind: 'literal'; text: string } | { kind: 'leftOut'; what: string }
}

export const HIT_POLICIES = ['UNIQUE', 'FIRST', 'PRIORITY', 'ANY', 'COLLECT', 'RULE ORDER', 'OUTPUT ORDER'] as const
export type HitPolicy = (typeof HIT_POLICIES)[number]
export type Aggregation = 'SUM' | 'MIN' | 'MAX' | 'COUNT'

export interface DecisionTable {
  kind: 'table'
  hitPolicy: HitPolicy
  aggregation: Aggregation | null
  inputs: { text: string; allowed: string | null }[]
  outputs: { name: string | null; values: string | null; fallback: string | null }[]
  /** Unary tests and expressions, as many as there are inputs and outputs. */
  rules: { tests: string[]; results: string[] }[]
}
