import type { SigningCertificate } from '#db/certificates.ts'
import { Refusal, type Sentence } from '#db/refusal.ts'
import { keyInMemory } from '#signing/keys/pkcs12.ts'
import type { SigningKey } from '#signing/keys/signing-key.ts'
import { demonstrationKey } from '../demonstration/certificates.ts'
import { inWords, type SigningGround } from './ground.ts'

/** A key that a PIN has opened, for one act. */
export interface OpenedKey {
  key: SigningKey
  close(): void
}

/** Where the private key of a certificate is reached. */
export type KeyPlace = 'demonstration' | 'server' | 'agent'

/** Tokens are at their holder's own machine; one at the server (an HSM, the registry's) only where its library is named. */
export const keyPlaceOf = (certificate: Pick<SigningCertificate, 'keptOn'>): KeyPlace =>
  certificate.keptOn === 'demonstration' ? 'demonstration' : process.env.IMOIT_PKCS11_LIBRARY ? 'server' : 'agent'

/** What a token at the server says before its PIN is typed: few tries left, the last one, locked, not plugged in. */
export async function tokenWarning(certificate: Pick<SigningCertificate, 'keptOn'>): Promise<Sentence | null> {
  if (keyPlaceOf(certificate) !== 'server') return null
  const { pinWarning } = await import('#signing/keys/token-state.ts')
  try {
    return pinWarning((await serverToken()).info().pin) ?? null
  } catch (error) {
    const told = inWords(error)
    if (told instanceof Refusal) return told.sentence
    throw error
  }
}

async function serverToken() {
  const { Token } = await import('#signing/keys/pkcs11.ts')
  return Token.open({ library: process.env.IMOIT_PKCS11_LIBRARY ?? '', label: process.env.IMOIT_PKCS11_TOKEN })
}

/**
 * Opens the key of a certificate with its PIN, which lives in this call alone. Throws a SigningError or Refusal: a wrong PIN with
 * the token's own warning, a locked token, a key that is not here.
 */
export async function openKey(ground: SigningGround, certificate: SigningCertificate, pin: string): Promise<OpenedKey> {
  switch (keyPlaceOf(certificate)) {
    case 'demonstration': {
      const opened = await demonstrationKey(ground.authorityFolder, certificate.fingerprint, pin)
      return { key: keyInMemory(opened.certificate, opened.key), close: () => undefined }
    }
    case 'server': {
      const token = await serverToken()
      const found = token.certificates().find((one) => one.fingerprint === certificate.fingerprint)
      if (!found) throw notHere()
      const session = token.unlock(pin)
      return { key: session.key(found), close: () => session.close() }
    }
    case 'agent':
      throw notHere()
  }
}

const notHere = () =>
  new Refusal('key-on-token', 409, {
    vi: 'Khóa của chứng thư này nằm trên thiết bị ký của đồng chí, máy chủ không có. Chưa ký gì; hãy ký bằng chương trình ký trên máy đang cắm thiết bị.',
    en: 'The key of this certificate is on your token, not on the server. Nothing was signed; sign with the signing program on the machine that the token is plugged into.',
  })
