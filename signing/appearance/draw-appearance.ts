import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PDF, rgb, type EmbeddedFont, type PDFPage } from '@libpdf/core'

/** A drawing with its size as it is seen, in 1/72 inch. */
export interface Drawing {
  pdf: Uint8Array
  width: number
  height: number
}

/** 1 mm in 1/72 inch. */
export const MM = 72 / 25.4

const BLUE = rgb(0.05, 0.15, 0.65)
const RED = rgb(0.85, 0.05, 0.05)
const BLACK = rgb(0, 0, 0)

const folder = path.dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/tinos/package.json'))
let face: Promise<Buffer> | undefined
/** Tinos: the metrics of Times New Roman that NĐ 30/2020 asks for, with all of Vietnamese. */
const faceFile = () => (face ??= readFile(path.join(folder, '400Regular', 'Tinos_400Regular.ttf')))

async function draw(
  width: number,
  height: number,
  paint: (page: PDFPage, pdf: PDF, font: () => Promise<EmbeddedFont>) => Promise<void> | void,
): Promise<Drawing> {
  const pdf = PDF.create()
  const page = pdf.addPage({ width, height })
  await paint(page, pdf, async () => pdf.embedFont(await faceFile()))
  return { pdf: await pdf.save({ subsetFonts: true }), width, height }
}

/**
 * A person's signature: their image, fitted into the room and centred (blue on transparent, NĐ 30/2020 Phụ lục I); with
 * no image on file the name in blue. `lines` stand below in small type: for whom somebody signs, when.
 */
export async function drawPersonSignature(
  signature: { image?: Uint8Array; name: string; lines?: string[] },
  room: { width: number; height: number },
): Promise<Drawing> {
  const { lines = [] } = signature
  const below = lines.length * 8
  return draw(room.width, room.height, async (page, pdf, font) => {
    if (signature.image) {
      const image = pdf.embedImage(signature.image)
      const scale = Math.min(room.width / image.width, (room.height - below) / image.height)
      const [width, height] = [image.width * scale, image.height * scale]
      const y = below + (room.height - below - height) / 2
      page.drawImage(image, { x: (room.width - width) / 2, y, width, height })
    }
    const face = signature.image && lines.length === 0 ? undefined : await font()
    if (!signature.image && face) {
      const size = fitting(face, signature.name, 18, room.width)
      const x = (room.width - face.getTextWidth(signature.name, size)) / 2
      page.drawText(signature.name, { x, y: below + (room.height - below - size) / 2, size, font: face, color: BLUE })
    }
    for (const [index, line] of lines.entries()) {
      const size = fitting(face!, line, 7, room.width)
      const x = (room.width - face!.getTextWidth(line, size)) / 2
      page.drawText(line, { x, y: below - (index + 1) * 8 + 2, size, font: face!, color: BLUE })
    }
  })
}

/** Height of a line under a seal, 1/72 inch. */
const SEAL_LINE = 10

/**
 * The organisation's seal at its real size (`diameter` in mm); with no image on file a red ring with its name. `lines` stand below
 * it in small type: the number and day that the registry gives with it.
 */
export async function drawSeal(seal: {
  image?: Uint8Array
  name: string
  diameter?: number
  lines?: string[]
}): Promise<Drawing> {
  const size = (seal.diameter ?? 36) * MM
  const { lines = [] } = seal
  const below = lines.length * SEAL_LINE
  return draw(size, size + below, async (page, pdf, font) => {
    if (lines.length > 0) {
      const face = await font()
      for (const [index, line] of lines.entries()) {
        const small = fitting(face, line, 8, size)
        const x = (size - face.getTextWidth(line, small)) / 2
        page.drawText(line, { x, y: below - (index + 1) * SEAL_LINE + 2, size: small, font: face, color: BLACK })
      }
    }
    if (seal.image) {
      page.drawImage(pdf.embedImage(seal.image), { x: 0, y: below, width: size, height: size })
      return
    }
    const [x, y] = [size / 2, below + size / 2]
    for (const [radius, borderWidth] of [
      [size / 2 - 2, 2.5],
      [size / 2 - 7, 1],
    ] as const)
      page.drawCircle({ x, y, radius, borderColor: RED, borderWidth, borderOpacity: 0.85 })
    const face = await font()
    const words = wrap(seal.name, 14)
    for (const [index, line] of words.entries()) {
      const text = fitting(face, line, 9, size - 24)
      const top = y + (words.length * 10) / 2 - 9
      page.drawText(line, {
        x: x - face.getTextWidth(line, text) / 2,
        y: top - index * 10,
        size: text,
        font: face,
        color: RED,
      })
    }
  })
}

/**
 * The information block of an appendix or an e-copy: Times New Roman 10, upright, black, no image (NĐ 30/2020, Phụ lục
 * I). The lines say number and notation, or the copy's form and the agency, and the instant.
 */
export async function drawInformation(lines: string[]): Promise<Drawing> {
  const size = 10
  const probe = PDF.create().embedFont(await faceFile())
  const width = Math.ceil(Math.max(...lines.map((line) => probe.getTextWidth(line, size)))) + 4
  const height = lines.length * 12 + 4
  return draw(width, height, async (page, _, font) => {
    const face = await font()
    for (const [index, line] of lines.entries())
      page.drawText(line, { x: 2, y: height - (index + 1) * 12, size, font: face, color: BLACK })
  })
}

/** `22-11-2026; 15:04:05; +07:00`: how the block writes an instant (NĐ 30/2020, Phụ lục I). */
export function informationTime(at: Date): string {
  const local = new Date(at.getTime() + 7 * 3_600_000).toISOString()
  const [year, month, day] = local.slice(0, 10).split('-')
  return `${day}-${month}-${year}; ${local.slice(11, 19)}; +07:00`
}

function fitting(font: EmbeddedFont, text: string, size: number, width: number): number {
  const wide = font.getTextWidth(text, size)
  return wide > width ? (size * width) / wide : size
}

function wrap(text: string, length: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < length) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
