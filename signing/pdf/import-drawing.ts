import { pagesOf } from './pages.ts'
import { decodeStream } from './decode-stream.ts'
import { PdfFile } from './pdf-file.ts'
import type { PdfUpdate } from './update.ts'
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfValue } from './values.ts'

/**
 * Takes the first page of a small PDF into an update as a form XObject, with the fonts and images that it draws with:
 * an appearance can be drawn with any library and travel into any document. `rotate` is how the page is turned when it
 * is shown (clockwise degrees): the drawing is turned back, so that it stands upright.
 */
export function importDrawing(update: PdfUpdate, drawing: Uint8Array, rotate = 0): PdfRef {
  const source = new PdfFile(drawing)
  const page = pagesOf(source, 1)[0]!
  const taken = new Map<number, PdfRef>()
  const take = (value: PdfValue): PdfValue => {
    if (value instanceof PdfRef) {
      const known = taken.get(value.number)
      if (known) return known
      const ref = update.reserve()
      taken.set(value.number, ref)
      update.put(ref, take(source.get(value)))
      return ref
    }
    if (Array.isArray(value)) return value.map(take)
    if (value instanceof PdfDict) return new PdfDict([...value.entries].map(([key, entry]) => [key, take(entry)]))
    if (value instanceof PdfStream) return new PdfStream(take(withoutLength(value.dict)) as PdfDict, value.raw)
    return value
  }
  const held = source.resolve(page.dict.get('Contents'))
  const streams = (Array.isArray(held) ? held : [held])
    .map((part) => source.resolve(part))
    .filter((part) => part instanceof PdfStream)
  const content = Buffer.concat(streams.flatMap((stream) => [decodeStream(stream), Buffer.from('\n')]))
  const resources = source.dict(page.dict.get('Resources')) ?? new PdfDict()
  return update.add(
    new PdfStream(
      new PdfDict({
        Type: new PdfName('XObject'),
        Subtype: new PdfName('Form'),
        BBox: page.box,
        Matrix: TURNS[rotate] ?? TURNS[0]!,
        Resources: take(resources),
      }),
      content,
    ),
  )
}

/** Counter-clockwise by the page's turn; the viewer shifts the result into the rectangle (ISO 32000-1, 12.5.5). */
const TURNS: Record<number, number[]> = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
}

function withoutLength(dict: PdfDict): PdfDict {
  const copy = dict.copy()
  copy.entries.delete('Length')
  return copy
}
