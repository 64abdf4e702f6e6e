import { readClock } from '#db/clock.ts'
import type { SignatureRole } from '#db/signatures.ts'
import type { Viewer } from '#db/visibility.ts'
import type { SigningGround } from './ground.ts'
import { keyPlaceOf, openKey, type OpenedKey } from './keys.ts'
import { pinMissing } from './sign-task.ts'
import { certificateOf, signerFor } from './signer.ts'

/**
 * Opens the viewer's key for a list with one PIN. Null where the key is on their own machine: the page asks the signing program.
 * Throws Refusal or SigningError for a wrong PIN, no right to sign, no certificate.
 */
export async function keyForList(
  ground: SigningGround,
  viewer: Viewer,
  fingerprint: string | null,
  pin: string,
  role: SignatureRole = 'person',
): Promise<OpenedKey | null> {
  const { now } = await readClock(ground.db)
  const signer = await signerFor(ground.db, viewer, role, { kindCode: null }, now)
  const certificate = await certificateOf(ground.db, signer, fingerprint)
  if (keyPlaceOf(certificate) === 'agent') return null
  if (pin === '') throw pinMissing()
  return openKey(ground, certificate, pin)
}
