import { SaxesParser } from 'saxes'

/** An XML element by its local name, without its namespace. Attributes of others (`vendor:type`) are not among its own. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  children: XmlElement[]
  parent?: XmlElement
  text: string
}

/** Elements within one another: whoever walks the tree does so by calling itself. */
const MAX_DEPTH = 500

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance'

/**
 * Throws an Error with the place where the text is not well-formed, holds a DOCTYPE, or nests too deep. `qualified`: names of
 * elements, and of attributes with a prefix, are written with their namespace, as `{uri}name`.
 */
export function readXml(xml: string, { qualified = false } = {}): XmlElement {
  const named = ({ uri, local }: { uri: string; local: string }) =>
    qualified && uri !== '' ? `{${uri}}${local}` : local
  const parser = new SaxesParser({ xmlns: true })
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  parser.on('doctype', () => {
    throw new Error('A DOCTYPE is not allowed')
  })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', (tag) => {
    if (open.length > MAX_DEPTH) throw new Error(`Elements nest deeper than ${MAX_DEPTH}`)
    const attributes: Record<string, string> = {}
    for (const attribute of Object.values(tag.attributes)) {
      const own = attribute.uri === '' || attribute.uri === SCHEMA_INSTANCE
      if (qualified || own) attributes[named(attribute)] = attribute.value
    }
    const parent = open.at(-1) ?? top
    const element: XmlElement = { name: named(tag), attributes, children: [], parent, text: '' }
    parent.children.push(element)
    open.push(element)
  })
  const addText = (text: string) => {
    const element = open.at(-1)
    if (element) element.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => open.pop())
  parser.write(xml).close()
  const [root] = top.children
  if (!root) throw new Error('There is no element')
  return root
}

export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name)
}

/** The trimmed text of `<name><text>…</text></name>`, as DMN writes expressions; null where there is none. */
export function textOf(element: XmlElement | undefined): string | null {
  return childOf(element, 'text')?.text.trim() || null
}
