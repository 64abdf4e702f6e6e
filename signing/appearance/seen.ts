import type { Page } from '../pdf/pages.ts'

/** [left, bottom, right, top] as a reader sees the page: turned and cropped, from its lower left corner. */
export type SeenRect = [number, number, number, number]

/** How large the page is as it is seen. */
export function seenSize(page: Pick<Page, 'box' | 'rotate'>): { width: number; height: number } {
  const [left, bottom, right, top] = page.box
  const sizes = { width: right - left, height: top - bottom }
  return page.rotate % 180 === 0 ? sizes : { width: sizes.height, height: sizes.width }
}

type Point = [number, number]

function pointToPage(page: Pick<Page, 'box' | 'rotate'>, [x, y]: Point): Point {
  const [left, bottom, right, top] = page.box
  switch (page.rotate) {
    case 90:
      return [right - y, bottom + x]
    case 180:
      return [right - x, top - y]
    case 270:
      return [left + y, top - x]
    default:
      return [left + x, bottom + y]
  }
}

function pointToSeen(page: Pick<Page, 'box' | 'rotate'>, [x, y]: Point): Point {
  const [left, bottom, right, top] = page.box
  switch (page.rotate) {
    case 90:
      return [y - bottom, right - x]
    case 180:
      return [right - x, top - y]
    case 270:
      return [top - y, x - left]
    default:
      return [x - left, y - bottom]
  }
}

function ofCorners(a: Point, b: Point): SeenRect {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])]
}

/** A seen rectangle in the page's own units, as an annotation names it. */
export function toPage(page: Pick<Page, 'box' | 'rotate'>, rect: SeenRect): SeenRect {
  return ofCorners(pointToPage(page, [rect[0], rect[1]]), pointToPage(page, [rect[2], rect[3]]))
}

/** An annotation's rectangle as it is seen. */
export function toSeen(page: Pick<Page, 'box' | 'rotate'>, rect: SeenRect): SeenRect {
  return ofCorners(pointToSeen(page, [rect[0], rect[1]]), pointToSeen(page, [rect[2], rect[3]]))
}

/** Moves a rectangle into the page where it stands out of it. */
export function inside(page: Pick<Page, 'box' | 'rotate'>, rect: SeenRect): SeenRect {
  const { width, height } = seenSize(page)
  const across = Math.max(0, -rect[0]) - Math.max(0, rect[2] - width)
  const up = Math.max(0, -rect[1]) - Math.max(0, rect[3] - height)
  return [rect[0] + across, rect[1] + up, rect[2] + across, rect[3] + up]
}
