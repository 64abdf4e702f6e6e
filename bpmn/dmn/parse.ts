import { childOf, childrenOf, readXml, textOf, type XmlElement } from '../xml-tree.ts'
import { HIT_POLICIES, type Aggregation, type Decision, type DecisionModel, type DecisionTable } from './model.ts'

/** Reads a DMN 1.1–1.5 file. Throws an Error where it is not well-formed or no DMN. */
export function parseDmn(xml: string): DecisionModel {
  const root = readXml(xml)
  if (root.name !== 'definitions') throw new Error(`<${root.name}> is no DMN model`)
  const id = root.attributes['id']
  return {
    ...(id ? { id } : {}),
    name: root.attributes['name'] ?? '',
    decisions: childrenOf(root, 'decision').map(readDecision),
    inputs: childrenOf(root, 'inputData').map((input) => ({ id: idOf(input), name: nameOf(input) })),
  }
}

const idOf = (element: XmlElement) => element.attributes['id'] ?? nameOf(element)
const nameOf = (element: XmlElement) =>
  (
    childOf(element, 'variable')?.attributes['name'] ??
    element.attributes['name'] ??
    element.attributes['id'] ??
    ''
  ).trim()

function readDecision(decision: XmlElement): Decision {
  const requires = childrenOf(decision, 'informationRequirement').flatMap((requirement) =>
    requirement.children.flatMap(({ attributes: { href } }) => (href === undefined ? [] : [afterHash(href)])),
  )
  return { id: idOf(decision), name: nameOf(decision), requires, logic: readLogic(decision) }
}

const afterHash = (href: string) => href.slice(href.lastIndexOf('#') + 1)

/** What stands in a decision beside its expression. */
const BESIDE = new Set([
  'variable',
  'question',
  'allowedAnswers',
  'description',
  'extensionElements',
  'authorityRequirement',
])

function readLogic(decision: XmlElement): Decision['logic'] {
  if (childrenOf(decision, 'knowledgeRequirement').length > 0) return { kind: 'leftOut', what: 'knowledgeRequirement' }
  const table = childOf(decision, 'decisionTable')
  if (table) return readTable(table)
  const literal = childOf(decision, 'literalExpression')
  if (literal) return { kind: 'literal', text: textOf(literal) ?? 'null' }
  const other = decision.children.find(({ name }) => !BESIDE.has(name) && name !== 'informationRequirement')
  return { kind: 'leftOut', what: other?.name ?? 'no expression' }
}

const AGGREGATIONS: readonly string[] = ['SUM', 'MIN', 'MAX', 'COUNT'] satisfies Aggregation[]

function readTable(table: XmlElement): Decision['logic'] {
  const said = table.attributes['hitPolicy'] ?? 'UNIQUE'
  const hitPolicy = HIT_POLICIES.find((one) => one === said.replace('_', ' '))
  if (!hitPolicy) return { kind: 'leftOut', what: `hit policy ${said}` }
  const aggregation = AGGREGATIONS.includes(table.attributes['aggregation'] ?? '')
    ? (table.attributes['aggregation'] as Aggregation)
    : null
  const read: DecisionTable = {
    kind: 'table',
    hitPolicy,
    aggregation,
    inputs: childrenOf(table, 'input').map((input) => ({
      text: textOf(childOf(input, 'inputExpression')) ?? 'null',
      allowed: textOf(childOf(input, 'inputValues')),
    })),
    outputs: childrenOf(table, 'output').map((output) => ({
      name: output.attributes['name'] ?? null,
      values: textOf(childOf(output, 'outputValues')),
      fallback: textOf(childOf(output, 'defaultOutputEntry')),
    })),
    rules: childrenOf(table, 'rule').map((rule) => ({
      tests: childrenOf(rule, 'inputEntry').map((entry) => textOf(entry) ?? '-'),
      results: childrenOf(rule, 'outputEntry').map((entry) => textOf(entry) ?? 'null'),
    })),
  }
  return read
}
