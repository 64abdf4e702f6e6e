import { CheckboxEntry, FeelEntry, NumberFieldEntry, SelectEntry, TextFieldEntry } from '@bpmn-io/properties-panel'
import { h, type VNode } from '@bpmn-io/properties-panel/preact'
import { useService } from 'bpmn-js-properties-panel'
import type { Element } from './modeler-services.ts'

/** An entry of a properties group: bpmn.io draws it, and asks whether it says anything. */
export interface Entry {
  id: string
  component: (props: { element: Element }) => VNode
  isEdited?: (node: HTMLInputElement | null) => boolean
}

export interface Group {
  id: string
  label: string
  entries: Entry[]
  /** Open from the start. */
  shouldOpen?: boolean
}

const says = (node: HTMLInputElement | null) => Boolean(node?.value)
const isTicked = (node: HTMLInputElement | null) => Boolean(node?.checked)

interface Field<Value> {
  id: string
  label: string
  hint?: string
  get: (element: Element) => Value
  set: (element: Element, value: Value) => void
}

export function textEntry({ id, label, hint, get, set }: Field<string>): Entry {
  const Drawn = ({ element }: { element: Element }) =>
    TextFieldEntry({
      element,
      id,
      label,
      description: hint,
      getValue: () => get(element),
      setValue: (value) => set(element, value ?? ''),
      debounce: useService('debounceInput'),
    })
  return { id, component: Drawn, isEdited: says }
}

export function feelEntry({ id, label, hint, get, set }: Field<string>): Entry {
  const Drawn = ({ element }: { element: Element }) =>
    FeelEntry({
      element,
      id,
      label,
      description: hint,
      feel: 'required',
      getValue: () => get(element),
      setValue: (value) => set(element, value ?? ''),
      debounce: useService('debounceInput'),
    })
  return { id, component: Drawn, isEdited: (node) => Boolean(node?.querySelector('.cm-line')?.textContent) }
}

export function tickEntry({ id, label, hint, get, set }: Field<boolean>): Entry {
  const Drawn = ({ element }: { element: Element }) =>
    CheckboxEntry({
      element,
      id,
      label,
      description: hint,
      getValue: () => get(element),
      setValue: (value) => set(element, value),
    })
  return { id, component: Drawn, isEdited: isTicked }
}

export function numberEntry({
  id,
  label,
  hint,
  get,
  set,
  min = 1,
}: Field<number | undefined> & { min?: number }): Entry {
  const Drawn = ({ element }: { element: Element }) =>
    NumberFieldEntry({
      element,
      id,
      label,
      description: hint,
      min,
      getValue: () => get(element),
      setValue: (value) => set(element, value),
      debounce: useService('debounceInput'),
    })
  return { id, component: Drawn, isEdited: says }
}

/** A button that begins something. */
export function buttonEntry({
  id,
  label,
  onPress,
}: {
  id: string
  label: string
  onPress: (element: Element) => void
}): Entry {
  const Drawn = ({ element }: { element: Element }) =>
    h('div', { class: 'bio-properties-panel-entry' }, [
      h('button', { id, type: 'button', class: 'designer-small', onClick: () => onPress(element) }, label),
    ])
  return { id, component: Drawn }
}

export function choiceEntry({
  id,
  label,
  hint,
  get,
  set,
  choices,
}: Field<string> & { choices: (element: Element) => { value: string; label: string }[] }): Entry {
  const Drawn = ({ element }: { element: Element }) =>
    SelectEntry({
      element,
      id,
      label,
      description: hint,
      getValue: () => get(element),
      setValue: (value) => set(element, value ?? ''),
      getOptions: () => choices(element),
    })
  return { id, component: Drawn, isEdited: says }
}
