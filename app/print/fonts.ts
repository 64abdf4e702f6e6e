import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import pdfmake from 'pdfmake'

const folder = path.dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/tinos/package.json'))

declare module 'pdfmake' {
  /** Where pdfmake looks for a font by name before it looks at the disk. */
  const virtualfs: { writeFileSync(name: string, content: Buffer): void }
}

export const PRINT_FONT = 'Tinos'

/** Tables that place glyphs by their neighbours. */
const SHAPING = new Set(['GSUB', 'GPOS', 'GDEF'])
/** `post` without the glyphs' names is its heading, marked as version 3. */
const POST_HEADING_BYTES = 32

/**
 * A TrueType font without its shaping tables and glyph names. Vietnamese in its composed form has a glyph for each letter and
 * needs none of them, and reading them anew for each document takes several times as long as all the rest.
 */
function slim(font: Buffer): Buffer {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, index) => {
    const entry = font.subarray(12 + 16 * index, 28 + 16 * index)
    const [start, length] = [entry.readUInt32BE(8), entry.readUInt32BE(12)]
    return { tag: entry.toString('latin1', 0, 4), entry, content: font.subarray(start, start + length) }
  }).filter(({ tag }) => !SHAPING.has(tag))
  const heading: Buffer = Buffer.concat([font.subarray(0, 12), ...tables.map(({ entry }) => entry)])
  heading.writeUInt16BE(tables.length, 4)
  const pieces: Buffer[] = [heading]
  let place = heading.length
  for (const [index, { tag, content }] of tables.entries()) {
    const kept = tag === 'post' ? Buffer.from(content.subarray(0, POST_HEADING_BYTES)) : content
    if (tag === 'post') kept.writeUInt32BE(0x00030000, 0)
    heading.writeUInt32BE(place, 12 + 16 * index + 8)
    heading.writeUInt32BE(kept.length, 12 + 16 * index + 12)
    const padding = Buffer.alloc(-kept.length & 3)
    pieces.push(kept, padding)
    place += kept.length + padding.length
  }
  return Buffer.concat(pieces)
}

function face(name: string): string {
  const file = `Tinos_${name}.ttf`
  pdfmake.virtualfs.writeFileSync(file, slim(readFileSync(path.join(folder, name, file))))
  return file
}

/**
 * Tinos has the widths of Times New Roman, which NĐ 30/2020 asks for, and may be given away. What is printed reads nothing but
 * these: no address, no file.
 */
pdfmake.addFonts({
  [PRINT_FONT]: {
    normal: face('400Regular'),
    bold: face('700Bold'),
    italics: face('400Regular_Italic'),
    bolditalics: face('700Bold_Italic'),
  },
})
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy(() => false)

export { pdfmake }
