import type { ModuleDeclaration } from 'didi'
import {
  extensionOf,
  modelOf,
  ownFormOf,
  propertyOf,
  setExtension,
  setProperties,
  type Services,
} from './model-edits.ts'
import { businessObjectOf, type Element } from './modeler-services.ts'
import {
  buttonEntry,
  choiceEntry,
  feelEntry,
  textEntry,
  tickEntry,
  type Entry,
  type Group,
} from './property-entries.ts'
import { EDIT_FORM } from './form-event.ts'
import { readSpan, writeSpan } from './span.ts'
import { standardGroups } from './standard-properties.ts'
import { whoEntry } from './who-entry.ts'
import type { Words } from './words.ts'

/** After the groups of BPMN, Zeebe and the templates, which filter what stands before them. */
const PRIORITY = 200

interface Panel {
  registerProvider(priority: number, provider: { getGroups(element: Element): (groups: Group[]) => Group[] }): void
}

/** The properties of the office's own: who, by when, with what right, in words; and what the ready-made panel lacks. */
export function officeProperties(words: Words, forms: readonly string[]): ModuleDeclaration {
  class OfficePropertiesProvider {
    static $inject = ['propertiesPanel', 'injector']

    constructor(
      panel: Panel,
      readonly services: Services,
    ) {
      panel.registerProvider(PRIORITY, this)
    }

    getGroups(element: Element) {
      return (groups: Group[]): Group[] => {
        const own = [
          ...ownGroups(this.services, element, words, forms),
          ...standardGroups(this.services, element, words),
        ]
        const after = groups.findIndex(({ id }) => id === 'general') + 1
        return [...groups.slice(0, after), ...own, ...groups.slice(after)]
      }
    }
  }
  return { __init__: ['officePropertiesProvider'], officePropertiesProvider: ['type', OfficePropertiesProvider] }
}

function ownGroups(services: Services, element: Element, words: Words, forms: readonly string[]): Group[] {
  const object = businessObjectOf(element)
  const group = (id: string, entries: Entry[]): Group => ({ id: `imoit-${id}`, label: words(`group.${id}`), entries })
  if (object.$type === 'bpmn:Process' || object.$type === 'bpmn:Participant')
    return [group('flow', flowEntries(services, words))]
  if (object.$type === 'bpmn:UserTask')
    return [
      { ...group('who', [whoEntry(services, words)]), shouldOpen: true },
      group('time', timeEntries(services, words)),
      group('asks', askEntries(services, words, forms, element)),
      group('rights', rightEntries(services, words)),
    ]
  if (object.$instanceOf('bpmn:FlowNode')) return [group('names', [nameEntry(services, words)])]
  return []
}

function propertyField(services: Services, name: string) {
  return {
    get: (element: Element) => propertyOf(modelOf(element), name) ?? '',
    set: (element: Element, value: string) => setProperties(services, element, { [name]: value || undefined }),
  }
}

const nameEntry = (services: Services, words: Words): Entry =>
  textEntry({ id: 'nameEn', label: words('nameEn'), ...propertyField(services, 'imoit.name.en') })

function tick(services: Services, name: string, label: string, hint?: string): Entry {
  return tickEntry({
    id: name.replaceAll('.', '-'),
    label,
    hint,
    get: (element) => propertyOf(modelOf(element), name) === 'true',
    set: (element, value) => setProperties(services, element, { [name]: value ? 'true' : undefined }),
  })
}

function flowEntries(services: Services, words: Words): Entry[] {
  return [
    nameEntry(services, words),
    tick(services, 'imoit.fourEyes', words('flow.fourEyes'), words('flow.fourEyesHint')),
    textEntry({
      id: 'variables',
      label: words('flow.variables'),
      hint: words('flow.variablesHint'),
      ...propertyField(services, 'imoit.variables'),
    }),
  ]
}

/** `P3D` and `PT4H` as a number and a unit; anything else as it is written. */
function timeEntries(services: Services, words: Words): Entry[] {
  const sla = propertyField(services, 'imoit.sla')
  return [
    textEntry({
      id: 'sla',
      label: words('time.sla'),
      hint: words('time.slaHint'),
      get: (element) => writeSpan(sla.get(element), words),
      set: (element, value) => sla.set(element, readSpan(value)),
    }),
    tick(services, 'imoit.workingTime', words('time.working'), words('time.workingHint')),
    choiceEntry({
      id: 'remindShare',
      label: words('time.remind'),
      ...propertyField(services, 'imoit.remindShare'),
      choices: () => [
        { value: '', label: words('time.remindUsual') },
        ...['0.5', '0.75', '0.9'].map((value) => ({
          value,
          label: words('time.remindShare', { share: String(Number(value) * 100) }),
        })),
      ],
    }),
    choiceEntry({
      id: 'escalate',
      label: words('time.escalate'),
      ...propertyField(services, 'imoit.escalate'),
      choices: () => [
        { value: '', label: words('time.escalateHeads') },
        { value: 'office', label: words('time.escalateOffice') },
        { value: 'nobody', label: words('time.escalateNobody') },
      ],
    }),
    feelEntry({
      id: 'dueAt',
      label: words('time.dueAt'),
      hint: words('time.dueAtHint'),
      ...propertyField(services, 'imoit.dueAt'),
    }),
  ]
}

/** The choice of a form of the step's own, whatever its id. */
const OWN = 'own'

/** A step's form, by whichever of the three attributes names it. */
function formOf(element: Element): string {
  if (ownFormOf(element)) return OWN
  const definition = extensionOf(modelOf(element), 'zeebe:FormDefinition')
  const names = ['formKey', 'formId', 'externalReference'].map((name) => definition?.get(name) as string | undefined)
  return names.find(Boolean) ?? ''
}

function askEntries(services: Services, words: Words, forms: readonly string[], shown: Element): Entry[] {
  const edit = (element: Element) => services.get('eventBus').fire(EDIT_FORM, { element })
  return [
    choiceEntry({
      id: 'form',
      label: words('asks.form'),
      get: formOf,
      set: (element, value) => {
        if (value === OWN) return edit(element)
        setExtension(services, element, 'zeebe:FormDefinition', {
          externalReference: value || undefined,
          formKey: undefined,
          formId: undefined,
        })
      },
      choices: (element) => {
        const chosen = formOf(element)
        const known = chosen && chosen !== OWN && !forms.includes(chosen) ? [...forms, chosen] : forms
        return [
          { value: '', label: words('none') },
          { value: OWN, label: words('ownForm.choice') },
          ...known.map((value) => ({ value, label: words(`form.${value.replace('.', '-')}`, { key: value }) })),
        ]
      },
    }),
    ...(ownFormOf(shown) ? [buttonEntry({ id: 'editOwnForm', label: words('ownForm.edit'), onPress: edit })] : []),
    textEntry({
      id: 'askVi',
      label: words('asks.vi'),
      hint: words('asks.hint'),
      ...propertyField(services, 'imoit.ask.vi'),
    }),
    textEntry({ id: 'askEn', label: words('asks.en'), ...propertyField(services, 'imoit.ask.en') }),
    nameEntry(services, words),
  ]
}

function rightEntries(services: Services, words: Words): Entry[] {
  return [
    choiceEntry({
      id: 'part',
      label: words('rights.part'),
      hint: words('rights.partHint'),
      ...propertyField(services, 'imoit.part'),
      choices: () => [
        { value: '', label: words('none') },
        ...['lead', 'coordinate', 'information'].map((value) => ({ value, label: words(`rights.parts.${value}`) })),
      ],
    }),
    choiceEntry({
      id: 'signOff',
      label: words('rights.signOff'),
      ...propertyField(services, 'imoit.signOff'),
      choices: () => [
        { value: '', label: words('rights.signOffs.none') },
        ...['approve', 'personal', 'organisation'].map((value) => ({
          value,
          label: words(`rights.signOffs.${value}`),
        })),
      ],
    }),
  ]
}
