import type { AdvanceContext, Json, Variables } from '../case.ts'
import { Failure } from '../failure.ts'
import { evaluateFeel } from '../feel.ts'
import { checkValue, limitOf, type FieldError } from './check-value.ts'
import { isInputType, isObject, type FormField, type FormOption, type FormSchema, type InputField } from './schema.ts'

/** What is wrong with what was entered, by the field's key with the groups' paths before it: `address.street`. */
export type FormErrors = Record<string, FieldError>

export type FormAnswer = { ok: true; variables: Variables } | { ok: false; errors: FormErrors }

const isInput = (field: FormField): field is InputField => isInputType(field.type) && field.key !== undefined

/**
 * What somebody entered → variables of the step, or what is wrong with it: the same schema and the same words as in the page. Only
 * fields that are there to be filled in are taken; what is hidden, disabled or for reading is left out, whatever was sent.
 * `variables`: what the task sees of the case.
 */
export function answerForm(
  schema: FormSchema,
  sent: unknown,
  variables: Variables,
  context: AdvanceContext,
): FormAnswer {
  const entered = isObject(sent) ? (sent as Variables) : {}
  const errors: FormErrors = {}
  const taken: Variables = {}
  const scope = (name: string) => (Object.hasOwn(entered, name) ? entered[name] : variables[name])
  const feel = (expression: string | undefined) => {
    if (expression === undefined || expression === '') return undefined
    const value = evaluateFeel(expression.startsWith('=') ? expression : `=${expression}`, scope, context)
    return value instanceof Failure ? undefined : value
  }
  const walk = (fields: readonly FormField[], path: readonly string[], locked: boolean) => {
    for (const field of fields) {
      if (feel(field.conditional?.hide) === true) continue
      const closed = locked || field.disabled === true || isReadonly(field, feel)
      if (field.type === 'group') {
        const inner = field.path ? [...path, ...field.path.split('.')] : path
        walk(field.components ?? [], inner, closed)
        continue
      }
      if (closed || !isInput(field)) continue
      const where = [...path, ...field.key.split('.')]
      const value = at(entered, where)
      const checked = checkValue(field, value, {
        options: () => optionsOf(field, scope, feel),
        limit: (limit) => limitOf(limit, feel),
      })
      if (!checked.ok) errors[where.join('.')] = checked.error
      else put(taken, where, checked.value)
    }
  }
  walk(schema.components, [], false)
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, variables: taken }
}

type Feel = (expression: string | undefined) => Json | undefined

const isReadonly = ({ readonly }: FormField, feel: Feel) =>
  typeof readonly === 'string' ? feel(readonly) === true : readonly === true

/** Options as form-js takes them: said in the form, or found among the variables; texts and numbers are their own labels. */
function optionsOf(field: FormField, scope: (name: string) => Json | undefined, feel: Feel): FormOption[] {
  const found = field.valuesExpression
    ? feel(field.valuesExpression)
    : field.valuesKey
      ? scope(field.valuesKey)
      : (field.values as unknown as Json)
  return (Array.isArray(found) ? found : []).flatMap((option): FormOption[] => {
    if (isObject(option) && 'value' in option)
      return [{ label: typeof option['label'] === 'string' ? option['label'] : '', value: option['value'] as Json }]
    return typeof option === 'string' || typeof option === 'number' ? [{ label: String(option), value: option }] : []
  })
}

/** What stands at a path of nested values. */
function at(values: Variables, path: readonly string[]): Json | undefined {
  let here: unknown = values
  for (const part of path) here = isObject(here) && Object.hasOwn(here, part) ? here[part] : undefined
  return here as Json | undefined
}

/** Puts a value at a path, making the objects on the way. */
function put(values: Variables, path: readonly string[], value: Json): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) {
    values[first] = value
    return
  }
  const inner = values[first]
  const object = isObject(inner) ? (inner as Variables) : {}
  values[first] = object
  put(object, rest, value)
}
