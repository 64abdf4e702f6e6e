import { selfAndAllChildren } from 'diagram-js/lib/util/Elements'
import { businessObjectOf, type DesignerModeler, type Element, type Shape } from './modeler-services.ts'

/** Between one element and the next, px of the drawing. */
const GAP = 50

interface Box {
  x: number
  y: number
  width: number
  height: number
}

const meet = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const holds = (a: Box, b: Box) =>
  a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height

/** A step may lie inside what holds others, but on nobody's border. */
const inTheWay = (box: Box, other: Shape) => meet(box, other) && !holds(other, box)

/** What a step must not come to lie on: steps, gateways and events, wherever they belong. */
function standing(modeler: DesignerModeler, except: readonly Element[]): Shape[] {
  return modeler.get('elementRegistry').filter((element) => {
    if (!('width' in element) || element.type === 'label' || except.includes(element as Element)) return false
    return businessObjectOf(element).$instanceOf('bpmn:FlowNode')
  }) as Shape[]
}

/** Where a new element of that size comes to stand behind another: its middle. */
export const placeAfter = (after: Shape, size: { width: number }) => ({
  x: after.x + after.width + GAP + size.width / 2,
  y: after.y + after.height / 2,
})

/**
 * Moves all that lies to the right of an element, where something stands in the place in which a new one of that size would be
 * put behind it; lanes and pools grow with it. @returns whether it was needed
 */
export function makeRoomAfter(
  modeler: DesignerModeler,
  after: Shape,
  size: { width: number; height: number },
): boolean {
  const middle = after.y + after.height / 2
  const start = after.x + after.width
  const place = {
    x: start + GAP / 2,
    y: middle - size.height / 2 - 10,
    width: size.width + GAP,
    height: size.height + 20,
  }
  if (!standing(modeler, [after]).some((one) => inTheWay(place, one))) return false
  const tool = modeler.get('spaceTool')
  const delta = size.width + GAP
  const root = modeler.get('canvas').getRootElement()
  const { movingShapes, resizingShapes } = tool.calculateAdjustments(
    selfAndAllChildren(root as Element, true) as Shape[],
    'x',
    delta,
    start + GAP / 4,
  )
  tool.makeSpace(movingShapes, resizingShapes, { x: delta, y: 0 }, 'e', start + GAP / 4)
  return true
}

/** Puts what has come to lie on others below them. */
export function clearOf(modeler: DesignerModeler, placed: Shape): void {
  const others = standing(modeler, [placed])
  const box = { x: placed.x, y: placed.y, width: placed.width, height: placed.height }
  const first = box.y
  for (let tries = 0; tries < 50; tries++) {
    const below = others.filter((one) => inTheWay(box, one)).map(({ y, height }) => y + height)
    if (below.length === 0) break
    box.y = Math.max(...below) + GAP / 2
  }
  if (box.y !== first) modeler.get('modeling').moveElements([placed], { x: 0, y: box.y - first })
}
