import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { incrementalSaving, onCertified, shadows, signatureWrapping, universalForgery } from './attacks.fixture.ts'
import { OtherValidators, PYHANKO } from './other-validators.fixture.ts'
import { PdfFile } from './pdf/pdf-file.ts'
import { contentsOf, signatureFields } from './pdf/signature-fields.ts'
import { LETTERS, openOffice, signWith, type Office } from './signing.fixture.ts'
import type { KeyedCertificate } from './test-authority/test-authority.ts'
import type { FileReport } from './verify/report.ts'
import { verifyPdf } from './verify/verify-pdf.ts'

let office: Office
let signer: KeyedCertificate
/** Signed at LT; what a receiver would get. */
let signed: Buffer
const made = new Map<string, Buffer>()

beforeAll(async () => {
  office = await openOffice()
  signer = office.authority.issueWithKey({ commonName: 'TEST Nguyễn Văn An' }, 'p-256')
  signed = await signWith(office, LETTERS.tagged(), signer, { level: 'T' })
})
afterAll(async () => {
  await office?.close()
})

const verify = (bytes: Uint8Array): Promise<FileReport> =>
  verifyPdf(bytes, { trust: office.services.trust, revocation: office.services.revocation })

async function expectInvalid(label: string, bytes: Buffer): Promise<FileReport> {
  made.set(label, bytes)
  const report = await verify(bytes)
  expect({ label, verdict: report.verdict }).not.toEqual({ label, verdict: 'valid' })
  const first = report.signatures[0]
  expect(first?.verdict, label).not.toBe('valid')
  return report
}

describe('a file that was changed after signing', () => {
  it('is valid before anything was done to it', async () => {
    expect((await verify(signed)).verdict).toBe('valid')
  })

  it.each(Object.entries(incrementalSaving))('shows what an incremental save did: %s', async (label, attack) => {
    const report = await expectInvalid(label, attack(signed))
    // Bytes behind the end are told by the file as a whole; all else by the signature.
    const told = report.signatures.flatMap((one) => one.changesAfter.filter((change) => !change.permitted))
    expect(told.length > 0 || report.signatures.length === 0).toBe(true)
    expect(report.verdict).toBe('invalid')
  })

  it.each(Object.entries(signatureWrapping))('refuses a signature that was wrapped: %s', async (label, attack) => {
    expect((await expectInvalid(label, attack(signed))).verdict).toBe('invalid')
  })

  it.each(Object.entries(universalForgery))('refuses a signature without substance: %s', async (label, attack) => {
    await expectInvalid(label, attack(signed))
  })

  it.each(Object.entries(shadows))('refuses a shadow: %s', async (label, { prepare, attack }) => {
    const letter = prepare(label.includes('form field') ? LETTERS.form() : LETTERS.tagged())
    const before = await signWith(office, letter, signer)
    expect((await verify(before)).verdict, 'before the attack').toBe('valid')
    expect((await expectInvalid(label, attack(before))).verdict).toBe('invalid')
  })

  it('shows no changed byte as valid, wherever it is in what was signed', { timeout: 120_000 }, async () => {
    const file = new PdfFile(signed)
    const [field] = signatureFields(file)
    const contents = contentsOf(field!.value!)!
    const used = contents.start + 2 * (signed.subarray(contents.start).indexOf('000000000000') >> 1)
    const positions = fc.oneof(
      fc.integer({ min: 0, max: signed.length - 1 }),
      fc.integer({ min: contents.start, max: used }),
    )
    await fc.assert(
      fc.asyncProperty(positions, fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Buffer.from(signed)
        changed[at]! ^= mask
        const { verdict } = await verify(changed)
        return verdict !== 'valid'
      }),
      { numRuns: 250 },
    )
  })

  it('shows no change in the first bytes of a signature as valid: what nothing there protects follows from the rest', async () => {
    const [field] = signatureFields(new PdfFile(signed))
    const { start } = contentsOf(field!.value!)!
    for (let at = start; at < start + 160; at++)
      for (const mask of [1, 2, 4, 8]) {
        const changed = Buffer.from(signed)
        changed[at]! ^= mask
        const { verdict } = await verify(changed)
        expect({ at: at - start, mask, verdict }).not.toEqual({ at: at - start, mask, verdict: 'valid' })
      }
  })

  it('shows no shortened file as valid', async () => {
    for (const cut of [1, 2, 7, 100, 1000, 10_000]) {
      const { verdict } = await verify(signed.subarray(0, signed.length - cut))
      // Without its last line end the file is not what was signed either.
      expect({ cut, verdict }).not.toEqual({ cut, verdict: 'valid' })
    }
  })
})

describe('a certified file', () => {
  it('refuses everything that its level forbids', async () => {
    const forms = await signWith(office, LETTERS.tagged(), signer, { certify: 2 })
    expect((await verify(forms)).verdict).toBe('valid')
    for (const [label, attack] of Object.entries(onCertified))
      expect((await expectInvalid(`certified 2, ${label}`, attack(forms))).verdict).toBe('invalid')
    const nothing = await signWith(office, LETTERS.tagged(), signer, { certify: 1 })
    await expect(signWith(office, nothing, signer)).rejects.toMatchObject({ code: 'file-certified', status: 422 })
  })

  it('refuses a later signature that covers the page', async () => {
    const forms = await signWith(office, LETTERS.tagged(), signer, { certify: 2 })
    const { drawSeal } = await import('./appearance/draw-appearance.ts')
    const drawing = (await drawSeal({ name: 'x' })).pdf
    const over = await signWith(office, forms, signer, { appearance: { page: 0, rect: [0, 0, 595, 842], drawing } })
    expect((await verify(over)).signatures[0]!.verdict).toBe('invalid')
    const beside = await signWith(office, forms, signer, { appearance: { page: 0, rect: [50, 50, 150, 100], drawing } })
    expect((await verify(beside)).verdict).toBe('valid')
  })
})

describe('pyHanko', () => {
  /**
   * What pyHanko lets pass and is refused here: bytes that only a program sees which searches the file instead of
   * reading it, and changes that its default policy allows after an approval (forms, empty signature fields, properties).
   */
  const REFUSED_HERE_ALONE = new Set([
    'objects without a cross-reference',
    'bytes after the end',
    'an object that no cross-reference lists',
    'bytes in the filling of the hole',
    'a signature field without a signature',
    'the title changed',
    'replace: a form field shows another value',
  ])

  it.skipIf(!PYHANKO)(
    'calls none of these valid either (skipped where it is not installed)',
    { timeout: 180_000 },
    async () => {
      const validators = await OtherValidators.trusting(office.authority)
      try {
        const labels = [...made.keys()]
        const files: string[] = []
        for (const [index, label] of labels.entries())
          files.push(await validators.write(`attack-${index}`, made.get(label)!))
        const said = await validators.pyhanko(files)
        const accepted = labels.filter(
          (_, index) => said[index]!.signatures.length > 0 && said[index]!.signatures.every((one) => one.valid),
        )
        expect(accepted.filter((label) => !REFUSED_HERE_ALONE.has(label))).toEqual([])
      } finally {
        await validators.close()
      }
    },
  )
})
