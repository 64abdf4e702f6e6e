import { childrenOf, type XmlElement } from '../xml-tree.ts'
import { isLink } from './events.ts'
import { isIntermediate, local, typeOf, type BpmnFile, type Rule } from './file.ts'

// links: by name, or by the source and target elements of their definitions

interface LinkEvent {
  event: XmlElement
  definition: XmlElement
}

function links(file: BpmnFile, name: 'intermediateCatchEvent' | 'intermediateThrowEvent'): LinkEvent[] {
  return file
    .named(name)
    .flatMap((event) =>
      file.definitions(event).flatMap((definition) => (typeOf(definition) === 'link' ? [{ event, definition }] : [])),
    )
}

const linkName = ({ definition }: LinkEvent) => definition.attributes['name']?.trim() || undefined

function targetsOfLink(file: BpmnFile, thrown: LinkEvent): LinkEvent[] {
  const caught = links(file, 'intermediateCatchEvent')
  const named = childrenOf(thrown.definition, 'target').map(({ text }) => local(text))
  if (named.length > 0) return caught.filter(({ definition }) => named.includes(definition.attributes['id'] ?? ''))
  const name = linkName(thrown)
  const sameName = caught.filter((one) => name !== undefined && linkName(one) === name)
  const sameLevel = sameName.filter(({ event }) => event.parent === thrown.event.parent)
  return sameLevel.length > 0 ? sameLevel : sameName
}

function sourcesOfLink(file: BpmnFile, caught: LinkEvent): LinkEvent[] {
  const thrown = links(file, 'intermediateThrowEvent')
  const named = childrenOf(caught.definition, 'source').map(({ text }) => local(text))
  if (named.length > 0) return thrown.filter(({ definition }) => named.includes(definition.attributes['id'] ?? ''))
  return thrown.filter((one) => targetsOfLink(file, one).some(({ event }) => event === caught.event))
}

/** What a link says about its other end, and the other end denies. */
function mismatchedLinks(file: BpmnFile): XmlElement[] {
  const disagree = (says: LinkEvent[], one: LinkEvent, back: (of: LinkEvent) => LinkEvent[]) =>
    says.length > 0 && !says.every((other) => back(other).some(({ event }) => event === one.event))
  return [
    ...links(file, 'intermediateThrowEvent').filter((one) =>
      disagree(targetsOfLink(file, one), one, (of) => sourcesOfLink(file, of)),
    ),
    ...links(file, 'intermediateCatchEvent').filter((one) =>
      disagree(sourcesOfLink(file, one), one, (of) => targetsOfLink(file, of)),
    ),
  ].map(({ event }) => event)
}

const says = ({ definition }: LinkEvent, end: 'source' | 'target') => childrenOf(definition, end).length > 0

/** Names no end although the other end names it. Links that know each other by their name alone need name nothing. */
function saysNothing(file: BpmnFile, one: LinkEvent, end: 'source' | 'target'): boolean {
  const [others, back] =
    end === 'target' ? (['intermediateCatchEvent', 'source'] as const) : (['intermediateThrowEvent', 'target'] as const)
  const id = one.definition.attributes['id'] ?? ''
  const named = links(file, others).some(({ definition }) =>
    childrenOf(definition, back).some(({ text }) => local(text) === id),
  )
  return named && !says(one, end)
}

export const linkRules: Rule[] = [
  {
    rule: 'EXT117',
    vi: 'Sự kiện liên kết "{id}" không được vừa có luồng vào vừa có luồng ra.',
    en: 'The link event "{id}" must not be both target and source of flows.',
    broken: (file) =>
      file
        .where(isIntermediate)
        .filter((event) => isLink(file, event) && file.incoming(event).length > 0 && file.outgoing(event).length > 0),
  },
  {
    rule: 'EXT118',
    vi: 'Liên kết "{id}" không có đầu kia, hoặc đầu kia không khớp với nó.',
    en: 'The link "{id}" has no other end, or that does not name it.',
    broken: (file) => [
      ...mismatchedLinks(file),
      ...links(file, 'intermediateThrowEvent').flatMap((one) =>
        targetsOfLink(file, one).length === 0 ? one.event : [],
      ),
    ],
  },
  {
    rule: 'EXT124',
    vi: 'Không liên kết nào dẫn tới "{id}".',
    en: 'The link that "{id}" catches has no source.',
    broken: (file) =>
      links(file, 'intermediateCatchEvent').flatMap((one) =>
        sourcesOfLink(file, one).length === 0 || saysNothing(file, one, 'source') ? one.event : [],
      ),
  },
  {
    rule: 'EXT125',
    vi: 'Liên kết "{id}" phải có đúng một đích.',
    en: 'The link that "{id}" throws must have exactly one target.',
    broken: (file) =>
      links(file, 'intermediateThrowEvent').flatMap((one) => {
        const named = childrenOf(one.definition, 'target').length
        const single = named < 2 && targetsOfLink(file, one).length === 1
        return single && !saysNothing(file, one, 'target') ? [] : one.event
      }),
  },
  {
    rule: 'EXT126',
    vi: 'Liên kết "{id}" phải ở cùng một cấp với đích của nó.',
    en: 'The link "{id}" must stay in its process and level.',
    broken: (file) =>
      links(file, 'intermediateThrowEvent').flatMap((one) =>
        targetsOfLink(file, one).some(({ event }) => event.parent !== one.event.parent) ? one.event : [],
      ),
  },
]
