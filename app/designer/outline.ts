/** What the outline knows of an element of the drawing. */
export interface OutlineElement {
  id: string
  name: string
  /** `bpmn:UserTask` */
  type: string
  /** The sub-process, pool or process that it lies in. */
  parent: string
  /** Where its flows lead, with their names. */
  next: { id: string; flow: string }[]
  /** The activity that a boundary event sits on. */
  host?: string
  /** Left edge: among those that nothing leads to, the order they are drawn in. */
  x: number
}

export interface OutlineItem extends OutlineElement {
  /** 1 for what lies in the process itself. */
  level: number
  children: OutlineItem[]
}

/** The elements of a flow as a tree: containers hold what lies in them, in the order in which a case comes by. */
export function outlineOf(elements: readonly OutlineElement[], root: string): OutlineItem[] {
  const byParent = new Map<string, OutlineElement[]>()
  for (const element of elements) {
    const holder = element.host ?? element.parent
    byParent.set(holder, [...(byParent.get(holder) ?? []), element])
  }
  const seen = new Set<string>()
  const within = (parent: string, level: number): OutlineItem[] =>
    inOrder(byParent.get(parent) ?? []).flatMap((element) => {
      if (seen.has(element.id)) return []
      seen.add(element.id)
      return [{ ...element, level, children: within(element.id, level + 1) }]
    })
  return within(root, 1)
}

/** Along the flows from what nothing leads to; what cannot be reached so comes as it is drawn. */
function inOrder(elements: OutlineElement[]): OutlineElement[] {
  const here = new Map(elements.map((element) => [element.id, element]))
  const led = new Set(elements.flatMap(({ next }) => next.map(({ id }) => id)))
  const isFirst = ({ id, type }: OutlineElement) => type === 'bpmn:StartEvent' || !led.has(id)
  const drawn = elements.toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || a.x - b.x)
  const ordered = new Set<OutlineElement>()
  const walk = (element: OutlineElement) => {
    // without calling itself: a flow may be a thousand elements long
    const open = [element]
    for (let at = open.shift(); at; at = open.shift()) {
      if (ordered.has(at)) continue
      ordered.add(at)
      open.push(...at.next.flatMap(({ id }) => here.get(id) ?? []))
    }
  }
  for (const element of drawn) walk(element)
  return [...ordered]
}

/** The items that are seen, one below the other: all but those in closed ones. */
export function visibleItems(items: readonly OutlineItem[], closed: ReadonlySet<string>): OutlineItem[] {
  return items.flatMap((item) => [item, ...(closed.has(item.id) ? [] : visibleItems(item.children, closed))])
}
