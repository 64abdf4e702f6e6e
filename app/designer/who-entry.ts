import { h, type VNode } from '@bpmn-io/properties-panel/preact'
import { useEffect, useState } from '@bpmn-io/properties-panel/preact/hooks'
import type { Assignee } from '#db/flow-directory.ts'
import { fetchAssignees } from './directory.ts'
import { extensionOf, modelOf, setExtension, type Services } from './model-edits.ts'
import type { Element } from './modeler-services.ts'
import type { Entry } from './property-entries.ts'
import type { Words } from './words.ts'

/** ms after the last key */
const AFTER_KEY = 200

/** Who a step is given to: found by name in the directory, kept as the relation that the flow knows them by. */
export function whoEntry(services: Services, words: Words): Entry {
  const component = ({ element }: { element: Element }): VNode => h(Who, { element, services, words, key: element.id })
  return { id: 'who', component, isEdited: () => false }
}

interface Given {
  assignee: string
  groups: string
}

function givenTo(element: Element): Given {
  const definition = extensionOf(modelOf(element), 'zeebe:AssignmentDefinition')
  const text = (name: string) => (definition?.get(name) as string | undefined) ?? ''
  return { assignee: text('assignee'), groups: text('candidateGroups') }
}

function Who({ element, services, words }: { element: Element; services: Services; words: Words }): VNode {
  const given = givenTo(element)
  const [search, setSearch] = useState('')
  const [found, setFound] = useState<Assignee[] | null>(null)
  const [named, setNamed] = useState<Assignee[] | null>(null)
  const now = given.assignee || given.groups

  useEffect(() => {
    const stop = new AbortController()
    setNamed(null)
    if (now) void fetchAssignees(`of=${encodeURIComponent(now)}`, stop.signal).then(setNamed)
    return () => stop.abort()
  }, [now])

  useEffect(() => {
    const stop = new AbortController()
    if (search.trim() === '') {
      setFound(null)
      return () => stop.abort()
    }
    const timer = setTimeout(
      () => void fetchAssignees(`q=${encodeURIComponent(search)}`, stop.signal).then(setFound),
      AFTER_KEY,
    )
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [search])

  const give = ({ key, isAssignee }: Assignee) => {
    setExtension(services, element, 'zeebe:AssignmentDefinition', {
      assignee: isAssignee ? key : undefined,
      candidateGroups: isAssignee ? undefined : key,
    })
    setSearch('')
  }
  const id = `who-${element.id}`
  return h(
    'div',
    { class: 'bio-properties-panel-entry who' },
    h('p', { class: 'who-now', role: 'status' }, ...nowWords(now, named, words)),
    h('label', { class: 'bio-properties-panel-label', for: id }, words('who.search')),
    h('input', {
      id,
      class: 'bio-properties-panel-input',
      type: 'search',
      autocomplete: 'off',
      placeholder: words('who.placeholder'),
      value: search,
      onInput: (event: { currentTarget: HTMLInputElement }) => setSearch(event.currentTarget.value),
    }),
    found &&
      h(
        'ul',
        { class: 'who-found', 'aria-label': words('who.found') },
        ...found.map((one) =>
          h(
            'li',
            { key: one.key },
            h('button', { type: 'button', onClick: () => give(one) }, one.name, h('small', null, one.detail)),
          ),
        ),
        found.length === 0 && h('li', { class: 'who-nobody' }, words('who.nobody')),
      ),
    h('p', { class: 'bio-properties-panel-description' }, words('who.hint')),
  )
}

function nowWords(now: string, named: Assignee[] | null, words: Words): (VNode | string)[] {
  if (!now) return [words('who.none')]
  if (!named) return [now]
  return named.map((one) =>
    h(
      'span',
      { key: one.key, 'data-tone': one.gone ? 'bad' : undefined },
      h('strong', null, one.name),
      ' ',
      h('small', null, one.gone ? words('who.gone') : one.detail),
    ),
  )
}
