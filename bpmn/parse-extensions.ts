import type { ModdleElement } from 'bpmn-moddle'
import type { Expression, Mapping } from './flow.ts'

/** The child elements of a property that holds many, none where it is absent. */
export function elements(element: ModdleElement, property: string): ModdleElement[] {
  const value = element[property]
  return Array.isArray(value) ? (value as ModdleElement[]) : []
}

/** Trimmed text, null where there is none. */
export function text(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/** The first extension element of that type, e.g. `zeebe:TaskDefinition`. */
export function extension(element: ModdleElement, type: string): ModdleElement | null {
  const extensions = element['extensionElements'] as ModdleElement | undefined
  if (!extensions) return null
  return elements(extensions, 'values').find((value) => value.$type === type) ?? null
}

/** Forms that a process carries (`zeebe:userTaskForm`): their JSON by id. */
export function embeddedForms(process: ModdleElement): Record<string, string> {
  const extensions = process['extensionElements'] as ModdleElement | undefined
  const forms = extensions ? elements(extensions, 'values').filter(({ $type }) => $type === 'zeebe:UserTaskForm') : []
  return Object.fromEntries(forms.flatMap((form) => (form.id ? [[form.id, text(form['body']) ?? '']] : [])))
}

export function properties(element: ModdleElement): Record<string, Expression> {
  const result: Record<string, Expression> = {}
  const list = extension(element, 'zeebe:Properties')
  for (const property of list ? elements(list, 'properties') : []) {
    const name = text(property.name)
    if (name) result[name] = text(property['value']) ?? ''
  }
  return result
}

export function headers(element: ModdleElement): Record<string, string> {
  const result: Record<string, string> = {}
  const list = extension(element, 'zeebe:TaskHeaders')
  for (const header of list ? elements(list, 'values') : []) {
    const key = text(header['key'])
    if (key) result[key] = typeof header['value'] === 'string' ? header['value'] : ''
  }
  return result
}

export function mappings(element: ModdleElement, direction: 'inputParameters' | 'outputParameters'): Mapping[] {
  const mapping = extension(element, 'zeebe:IoMapping')
  if (!mapping) return []
  return elements(mapping, direction).flatMap((parameter) => {
    const target = text(parameter['target'])
    return target ? [{ source: text(parameter['source']) ?? '', target }] : []
  })
}
