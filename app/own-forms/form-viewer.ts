import '@bpmn-io/form-js-viewer/dist/assets/form-js.css'
import '../styles/own-forms.css'
import { Form } from '@bpmn-io/form-js-viewer'
import type { Json, Variables } from '#bpmn/case.ts'
import { checkValue, limitOf, type FieldError } from '#bpmn/form/check-value.ts'
import { isInputType, type FormSchema, type InputField } from '#bpmn/form/schema.ts'
import { translateTexts } from './translate-texts.ts'

export interface FormViewer {
  /** Checks every field; `onSubmit` gets what was entered where nothing is wrong. */
  submit(): void
  destroy(): void
}

interface ExpressionLanguage {
  evaluate(expression: string, values: Record<string, unknown>): unknown
}
interface FieldRegistry {
  get(id: string): InputField | undefined
}
interface FieldInstance {
  id: string
  expressionContextInfo?: { data?: Record<string, unknown> }
}

/** form-js asks this in place of its own, whose words are English: the rules are those that the server goes by. */
function validatorOf(words: (error: FieldError) => string) {
  return class OwnValidator {
    static $inject = ['expressionLanguage', 'formFieldRegistry']
    constructor(
      private readonly feel: ExpressionLanguage,
      private readonly fields: FieldRegistry,
    ) {}

    validateFieldInstance({ id, expressionContextInfo }: FieldInstance, value: Json | undefined): string[] {
      const field = this.fields.get(id)
      if (!field || !isInputType(field.type)) return []
      const checked = checkValue(field, value, {
        // The field offers nothing else; the server looks again.
        options: () => (Array.isArray(value) ? value : [value ?? null]).map((one) => ({ label: '', value: one })),
        limit: (limit) =>
          limitOf(limit, (expression) => this.feel.evaluate(expression, expressionContextInfo?.data ?? {})),
      })
      return checked.ok ? [] : [words(checked.error)]
    }
  }
}

/** Draws a form to be filled in. Browser only. */
export async function drawForm(
  container: HTMLElement,
  {
    schema,
    values,
    words,
    texts,
    onChange,
    onSubmit,
  }: {
    schema: FormSchema
    values: Variables
    words: (error: FieldError) => string
    /** form-js's own English texts → the reader's. */
    texts: Record<string, string>
    /** After each stroke: everything that stands in the form. */
    onChange?: (data: Variables) => void
    onSubmit: (data: Variables) => void
  },
): Promise<FormViewer> {
  const untranslate = translateTexts(container, texts)
  const form = new Form({ container, additionalModules: [{ validator: ['type', validatorOf(words)] }] })
  form.on('submit', ({ data, errors }: { data: Variables; errors: Record<string, string[]> }) => {
    if (Object.keys(errors).length === 0) onSubmit(data)
    else container.querySelector<HTMLElement>('.fjs-has-errors :is(input, textarea, select)')?.focus()
  })
  form.on('changed', ({ data }: { data: Variables }) => onChange?.(data))
  await form.importSchema(schema, values)
  return {
    submit: () => void form.submit(),
    destroy: () => {
      untranslate()
      form.destroy()
    },
  }
}
