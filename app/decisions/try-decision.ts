import type { AdvanceContext, Json } from '#bpmn/case.ts'
import { evaluateDecision } from '#bpmn/dmn/evaluate.ts'
import type { DecisionModel } from '#bpmn/dmn/model.ts'
import { Failure } from '#bpmn/failure.ts'
import { evaluateFeel, feelNames } from '#bpmn/feel.ts'
import { asJson } from '#bpmn/feel-values.ts'

/** Names that a decision reads from the case: its input data, or else what its tables and expressions ask of. */
export function inputsOf(model: DecisionModel): string[] {
  const said = model.inputs.map(({ name }) => name)
  const asked = model.decisions.flatMap(({ logic }) => {
    if (logic.kind === 'table') return logic.inputs.flatMap(({ text }) => feelNames(`=${text}`))
    return logic.kind === 'literal' ? feelNames(`=${logic.text}`) : []
  })
  const own = new Set(model.decisions.flatMap(({ id, name }) => [id, name]))
  return [...new Set([...said, ...asked])].filter((name) => !own.has(name))
}

export type Tried = { ok: true; value: Json } | { ok: false; why: string }

/** What a decision says to values as they are entered: FEEL where they are (`12`, `"a"`, `[1,2]`, `true`), else plain text. */
export function tryDecision(
  model: DecisionModel,
  decisionId: string,
  entered: Readonly<Record<string, string>>,
  context: AdvanceContext,
): Tried {
  const values = new Map(Object.entries(entered).map(([name, text]) => [name, valueOf(text, context)]))
  const value = evaluateDecision(model, decisionId, (name) => values.get(name) ?? null, context)
  const json = value instanceof Failure ? value : asJson(value)
  return json instanceof Failure ? { ok: false, why: json.message } : { ok: true, value: json }
}

function valueOf(text: string, context: AdvanceContext): Json {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (!/^(-?\d|["[{(]|(true|false|null)$|date|time|duration)/.test(trimmed)) return trimmed
  const value = evaluateFeel(`=${trimmed}`, () => undefined, context)
  return value instanceof Failure ? trimmed : value
}
