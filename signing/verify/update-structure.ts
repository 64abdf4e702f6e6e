import type { PdfFile } from '../pdf/pdf-file.ts'
import { ValueReader } from '../pdf/read-value.ts'

const isWhite = (byte: number | undefined) => byte !== undefined && [0, 9, 10, 12, 13, 32].includes(byte)

/** Whether nothing but white space follows the closing `%%EOF`: what follows is seen by programs that search. */
export function endsCleanly(file: PdfFile): boolean {
  for (let at = file.markEnd; at < file.bytes.length; at++) if (!isWhite(file.bytes[at])) return false
  return true
}

/**
 * What is wrong with how `after` grew out of `before`; undefined where it is a plain incremental update: it builds on the
 * cross-reference that was signed, and every byte of it is an object it lists, a cross-reference or white space. Hidden
 * objects and a second kind of cross-reference are for programs that read differently than this one.
 */
export function updateFault(
  before: PdfFile,
  after: PdfFile,
): 'rewritten' | 'hybrid' | 'hidden' | 'trailing' | undefined {
  if (!endsCleanly(after)) return 'trailing'
  const start = before.bytes.length
  const added = after.sections.filter((section) => section.offset >= start)
  if (!after.sections.some((section) => section.offset === before.startxref)) return 'rewritten'
  if (added.some((section) => section.trailer.has('XRefStm'))) return 'hybrid'
  const listed = new Set<number>()
  for (const section of added)
    for (const place of section.places.values()) if (place !== 'free' && 'at' in place) listed.add(place.at)

  const { bytes } = after
  const reader = new ValueReader(bytes, start)
  while (reader.at < bytes.length) {
    if (isWhite(bytes[reader.at])) {
      reader.at++
      continue
    }
    if (bytes[reader.at] === 37) {
      if (!reader.take('%%EOF')) return 'hidden'
      continue
    }
    const section = added.find((one) => one.offset === reader.at)
    if (section) {
      reader.at = section.end
      continue
    }
    if (reader.take('startxref')) {
      reader.whole()
      continue
    }
    if (!listed.has(reader.at)) return 'hidden'
    reader.at = after.objectAt(reader.at).end
  }
  return undefined
}
