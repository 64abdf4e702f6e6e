import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { drawInformation, drawPersonSignature, drawSeal, informationTime } from '#signing/appearance/draw-appearance.ts'
import {
  onPage,
  placeOfInformation,
  placeOfPerson,
  placeOfSeal,
  SIGNATURE_ROOM,
} from '#signing/appearance/place-appearance.ts'
import { embed } from '#signing/embed.ts'
import { gatherEvidence } from '#signing/evidence.ts'
import { keyInMemory } from '#signing/keys/pkcs12.ts'
import type { FieldPlace } from '#signing/pdf/place-field.ts'
import { PdfFault } from '#signing/pdf/pdf-fault.ts'
import { prepare } from '#signing/prepare.ts'
import type { SignatureLevel } from '#signing/prepared.ts'
import { signPrepared } from '#signing/sign.ts'
import { DEMONSTRATION_USERS, type DemonstrationUser } from '#signing/test-authority/kept-authority.ts'
import { signXml } from '#signing/xml/sign-xml.ts'
import { withTestAuthority } from './test-authority.ts'
import { isXml } from './verify-file.ts'

/**
 * Signs a PDF as PAdES, or an XML message as XMLDSig (which has no levels), as one of the demonstration's users and writes the result,
 * whole or not at all. Throws SigningError.
 */
export async function signFile(
  env: NodeJS.ProcessEnv,
  from: string,
  to: string,
  user: DemonstrationUser,
  level: SignatureLevel,
): Promise<void> {
  const document = await readFile(from)
  const signed = await withTestAuthority(env, async ({ keyOf }, services) => {
    const { certificate, chain, key } = await keyOf(user)
    if (isXml(document))
      return signXml(document.toString('utf8'), keyInMemory(certificate, key), path.basename(from), chain)
    const at = new Date()
    const appearance = await appearanceOf(document, user, at)
    const { bytes, prepared } = prepare(document, { certificate, chain, level, role: user, at, appearance })
    const value = await signPrepared(prepared, keyInMemory(certificate, key), path.basename(from))
    return embed(bytes, prepared, await gatherEvidence(prepared, value, services))
  })
  const aside = `${to}.${process.pid}`
  await writeFile(aside, signed)
  await rename(aside, to)
}

/** A person's signature above their name; the seal over a third of it, or an information block where nobody signed. */
async function appearanceOf(document: Buffer, user: DemonstrationUser, at: Date): Promise<FieldPlace | undefined> {
  const name = DEMONSTRATION_USERS[user].commonName
  try {
    if (user === 'person') {
      const drawing = await drawPersonSignature({ name, lines: [informationTime(at)] }, SIGNATURE_ROOM)
      return onPage(document, await placeOfPerson(document, name.replace(' (TEST)', '')), drawing)
    }
    const seal = await drawSeal({ name })
    const over = placeOfSeal(document, seal)
    if (over) return onPage(document, over, seal)
    const block = await drawInformation([name, informationTime(at)])
    return onPage(document, placeOfInformation(document, block), block)
  } catch (error) {
    // A damaged file: preparing it says so in words.
    if (error instanceof PdfFault) return undefined
    throw error
  }
}
