import { childOf, childrenOf, readXml, textOf, type XmlElement } from '#bpmn/xml-tree.ts'

/** What a person sees of a decision: unlike what is evaluated, with labels, notes and the ids of rules. */
export interface DrawnDecision {
  id: string
  name: string
  logic: DrawnTable | { kind: 'expression'; text: string }
}

export interface DrawnTable {
  kind: 'table'
  /** As DMN writes it, with the aggregation after a blank: `FIRST`, `COLLECT SUM`. */
  hitPolicy: string
  columns: DrawnColumn[]
  rules: DrawnRule[]
}

export interface DrawnColumn {
  id: string
  side: 'input' | 'output'
  label: string
  /** What an input asks of, or the name under which an output answers. */
  expression: string
  type: string
}

export interface DrawnRule {
  id: string
  /** As many as there are columns, in FEEL; empty where nothing is said. */
  cells: string[]
  note: string
}

/** The decisions of a DMN file as they are drawn. Throws an Error where it is not well-formed. */
export function readDrawnDecisions(xml: string): DrawnDecision[] {
  return childrenOf(readXml(xml), 'decision').map((decision) => {
    const { id = '', name = '' } = decision.attributes
    const table = childOf(decision, 'decisionTable')
    const text = textOf(childOf(decision, 'literalExpression')) ?? ''
    return { id: id || name, name: name || id, logic: table ? readTable(table) : { kind: 'expression', text } }
  })
}

/** What the columns of all tables are called, by what they ask of and answer under. */
export function columnLabels(xml: string): Map<string, string> {
  const tables = readDrawnDecisions(xml).flatMap(({ logic }) => (logic.kind === 'table' ? [logic] : []))
  return new Map(tables.flatMap(({ columns }) => columns.map(({ expression, label }) => [expression.trim(), label])))
}

function readTable(table: XmlElement): DrawnTable {
  const { hitPolicy = 'UNIQUE', aggregation } = table.attributes
  const columns = [
    ...childrenOf(table, 'input').map((input, at) => readInput(input, at)),
    ...childrenOf(table, 'output').map((output, at) => readOutput(output, at)),
  ]
  return {
    kind: 'table',
    hitPolicy: aggregation ? `${hitPolicy} ${aggregation}` : hitPolicy,
    columns,
    rules: childrenOf(table, 'rule').map((rule, at) => readRule(rule, at, columns.length)),
  }
}

function readInput(input: XmlElement, at: number): DrawnColumn {
  const asked = childOf(input, 'inputExpression')
  const expression = textOf(asked) ?? ''
  const { id = `input ${at}`, label = '' } = input.attributes
  return { id, side: 'input', label: label || expression, expression, type: asked?.attributes['typeRef'] ?? '' }
}

function readOutput(output: XmlElement, at: number): DrawnColumn {
  const { id = `output ${at}`, label = '', name = '', typeRef = '' } = output.attributes
  return { id, side: 'output', label: label || name, expression: name, type: typeRef }
}

function readRule(rule: XmlElement, at: number, width: number): DrawnRule {
  const said = [...childrenOf(rule, 'inputEntry'), ...childrenOf(rule, 'outputEntry')].map((one) => textOf(one) ?? '')
  const annotation = childOf(childOf(rule, 'annotationEntry'), 'text')?.text
  const note = (childOf(rule, 'description')?.text ?? annotation ?? '').trim()
  return {
    id: rule.attributes['id'] ?? `rule ${at}`,
    cells: Array.from({ length: width }, (_, column) => said[column] ?? ''),
    note,
  }
}
