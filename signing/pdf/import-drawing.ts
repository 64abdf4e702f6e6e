import { pagesOf } from './pages.ts'
import { decodeStream } from './decode-stream.ts'
import { PdfFile } from './pdf-file.ts'
import type { PdfUpdate } from './update.ts'
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfValue } from './values.ts'

/**
 * Takes the first page of a small PDF into an update as a form XObject, with the fonts and images that it draws with:
 * an appearance can be drawn with any library and travel into any document.
 */
export function importDrawing(update: PdfUpdate, drawing: Uint8Array): PdfRef {
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
        Resources: take(resources),
      }),
      content,
    ),
  )
}

function withoutLength(dict: PdfDict): PdfDict {
  const copy = dict.copy()
  copy.entries.delete('Length')
  return copy
}
