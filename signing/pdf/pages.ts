import { PdfFault } from './pdf-fault.ts'
import type { PdfFile } from './pdf-file.ts'
import type { PdfDict } from './values.ts'
import { isName, PdfRef, type PdfValue } from './values.ts'

export interface Page {
  ref: PdfRef
  dict: PdfDict
  /** What of the page can be seen, in its own unturned units (1/72 inch × UserUnit): [left, bottom, right, top]. */
  box: [number, number, number, number]
  /** Clockwise, as it is shown: 0, 90, 180 or 270. */
  rotate: number
}

const INHERITED = ['MediaBox', 'CropBox', 'Rotate'] as const
const A4: PdfValue[] = [0, 0, 595.276, 841.89]
const MAX_PAGES = 50_000

/** The pages in their order, with what they inherit (ISO 32000-1, 7.7.3). `upTo` stops after so many. */
export function pagesOf(file: PdfFile, upTo = MAX_PAGES): Page[] {
  const pages: Page[] = []
  const seen = new Set<number>()
  const stack: { ref: PdfValue; inherited: Map<string, PdfValue> }[] = [
    { ref: file.catalog.get('Pages') ?? null, inherited: new Map() },
  ]
  while (stack.length > 0 && pages.length < upTo) {
    const { ref, inherited } = stack.pop()!
    if (!(ref instanceof PdfRef)) throw new PdfFault('a page tree without references', 0)
    if (seen.has(ref.number)) throw new PdfFault('a page tree in a circle', 0)
    seen.add(ref.number)
    const node = file.dict(ref)
    if (!node) throw new PdfFault('a page tree with a hole', 0)
    const own = new Map(inherited)
    for (const key of INHERITED) if (node.has(key)) own.set(key, node.get(key)!)
    const kids = file.array(node.get('Kids'))
    if (kids && !isName(node.get('Type'), 'Page')) {
      for (const kid of kids.toReversed()) stack.push({ ref: kid, inherited: own })
    } else pages.push(readPage(file, ref, node, own))
  }
  return pages
}

function readPage(file: PdfFile, ref: PdfRef, dict: PdfDict, own: Map<string, PdfValue>): Page {
  const media = rectangle(file, own.get('MediaBox')) ?? rectangle(file, A4)!
  const crop = rectangle(file, own.get('CropBox')) ?? media
  const box: Page['box'] = [
    Math.max(media[0], crop[0]),
    Math.max(media[1], crop[1]),
    Math.min(media[2], crop[2]),
    Math.min(media[3], crop[3]),
  ]
  const turned = file.resolve(own.get('Rotate'))
  return {
    ref,
    dict,
    box: box[2] > box[0] && box[3] > box[1] ? box : media,
    rotate: typeof turned === 'number' ? (((Math.round(turned / 90) * 90) % 360) + 360) % 360 : 0,
  }
}

/** Four numbers as [left, bottom, right, top], whatever corners they named. */
export function rectangle(file: PdfFile, value: PdfValue | undefined): [number, number, number, number] | undefined {
  const numbers = file.array(value)?.map((item) => file.resolve(item))
  if (numbers?.length !== 4 || !numbers.every((item) => typeof item === 'number')) return undefined
  const [a, b, c, d] = numbers as [number, number, number, number]
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
}
