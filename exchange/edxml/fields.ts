/** Reading single fields out of the tree. An element that may stand once and stands twice is refused, not guessed at. */
import { EdxmlRefusal } from './refusal.ts'
import type { XmlElement } from './tree.ts'

/** All children of that name, in order. */
export function many(parent: XmlElement | undefined, name: string): XmlElement[] {
  return parent?.children.filter((child) => child.name === name) ?? []
}

/** The child of that name, or undefined. Throws `repeated` when there are two. */
export function only(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  const found = many(parent, name)
  if (found.length > 1) throw new EdxmlRefusal('repeated', name)
  return found[0]
}

/** The child of that name. Throws `missing` or `repeated`. */
export function required(parent: XmlElement, name: string): XmlElement {
  const element = only(parent, name)
  if (!element) throw new EdxmlRefusal('missing', name)
  return element
}

/** Trimmed text of the child, empty when it is absent. */
export function textOf(parent: XmlElement | undefined, name: string): string {
  return only(parent, name)?.text.trim() ?? ''
}

/** Whole number of the child, null when it is absent or empty. Throws `field`. */
export function numberOf(parent: XmlElement | undefined, name: string): number | null {
  const text = textOf(parent, name)
  if (text === '') return null
  if (!/^\d{1,9}$/.test(text)) throw new EdxmlRefusal('field', `${name}: ${text}`)
  return Number(text)
}

/** `yyyy/MM/dd` (also with dashes, also with a time behind it) to `yyyy-MM-dd`; null when absent. Throws `field`. */
export function dateOf(parent: XmlElement | undefined, name: string): string | null {
  const text = textOf(parent, name)
  if (text === '') return null
  const match = /^(\d{4})[/-](\d{2})[/-](\d{2})(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?)?$/.exec(text)
  if (!match) throw new EdxmlRefusal('field', `${name}: ${text}`)
  return `${match[1]}-${match[2]}-${match[3]}`
}

/** `yyyy/MM/dd HH:mm:ss`, Vietnam time, to `yyyy-MM-ddTHH:mm:ss+07:00`; null when absent. Throws `field`. */
export function instantOf(parent: XmlElement | undefined, name: string): string | null {
  const text = textOf(parent, name)
  if (text === '') return null
  const match = /^(\d{4})[/-](\d{2})[/-](\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?$/.exec(text)
  if (!match) throw new EdxmlRefusal('field', `${name}: ${text}`)
  return `${match[1]}-${match[2]}-${match[3]}T${match[4]}+07:00`
}
