import { describe, expect, it } from 'vitest'
import { pagesOf } from '../pdf/pages.ts'
import { PdfFile } from '../pdf/pdf-file.ts'
import { appearanceFor, LETTERS, openOffice, SIGNER, signWith, type LetterKind } from '../signing.fixture.ts'
import { drawInformation, drawPersonSignature, drawSeal, informationTime, MM } from './draw-appearance.ts'
import { onPage, placeOfInformation, placeOfPerson, placeOfSeal, SIGNATURE_ROOM } from './place-appearance.ts'
import { findText } from './find-text.ts'
import { inside, seenSize, toPage, toSeen, type SeenRect } from './seen.ts'

const KINDS = Object.keys(LETTERS) as LetterKind[]

describe('the place of a signature', () => {
  it.each(KINDS)('is above the signer’s name and centred on it: %s', async (kind) => {
    const document = LETTERS[kind]()
    const pages = pagesOf(new PdfFile(document))
    const name = await findText(document, SIGNER, pages)
    const place = await placeOfPerson(document, SIGNER)
    expect(place.found).toBe(true)
    const { width, height } = seenSize(pages[0]!)
    expect(place.rect[2] - place.rect[0]).toBeCloseTo(SIGNATURE_ROOM.width)
    for (const [low, high] of [
      [place.rect[0], width - place.rect[2]],
      [place.rect[1], height - place.rect[3]],
    ]) {
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeGreaterThanOrEqual(0)
    }
    if (['tagged', 'streams', 'linearised', 'form', 'cropped', 'odd'].includes(kind)) {
      expect((place.rect[0] + place.rect[2]) / 2).toBeCloseTo((name!.rect[0] + name!.rect[2]) / 2, 3)
      expect(place.rect[1]).toBeGreaterThan(name!.rect[1])
    }
  })

  it('takes the last time that the name stands there, whatever its spaces and case', async () => {
    const document = LETTERS.tagged()
    const pages = pagesOf(new PdfFile(document))
    expect(await findText(document, 'nguyễn  văn an', pages)).toEqual(await findText(document, SIGNER, pages))
    expect(await findText(document, 'Nguyen Van An', pages)).toBeUndefined()
  })

  it('is the lower right of the last page where the name is not found, and says so', async () => {
    const place = await placeOfPerson(LETTERS.tagged(), 'Không Có Ai')
    expect(place).toMatchObject({ page: 0, found: false })
    expect(place.rect[0]).toBeGreaterThan(300)
  })

  it('of the seal covers a third of the signature, on its left', async () => {
    const office = await openOffice()
    const who = office.authority.issueWithKey({ commonName: 'TEST' }, 'p-256')
    for (const kind of ['tagged', 'rotated-90', 'cropped'] as const) {
      const document = LETTERS[kind]()
      const signed = await signWith(office, document, who, { appearance: await appearanceFor(document, 'person') })
      const person = await placeOfPerson(document, SIGNER)
      const seal = placeOfSeal(signed, { width: 36 * MM, height: 36 * MM })!
      const covered = seal.rect[2] - person.rect[0]
      expect(covered / (person.rect[2] - person.rect[0])).toBeCloseTo(1 / 3, 1)
      expect(placeOfSeal(document, { width: 1, height: 1 })).toBeUndefined()
    }
    await office.close()
  })

  it('of the information block is the top right of page 1', async () => {
    const document = LETTERS['rotated-270']()
    const block = await drawInformation(['55/BCT-VP', informationTime(new Date('2026-11-22T08:04:05Z'))])
    const { rect } = placeOfInformation(document, block)
    const size = seenSize(pagesOf(new PdfFile(document))[0]!)
    expect(size.width - rect[2]).toBeLessThan(40)
    expect(size.height - rect[3]).toBeLessThan(40)
  })
})

describe('what is seen of a page', () => {
  it('goes to the page’s own units and back, turned and cropped', () => {
    const rect: SeenRect = [10, 20, 110, 70]
    for (const rotate of [0, 90, 180, 270]) {
      const page = { box: [-50, 30, 545, 872] as [number, number, number, number], rotate }
      expect(toSeen(page, toPage(page, rect)).map(Math.round)).toEqual(rect)
      const own = toPage(page, rect)
      expect(own[2] - own[0]).toBeCloseTo(rotate % 180 === 0 ? 100 : 50)
    }
  })

  it('keeps a rectangle inside the page', () => {
    const page = { box: [0, 0, 200, 100] as [number, number, number, number], rotate: 90 }
    expect(inside(page, [80, 190, 130, 220])).toEqual([50, 170, 100, 200])
    expect(inside(page, [-5, -7, 20, 20])).toEqual([0, 0, 25, 27])
  })
})

describe('a drawing', () => {
  it('embeds its font, whole in Vietnamese, and is as large as it says', async () => {
    const seal = await drawSeal({ name: 'BỘ CÔNG THƯƠNG', diameter: 36 })
    expect(seal.width).toBeCloseTo(102.05, 1)
    for (const drawing of [
      seal,
      await drawPersonSignature({ name: SIGNER, lines: ['KT. Bộ trưởng'] }, SIGNATURE_ROOM),
    ]) {
      expect(Buffer.from(drawing.pdf).includes('/FontFile2')).toBe(true)
      expect(Buffer.from(drawing.pdf).includes('/Helvetica')).toBe(false)
      const place = onPage(LETTERS.tagged(), { page: 0, rect: [0, 0, drawing.width, drawing.height] }, drawing)
      expect(place.rect).toEqual([0, 0, drawing.width, drawing.height])
    }
  })

  it('writes an instant as Decree 30 asks', () => {
    expect(informationTime(new Date('2026-11-22T08:04:05Z'))).toBe('22-11-2026; 15:04:05; +07:00')
  })
})
