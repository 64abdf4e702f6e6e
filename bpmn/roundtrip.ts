import type { BpmnModdle } from 'bpmn-moddle'
import { compareFlows } from './compare.ts'
import { moddle, openBpmn } from './open-bpmn.ts'
import { parseBpmn } from './parse.ts'
import { readXml, type XmlElement } from './xml-tree.ts'

/** What an exported diagram says otherwise than the one that was opened. `path`: ids and names of elements from the root on. */
export interface Loss {
  path: string
  vi: string
  en: string
}

export type RoundTrip = { ok: true; xml: string; losses: Loss[] } | { ok: false; vi: string; en: string }

/**
 * Opens a diagram as the designer does, exports it again and compares what the two say: elements, attributes, references, texts, the
 * drawing, and extensions of others. Prefixes, white space between elements, defaults that are written out, and the order of
 * elements of different names are no meaning.
 */
export async function roundTrip(xml: string): Promise<RoundTrip> {
  let exported: string
  try {
    const { rootElement } = await openBpmn(xml)
    exported = (await moddle.toXML(rootElement, { format: true })).xml
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, vi: `Không mở được sơ đồ: ${message}`, en: `The diagram cannot be opened: ${message}` }
  }
  const losses = differences(readXml(xml, { qualified: true }), readXml(exported, { qualified: true }))
  return { ok: true, xml: exported, losses: [...losses, ...(await changedFlows(xml, exported))] }
}

/** What would run differently. */
async function changedFlows(xml: string, exported: string): Promise<Loss[]> {
  const [before, after] = await Promise.all([parseBpmn(xml), parseBpmn(exported)])
  if (!before.ok || !after.ok) return []
  return before.flows.flatMap((flow, index) => {
    const other = after.flows[index]
    return (other ? compareFlows(flow, other) : []).map(({ elementId, parts }) => ({
      path: elementId,
      vi: `chạy khác đi: ${parts.join(', ')}`,
      en: `runs differently: ${parts.join(', ')}`,
    }))
  })
}

function differences(before: XmlElement, after: XmlElement, around = ''): Loss[] {
  const path = `${around}/${labelOf(before)}`
  return [
    ...attributesThatDiffer(before, after, path),
    ...textsThatDiffer(before, after, path),
    ...children(before, after, path),
  ]
}

const localOf = (name: string) => name.slice(name.lastIndexOf('}') + 1)

function labelOf({ name, attributes }: XmlElement): string {
  return attributes['id'] === undefined ? localOf(name) : `${localOf(name)} ${attributes['id']}`
}

/** Where schemas lie, and declarations of prefixes, say nothing about the diagram. */
const NO_MEANING = new Set([
  '{http://www.w3.org/2001/XMLSchema-instance}schemaLocation',
  '{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation',
])

function attributesThatDiffer(before: XmlElement, after: XmlElement, path: string): Loss[] {
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])
  return [...names].flatMap((name): Loss[] => {
    if (NO_MEANING.has(name) || name.startsWith('{http://www.w3.org/2000/xmlns/}')) return []
    const [old, now] = [before.attributes[name], after.attributes[name]]
    if (old === undefined && now === undefined) return []
    if (sameValue(old, now) || isDefault(before.name, name, old, now) || isOnlyType(before.name, name)) return []
    const of = `${path}/@${localOf(name)}`
    if (now === undefined) return [{ path: of, vi: `mất "${old}"`, en: `lost "${old}"` }]
    if (old === undefined) return [{ path: of, vi: `thêm "${now}"`, en: `added "${now}"` }]
    return [{ path: of, vi: `"${old}" thành "${now}"`, en: `"${old}" became "${now}"` }]
  })
}

/** A type that the schema leaves no choice of. */
function isOnlyType(element: string, attribute: string): boolean {
  return element === '{http://www.omg.org/spec/DD/20100524/DI}waypoint' && attribute.endsWith('XMLSchema-instance}type')
}

/** Numbers by their value, names by what stands after their prefix, texts without the white space at the ends of their lines. */
function sameValue(old: string | undefined, now: string | undefined): boolean {
  if (old === now) return true
  if (old === undefined || now === undefined) return false
  const [a = '', b = ''] = [old, now].map((one) => one.replace(/[ \t\r]*\n/g, '\n').trim())
  if (a === b || (a !== '' && b !== '' && Number(a) === Number(b))) return true
  const [first, second] = [a, b].map((one) => /^(?:[\w.-]+:)?([\w.-]+)$/.exec(one)?.[1])
  return first !== undefined && first === second
}

type Described = ReturnType<BpmnModdle['getType']>['$descriptor']

/** One says what the other leaves to the schema. */
function isDefault(element: string, attribute: string, old: string | undefined, now: string | undefined): boolean {
  if (old !== undefined && now !== undefined) return false
  const said = String(old ?? now)
  const local = localOf(element)
  const type = local[0]?.toUpperCase() + local.slice(1)
  const types = element.startsWith('{http://www.omg.org/spec/BPMN/20100524/DI}') ? [`bpmndi:${type}`] : [`bpmn:${type}`]
  return types.some((one) => {
    const described = descriptorOf(one)
    const given = described?.propertiesByName[`bpmn:${attribute}`] ?? described?.propertiesByName[attribute]
    return given?.default !== undefined && sameValue(String(given.default), said)
  })
}

function descriptorOf(type: string): Described | null {
  try {
    return moddle.getType(type).$descriptor
  } catch {
    // no type of that name: a property that is an element, or somebody's extension
    return null
  }
}

function textsThatDiffer(before: XmlElement, after: XmlElement, path: string): Loss[] {
  const [old, now] = [before, after].map(({ text, children: inside }) => (inside.length > 0 ? text.trim() : text))
  if (old === now || sameValue(old, now)) return []
  return [{ path, vi: `chữ "${old}" thành "${now}"`, en: `the text "${old}" became "${now}"` }]
}

/** Children of one name keep their order; those of different names may change places. */
function children(before: XmlElement, after: XmlElement, path: string): Loss[] {
  const left = new Map<string, XmlElement[]>()
  for (const child of after.children) left.set(keyOf(child), [...(left.get(keyOf(child)) ?? []), child])
  const losses = before.children.flatMap((child): Loss[] => {
    const other = left.get(keyOf(child))?.shift()
    if (other) return differences(child, other, path)
    return [{ path: `${path}/${labelOf(child)}`, vi: 'mất phần tử', en: 'the element is lost' }]
  })
  const added = [...left.values()].flat()
  return [
    ...losses,
    ...added.map((child) => ({ path: `${path}/${labelOf(child)}`, vi: 'thêm phần tử', en: 'the element is new' })),
  ]
}

const keyOf = ({ name, attributes }: XmlElement) => `${name} ${attributes['id'] ?? ''}`
