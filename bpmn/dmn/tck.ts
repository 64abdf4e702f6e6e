/** Reads and runs test cases of the DMN Technology Compatibility Kit (`*-test-*.xml`). */
import type { AdvanceContext } from '../case.ts'
import { Failure } from '../failure.ts'
import { asJson, evaluateIn } from '../feel-values.ts'
import { childOf, childrenOf, readXml, type XmlElement } from '../xml-tree.ts'
import { evaluateDecision, findDecision } from './evaluate.ts'
import type { Decision, DecisionModel } from './model.ts'

export interface DecisionVerdict {
  name: string
  outcome: 'passed' | 'failed' | 'leftOut'
  expected: string
  got: string
}

/** A verdict for each result that a test file expects of a model. */
export function runDecisionTests(
  file: string,
  model: DecisionModel,
  testXml: string,
  context: AdvanceContext,
): DecisionVerdict[] {
  return childrenOf(readXml(testXml), 'testCase').flatMap((testCase) => {
    const inputs = new Map(
      childrenOf(testCase, 'inputNode').map((node) => [node.attributes['name'] ?? '', valueOf(node, context)]),
    )
    return childrenOf(testCase, 'resultNode').map((node): DecisionVerdict => {
      const decisionId = node.attributes['name'] ?? ''
      const name = `${file} ${testCase.attributes['id'] ?? ''} ${decisionId}`.trim()
      const left = leftOutOf(model, decisionId)
      if (left !== null) return { name, outcome: 'leftOut', expected: '', got: left }
      const expected = valueOf(childOf(node, 'expected') ?? node, context)
      const value = evaluateDecision(model, decisionId, (input) => inputs.get(input), context)
      const failed = value instanceof Failure
      // an error has the result null, in the kit
      const got = failed ? null : value
      const passed = equal(got, expected)
      const said = failed ? `${describe(got)} (${value.message})` : describe(got)
      return { name, outcome: passed ? 'passed' : 'failed', expected: describe(expected), got: said }
    })
  })
}

/** What keeps a decision, or one that it requires, from being evaluated here; null where nothing does. */
function leftOutOf(model: DecisionModel, decisionId: string, seen = new Set<string>()): string | null {
  const decision = findDecision(model, decisionId)
  if (!decision || seen.has(decision.id)) return null
  seen.add(decision.id)
  if (decision.logic.kind === 'leftOut') return decision.logic.what
  const required = decision.requires.flatMap((id): Decision[] => model.decisions.filter((one) => one.id === id))
  for (const one of required) {
    const left = leftOutOf(model, one.id, seen)
    if (left !== null) return left
  }
  return null
}

/** `<value xsi:type>`, `<list><item>…`, or `<component name>…` side by side. */
function valueOf(node: XmlElement, context: AdvanceContext): unknown {
  const list = childOf(node, 'list')
  if (list) return childrenOf(list, 'item').map((item) => valueOf(item, context))
  const components = childrenOf(node, 'component')
  if (components.length > 0)
    return Object.fromEntries(components.map((one) => [one.attributes['name'] ?? '', valueOf(one, context)]))
  const value = childOf(node, 'value')
  if (!value || value.attributes['nil'] === 'true') return null
  const type = (value.attributes['type'] ?? 'xsd:string').replace(/^.*:/, '')
  switch (type) {
    case 'string':
      return value.text
    case 'boolean':
      return value.text.trim() === 'true'
    case 'decimal':
    case 'double':
    case 'integer':
    case 'float':
    case 'int':
      return Number(value.text)
    default: {
      const builtin = type === 'dateTime' ? 'date and time' : type.endsWith('uration') ? 'duration' : type
      return evaluateIn(`${builtin}(${JSON.stringify(value.text.trim())})`, {}, context)
    }
  }
}

/** Numbers as a decimal of 34 digits would round them to eight. */
function equal(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1e-8 * Math.max(1, Math.abs(a), Math.abs(b))
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => equal(one, b[index]))
  if (isContext(a) && isContext(b)) {
    const names = Object.keys(a)
    return names.length === Object.keys(b).length && names.every((name) => name in b && equal(a[name], b[name]))
  }
  return describe(a) === describe(b)
}

function isContext(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function describe(value: unknown): string {
  const json = asJson(value)
  return json instanceof Failure ? json.message : JSON.stringify(json)
}
