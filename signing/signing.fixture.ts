import { readFileSync } from 'node:fs'
import type { KeyObject } from 'node:crypto'
import type { Certificate } from './certificates/certificate.ts'
import { drawInformation, drawPersonSignature, drawSeal, type Drawing } from './appearance/draw-appearance.ts'
import {
  onPage,
  placeOfInformation,
  placeOfPerson,
  placeOfSeal,
  SIGNATURE_ROOM,
  type SeenPlace,
} from './appearance/place-appearance.ts'
import { embed } from './embed.ts'
import { gatherEvidence, type EvidenceServices } from './evidence.ts'
import { keyInMemory } from './keys/pkcs12.ts'
import { pagesOf } from './pdf/pages.ts'
import { PdfFile } from './pdf/pdf-file.ts'
import { PdfUpdate } from './pdf/update.ts'
import type { PdfValue } from './pdf/values.ts'
import { prepare, type SignatureRequest } from './prepare.ts'
import type { SignatureRole } from './prepared.ts'
import { httpRevocationSource } from './services/revocation-source.ts'
import { signPrepared } from './sign.ts'
import { serveTestAuthority, type TestAuthorityServer } from './test-authority/server.ts'
import { TestAuthority, type KeyedCertificate } from './test-authority/test-authority.ts'

/** Whose name stands under the letters in `fixtures/`. */
export const SIGNER = 'Nguyễn Văn An'

const fixture = (name: string) => readFileSync(new URL(`fixtures/letter-${name}.pdf`, import.meta.url))

/** Pages that are shown otherwise than they are written. */
function withPage(document: Uint8Array, entries: Record<string, PdfValue>): Buffer {
  const file = new PdfFile(document)
  const update = new PdfUpdate(file)
  const [page] = pagesOf(file)
  const dict = page!.dict.copy()
  for (const [key, value] of Object.entries(entries)) dict.set(key, value)
  update.put(page!.ref, dict)
  return update.finish().bytes
}

export const LETTERS = {
  tagged: () => fixture('tagged'),
  streams: () => fixture('streams'),
  linearised: () => fixture('linearised'),
  'linearised-streams': () => fixture('linearised-streams'),
  form: () => fixture('form'),
  'rotated-90': () => withPage(fixture('tagged'), { Rotate: 90 }),
  'rotated-180': () => withPage(fixture('streams'), { Rotate: 180 }),
  'rotated-270': () => withPage(fixture('tagged'), { Rotate: 270 }),
  cropped: () => withPage(fixture('tagged'), { CropBox: [40, 300, 560, 820] }),
  odd: () => withPage(fixture('streams'), { MediaBox: [-100, -50, 900.5, 1000.25] }),
} satisfies Record<string, () => Buffer>
export type LetterKind = keyof typeof LETTERS

export interface Office {
  authority: TestAuthority
  server: TestAuthorityServer
  services: EvidenceServices
  close(): Promise<void>
}

/** A test authority with its servers on loopback, and what signing needs of them. */
export async function openOffice(authority = TestAuthority.create()): Promise<Office> {
  const server = await serveTestAuthority(authority)
  const services: EvidenceServices = {
    trust: authority.trust(),
    timeStamp: { url: server.timeStampUrl },
    revocation: httpRevocationSource({ ocsp: [server.ocspUrl], crls: [server.crlUrl, server.rootCrlUrl] }),
  }
  return { authority, server, services, close: () => server.close() }
}

export type Signer = { certificate: Certificate; key: KeyObject } & Partial<KeyedCertificate>

/** Signs through all three stages with a key in memory. */
export async function signWith(
  office: Office,
  document: Uint8Array,
  signer: Signer,
  request: Partial<SignatureRequest> = {},
): Promise<Buffer> {
  const { bytes, prepared } = prepare(document, {
    certificate: signer.certificate,
    chain: [office.authority.issuing.certificate],
    level: 'B',
    role: 'person',
    at: new Date(),
    ...request,
  })
  const value = await signPrepared(prepared, keyInMemory(signer.certificate, signer.key), 'thư.pdf')
  return embed(bytes, prepared, await gatherEvidence(prepared, value, office.services))
}

const drawn = new Map<string, Promise<Drawing>>()

function drawingFor(role: SignatureRole, name: string): Promise<Drawing> {
  const key = `${role} ${name}`
  const draw = () => {
    if (role === 'organisation') return drawSeal({ name: 'BỘ CÔNG THƯƠNG TEST' })
    if (role === 'person' || role === 'initial') return drawPersonSignature({ name }, SIGNATURE_ROOM)
    return drawInformation(['55/BCT-VP', '22-11-2026; 15:04:05; +07:00'])
  }
  const known = drawn.get(key) ?? draw()
  drawn.set(key, known)
  return known
}

/** What the signature in this role looks like on this document, drawn and placed. */
export async function appearanceFor(
  document: Uint8Array,
  role: SignatureRole,
  name = SIGNER,
): Promise<SignatureRequest['appearance']> {
  const drawing = await drawingFor(role, name)
  let place: SeenPlace | undefined
  if (role === 'organisation') place = placeOfSeal(document, drawing)
  else if (role === 'person' || role === 'initial') place = await placeOfPerson(document, name)
  else place = placeOfInformation(document, drawing)
  return place && onPage(document, place, drawing)
}
