import type { ModdleElement } from 'bpmn-moddle'
import type { DataCopy } from './flow.ts'
import { elements, text } from './parse-extensions.ts'

/** The variable that a property, data object, data store or data input stands for: its name, else its id. */
function variableOf(data: ModdleElement | undefined): string | null {
  if (!data) return null
  const referred = (data['dataObjectRef'] ?? data['dataStoreRef']) as ModdleElement | undefined
  return referred ? variableOf(referred) : (text(data.name) ?? data.id ?? null)
}

/** What an element says about data: copies in and out, and the variables that are its own. */
export function dataOf(element: ModdleElement): { dataIn?: DataCopy[]; dataOut?: DataCopy[]; data?: string[] } {
  const dataIn = associations(element, 'dataInputAssociations')
  const dataOut = associations(element, 'dataOutputAssociations')
  const data = ownData(element)
  return {
    ...(dataIn.length > 0 ? { dataIn } : {}),
    ...(dataOut.length > 0 ? { dataOut } : {}),
    ...(data.length > 0 ? { data } : {}),
  }
}

/**
 * Input sets of an activity, as the variables that their required inputs come from. Inputs that are optional, come while it runs, are
 * read from a store outside of the process, or that nothing leads to, are not waited for (BPMN 2.0.2, 10.4.1 and 10.4.2).
 */
export function needsOf(element: ModdleElement): { needs?: string[][] } {
  const specification = element['ioSpecification'] as ModdleElement | undefined
  if (!specification) return {}
  const sources = new Map<ModdleElement, string>()
  for (const association of elements(element, 'dataInputAssociations')) {
    const [source] = elements(association, 'sourceRef')
    const target = association['targetRef'] as ModdleElement | undefined
    const name = source?.$type.startsWith('bpmn:DataStore') ? null : variableOf(source)
    if (target && name !== null) sources.set(target, name)
  }
  const needs = elements(specification, 'inputSets').map((set) => {
    const spared = new Set([...elements(set, 'optionalInputRefs'), ...elements(set, 'whileExecutingInputRefs')])
    return elements(set, 'dataInputRefs').flatMap((input) => (spared.has(input) ? [] : (sources.get(input) ?? [])))
  })
  return needs.length > 0 && needs.every((set) => set.length > 0) ? { needs } : {}
}

/** Properties, and the data objects among the flow elements of a process or sub-process. */
export function ownData(element: ModdleElement): string[] {
  const objects = elements(element, 'flowElements').filter((one) => one.$type === 'bpmn:DataObject')
  const names = [...elements(element, 'properties'), ...objects].flatMap((one) => variableOf(one) ?? [])
  return [...new Set(names)]
}

/**
 * With a transformation its FEEL, else the variable copied as it is; assignments beside them. A data object reference that names
 * a state sets the variable `<name>_state` with the object.
 */
function associations(element: ModdleElement, property: string): DataCopy[] {
  return elements(element, property).flatMap((association) => {
    const [source] = elements(association, 'sourceRef')
    const target = association['targetRef'] as ModdleElement | undefined
    const [from, to] = [variableOf(source), variableOf(target)]
    const formula = text((association['transformation'] as ModdleElement | undefined)?.['body'])
    const copies: DataCopy[] = []
    if (to !== null && formula !== null) copies.push({ from: formula.startsWith('=') ? formula : `=${formula}`, to })
    else if (to !== null && from !== null) copies.push({ from, to })
    for (const assignment of elements(association, 'assignment')) {
      const value = text((assignment['from'] as ModdleElement | undefined)?.['body'])
      const goal = text((assignment['to'] as ModdleElement | undefined)?.['body'])
      if (value !== null && goal !== null) copies.push({ from: value.startsWith('=') ? value : `=${value}`, to: goal })
    }
    const state = text((target?.['dataState'] as ModdleElement | undefined)?.name)
    if (to !== null && state !== null) copies.push({ from: `=${JSON.stringify(state)}`, to: `${to}_state` })
    return copies
  })
}
