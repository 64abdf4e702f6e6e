import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { drawPersonSignature } from '#signing/appearance/draw-appearance.ts'
import { onPage, placeOfPerson, SIGNATURE_ROOM } from '#signing/appearance/place-appearance.ts'
import { toPem } from '#signing/certificates/certificate.ts'
import { embed } from '#signing/embed.ts'
import { gatherEvidence } from '#signing/evidence.ts'
import type { SigningKey } from '#signing/keys/signing-key.ts'
import { Token } from '#signing/keys/pkcs11.ts'
import { makeSoftwareToken } from '#signing/keys/software-token.ts'
import { PYHANKO } from '#signing/other-validators.fixture.ts'
import { pagesOf } from '#signing/pdf/pages.ts'
import { PdfFile } from '#signing/pdf/pdf-file.ts'
import { PdfUpdate } from '#signing/pdf/update.ts'
import { PdfDict, PdfStream } from '#signing/pdf/values.ts'
import { prepare, type SignatureRequest } from '#signing/prepare.ts'
import { signPrepared } from '#signing/sign.ts'
import { LETTERS, openOffice, SIGNER, type Office } from '#signing/signing.fixture.ts'
import { verifyPdf } from '#signing/verify/verify-pdf.ts'
import { round, spread, timed } from './measure.ts'

/** Documents signed side by side: a signature waits for its token and its time stamp, not for the processor. */
const SIDE_BY_SIDE = 4
const MEGABYTE = 1_000_000

/**
 * Signatures a second at level B and T through all three stages, with an RSA 2048 key on a software token and a time-stamp
 * server on loopback, on files of 1 MB; pyHanko on the same file with the key in memory; and the verification of three
 * signatures.
 */
export async function benchSigning(
  options: { signatures?: number; verifications?: number } = {},
): Promise<Record<string, unknown>> {
  const { signatures = 300, verifications = 200 } = options
  const folder = await mkdtemp(path.join(tmpdir(), 'imoit-signing-'))
  const office = await openOffice()
  try {
    const who = office.authority.issueWithKey({ commonName: `${SIGNER} (TEST)` }, 'rsa-2048')
    const token = await makeSoftwareToken(folder, 'imoit-bench', '123456', [who])
    const session = Token.open({ library: token.library, label: token.label }).unlock(token.pin)
    const key = session.key(who.certificate)
    const document = megabyte()
    const rate = async (count: number, request: Partial<SignatureRequest>, visible = false) => {
      await many(Math.min(10, count), () => signOne(office, document, key, request, visible))
      const start = performance.now()
      await many(count, () => signOne(office, document, key, request, visible))
      return round((count * 1000) / (performance.now() - start))
    }
    const b = await rate(signatures, { level: 'B' })
    const t = await rate(signatures, { level: 'T' })
    const visibleB = await rate(Math.ceil(signatures / 6), { level: 'B' }, true)

    let three = document
    for (const level of ['B', 'T', 'LT'] as const) three = await signOne(office, three, key, { level }, false)
    const samples: number[] = []
    const verify = () => verifyPdf(three, { trust: office.services.trust, revocation: office.services.revocation })
    for (let i = 0; i < 10; i++) await verify()
    for (let i = 0; i < verifications; i++) {
      const { verdict } = await timed(samples, verify)
      if (verdict !== 'valid') throw new Error('the benchmark verifies a file that is not valid')
    }
    session.close()
    const pyhanko = await pyhankoRate(folder, document, office, who, Math.ceil(signatures / 3))
    return {
      bench: 'signing',
      fileBytes: document.length,
      key: 'RSA 2048, SoftHSM2',
      signaturesPerSecond: { B: b, T: t, visibleB },
      pyhankoPerSecond: pyhanko,
      timesPyhanko: pyhanko === null ? null : round(b / pyhanko),
      verifyThreeMs: spread(samples),
    }
  } finally {
    await office.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A letter with an image that cannot be compressed beside it, 1 MB in all. */
function megabyte(): Buffer {
  const file = new PdfFile(LETTERS.tagged())
  const update = new PdfUpdate(file)
  const page = pagesOf(file, 1)[0]!
  const filling = new PdfStream(new PdfDict(), randomBytes(MEGABYTE - file.bytes.length))
  update.put(page.ref, page.dict.copy().set('PieceInfo', new PdfDict({ Bench: update.add(filling) })))
  return update.finish().bytes
}

async function signOne(
  office: Office,
  document: Buffer,
  key: SigningKey,
  request: Partial<SignatureRequest>,
  visible: boolean,
): Promise<Buffer> {
  const appearance = visible
    ? onPage(
        document,
        await placeOfPerson(document, SIGNER),
        await drawPersonSignature({ name: SIGNER }, SIGNATURE_ROOM),
      )
    : undefined
  const { bytes, prepared } = prepare(document, {
    certificate: key.certificate,
    chain: [office.authority.issuing.certificate],
    level: 'B',
    role: 'person',
    at: new Date(),
    appearance,
    ...request,
  })
  const value = await signPrepared(prepared, key, 'thư.pdf')
  return embed(bytes, prepared, await gatherEvidence(prepared, value, office.services))
}

async function many(count: number, act: () => Promise<unknown>): Promise<void> {
  let left = count
  const lane = async () => {
    while (left-- > 0) await act()
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane))
}

/** Signatures a second by pyHanko; null where it is not installed. */
async function pyhankoRate(
  folder: string,
  document: Buffer,
  office: Office,
  who: { certificate: { der: Buffer }; key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer } },
  count: number,
): Promise<number | null> {
  if (!PYHANKO) return null
  const write = async (name: string, content: string | Buffer) => {
    const file = path.join(folder, name)
    await writeFile(file, content)
    return file
  }
  const script = fileURLToPath(new URL('signing_pyhanko.py', import.meta.url))
  const { stdout } = await promisify(execFile)(PYHANKO, [
    script,
    await write('bench.pdf', document),
    await write('key.pem', who.key.export({ type: 'pkcs8', format: 'pem' })),
    await write('certificate.pem', toPem('CERTIFICATE', who.certificate.der)),
    await write('issuing.pem', toPem('CERTIFICATE', office.authority.issuing.certificate.der)),
    String(count),
  ])
  const { seconds } = JSON.parse(stdout) as { seconds: number }
  return round(count / seconds)
}
