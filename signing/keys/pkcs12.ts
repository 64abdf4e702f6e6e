import { createPrivateKey, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto'
import * as pkijs from 'pkijs'
import { der, fromDer } from '../asn1.ts'
import { readCertificate, type Certificate } from '../certificates/certificate.ts'
import { SigningError } from '../signing-error.ts'
import type { SigningKey } from './signing-key.ts'

export interface Pkcs12Content {
  key: KeyObject
  certificate: Certificate
  chain: Certificate[]
}

const KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3'
const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

/** A key in memory, for demonstrations and tests: real keys stay on tokens. */
export function keyInMemory(certificate: Certificate, key: KeyObject): SigningKey {
  return {
    certificate,
    sign: (order) => Promise.resolve(sign(order.digestAlgorithm, order.toBeSigned, { key, dsaEncoding: 'der' })),
  }
}

/** Opens a PKCS#12 file (PBES2 with AES, as OpenSSL 3 writes). Throws `pin-wrong` for a wrong password. */
export async function readPkcs12(bytes: Uint8Array, password: string): Promise<Pkcs12Content> {
  const secret = buffer(Buffer.from(password))
  try {
    const pfx = new pkijs.PFX({ schema: fromDer(bytes) })
    await pfx.parseInternalValues({ password: secret, checkIntegrity: true })
    const safe = pfx.parsedValue!.authenticatedSafe!
    await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password: secret })) })
    let key: KeyObject | undefined
    const certificates: Certificate[] = []
    const contents = (safe.parsedValue as { safeContents: { value: pkijs.SafeContents }[] }).safeContents
    for (const { value } of contents)
      for (const bag of value.safeBags) {
        if (bag.bagId === KEY_BAG) key = await openKey(bag.bagValue as pkijs.PKCS8ShroudedKeyBag, secret)
        else if (bag.bagId === CERTIFICATE_BAG)
          certificates.push(readCertificate(der((bag.bagValue as pkijs.CertBag).parsedValue.toSchema())))
      }
    const spki = key && createPublicKey(key).export({ type: 'spki', format: 'der' })
    const own = certificates.find((one) => spki && one.publicKey.export({ type: 'spki', format: 'der' }).equals(spki))
    if (!key || !own) throw new Error('a PKCS#12 file without a key and its certificate')
    return { key, certificate: own, chain: certificates.filter((one) => one !== own) }
  } catch (error) {
    const sentence = {
      vi: 'Không mở được tệp khóa PKCS#12: mật khẩu sai hoặc tệp hỏng. Chưa ký gì; hãy nhập lại mật khẩu.',
      en: 'The PKCS#12 file cannot be opened: the password is wrong or the file is damaged. Nothing was signed; type the password again.',
    }
    throw new SigningError('pin-wrong', 403, sentence, error)
  }
}

async function openKey(bag: pkijs.PKCS8ShroudedKeyBag, password: ArrayBuffer): Promise<KeyObject> {
  await (bag as unknown as { parseInternalValues(p: { password: ArrayBuffer }): Promise<void> }).parseInternalValues({
    password,
  })
  return createPrivateKey({ key: der(bag.parsedValue!.toSchema()), format: 'der', type: 'pkcs8' })
}

/** Writes a PKCS#12 file with AES-256 and an HMAC over all. */
export async function writePkcs12(content: Pkcs12Content, password: string): Promise<Buffer> {
  const secret = buffer(Buffer.from(password))
  const privateKey = content.key.export({ type: 'pkcs8', format: 'der' })
  const keyBag = new pkijs.PKCS8ShroudedKeyBag({
    parsedValue: new pkijs.PrivateKeyInfo({ schema: fromDer(privateKey) }),
  })
  await keyBag.makeInternalValues({
    password: secret,
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256, iv: randomBytes(16) },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: 10_000,
  })
  const certificates = [content.certificate, ...content.chain].map(
    (one) => new pkijs.SafeBag({ bagId: CERTIFICATE_BAG, bagValue: new pkijs.CertBag({ parsedValue: one.parsed }) }),
  )
  const safeContents = (safeBags: pkijs.SafeBag[]) => ({ privacyMode: 0, value: new pkijs.SafeContents({ safeBags }) })
  const pfx = new pkijs.PFX({
    parsedValue: {
      integrityMode: 0,
      authenticatedSafe: new pkijs.AuthenticatedSafe({
        parsedValue: {
          safeContents: [
            safeContents([new pkijs.SafeBag({ bagId: KEY_BAG, bagValue: keyBag })]),
            safeContents(certificates),
          ],
        },
      }),
    },
  })
  await pfx.parsedValue!.authenticatedSafe!.makeInternalValues({ safeContents: [{}, {}] })
  await pfx.makeInternalValues({
    password: secret,
    iterations: 10_000,
    pbkdf2HashAlgorithm: 'SHA-256',
    hmacHashAlgorithm: 'SHA-256',
  })
  return der(pfx.toSchema())
}
