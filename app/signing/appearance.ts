import { createHash } from 'node:crypto'
import { drawPersonSignature, drawSeal, informationTime, type Drawing } from '#signing/appearance/draw-appearance.ts'
import {
  onPage,
  placeOfInformation,
  placeOfPerson,
  placeOfSeal,
  SIGNATURE_ROOM,
  type SeenPlace,
} from '#signing/appearance/place-appearance.ts'
import { pagesOf } from '#signing/pdf/pages.ts'
import { PdfFile } from '#signing/pdf/pdf-file.ts'
import type { FieldPlace } from '#signing/pdf/place-field.ts'
import type { SignatureRole } from '#db/signatures.ts'

/** Where a person moved the signature to: points from the left and the bottom of the page as it is seen, pages from 0. */
export interface ChosenPlace {
  page: number
  x: number
  y: number
}

export interface Look {
  role: SignatureRole
  /** As it stands under the signature. */
  name: string
  /** Of the handwritten signature or the seal, PNG. An initial is always letters. */
  image: Buffer | null
  competence: string | null
  /** That the registry gives with its seal; the day as `22/11/2026`. */
  number: { code: string; day: string } | null
  at: Date
  place: ChosenPlace | null
}

/** Of an initial (ký nháy): small, in the lower corner that the leader's signature leaves free. */
const INITIAL_ROOM = { width: 72, height: 24 }
const INITIAL_CORNER = { x: 56, y: 40 }

const KEPT = 50
const drawn = new Map<string, Promise<Drawing>>()

/** Two hundred signatures of one act look the same: each is drawn once. */
function draw(key: string, make: () => Promise<Drawing>): Promise<Drawing> {
  const known = drawn.get(key)
  if (known) return known
  if (drawn.size >= KEPT) drawn.delete(drawn.keys().next().value ?? '')
  const made = make()
  drawn.set(key, made)
  // What failed is tried anew.
  made.catch(() => drawn.delete(key))
  return made
}

/** What a signature shows on its page, and where (NĐ 30/2020, Phụ lục I). Throws PdfFault for a file that cannot be read. */
export async function appearanceOf(document: Uint8Array, look: Look): Promise<FieldPlace> {
  const { role, name } = look
  const image = look.image ?? undefined
  const known = image && createHash('sha256').update(image).digest('hex')
  if (role === 'organisation') {
    const lines = look.number ? [`Số: ${look.number.code}`, `Ngày: ${look.number.day}`] : []
    const seal = await draw(`seal ${known ?? name} ${lines.join()}`, () => drawSeal({ image, name, lines }))
    // The ring covers a third of the signature; what stands below it hangs lower.
    const ring = { width: seal.width, height: seal.width }
    const over = placeOfSeal(document, ring)
    const hanging = over && {
      ...over,
      rect: [over.rect[0], over.rect[1] - (seal.height - ring.height), over.rect[2], over.rect[3]] as SeenPlace['rect'],
    }
    return onPage(document, moved(look.place, seal) ?? hanging ?? placeOfInformation(document, seal), seal)
  }
  if (role === 'initial') {
    const drawing = await draw(`initial ${name}`, () => drawPersonSignature({ name: initialsOf(name) }, INITIAL_ROOM))
    return onPage(
      document,
      moved(look.place ?? { page: pagesOf(new PdfFile(document)).length - 1, ...INITIAL_CORNER }, drawing)!,
      drawing,
    )
  }
  // To the minute: what is drawn for one document serves those that are signed with it.
  const time = informationTime(look.at).replace(/:\d\d; /, '; ')
  const lines = [...(look.competence ? [look.competence] : []), time]
  const drawing = await draw(`person ${known ?? name} ${lines.join()}`, () =>
    drawPersonSignature({ image, name, lines }, SIGNATURE_ROOM),
  )
  return onPage(document, moved(look.place, drawing) ?? (await placeOfPerson(document, name)), drawing)
}

const moved = (place: ChosenPlace | null, { width, height }: Drawing): SeenPlace | null =>
  place && { page: place.page, rect: [place.x, place.y, place.x + width, place.y + height] }

/** `N. V. An` of Nguyễn Văn An. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  return [...words.slice(0, -1).map((word) => `${word[0]}.`), words.at(-1)].join(' ')
}
