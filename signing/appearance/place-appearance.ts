import type { FieldPlace } from '../pdf/place-field.ts'
import { pagesOf, rectangle, type Page } from '../pdf/pages.ts'
import { PdfFile } from '../pdf/pdf-file.ts'
import { signatureFields } from '../pdf/signature-fields.ts'
import { PdfRef } from '../pdf/values.ts'
import type { Drawing } from './draw-appearance.ts'
import { findText } from './find-text.ts'
import { inside, seenSize, toPage, toSeen, type SeenRect } from './seen.ts'

/** A place on a page as it is seen; what a person moves by hand. */
export interface SeenPlace {
  /** From 0. */
  page: number
  rect: SeenRect
}

/** The room between position and name that a signature is centred in (NĐ 30/2020 leaves about 30 mm). */
export const SIGNATURE_ROOM = { width: 150, height: 64 }
const GAP = 4
const MARGIN = 28

/**
 * Where a person's signature belongs: above their name, centred on it, in the document's last pages. At the lower right
 * of the last page where the name is not found; `found` says so, for the person to move it.
 */
export async function placeOfPerson(
  document: Uint8Array,
  name: string,
  room = SIGNATURE_ROOM,
): Promise<SeenPlace & { found: boolean }> {
  const pages = pagesOf(new PdfFile(document))
  const text = await findText(document, name, pages)
  if (text) {
    const centre = (text.rect[0] + text.rect[2]) / 2
    const bottom = text.rect[3] + GAP
    const rect: SeenRect = [centre - room.width / 2, bottom, centre + room.width / 2, bottom + room.height]
    return { page: text.page, rect: inside(pages[text.page]!, rect), found: true }
  }
  const last = pages.length - 1
  const { width } = seenSize(pages[last]!)
  const left = width - MARGIN - room.width
  const rect: SeenRect = [left, 90, left + room.width, 90 + room.height]
  return { page: last, rect: inside(pages[last]!, rect), found: false }
}

/**
 * Where the organisation's seal belongs: over a third of the person's signature, on its left (NĐ 30/2020, Phụ lục I).
 * Undefined while no person has signed visibly.
 */
export function placeOfSeal(document: Uint8Array, seal: { width: number; height: number }): SeenPlace | undefined {
  const file = new PdfFile(document)
  const pages = pagesOf(file)
  const signed = signatureFields(file).filter((field) => field.value && field.name.startsWith('imoit-person-'))
  for (const field of signed.toReversed()) {
    const on = field.dict.get('P')
    const index = on instanceof PdfRef ? pages.findIndex((page) => page.ref.number === on.number) : -1
    const rect = rectangle(file, field.dict.get('Rect'))
    if (index < 0 || !rect || rect[2] <= rect[0]) continue
    const page = pages[index]!
    const [left, bottom, right, top] = toSeen(page, rect)
    const edge = left + (right - left) / 3
    const middle = (bottom + top) / 2
    const over: SeenRect = [edge - seal.width, middle - seal.height / 2, edge, middle + seal.height / 2]
    return { page: index, rect: inside(page, over) }
  }
  return undefined
}

/** Top right of page 1, below what other signatures show there: the block of an appendix, an e-copy, an incoming document. */
export function placeOfInformation(document: Uint8Array, block: { width: number; height: number }): SeenPlace {
  const file = new PdfFile(document)
  const page = pagesOf(file, 1)[0]!
  const { width, height } = seenSize(page)
  const [left, right] = [width - MARGIN - block.width, width - MARGIN]
  let top = height - MARGIN / 2
  const taken = shownOn(file, page).toSorted((a, b) => b[3] - a[3])
  for (const [otherLeft, bottom, otherRight, otherTop] of taken)
    if (otherLeft < right && otherRight > left && otherTop > top - block.height && bottom < top) top = bottom - GAP
  return { page: 0, rect: inside(page, [left, top - block.height, right, top]) }
}

/** Where signatures are shown on a page, as they are seen. */
function shownOn(file: PdfFile, page: Page): SeenRect[] {
  return signatureFields(file).flatMap((field) => {
    const on = field.dict.get('P')
    const rect = rectangle(file, field.dict.get('Rect'))
    const visible = rect && rect[2] > rect[0] && rect[3] > rect[1]
    return field.value && on instanceof PdfRef && on.number === page.ref.number && visible ? [toSeen(page, rect)] : []
  })
}

/** A drawing at a place, as `prepare` takes it. */
export function onPage(document: Uint8Array, place: SeenPlace, drawing: Drawing): FieldPlace {
  const page: Page | undefined = pagesOf(new PdfFile(document), place.page + 1)[place.page]
  const rect = page ? toPage(page, place.rect) : place.rect
  return { page: place.page, rect, drawing: drawing.pdf }
}
