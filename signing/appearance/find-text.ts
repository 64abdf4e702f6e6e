import type { Page } from '../pdf/pages.ts'
import { toSeen, type SeenRect } from './seen.ts'

export interface FoundText {
  /** From 0. */
  page: number
  rect: SeenRect
}

interface Piece {
  text: string
  rect: SeenRect
}

/** Text is looked for in the last pages: a signature stands at the end. */
const LAST_PAGES = 30

/**
 * Where a line of text stands, the last time that it does: the signer's name below the place of their signature. Spaces
 * and letter case do not matter; accents do. Text in the page's own rotation is found where it is seen.
 */
export async function findText(document: Uint8Array, text: string, pages: Page[]): Promise<FoundText | undefined> {
  const wanted = plain(text)
  if (wanted === '') return undefined
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const task = getDocument({
    data: Uint8Array.from(document),
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    verbosity: 0,
  })
  try {
    const pdf = await task.promise
    for (let index = pages.length - 1; index >= Math.max(0, pages.length - LAST_PAGES); index--) {
      const page = await pdf.getPage(index + 1)
      const { items } = await page.getTextContent()
      const pieces = items.flatMap((item) => ('str' in item && item.str !== '' ? [pieceOf(item, pages[index]!)] : []))
      const rect = lastMatch(pieces, wanted)
      if (rect) return { page: index, rect }
    }
    return undefined
  } finally {
    await task.destroy()
  }
}

function pieceOf(item: { str: string; transform: unknown[]; width: number; height: number }, page: Page): Piece {
  const [a, b, c, d, x, y] = item.transform as [number, number, number, number, number, number]
  const along = Math.hypot(a, b) || 1
  const height = Math.hypot(c, d) || item.height
  const [right, up] = [
    [a / along, b / along],
    [c / (height || 1), d / (height || 1)],
  ] as [[number, number], [number, number]]
  const far: [number, number] = [x + right[0] * item.width + up[0] * height, y + right[1] * item.width + up[1] * height]
  return { text: item.str, rect: toSeen(page, [x, y, ...far]) }
}

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, '').toLocaleLowerCase('vi')

/** Finds the wanted text across pieces that follow each other on one line. */
function lastMatch(pieces: Piece[], wanted: string): SeenRect | undefined {
  let whole = ''
  const owner: number[] = []
  for (const [index, piece] of pieces.entries()) {
    const text = plain(piece.text)
    whole += text
    for (let i = 0; i < text.length; i++) owner.push(index)
  }
  for (let at = whole.lastIndexOf(wanted); at >= 0; at = at === 0 ? -1 : whole.lastIndexOf(wanted, at - 1)) {
    const part = pieces.slice(owner[at], owner[at + wanted.length - 1]! + 1).filter((piece) => plain(piece.text) !== '')
    const first = part[0]!.rect
    const oneLine = part.every(({ rect }) => Math.abs(rect[1] - first[1]) < (first[3] - first[1]) / 2)
    if (oneLine)
      return [
        Math.min(...part.map(({ rect }) => rect[0])),
        Math.min(...part.map(({ rect }) => rect[1])),
        Math.max(...part.map(({ rect }) => rect[2])),
        Math.max(...part.map(({ rect }) => rect[3])),
      ]
  }
  return undefined
}
