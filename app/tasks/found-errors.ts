import { useRef, useState, type FocusEvent, type FormEvent, type RefObject } from 'react'
import type { wrongFields } from '../forms/wrong-fields.ts'
import type { FoundErrors, SentBack } from './entered.tsx'

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

const isField = (target: EventTarget | null): target is Field =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement

/** The button that ends the part of the form in which the field stands. */
const buttonOf = (form: HTMLFormElement, field: Element | null): HTMLButtonElement | null =>
  field?.closest('.confirm-body')?.querySelector<HTMLButtonElement>('button[name=outcome]') ??
  form.querySelector<HTMLButtonElement>('button[data-primary]')

/** What the schema never sees: letters in a number's field, a day outside its bounds, no file. */
function unseen(form: HTMLFormElement): Record<string, string> {
  const wrong: Record<string, string> = {}
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement)) continue
    const { badInput, rangeOverflow, rangeUnderflow, valueMissing } = field.validity
    if (badInput || rangeOverflow || rangeUnderflow) wrong[field.name] = 'tasks:error.invalid'
    else if (field.type === 'file' && valueMissing) wrong[field.name] = 'tasks:error.required'
  }
  return wrong
}

/**
 * Says beside a field what is wrong with it as it is left, by the schema that the server reads the form with. The schema is
 * fetched when somebody begins to fill the form; until then, and without scripts, the server's answer says it.
 */
export function useFoundErrors(form: RefObject<HTMLFormElement | null>, formKey: string | null, sentBack: SentBack) {
  const check = useRef<typeof wrongFields | 'on its way' | null>(null)
  const [found, setFound] = useState<{ since: SentBack; errors: FoundErrors; refused: number }>({
    since: sentBack,
    errors: {},
    refused: 0,
  })
  // What came back from the server says everything anew.
  const errors = found.since === sentBack ? found.errors : {}

  const look = (button: HTMLButtonElement | null): Record<string, string> => {
    if (!form.current || formKey === null || typeof check.current !== 'function') return {}
    const data = new FormData(form.current)
    if (button?.name) data.set(button.name, button.value)
    return { ...check.current(formKey, data), ...unseen(form.current) }
  }
  const lookAt = (field: Field) => {
    if (!form.current || typeof check.current !== 'function') return
    const wrong = look(buttonOf(form.current, field))[field.name] ?? null
    setFound({ since: sentBack, errors: { ...errors, [field.name]: wrong }, refused: found.refused })
  }

  return {
    errors,
    /** Counts the times that the form was not let go. */
    refused: found.refused,
    onFocus() {
      if (check.current !== null) return
      check.current = 'on its way'
      import('../forms/wrong-fields.ts').then(
        (module) => {
          check.current = module.wrongFields
          // From now on the sentences here take the place of the browser's.
          if (form.current) form.current.noValidate = true
        },
        // Offline, or a new release: the server says what is wrong, and the next focus asks again.
        () => (check.current = null),
      )
    },
    onBlur({ target, relatedTarget }: FocusEvent<HTMLFormElement>) {
      if (!isField(target) || target.name === '' || target.type === 'file') return
      // A message that appears under the pointer would move the button that is being pressed.
      if (relatedTarget instanceof Element && relatedTarget.closest('button, summary, a')) return
      const group = target.closest('fieldset')
      if (group && relatedTarget instanceof Node && group.contains(relatedTarget)) return
      lookAt(target)
    },
    onInput({ target }: FormEvent<HTMLFormElement>) {
      if (!isField(target)) return
      const marked = target.getAttribute('aria-invalid') === 'true' || errors[target.name] != null
      if (marked || target.closest('fieldset')?.querySelector('.field-error')) lookAt(target)
    },
    onSubmit(event: FormEvent<HTMLFormElement>) {
      const { submitter } = event.nativeEvent as SubmitEvent
      const wrong = look(submitter instanceof HTMLButtonElement ? submitter : null)
      const names = Object.keys(wrong)
      if (names.length === 0) return
      event.preventDefault()
      setFound({ since: sentBack, errors: wrong, refused: found.refused + 1 })
    },
  }
}
