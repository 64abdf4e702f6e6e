import { evaluate, unaryTest } from 'feelin'
import type { AdvanceContext, Json } from './case.ts'
import { Failure } from './failure.ts'
import { boundLoops, ownFunctions, spendAnew, toJson } from './feel.ts'

/**
 * FEEL over values that need not be JSON, with names that may have spaces: what decisions are written in. It is parsed each time,
 * as what a name is depends on the values there are.
 */
export function evaluateIn(text: string, values: Record<string, unknown>, context: AdvanceContext): unknown {
  return attempt(text, values, context, (bounded, all) => {
    const { value, warnings } = evaluate(bounded, all)
    const broken = warnings.find(({ type }) => type === 'NO_FUNCTION_FOUND')
    return broken ? new Failure('feel', `${broken.message} in "${text}"`) : (value as unknown)
  })
}

/** A unary test (`>= 18`, `"a","b"`, `not(1)`) of the value. */
export function testIn(
  text: string,
  value: unknown,
  values: Record<string, unknown>,
  context: AdvanceContext,
): boolean | Failure {
  const result = attempt(
    text,
    values,
    context,
    (bounded, all) => unaryTest(bounded, { ...all, '?': value }).value === true,
    true,
  )
  return result instanceof Failure || typeof result === 'boolean' ? result : false
}

function attempt(
  text: string,
  values: Record<string, unknown>,
  context: AdvanceContext,
  run: (bounded: string, all: Record<string, unknown>) => unknown,
  unary = false,
): unknown {
  try {
    const bounded = boundLoops(text, values, unary)
    if (bounded instanceof Failure) return bounded
    spendAnew()
    return run(bounded.text, { ...ownFunctions(context), ...values, ...bounded.guards })
  } catch (error) {
    return new Failure('feel', `"${text}": ${error instanceof Error ? error.message : String(error)}`)
  }
}

export function asJson(value: unknown): Json | Failure {
  return toJson(value, 0)
}
