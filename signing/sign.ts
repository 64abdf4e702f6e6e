import { verify } from 'node:crypto'
import { readCertificate } from './certificates/certificate.ts'
import type { SigningKey } from './keys/signing-key.ts'
import type { PreparedSignature, SignatureValue } from './prepared.ts'
import { SigningError } from './signing-error.ts'

/**
 * Second stage: the key signs what was prepared. The PIN is the key's own business and is gone with it. What comes back
 * is checked against the certificate at once, so that a token's mistake never reaches a document.
 */
export async function signPrepared(
  prepared: PreparedSignature,
  key: SigningKey,
  documentName: string,
): Promise<SignatureValue> {
  const certificate = readCertificate(Buffer.from(prepared.certificate, 'base64'))
  if (key.certificate.fingerprint !== certificate.fingerprint) throw otherKey(certificate.subject.commonName)
  const toBeSigned = Buffer.from(prepared.signedAttributes, 'base64')
  const value = await key.sign({
    documentName,
    documentDigest: prepared.documentDigest,
    digestAlgorithm: prepared.digestAlgorithm,
    toBeSigned,
  })
  if (!isBy(certificate.publicKey, prepared.digestAlgorithm, toBeSigned, value))
    throw otherKey(certificate.subject.commonName)
  return { format: 1, of: prepared.fileDigest, value: Buffer.from(value).toString('base64') }
}

function isBy(key: Parameters<typeof verify>[2], digest: string, data: Uint8Array, value: Uint8Array): boolean {
  try {
    return verify(digest, data, key, value)
  } catch {
    // OpenSSL refuses the very form of the value: it is nobody's signature.
    return false
  }
}

function otherKey(name: string | undefined): SigningError {
  return new SigningError('other-key', 409, {
    vi: `Khóa đã ký không khớp với chứng thư số của ${name}. Chưa có gì được ghi vào tài liệu; hãy cắm đúng thiết bị rồi ký lại.`,
    en: `The key that signed does not belong to the certificate of ${name}. Nothing was written into the document; plug in the right token and sign again.`,
  })
}
