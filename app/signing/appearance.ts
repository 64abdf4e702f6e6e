import { createHash } from 'node:crypto'
import {
  drawInformation,
  drawPersonSignature,
  drawSeal,
  informationTime,
  type Drawing,
} from '#signing/appearance/draw-appearance.ts'
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
import { signatureFields } from '#signing/pdf/signature-fields.ts'
import type { ChosenPlace, SignatureRole } from '#db/signatures.ts'

export interface Look {
  role: SignatureRole
  /** As it stands under the signature. */
  name: string
  /** Of the handwritten signature or the seal, PNG. An initial is always letters. */
  image: Buffer | null
  /** Beneath a seal, or in the block at the top of an appendix or a copy; for whom a person signs. */
  lines: string[]
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
  switch (role) {
    case 'organisation':
      return ofSeal(
        document,
        await draw(`seal ${known ?? name} ${look.lines.join()}`, () => drawSeal({ image, name, lines: look.lines })),
        look.place,
      )
    case 'appendix':
    case 'copy':
    case 'received': {
      const lines = [...look.lines, informationTime(look.at)]
      const block = await draw(`block ${lines.join()}`, () => drawInformation(lines))
      return onPage(document, placeOfInformation(document, block), block)
    }
    case 'initial': {
      const drawing = await draw(`initial ${name}`, () => drawPersonSignature({ name: initialsOf(name) }, INITIAL_ROOM))
      return onPage(document, moved(look.place, drawing) ?? placeOfInitial(document), drawing)
    }
    case 'person': {
      // To the minute: what is drawn for one document serves those that are signed with it.
      const lines = [...look.lines, informationTime(look.at).replace(/:\d\d; /, '; ')]
      const drawing = await draw(`person ${known ?? name} ${lines.join()}`, () =>
        drawPersonSignature({ image, name, lines }, SIGNATURE_ROOM),
      )
      return onPage(document, moved(look.place, drawing) ?? (await placeOfPerson(document, name)), drawing)
    }
  }
}

/** The ring covers a third of the signature; what stands below it hangs lower. */
function ofSeal(document: Uint8Array, seal: Drawing, place: ChosenPlace | null): FieldPlace {
  const over = placeOfSeal(document, { width: seal.width, height: seal.width })
  const hanging = over && {
    ...over,
    rect: [over.rect[0], over.rect[1] - (seal.height - seal.width), over.rect[2], over.rect[3]] as SeenPlace['rect'],
  }
  return onPage(document, moved(place, seal) ?? hanging ?? placeOfInformation(document, seal), seal)
}

/** Beside those that are there already. */
function placeOfInitial(document: Uint8Array): SeenPlace {
  const file = new PdfFile(document)
  const before = signatureFields(file).filter((field) => field.value && field.name.startsWith('imoit-initial-')).length
  const page = pagesOf(file).length - 1
  const x = INITIAL_CORNER.x + before * (INITIAL_ROOM.width + 8)
  return { page, rect: [x, INITIAL_CORNER.y, x + INITIAL_ROOM.width, INITIAL_CORNER.y + INITIAL_ROOM.height] }
}

const moved = (place: ChosenPlace | null, { width, height }: Drawing): SeenPlace | null =>
  place && { page: place.page, rect: [place.x, place.y, place.x + width, place.y + height] }

/** `N. V. An` of Nguyễn Văn An. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  return [...words.slice(0, -1).map((word) => `${word[0]}.`), words.at(-1)].join(' ')
}
